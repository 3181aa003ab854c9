"""The differ, case by case: what is a difference and what is not."""

from __future__ import annotations

import pytest

from support.worlds import declare, resource
from tenantctl.engine import Known, diff
from tenantctl.kinds import KINDS
from tenantctl.model import ABSENT, Address, Edit, Entry, Ref, Resource, Sealed, Secret, Tenant


def edits(address, want, have, known=None, mode="managed"):
    """The edits between a desired and a live resource, both in flat form."""
    where = Address.parse(address)
    desired = declare(Resource(where, want), modes={address: mode})
    changes = diff(desired, Tenant.of([Resource(where, have)]), known or Known())
    return list(changes[0].edits) if changes else []


BIND_A = {"action": Ref(Address("actions", "a"))}
BIND_B = {"action": Ref(Address("actions", "b"))}

SAME = [
    ("clients.a", {"callbacks": ["x", "y"]}, {"callbacks": ["y", "x"]}, "sets have no order"),
    ("clients.a", {"is_first_party": True}, {}, "absence is the default"),
    ("clients.a", {"callbacks": []}, {}, "an empty set is the default"),
    ("clients.a", {"name": "a"}, {"name": "a", "sso": True}, "the undeclared is not compared"),
    ("clients.a", {"description": None}, {}, "null asks for absence"),
    ("clients.a", {"description": None}, {"description": ""}, "null asks for the default"),
    ("clients.a", {"jwt_configuration": {"alg": "RS256"}},
     {"jwt_configuration": {"alg": "RS256", "lifetime_in_seconds": 1}}, "structs are partial"),
    ("clients.a", {"client_id": "x"}, {"client_id": "y"}, "what the server sets is no wish"),
    ("clients.a", {"refresh_token": {"leeway": 0}}, {}, "a struct of defaults is absence"),
    ("network_acls.a", {"priority": 1}, {"priority": 1.0}, "1 is 1.0"),
    ("resource_servers.a", {"scopes": [{"value": "r"}]},
     {"scopes": [{"value": "r", "description": "read"}]}, "elements are partial structs"),
    ("resource_servers.a", {"scopes": [{"value": "a"}, {"value": "b"}]},
     {"scopes": [{"value": "b"}, {"value": "a"}]}, "keyed lists have no order"),
    ("custom_domains.a", {"verification_method": "txt"}, {},
     "what can be set at birth only and is never shown cannot differ"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "want", "have", "why"), SAME, ids=[c[3] for c in SAME])
def test_no_difference(address, want, have, why):
    assert edits(address, want, have) == [], why


DIFFERENT = [
    ("clients.a", {"callbacks": ["x"]}, {"callbacks": ["x", "y"]},
     [Edit(("callbacks",), ["x", "y"], ["x"])], "sets are complete"),
    ("clients.a", {"is_first_party": False}, {},
     [Edit(("is_first_party",), ABSENT, False)], "not the default"),
    ("clients.a", {"is_first_party": True}, {"is_first_party": 1},
     [Edit(("is_first_party",), 1, True)], "true is not 1"),
    ("clients.a", {"jwt_configuration": {"alg": "RS256"}}, {"jwt_configuration": {"alg": "HS256"}},
     [Edit(("jwt_configuration", "alg"), "HS256", "RS256")], "inside a struct"),
    ("clients.a", {"client_metadata": {"a.b": "1"}}, {"client_metadata": {"c": "2"}},
     [Edit(("client_metadata", "a.b"), ABSENT, "1"), Edit(("client_metadata", "c"), "2", ABSENT)],
     "open maps are complete, and their keys may hold dots"),
    ("clients.a", {"initiate_login_uri": None}, {"initiate_login_uri": "https://x"},
     [Edit(("initiate_login_uri",), "https://x", None)], "null unsets"),
    ("tenant", {"enabled_locales": ["en", "de"]}, {"enabled_locales": ["de", "en"]},
     [Edit(("enabled_locales",), ["de", "en"], ["en", "de"])], "order means something"),
    ("actions.a", {"deployed": True}, {"deployed": False},
     [Edit(("deployed",), False, True)], "what is deployed is state to compare"),
    ("trigger_bindings.post-login",
     {"bindings": [BIND_B, BIND_A]},
     {"bindings": [BIND_A, BIND_B]},
     [Edit(("bindings",),
           [BIND_A, BIND_B],
           [BIND_B, BIND_A])],
     "bindings run in order"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "want", "have", "found", "why"), DIFFERENT, ids=[c[4] for c in DIFFERENT]
)
def test_a_difference(address, want, have, found, why):
    assert edits(address, want, have) == found, why


def ref(key):
    return Ref(Address("clients", key), "client_id")


MEMBERS = [
    ("managed", ["a", "b"], ["a", "x"], ["a"], ["a", "x", "b"], "adds what is listed"),
    ("managed", ["b"], ["a", "b"], ["a", "b"], ["b"], "takes away what we added before"),
    ("managed", ["b"], ["a", "b"], [], None, "leaves what others added"),
    ("additive", ["b"], ["a", "b"], ["a", "b"], None, "never takes away"),
    ("exclusive", ["b"], ["a", "b"], [], ["b"], "takes away everything else"),
]


@pytest.mark.parametrize(
    ("mode", "want", "have", "ours", "after", "why"),
    MEMBERS,
    ids=[f"{c[0]} {c[5]}" for c in MEMBERS],
)
def test_an_association(mode, want, have, ours, after, why):
    address = "connection_clients.c"
    entry = Entry(elements=tuple(f"clients.{key}" for key in ours))
    known = Known({Address.parse(address): entry})
    want, have = {"clients": list(map(ref, want))}, {"clients": list(map(ref, have))}
    found = edits(address, want, have, known, mode)
    wanted = [] if after is None else [Edit(("clients",), have["clients"], list(map(ref, after)))]
    assert found == wanted, why


SECRETS = [
    # mark now (version, seal), live seal, recorded (version, seal) or None -> outcome
    (("", "f1"), None, ("", "f1"), "same"),
    (("", "f2"), None, ("", "f1"), "differs"),
    (("2", ""), None, ("1", "f1"), "differs"),
    (("1", ""), None, ("1", "f1"), "same"),
    (("", ""), None, ("", "f1"), "unknown"),
    (("", "f1"), None, None, "unknown"),
    (("", "f1"), "f1", None, "same"),
    (("", "f1"), "f2", ("", "f1"), "differs"),
    (("2", "f1"), None, ("1", "f1"), "differs"),
]


@pytest.mark.parametrize(("mark", "live", "recorded", "outcome"), SECRETS)
def test_a_secret_is_compared_by_version_and_fingerprint_and_never_guessed(
    mark, live, recorded, outcome
):
    address = Address("connections", "c")
    path = ("options", "client_secret")
    entry = Entry(sealed={path: recorded} if recorded else {})
    known = Known({address: entry}, lambda _: mark)
    found = edits(
        "connections.c",
        {"strategy": "okta", "options": {"client_secret": Secret("S")}},
        {"strategy": "okta", "options": {"client_secret": Sealed(live)}},
        known,
    )
    assert {"same": [], "differs": [False], "unknown": [True]}[outcome] == [
        e.unknown for e in found
    ]


def test_rotating_a_secret_writes_it_although_it_is_the_same():
    address = Address("actions", "a")
    entry = Entry(sealed={("secrets", "K", "value"): ("", "f")})
    want = {"secrets": [{"name": "K", "value": Secret("S")}]}
    have = {"secrets": [{"name": "K", "value": Sealed(None)}]}
    known = Known({address: entry}, lambda _: ("", "f"))
    assert edits("actions.a", want, have, known) == []
    rotated = Known({address: entry}, lambda _: ("", "f"), frozenset({"S"}))
    (edit,) = edits("actions.a", want, have, rotated)
    assert edit.path == ("secrets",)
    assert not edit.unknown


def test_unreadable_values_are_sent_again_with_whatever_replaces_their_structure():
    address = Address("connections", "c")
    entry = Entry(sealed={("options", "configuration", "K"): ("", "f")})
    want = {
        "strategy": "auth0",
        "options": {"passwordPolicy": "fair", "configuration": {"K": Secret("S")}},
    }
    have = {
        "strategy": "auth0",
        "options": {"passwordPolicy": "good", "configuration": {"K": Sealed(None)}},
    }
    desired = declare(Resource(address, want))
    live = Tenant.of([Resource(address, have)])
    (update,) = diff(desired, live, Known({address: entry}, lambda _: ("", "f")))
    assert [e.path for e in update.edits] == [("options", "passwordPolicy")]
    assert update.resend == ((("options", "configuration", "K"), Secret("S")),)


def test_every_kind_is_compared_with_itself_without_difference():
    for name, kind in KINDS.items():
        key = "" if kind.singleton else "x"
        fields = {rule.at[0]: "v" for rule in kind.rules if len(rule.at) == 1 and not rule.list}
        where = resource("tenant", {}).address if name == "tenant" else Address(name, key)
        if not kind.members:
            assert edits(str(where), fields, fields) == []
