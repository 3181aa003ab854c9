"""
A plan meets a tenant that somebody has edited in the dashboard since.

What the plan wants to change and somebody else has changed is left alone; whatever else they
changed survives, also beside it in a structure that the API replaces as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from laws.drawn import World, theme
from laws.scratch import Scratch, scratch, unhappy
from tenantctl.sandbox import Sandbox

Path = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A planned edit of one field, and a foreign one beside it, in the sandbox's own terms.

    *field* tells the document in *table* that is meant, by the value that *world* gives it.
    """

    address: str
    authored: dict[str, Any]
    planned: Path
    value: Any
    theirs: Any
    table: str
    beside: Path
    foreign: Any
    field: str = ""


CLIENT = {"name": "Shop", "app_type": "spa", "description": "a"}
ROTATING = {
    "rotation_type": "rotating",
    "expiration_type": "expiring",
    "leeway": 0,
    "token_lifetime": 2_592_000,
}
CONNECTION = {"name": "people", "strategy": "auth0", "options": {"passwordPolicy": "good"}}
API = {"identifier": "https://api/", "name": "API", "token_lifetime": 600}
STREAM = {
    "name": "siem",
    "type": "http",
    "sink": {"httpEndpoint": "https://a.example/", "httpContentType": "application/json"},
}
ACL = {
    "description": "geo",
    "active": True,
    "priority": 3,
    "rule": {
        "action": {"block": True},
        "scope": "tenant",
        "match": {"geo_country_codes": ["CU"]},
    },
}
ACTION = {
    "name": "claims",
    "code": "one",
    "supported_triggers": {"post-login": "v3"},
}
TEMPLATE = {
    "template": "welcome_email",
    "body": "x",
    "subject": "one",
    "from": "a@x.example",
    "syntax": "liquid",
    "enabled": True,
}
MINE, OURS, THEIRS = "one", "two", "three"
CASES = (
    Case("clients.a", CLIENT, ("description",), OURS, THEIRS, "clients",
         ("logo_uri",), "https://f/logo.png", "name"),
    Case("clients.a", {**CLIENT, "client_metadata": {"a": MINE}}, ("client_metadata", "a"), OURS,
         THEIRS, "clients", ("client_metadata", "foreign"), "f", "name"),
    Case("clients.a", {**CLIENT, "refresh_token": ROTATING}, ("refresh_token", "leeway"), 10, 20,
         "clients", ("refresh_token", "idle_token_lifetime"), 77_777, "name"),
    Case("clients.a", {**CLIENT, "oidc_logout": {"backchannel_logout_urls": ["https://a/"]}},
         ("oidc_logout", "backchannel_logout_urls"), ["https://b/"], ["https://c/"], "clients",
         ("oidc_logout", "backchannel_logout_session_metadata"), {"include": True}, "name"),
    Case("connections.a", CONNECTION, ("options", "passwordPolicy"), "fair", "excellent",
         "connections", ("options", "password_history"), {"enable": True, "size": 9}, "name"),
    Case("connections.a", {**CONNECTION, "options": {"customScripts": {"login": MINE}}},
         ("options", "customScripts", "login"), OURS, THEIRS, "connections",
         ("options", "validation"), {"username": {"min": 3, "max": 9}}, "name"),
    Case("connections.a", {**CONNECTION, "metadata": {"a": MINE}}, ("metadata", "a"), OURS,
         THEIRS, "connections", ("metadata", "foreign"), "f", "name"),
    Case("resource_servers.a", API, ("token_lifetime",), 700, 800, "resource_servers",
         ("scopes",), [{"value": "f", "description": "theirs"}], "identifier"),
    Case("actions.a", ACTION, ("code",), OURS, THEIRS, "actions",
         ("dependencies",), [{"name": "lodash", "version": "1.0.0"}], "name"),
    Case("log_streams.a", STREAM, ("sink", "httpEndpoint"), "https://b.example/",
         "https://c.example/", "log_streams", ("sink", "httpContentFormat"), "JSONARRAY", "name"),
    Case("network_acls.a", ACL, ("rule", "scope"), "authentication", "management",
         "network_acls", ("rule", "not_match"), {"asns": [7]}, "description"),
    Case("roles.a", {"name": "Agent", "description": MINE}, ("description",), OURS, THEIRS,
         "roles", ("name",), "Agent (theirs)", "name"),
    Case("branding_theme", theme(MINE, "#111111"), ("displayName",), OURS, THEIRS,
         "branding_themes", ("colors", "error"), "#ffffff"),
    Case("email_templates.welcome_email", TEMPLATE, ("subject",), OURS, THEIRS,
         "email_templates", ("resultUrl",), "https://f/", "template"),
    Case("tenant", {"friendly_name": MINE}, ("friendly_name",), OURS, THEIRS, "tenant_settings",
         ("support_email",), "f@x.example"),
    Case("tenant", {"device_flow": {"charset": "base20"}}, ("device_flow", "charset"), "digits",
         "base20x", "tenant_settings", ("device_flow", "mask"), "***-***"),
    Case("tenant", {"flags": {"enable_sso": True}}, ("flags", "enable_sso"), False, None,
         "tenant_settings", ("flags", "universal_login"), False),
    Case("branding", {"colors": {"primary": "#111111"}}, ("colors", "primary"), "#222222",
         "#333333", "branding", ("colors", "page_background"), "#ffffff"),
    Case("prompt_custom_text.login/en", {"login": {"title": MINE}}, ("login", "title"), OURS,
         THEIRS, "prompt_custom_text", ("login", "description"), "f"),
    Case("attack_protection.suspicious_ip_throttling",
         {"stage": {"pre-login": {"max_attempts": 50}}}, ("stage", "pre-login", "max_attempts"),
         60, 70, "attack_protection_suspicious_ip_throttling",
         ("stage", "pre-login", "rate"), 40_000),
)  # fmt: skip
NAMES = [f"{case.address} {'.'.join(case.planned)}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_edit_beside_what_the_plan_changes_survives(case):
    with scratch() as tenant:
        plan = _planned(tenant, case)
        edit(tenant.sandbox, case, case.beside, case.foreign)
        result = tenant.apply(plan)
        assert result.receipt.status == "converged", unhappy(result)
        assert _at(_found(tenant.sandbox, case)[1], case.beside) == case.foreign
        assert _at(_found(tenant.sandbox, case)[1], case.planned) == case.value


@pytest.mark.parametrize("case", [c for c in CASES if c.theirs is not None])
def test_an_edit_of_what_the_plan_changes_is_left_alone_and_reported(case):
    with scratch() as tenant:
        plan = _planned(tenant, case)
        edit(tenant.sandbox, case, case.planned, case.theirs)
        before = _found(tenant.sandbox, case)
        tenant.sandbox.clear_log()
        result = tenant.apply(plan)
        assert {outcome.status for outcome in result.receipt.outcomes.values()} == {"moved"}
        assert tenant.writes() == []
        assert _found(tenant.sandbox, case) == before


def test_members_that_somebody_added_to_a_connection_stay():
    clients = {f"clients.{key}": {"name": key, "app_type": "spa"} for key in "abc"}
    world = {**clients, "connections.x": CONNECTION, "connection_clients.x": {"clients": ["a"]}}
    with scratch() as tenant:
        tenant.converge(world)
        plan = tenant.plan({**world, "connection_clients.x": {"clients": ["b"]}})
        ids = {c["name"]: id for id, c in tenant.sandbox.documents("clients").items()}
        (connection,) = [
            id for id, c in tenant.sandbox.documents("connections").items() if c["name"] == "people"
        ]
        link = {"client_id": ids["c"]}
        tenant.sandbox.put(
            "connection_clients", f"{connection}/{ids['c']}", link, parent=connection
        )
        result = tenant.apply(plan)
        assert result.receipt.status == "converged", unhappy(result)
        links = tenant.sandbox.documents("connection_clients")
        assert {id for id in links if id.startswith(connection)} == {
            f"{connection}/{ids[name]}" for name in "bc"
        }


def _planned(tenant: Scratch, case: Case) -> Any:
    """The plan of one edit, after an apply of what stood there before."""
    world: World = {case.address: case.authored}
    tenant.converge(world)
    tenant.sandbox.clear_log()
    plan = tenant.plan({case.address: _with(case.authored, case.planned, case.value)})
    assert len(plan.steps) == 1
    assert tenant.writes() == []
    return plan


def _with(tree: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    head, *rest = path
    return {**tree, head: _with(tree.get(head, {}), tuple(rest), value) if rest else value}


def _at(tree: Any, path: Path) -> Any:
    for part in path:
        tree = (tree or {}).get(part)
    return tree


def _found(sandbox: Sandbox, case: Case) -> tuple[str, dict[str, Any]]:
    """The document that a case is about, with its id."""
    documents = sandbox.documents(case.table)
    key = case.address.partition(".")[2]
    if case.field:
        name = case.authored[case.field]
        (id,) = [id for id, d in documents.items() if str(d.get(case.field)).startswith(name)]
    else:
        id = next((id for id in (key, "") if id in documents), next(iter(documents)))
    return id, documents[id]


def edit(sandbox: Sandbox, case: Case, path: Path, value: Any) -> None:
    """Set one field past the API, as somebody in the dashboard would."""
    id, document = _found(sandbox, case)
    top, *_ = path
    sandbox.edit(case.table, id, {top: _with(document, path, value)[top]})
