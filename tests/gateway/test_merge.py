import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.engine.merge import at, merge
from tenantctl.errors import Refused
from tenantctl.kinds import KINDS, Kind, Listing, Rule, Wire
from tenantctl.model import ABSENT

THING = Kind(
    name="thing",
    shape="roles",
    wire=Wire(read="/things/{id}", list=Listing("/things", "things")),
    rules=(
        Rule(("whole",), write="replace"),
        Rule(("whole", "fixed"), when="create"),
        Rule(("whole", "state"), when="never"),
        Rule(("open",), map="open"),
        Rule(("items",), list="keyed", by="name"),
        Rule(("whole", "items"), list="keyed", by="name"),
    ),
)
SCALARS = st.one_of(st.booleans(), st.integers(-3, 3), st.text("ab", max_size=2))
STRUCTS = st.dictionaries(st.sampled_from("abc"), SCALARS, max_size=3)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "name": SCALARS,
        "plain": STRUCTS,
        "open": STRUCTS,
        "whole": st.fixed_dictionaries({"x": SCALARS}, optional={"y": SCALARS, "deep": STRUCTS}),
    },
)
PATHS = st.sampled_from(
    [
        ("name",),
        ("plain", "a"),
        ("plain", "b"),
        ("open", "a"),
        ("whole", "x"),
        ("whole", "y"),
        ("whole", "deep", "a"),
        ("whole", "deep", "c"),
    ]
)
EDITS = st.dictionaries(PATHS, st.one_of(SCALARS, st.just(ABSENT)), min_size=1, max_size=4)


def serve(document, body):
    """What the API makes of a PATCH: `whole` is replaced, everything else is merged."""
    new = dict(document)
    for name, value in body.items():
        if value is None:
            new.pop(name, None)
        elif name != "whole" and isinstance(value, dict):
            new[name] = serve(document.get(name, {}), value)
        else:
            new[name] = value
    return new


def leaves(value, path=()):
    if not isinstance(value, dict):
        return {path: value}
    return {p: v for key, item in value.items() for p, v in leaves(item, (*path, key)).items()}


@given(DOCUMENTS, EDITS)
def test_a_merge_brings_about_its_edits_and_nothing_else(document, edits):
    after = serve(document, merge(THING, document, list(edits.items())))
    for path, value in edits.items():
        assert at(after, path) == value
    untouched = {p: v for p, v in leaves(document).items() if p not in edits}
    assert {p: v for p, v in leaves(after).items() if p not in edits} == untouched


@given(DOCUMENTS, EDITS)
def test_a_merge_sends_no_top_level_field_without_an_edit(document, edits):
    assert merge(THING, document, list(edits.items())).keys() == {path[0] for path in edits}


@given(DOCUMENTS, EDITS)
def test_the_order_of_edits_is_irrelevant(document, edits):
    rows = list(edits.items())
    assert merge(THING, document, rows) == merge(THING, document, rows[::-1])


CONNECTION = {
    "id": "con_1",
    "name": "customers",
    "strategy": "auth0",
    "options": {
        "mfa": {"active": True},
        "passwordPolicy": "good",
        "client_secret": "in clear",
        "agentIP": "10.0.0.1",
        "thumbprints": ["of the agent"],
        "upstream_params": None,
        "configuration": {"TOKEN": "2.0$cipher", "URL": "2.0$cipher"},
    },
}
POLICY = (("options", "passwordPolicy"), "fair")
TOKEN = (("options", "configuration", "TOKEN"), "token")
URL = (("options", "configuration", "URL"), "url")


def test_the_whole_of_a_replaced_structure_is_sent_without_what_cannot_be_sent_back():
    body = merge(KINDS["connections"], CONNECTION, [POLICY], [TOKEN, URL])
    assert body == {
        "options": {
            "mfa": {"active": True},
            "passwordPolicy": "fair",
            "client_secret": "in clear",
            "agentIP": "10.0.0.1",
            "thumbprints": ["of the agent"],
            "configuration": {"TOKEN": "token", "URL": "url"},
        }
    }


def test_a_hidden_value_that_nobody_gives_is_not_lost_silently():
    with pytest.raises(Refused, match=r"options\.configuration\.URL holds a value") as refused:
        merge(KINDS["connections"], CONNECTION, [POLICY], [TOKEN])
    assert "!secret" in refused.value.help


def test_a_hidden_value_may_be_dropped_on_purpose():
    gone = (("options", "configuration", "URL"), ABSENT)
    body = merge(KINDS["connections"], CONNECTION, [TOKEN, gone])
    assert body["options"]["configuration"] == {"TOKEN": "token"}


def test_what_is_unset_beneath_a_replaced_structure_is_left_out():
    body = merge(KINDS["connections"], CONNECTION, [(("options", "mfa"), None), TOKEN, URL])
    assert "mfa" not in body["options"]


@pytest.mark.parametrize(
    ("kind", "raw", "path", "sent"),
    [
        ("clients", {"logo_uri": "x"}, ("logo_uri",), {"logo_uri": None}),
        (
            "clients",
            {"initiate_login_uri": "x"},
            ("initiate_login_uri",),
            {"initiate_login_uri": ""},
        ),
        ("tenant", {"default_directory": "x"}, ("default_directory",), {"default_directory": ""}),
        (
            "clients",
            {"client_metadata": {"a": "1"}},
            ("client_metadata", "a"),
            {"client_metadata": {"a": None}},
        ),
        ("clients", {"refresh_token": {"leeway": 3}}, ("refresh_token",), {"refresh_token": None}),
    ],
)
def test_unsetting_is_said_as_the_api_understands_it(kind, raw, path, sent):
    assert merge(KINDS[kind], raw, [(path, None)]) == sent


def test_what_cannot_be_unset_is_refused():
    with pytest.raises(Refused, match="policies cannot be unset"):
        merge(THING_STUBBORN, {"policies": [1]}, [(("policies",), None)])


THING_STUBBORN = Kind(
    name="stubborn",
    shape="roles",
    wire=Wire(read="/things"),
    rules=(Rule(("policies",), unset="illegal"),),
)


def test_elements_of_keyed_lists_keep_what_the_edit_does_not_mention():
    raw = {"items": [{"name": "a", "extra": 1}, {"name": "b", "extra": 2}]}
    body = merge(THING, raw, [(("items",), [{"name": "b", "value": 9}, {"name": "c"}])])
    assert body == {"items": [{"name": "b", "extra": 2, "value": 9}, {"name": "c"}]}


def test_bindings_are_sent_as_a_whole_in_the_order_that_is_asked_for():
    kind = KINDS["trigger_bindings"]
    raw = {"bindings": [{"action": "1", "display_name": "one"}]}
    edit = (("bindings",), [{"action": "2", "display_name": "two"}, {"action": "1"}])
    assert merge(kind, raw, [edit]) == {
        "bindings": [
            {"action": "2", "display_name": "two"},
            {"action": "1", "display_name": "one"},
        ]
    }


def test_custom_text_is_sent_as_a_whole():
    raw = {"login": {"title": "Hi", "description": "old"}, "other": {"x": "1"}}
    edits = [(("login", "description"), ABSENT), (("login", "title"), "Hello")]
    assert merge(KINDS["prompt_custom_text"], raw, edits) == {
        "login": {"title": "Hello"},
        "other": {"x": "1"},
    }


def test_what_is_fixed_goes_back_as_it_was_and_what_only_auth0_sets_does_not():
    raw = {"whole": {"x": 1, "fixed": 2, "state": 3}}
    assert merge(THING, raw, [(("whole", "y"), 4)]) == {"whole": {"x": 1, "fixed": 2, "y": 4}}


ISSUER = {
    "strategy": "oidc",
    "options": {
        "discovery_url": "https://a",
        "token_endpoint": "https://a/token",
        "oidc_metadata": {"issuer": "https://a"},
        "set_user_root_attributes": "on_first_login",
        "client_id": "id",
    },
}
SIBLINGS = {"set_user_root_attributes": "on_first_login", "client_id": "id"}


def test_what_follows_from_a_field_goes_back_as_it_was_while_that_field_stays():
    body = merge(KINDS["connections"], ISSUER, [(("options", "client_id"), "other")])
    assert body["options"] == {
        **SIBLINGS,
        "client_id": "other",
        "discovery_url": "https://a",
        "token_endpoint": "https://a/token",
    }


def test_what_follows_from_a_field_that_changes_is_left_to_auth0():
    body = merge(KINDS["connections"], ISSUER, [(("options", "discovery_url"), "https://b")])
    assert body["options"] == {**SIBLINGS, "discovery_url": "https://b"}


def test_what_follows_is_sent_where_somebody_declares_it():
    again = (("options", "token_endpoint"), "https://mine")
    edit = (("options", "discovery_url"), "https://b")
    body = merge(KINDS["connections"], ISSUER, [edit], [again])
    assert body["options"]["token_endpoint"] == "https://mine"


def test_a_default_that_is_said_by_leaving_it_out_is_left_out():
    edit = (("options", "set_user_root_attributes"), "on_each_login")
    body = merge(KINDS["connections"], ISSUER, [edit])
    assert "set_user_root_attributes" not in body["options"]
