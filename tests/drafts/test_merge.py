"""Several environments of one product become one definition, and each stays what it was."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from drafts.products import PRODUCTS, tagged
from tenantctl.drafts import Definition, Here, Tag, Written, project_files, unite
from tenantctl.files import load
from tenantctl.kinds import KINDS, text_of
from tenantctl.model import Address, Ref
from tenantctl.playbooks import playbook

B2C = playbook("b2c")
WEB = Address("clients", "web")
DROP = object()


def unmanaged():
    return Tag("unmanaged")


def append(*items):
    return Tag("append", items=items)


def without(*items):
    return Tag("without", items=items)


def here(written, environments=("dev", "qa", "prod")):
    kinds = {"dev": "development", "qa": "qa", "prod": "production"}
    return {
        name: Here(
            {"kind": kinds[name], "domain": "embedded", "phases": [1, 2, 3]},
            secrets={secret: {"from": "generated"} for secret in written[name].secrets},
        )
        for name in environments
        if name in written
    }


def united(bodies, files=None, variables=None):
    """The definition of environments that have the client `web` with these bodies."""
    files, variables = files or {}, variables or {}
    written = {
        name: Written(
            f"{name}.example",
            {WEB: body} if body is not DROP else {},
            files.get(name, {}),
            dict.fromkeys(tagged(body, "secret"), ""),
            variables.get(name, {}),
        )
        for name, body in bodies.items()
    }
    return unite(written, here(written))


CASES = {
    "all say the same": ({"dev": 1, "qa": 1, "prod": 1}, 1, {}),
    "most say it": ({"dev": 1, "qa": 1, "prod": 2}, 1, {"prod": 2}),
    "of equally many the last": ({"dev": 1, "prod": 2}, 2, {"dev": 1}),
    "of three the last": ({"dev": 1, "qa": 2, "prod": 3}, 3, {"dev": 1, "qa": 2}),
    "one lacks it": ({"dev": 1, "qa": DROP, "prod": 1}, 1, {"qa": unmanaged()}),
    "one alone has it": ({"dev": 1, "qa": DROP, "prod": DROP}, DROP, {"dev": 1}),
    "the last lacks it": ({"dev": 1, "prod": DROP}, DROP, {"dev": 1}),
    "true is not 1": ({"dev": True, "qa": 1, "prod": 1}, 1, {"dev": True}),
    "null is something": ({"dev": None, "qa": 1, "prod": 1}, 1, {"dev": None}),
    "maps are merged": (
        {"dev": {"a": 1, "b": 2}, "qa": {"a": 1, "b": 3}, "prod": {"a": 1, "b": 3, "c": 4}},
        {"a": 1, "b": 3},
        {"dev": {"b": 2}, "prod": {"c": 4}},
    ),
    "a key of a map is gone": (
        {"dev": {"a": 1, "b": 2}, "qa": {"a": 1, "b": 2}, "prod": {"a": 1}},
        {"a": 1, "b": 2},
        {"prod": {"b": unmanaged()}},
    ),
    "a map or none": ({"dev": {"a": 1}, "qa": 5, "prod": 5}, 5, {"dev": {"a": 1}}),
    "a whole map is gone": ({"dev": {}, "prod": {"a": 1}}, {"a": 1}, {"dev": {"a": unmanaged()}}),
}
LISTS = {
    "more": (
        {"dev": ["a", "local"], "qa": ["a"], "prod": ["a"]},
        ["a"],
        {"dev": append("local")},
    ),
    "each its own": (
        {"dev": ["a", "d"], "qa": ["a", "q"], "prod": ["a", "p"]},
        ["a"],
        {"dev": append("d"), "qa": append("q"), "prod": append("p")},
    ),
    "the common part comes before an environment's": (
        {"dev": ["a"], "prod": ["a", "p"]},
        ["a"],
        {"prod": append("p")},
    ),
    "less": (
        {"dev": ["a", "b", "c"], "qa": ["a", "b", "c"], "prod": ["a", "c"]},
        ["a", "b", "c"],
        {"prod": without("b")},
    ),
    "much less": (
        {"dev": ["a", "b", "c"], "qa": ["a", "b", "c"], "prod": ["a"]},
        ["a", "b", "c"],
        {"prod": ["a"]},
    ),
    "nothing in common": ({"dev": ["a"], "prod": ["b"]}, ["b"], {"dev": ["a"]}),
    "none at all": ({"dev": [], "qa": ["a"], "prod": ["a"]}, ["a"], {"dev": []}),
    "both more and less": (
        {"dev": ["a", "b"], "qa": ["b", "c"], "prod": ["b", "c"]},
        ["b", "c"],
        {"dev": ["a", "b"]},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_field_of_several_environments(case):
    values, base, overrides = CASES[case]
    check("field", values, base, overrides)


@pytest.mark.parametrize("case", LISTS)
def test_a_set_of_several_environments(case):
    check("callbacks", *LISTS[case])


def check(field, values, base, overrides):
    bodies = {name: {} if v is DROP else {field: v} for name, v in values.items()}
    found = united(bodies)
    assert text_of(dict(found.bodies[WEB])) == text_of({} if base is DROP else {field: base})
    said = {n: e.overrides[WEB] for n, e in found.environments.items() if e.overrides}
    assert said == {name: {field: over} for name, over in overrides.items()}


def test_the_order_of_a_set_means_nothing():
    found = united({"dev": {"callbacks": ["b", "a"]}, "prod": {"callbacks": ["a", "b"]}})
    assert found.environments["dev"].overrides == {}


@pytest.mark.parametrize(
    ("lists", "overrides"),
    [
        ({"dev": [1, 2, 3], "qa": [1, 2], "prod": [2, 1]}, {"dev": [1, 2, 3], "qa": [1, 2]}),
        ({"dev": [1, 2], "qa": [3, 1], "prod": [2, 1, 3]}, {"dev": [1, 2], "qa": [3, 1]}),
        (
            {"dev": [1], "qa": [2, 1], "prod": [2, 1, 3]},
            {"dev": [1], "qa": Tag("without", items=(3,))},
        ),
    ],
)
def test_a_list_whose_order_means_something_is_only_added_to_at_its_end(lists, overrides):
    kind = Address("network_acls", "acl")
    written = {n: Written("", {kind: {"unruled": found}}) for n, found in lists.items()}
    found = unite(written, here(written))
    assert found.bodies[kind] == {"unruled": lists["prod"]}
    said = {name: over for name, each in found.environments.items() if (over := each.overrides)}
    assert said == {name: {kind: {"unruled": over}} for name, over in overrides.items()}


SHOWN = {"display_name": "shown"}
SEQUENCES = {
    "the same everywhere": ({"dev": "ab", "prod": "ab"}, {"a": {}, "b": {}}, {}),
    "one has less": (
        {"dev": "ab", "qa": "ab", "prod": "a"},
        {"a": {}, "b": {}},
        {"prod": {"b": unmanaged()}},
    ),
    "one has more between": (
        {"dev": "axyb", "qa": "ab", "prod": "ab"},
        {"a": {"$at": 100}, "b": {"$at": 200}},
        {"dev": {"x": {"$at": 101}, "y": {"$at": 102}}},
    ),
    "one has more before": (
        {"dev": "xa", "prod": "a"},
        {"a": {"$at": 100}},
        {"dev": {"x": {"$at": 1}}},
    ),
    "one has another order": (
        {"dev": "ba", "qa": "ab", "prod": "ab"},
        {"a": {"$at": 100}, "b": {"$at": 200}},
        {"dev": {"b": {"$at": 100}, "a": {"$at": 200}}},
    ),
    "one says more of an element": (
        {"dev": "Ab", "qa": "ab", "prod": "ab"},
        {"a": {"$at": 100}, "b": {"$at": 200}},
        {"dev": {"a": {"$at": 100, **SHOWN}}},
    ),
}


@pytest.mark.parametrize("case", SEQUENCES)
def test_a_sequence_of_several_environments(case):
    orders, base, overrides = SEQUENCES[case]
    address = Address("trigger_bindings", "post-login")
    written = {
        name: Written("", {address: {k.lower(): SHOWN if k.isupper() else {} for k in keys}})
        for name, keys in orders.items()
    }
    found = unite(written, here(written))
    assert list(found.bodies[address].items()) == list(base.items())
    said = {n: e.overrides[address] for n, e in found.environments.items() if e.overrides}
    assert said == overrides


@pytest.mark.parametrize(
    ("kind", "name", "inside"),
    [
        ("connections", "clients", ["web"]),
        ("connections", "clients", []),
        ("connections", "scim_configuration", {"user_id_attribute": "x"}),
        ("clients", "credentials", {"old": {"pem": "P"}}),
        ("organizations", "connections", {"c": {}}),
        ("roles", "permissions", {"api": ["read"]}),
    ],
)
def test_what_hangs_on_a_resource_is_in_the_definition_whoever_has_it(kind, name, inside):
    address = Address(kind, "x")
    bodies = {"dev": {name: inside}, "qa": {}, "prod": {}}
    written = {env: Written("", {address: body}) for env, body in bodies.items()}
    found = unite(written, here(written))
    assert found.bodies[address] == {name: inside}
    overrides = {env: each.overrides for env, each in found.environments.items()}
    over = {address: {name: unmanaged()}}
    assert overrides == {"dev": {}, "qa": over, "prod": over}


def test_one_of_several_things_that_hang_on_a_resource_is_let_go_by_its_name():
    key = {"pem": "P"}
    found = united(
        {"dev": {"credentials": {"a": key, "b": key}}, "prod": {"credentials": {"b": key}}}
    )
    assert found.bodies[WEB] == {"credentials": {"b": key, "a": key}}
    assert found.environments["prod"].overrides[WEB] == {"credentials": {"a": unmanaged()}}


def test_what_not_all_have_is_only_where_it_is():
    found = united({"dev": {"a": 1}, "qa": DROP, "prod": {"a": 1}})
    assert found.only == {WEB: ("dev", "prod")}
    assert united({"dev": {"a": 1}, "qa": {}}).only == {}


def test_texts_with_the_same_variable_are_the_same_whatever_its_value():
    text = "${var.url}/callback"
    found = united(
        {"dev": {"a": text, "b": Tag("var", "n")}, "prod": {"a": text, "b": Tag("var", "n")}},
        variables={"dev": {"url": "https://d", "n": 1}, "prod": {"url": "https://p", "n": 1}},
    )
    assert found.bodies[WEB] == {"a": text, "b": Tag("var", "n")}
    assert found.variables == {"url": "string", "n": "integer"}
    assert found.environments["dev"].variables == {"url": "https://d", "n": 1}
    assert not found.environments["dev"].overrides


@pytest.mark.parametrize(
    ("one", "other", "type"),
    [
        (1, 2.5, "number"),
        (True, False, "boolean"),
        ([1], [], "list"),
        ({"a": 1}, {}, "map"),
        (1, "1", None),
        (True, 1, None),
        (None, None, None),
        ("a ${b}", "c", None),
    ],
)
def test_a_variable_has_one_type_or_is_none(one, other, type):
    bodies = {name: {"a": Tag("var", "x")} for name in ("dev", "prod")}
    found = united(bodies, variables={"dev": {"x": one}, "prod": {"x": other}})
    assert found.variables == ({"x": type} if type else {})
    if not type:
        assert [note.level for note in found.notes] == ["guess"]
        assert "x is no variable" in found.notes[0].message
        assert found.bodies[WEB] == {"a": other}


def test_a_literal_marker_in_what_was_a_variable_stays_a_literal():
    bodies = {name: {"a": "<${var.x}> $${kept}", "b": Tag("var", "x")} for name in ("dev", "prod")}
    found = united(bodies, variables={"dev": {"x": "${y}"}, "prod": {"x": "z"}})
    assert found.bodies[WEB] == {"a": "<z> $${kept}", "b": "z"}
    assert found.environments["dev"].overrides[WEB] == {"a": "<$${y}> $${kept}", "b": "$${y}"}


def test_the_definition_names_only_what_all_of_its_environments_know():
    found = united(
        {"dev": {"a": "plain"}, "prod": {"a": "${var.x}"}},
        variables={"prod": {"x": "p"}},
    )
    assert found.bodies[WEB] == {"a": "plain"}
    assert found.environments["prod"].overrides[WEB] == {"a": "${var.x}"}
    assert found.environments["dev"].variables == {}
    assert found.variables == {"x": "string"}


def test_a_secret_that_one_environment_alone_has_is_said_there():
    found = united({"dev": {}, "prod": {"a": {"b": Tag("secret", "KEY")}}})
    assert found.bodies[WEB] == {}
    assert found.environments["prod"].overrides[WEB] == {"a": {"b": Tag("secret", "KEY")}}
    assert found.secrets == {"KEY": ""}
    assert found.environments["dev"].secrets == {}
    assert found.environments["prod"].secrets == {"KEY": {"from": "generated"}}


@pytest.mark.parametrize("tag", ["file", "template"])
def test_code_that_differs_lies_beside_that_of_most(tag):
    path = "actions/x.js"
    found = united(
        {name: {"code": Tag(tag, path)} for name in ("dev", "qa", "prod")},
        files={"dev": {path: "one"}, "qa": {path: "one"}, "prod": {path: "two"}},
    )
    assert found.files == {path: "one", "actions/x.prod.js": "two"}
    assert found.bodies[WEB] == {"code": Tag(tag, path)}
    assert found.environments["prod"].overrides[WEB] == {"code": Tag(tag, "actions/x.prod.js")}


def test_code_that_is_equal_is_one_file_wherever_it_lay():
    found = united(
        {"dev": {"code": Tag("file", "a.js")}, "prod": {"code": Tag("file", "b.js")}},
        files={"dev": {"a.js": "same"}, "prod": {"b.js": "same"}},
    )
    assert found.files == {"b.js": "same"}
    assert not found.environments["dev"].overrides


def test_no_file_of_one_environment_takes_the_place_of_another():
    paths = ("x.js", "x.dev.js")
    body = {name: Tag("file", name) for name in paths}
    found = united(
        {"dev": body, "prod": body},
        files={"dev": {"x.js": "1", "x.dev.js": "2"}, "prod": {"x.js": "3", "x.dev.js": "4"}},
    )
    texts = {
        name: {key: found.files[tag.text] for key, tag in {**found.bodies[WEB], **over}.items()}
        for name, each in found.environments.items()
        for over in [each.overrides.get(WEB, {})]
    }
    assert texts == {"dev": {"x.js": "1", "x.dev.js": "2"}, "prod": {"x.js": "3", "x.dev.js": "4"}}


# The law


def alone(name, each):
    """A project of one environment that says what *each* says, made without uniting anything."""
    uniform = {bool: "boolean", int: "integer", float: "number", str: "string"}
    uniform |= {list: "list", dict: "map"}
    text = str([each.bodies, each.files])
    used = {
        key: value
        for key, value in each.variables.items()
        if f"var.{key}" in text or f"Tag(tag='var', text='{key}'" in text
    }
    used = {key: value for key, value in used.items() if "${" not in str(value)}
    inserted = {key: value for key, value in each.variables.items() if "${" in str(value)}
    bodies, files = each.bodies, each.files
    for key, value in inserted.items():
        literal = value.replace("${", "$${")
        bodies = replaced(bodies, f"${{var.{key}}}", literal)
        files = replaced(files, f"${{var.{key}}}", literal)
    settings = here({name: each}, (name,))[name]
    return Definition(
        bodies,
        files,
        each.secrets,
        {key: uniform[type(value)] for key, value in used.items()},
        {},
        {name: Here(settings.settings, used, settings.secrets)},
    )


def replaced(value, old, new):
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {key: replaced(item, old, new) for key, item in value.items()}
    return [replaced(item, old, new) for item in value] if isinstance(value, list) else value


def loaded(root, definition, env):
    root.mkdir()
    for path, text in project_files(definition, "shop", B2C).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8", newline="")
    return lambda name=env: load(root, "shop", name).desired


def flat(desired):
    """All resources with their sets in one order, and the keys and modes they are declared with."""
    return {
        str(address): (
            normal(KINDS[address.kind], resource.fields, (), resource.fields),
            desired.declarations[address].identity.key,
            desired.declarations[address].mode,
        )
        for address, resource in desired.tenant.resources.items()
    }


def normal(kind, value, path, fields):
    if isinstance(value, dict):
        return {k: normal(kind, v, (*path, k), fields) for k, v in value.items()}
    if isinstance(value, list):
        items = [normal(kind, item, (*path, "[]"), fields) for item in value]
        unordered = kind.rule(path, fields).list in {"set", "keyed"}
        return sorted(items, key=text_of) if unordered else items
    return value


@pytest.mark.thorough
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(PRODUCTS)
def test_every_environment_of_the_united_project_is_what_was_written_of_it(product):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        of_all = loaded(root / "all", unite(product, here(product)), "")
        for name, each in product.items():
            by_itself = loaded(root / name, alone(name, each), name)
            assert flat(of_all(name)) == flat(by_itself())


def test_references_survive():
    written = {
        name: Written("", {WEB: {}, Address("connections", "c"): {"strategy": "auth0", **more}})
        for name, more in {"dev": {"clients": ["web"]}, "prod": {}}.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        find = loaded(Path(folder) / "all", unite(written, here(written)), "")
        links = Address("connection_clients", "c")
        assert find("dev").tenant.resources[links].fields == {"clients": [Ref(WEB, "client_id")]}
        assert links not in find("prod").tenant.resources
