"""What follows from several resources, each rule as a table."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from facts.given import NOW, facts, item, state
from tenantctl.engine.facts import Project
from tenantctl.engine.state import state_of
from tenantctl.model import Address, Ref, Secret, TestReceipt, Value

Resources = dict[str, dict[str, Value]]


def client(key: str) -> Ref:
    return Ref(Address("clients", key), "client_id")


def connection(key: str) -> Ref:
    return Ref(Address("connections", key))


def audience(word: str) -> dict[str, Value]:
    return {"name": word or "shop", "client_metadata": {"audience": word} if word else {}}


CLIENTS: Resources = {
    "clients.shop": audience(""),
    "clients.desk": audience("internal"),
    "clients.app": audience("customer"),
}
AUDIENCES: dict[str, tuple[list[Value], str | None]] = {
    "nobody": ([], None),
    "whoever does not say is a customer": ([client("shop")], "customer"),
    "customers": ([client("shop"), client("app")], "customer"),
    "staff": ([client("desk")], "internal"),
    "both": ([client("desk"), client("app")], "mixed"),
}


@pytest.mark.parametrize(("clients", "said"), AUDIENCES.values(), ids=AUDIENCES)
def test_a_connection_is_for_whom_its_applications_are(
    clients: list[Value], said: str | None
) -> None:
    wanted: Resources = {
        **CLIENTS,
        "connections.c": {"name": "c", "strategy": "auth0"},
        "connection_clients.c": {"clients": clients},
    }
    assert item(state(wanted, {}), "connections").value.get("_audience") == said


def test_whom_a_connection_is_for_hangs_on_applications_that_nobody_declares() -> None:
    wanted: Resources = {
        **CLIENTS,
        "connections.c": {"name": "c"},
        "connection_clients.c": {"clients": [client("strange"), client("desk")]},
    }
    unsure = item(state(wanted, {}), "connections")
    assert "_audience" in unsure.unknown
    wanted["connection_clients.c"] = {"clients": [client("strange"), client("desk"), client("app")]}
    sure = item(state(wanted, {}), "connections")
    assert (sure.value["_audience"], "_audience" in sure.unknown) == ("mixed", False)


USED: dict[str, tuple[dict[str, list[str]], list[Value], int, bool]] = {
    "by nobody": ({}, [], 0, False),
    "by applications": ({}, [client("shop")], 0, False),
    "by an organization alone": ({"a": ["c"]}, [], 1, True),
    "by an organization and applications": ({"a": ["c"]}, [client("shop")], 1, False),
    "by two organizations": ({"a": ["c", "d"], "b": ["c"]}, [], 2, True),
    "by neither of the organizations": ({"a": ["d"]}, [], 0, False),
}


@pytest.mark.parametrize(("organizations", "clients", "count", "only"), USED.values(), ids=USED)
def test_a_connection_knows_how_many_organizations_use_it(
    organizations: dict[str, list[str]], clients: list[Value], count: int, only: bool
) -> None:
    wanted: Resources = {
        **CLIENTS,
        "connections.c": {"name": "c"},
        "connections.d": {"name": "d"},
        "connection_clients.c": {"clients": clients},
    }
    for name, members in organizations.items():
        wanted[f"organizations.{name}"] = {"name": name}
        elements = [{"connection_id": connection(each)} for each in members]
        wanted[f"organization_enabled_connections.{name}"] = {"connections": elements}
    found = item(state(wanted, {}), "connections", "connections.c").value
    assert (found["_used_by_organizations"], found["_org_only"]) == (count, only)


def test_an_organization_counts_its_connections_by_what_they_are() -> None:
    strategies = {"db": "auth0", "okta": "okta", "saml": "samlp", "google": "google-oauth2"}
    wanted: Resources = {
        f"connections.{key}": {"name": key, "strategy": strategy}
        for key, strategy in strategies.items()
    }
    wanted["organizations.a"] = {"name": "a"}
    elements = [
        {"connection_id": connection(key), "assign_membership_on_login": key == "db"}
        for key in strategies
    ]
    wanted["organization_enabled_connections.a"] = {"connections": elements}
    found = item(state(wanted, {}), "organizations")
    assert (found.value["_enterprise_connections"], found.value["_database_connections"]) == (2, 1)
    assert found.value["enabled_connections"][0] == {
        "connection_id": "db",
        "assign_membership_on_login": True,
    }
    elements.append({"connection_id": connection("strange"), "assign_membership_on_login": True})
    assert "_database_connections" in item(state(wanted, {}), "organizations").unknown


def certificate(days: int) -> str:
    """A PEM that expires *days* after the day of the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    start = dt.datetime.combine(NOW, dt.time(), dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start - dt.timedelta(days=400))
        .not_valid_after(start + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM).decode()


def packed(pem: str) -> str:
    return "".join(pem.splitlines()[1:-1])


SOON, LATE = certificate(12), certificate(300)
CERTIFICATES: dict[str, tuple[dict[str, Value], int | None, bool]] = {
    "none": ({}, None, False),
    "a PEM": ({"signingCert": LATE}, 300, False),
    "one that is past": ({"signingCert": certificate(-3)}, -3, False),
    "a PEM in base64": ({"signingCert": base64.b64encode(SOON.encode()).decode()}, 12, False),
    "the first of two to expire": ({"signingCert": LATE + SOON}, 12, False),
    "in metadata": (
        {"metadataXml": f"<a><ds:X509Certificate>{packed(SOON)}</ds:X509Certificate></a>"},
        12,
        False,
    ),
    "a secret": ({"signingCert": Secret("CERT")}, None, True),
    "no certificate at all": ({"signingCert": "what?"}, None, True),
}


@pytest.mark.parametrize(("options", "days", "unsure"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_a_connection_knows_when_its_first_certificate_expires(
    options: dict[str, Value], days: int | None, unsure: bool
) -> None:
    wanted: Resources = {"connections.c": {"name": "c", "strategy": "samlp", "options": options}}
    found = item(state(wanted, {}), "connections")
    assert found.value.get("_cert_days_left") == days
    assert ("_cert_days_left" in found.unknown) == unsure


def action(code: str = "exports.onExecutePostLogin = async () => {};") -> dict[str, Value]:
    return {"name": "a", "code": code, "supported_triggers": [{"id": "post-login"}]}


def test_an_action_is_bound_where_a_trigger_names_it_and_in_the_library_where_people_say() -> None:
    wanted: Resources = {
        **{f"actions.{key}": {**action(), "name": key} for key in "abc"},
        "trigger_bindings.post-login": {"a": {}},
    }
    project = Project(parameters={"library_actions": ["b"]})
    found = state(wanted, {}, project=project)
    said = {
        key: (value["_bound"], value["_library"])
        for key in "abc"
        for value in [item(found, "actions", f"actions.{key}").value]
    }
    assert said == {"a": (True, False), "b": (False, True), "c": (False, False)}
    assert "_library" in item(state(wanted, {}, project=None), "actions", "actions.c").unknown


TESTED: dict[str, tuple[tuple[str, bool] | None, bool]] = {
    "nothing has run it": (None, False),
    "it has passed": (("this", True), True),
    "it has failed": (("this", False), False),
    "other code has passed": (("other", True), False),
}


@pytest.mark.parametrize(("ran", "passed"), TESTED.values(), ids=TESTED)
def test_code_has_passed_where_tests_ran_just_this_code(
    ran: tuple[str, bool] | None, passed: bool
) -> None:
    digest = "4f2e3b9d6b4b4f9c0f5d" if ran and ran[0] == "other" else _sha("x")
    receipt = TestReceipt(
        "t",
        "dev",
        "development",
        "unit",
        passed=True,
        digest="d1",
        code={"actions.a": (digest, ran[1])} if ran else {},
    )
    base = facts({"actions.a": action("x")}, {})
    assert base.records is not None
    known = replace(base, records=replace(base.records, tests=(receipt,)))
    found = item(state_of(known), "code").value
    assert found["tests"] == {"passed": passed}
    assert (found["kind"], found["trigger"], found["code"]) == ("action", "post-login", "x")
    lost = replace(base, records=replace(base.records, tests=None))
    assert "tests" in item(state_of(lost), "code").unknown


def _sha(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def test_scripts_of_databases_and_pages_are_code_too() -> None:
    wanted: Resources = {
        "connections.c": {"name": "c", "options": {"customScripts": {"login": "l", "verify": ""}}},
        "tenant": {"error_page": {"html": "<p>{{ error }}</p>"}, "change_password": {"html": "h"}},
        "universal_login_template": {"template": "{%- auth0:head -%}"},
    }
    found = {each.name: each.value for each in state(wanted, {}).scopes["code"]}
    assert {name: value["kind"] for name, value in found.items()} == {
        "connections.c/login": "db_script",
        "tenant error_page": "error_page",
        "tenant change_password_page": "change_password_page",
        "universal_login_template universal_login": "universal_login",
    }


API: dict[str, Value] = {"identifier": "https://api", "scopes": {"read:a": "x", "read:b": ""}}
HELD: dict[str, tuple[Resources, list[str] | str]] = {
    "only what there is": (
        {
            "resource_servers.api": API,
            "roles.r": {"name": "r"},
            "role_permissions.r": {
                "permissions": {Ref(Address("resource_servers", "api"), "identifier"): ["read:a"]}
            },
        },
        [],
    ),
    "a permission too many": (
        {
            "resource_servers.api": API,
            "roles.r": {"name": "r"},
            "role_permissions.r": {
                "permissions": {Ref(Address("resource_servers", "api"), "identifier"): ["read:c"]}
            },
        },
        ["roles.r: read:c"],
    ),
    "an API that does not say": (
        {
            "resource_servers.api": {"identifier": "https://api"},
            "role_permissions.r": {
                "permissions": {Ref(Address("resource_servers", "api"), "identifier"): ["read:c"]}
            },
        },
        "the files do not say which permissions there are of https://api",
    ),
    "a grant too many": (
        {
            "resource_servers.api": API,
            "clients.c": {"name": "c"},
            "client_grants.c/api/client": {
                "client_id": client("c"),
                "audience": Ref(Address("resource_servers", "api"), "identifier"),
                "scope": ["read:a", "write:a"],
            },
        },
        ["client_grants.c/api/client: write:a"],
    ),
    "a grant of Auth0's own API": (
        {
            "clients.c": {"name": "c"},
            "client_grants.c/management-api/client": {
                "client_id": client("c"),
                "audience": Ref(Address("resource_servers", "management-api"), "identifier"),
                "scope": ["read:users"],
            },
        },
        [],
    ),
}


@pytest.mark.parametrize(("wanted", "said"), HELD.values(), ids=HELD)
def test_permissions_that_no_api_has_are_found(wanted: Resources, said: Any) -> None:
    found = state(wanted, {})
    if isinstance(said, str):
        assert found.unknown["dangling_permissions"] == said
    else:
        names = [each.value["name"] for each in found.scopes["dangling_permissions"]]
        assert names == said
