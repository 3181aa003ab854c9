"""The schemas for editors: current, valid, met by a real tenant, and not met by a slip."""

from __future__ import annotations

import copy

import jsonschema
import pytest
from tools import generate_schemas

from files.editors import ROOT, marks, read, schema_of, validator

KINDS = sorted(path.name for path in (ROOT / "schemas/kinds").glob("*.json"))
FORMS = ["tenant.json", "fragment.json", "environment.json", "attestations.json", "fleet.json"]
FILES = [*FORMS, *(f"kinds/{name}" for name in KINDS)]
FRAGMENTS = sorted((ROOT / "tenants").glob("*/phase*/**/*.yaml"))
ENVIRONMENTS = [
    path for path in sorted((ROOT / "environments").glob("*/*.yaml")) if path.stem != "attestations"
]
ATTESTATIONS = sorted((ROOT / "environments").glob("*/attestations.yaml"))
TENANTS = sorted((ROOT / "tenants").glob("*/tenant.yaml"))


def named(path):
    """The path of a file from the repository's root, for the name of a test."""
    return str(path.relative_to(ROOT))


def test_the_schemas_are_what_the_kinds_make_of_them():
    fresh = generate_schemas.written()
    assert generate_schemas.stale_names(fresh) == [], "run python -m tools.generate_schemas"


def test_the_schemas_are_small_enough_for_an_editor():
    sizes = {name: len(text) for name, text in generate_schemas.written().items()}
    assert sum(sizes.values()) < 1_000_000
    assert max(sizes.values()) < 200_000


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_a_schema_of_draft_07_whose_references_lead_somewhere(name):
    schema = schema_of(name)
    jsonschema.Draft7Validator.check_schema(schema)
    for ref in refs(schema):
        file, _, inside = ref.partition("#")
        place = schema_of(file) if file else schema
        for part in filter(None, inside.split("/")):
            place = place[part]
        assert place


def refs(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


@pytest.mark.parametrize("path", FRAGMENTS, ids=named)
def test_a_real_fragment_meets_its_schema(path):
    assert marks("fragment.json", read(path)) == []


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=named)
def test_a_real_environment_meets_its_schema(path):
    assert marks("environment.json", read(path)) == []


@pytest.mark.parametrize("path", ATTESTATIONS, ids=named)
def test_what_people_attest_of_a_real_tenant_meets_its_schema(path):
    assert marks("attestations.json", read(path)) == []


@pytest.mark.parametrize("path", TENANTS, ids=named)
def test_a_real_tenant_file_meets_its_schema(path):
    assert marks("tenant.json", read(path)) == []


@pytest.mark.parametrize("path", [*FRAGMENTS, *ENVIRONMENTS, *ATTESTATIONS, *TENANTS], ids=named)
def test_every_file_names_its_schema_for_editors(path):
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    mark, _, relative = first.partition("$schema=")
    assert mark == "# yaml-language-server: "
    assert (path.parent / relative).resolve().parent == ROOT / "schemas"


GOOD = {
    "application_integration": {
        "clients": {
            "web": {
                "name": "Web",
                "app_type": "spa",
                "is_first_party": "a_variable",
                "callbacks": ["x"],
                "$only": ["prod"],
                "jwt_configuration": {"lifetime_in_seconds": 60},
            }
        },
        "connections": {"db": {"strategy": "auth0", "clients": {"$mode": "exclusive", "web": {}}}},
        "actions": {"a": {"code": "x", "supported_triggers": {"post-login": "v3"}}},
        "trigger_bindings": {"post-login": {"a": {"$at": 1}}},
        "client_grants": {"web": {"api": {"client": {"scope": ["x"]}}}},
        "prompt_custom_text": {"login": {"pt-BR": {"login": {"title": "x"}}}},
        "tenant": {"session_lifetime": None},
    }
}


def test_every_authored_form_meets_the_schema():
    assert marks("fragment.json", GOOD) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("aplication_integration",), {}),
        (("application_integration", "client"), {}),
        (("application_integration", "clients", "Web Shop"), {}),
        (("application_integration", "clients", "web", "calbacks"), []),
        (("application_integration", "clients", "web", "app_type"), "sap"),
        (("application_integration", "clients", "web", "client_id"), "x"),
        (("application_integration", "clients", "web", "is_first_party"), "true"),
        (("application_integration", "clients", "web", "jwt_configuration"), {"lifetime": 1}),
        (("application_integration", "clients", "web", "$protect"), "no"),
        (("application_integration", "trigger_bindings", "pre-login"), {}),
        (("application_integration", "prompt_custom_text", "logon"), {}),
        (("application_integration", "tenant", "session_lifetime"), "72"),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_a_slip_does_not_meet_the_schema(path, value):
    document = copy.deepcopy(GOOD)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert not validator("fragment.json").is_valid(document)


OVERRIDES = {
    "kind": "development",
    "domain": "embedded",
    "overrides": {
        "clients.web": {"callbacks": ["x"], "app_type": "spa"},
        "tenant": {"session_lifetime": 5},
        "attack_protection.captcha": {"active_provider_id": "auth_challenge"},
        "connections.erp": {"strategy": "oidc", "options": {"client_id": "x"}},
    },
}


@pytest.mark.parametrize(
    ("address", "field", "value"),
    [
        ("client.web", "name", "x"),
        ("clients", "name", "x"),
        ("clients.web", "calbacks", []),
        ("tenant.x", "session_lifetime", 5),
        ("tenant", "session_lifetime", "5"),
        ("attack_protection.captcha", "enabled", True),
        ("connections.erp", "options", {"passwordPolicy": "good"}),
    ],
)
def test_an_override_is_judged_like_what_it_overrides(address, field, value):
    fine = copy.deepcopy(OVERRIDES)
    assert marks("environment.json", fine) == []
    fine["overrides"].setdefault(address, {})[field] = value
    assert len(marks("environment.json", fine)) == 1


@pytest.mark.parametrize("key", ["${row.key}", "acme-${row.key}", "${row.a}-${row.b}"])
def test_what_is_stamped_meets_the_schema(key):
    template = {"$for": "rows.csv", "name": "${row.name}", "is_first_party": "column"}
    topic = {"clients": {key: template}, "trigger_bindings": {key: {"a": {"$at": "weight"}}}}
    assert marks("fragment.json", {"application_integration": topic}) == []
    topic["clients"][key]["$fro"] = "rows.csv"
    assert len(marks("fragment.json", {"application_integration": topic})) == 1
