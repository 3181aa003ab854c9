"""Resources as checks see them: what is declared over what is there, and what nobody knows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from facts.given import HERE, facts, item, live, receipt, state
from support.worlds import declare, resource
from tenantctl.engine.checks import evaluate
from tenantctl.engine.facts import Records, Surveyed
from tenantctl.engine.state import state_of
from tenantctl.model import (
    Address,
    Credentials,
    Entry,
    Foreign,
    Ref,
    Sealed,
    Secret,
    Source,
    Text,
    Value,
)
from tenantctl.playbooks import Check

WEB: dict[str, Value] = {"name": "Web", "callbacks": ["https://a.example/cb"]}


def test_declared_fields_lie_over_those_of_the_tenant_which_stay_where_nothing_is_declared() -> (
    None
):
    wanted = {"tenant": {"friendly_name": "Shop", "flags": {"enable_sso": False}}}
    there = {
        "tenant": {
            "friendly_name": "Old",
            "support_email": "a@b.example",
            "flags": {"enable_sso": True, "enable_legacy_profile": True},
        }
    }
    assert item(state(wanted, there), "tenant").value == {
        "friendly_name": "Shop",
        "support_email": "a@b.example",
        "flags": {"enable_sso": False, "enable_legacy_profile": True},
    }


def test_maps_of_the_owner_and_lists_are_complete() -> None:
    wanted = {"clients.web": {**WEB, "client_metadata": {"a": "1"}}}
    there = {
        "clients.web": {"name": "Web", "callbacks": ["http://x"], "client_metadata": {"b": "2"}}
    }
    found = item(state(wanted, there), "clients").value
    assert found["callbacks"] == WEB["callbacks"]
    assert found["client_metadata"] == {"a": "1"}


def test_a_look_at_the_tenant_as_it_is_shows_what_it_has_and_not_what_is_to_come() -> None:
    wanted = {"clients.web": WEB, "clients.new": {"name": "New"}}
    there = {"clients.web": {"name": "Web", "callbacks": ["http://x"]}}
    found = state(wanted, there, after=False)
    assert item(found, "clients").value["callbacks"] == ["http://x"]


def test_what_a_tenant_does_not_show_counts_as_declared_where_it_is_as_declared() -> None:
    wanted = {
        "tenant": {"idle_session_lifetime": 72, "session_lifetime": 24},
        "connections.c": {"name": "c", "options": {"client_secret": Secret("KEY")}},
    }
    there = {"tenant": {}, "connections.c": {"name": "c", "options": {}}}
    found = state(wanted, there, after=False)
    assert item(found, "tenant").value == {"idle_session_lifetime": 72}  # Auth0's default


def ref(kind: str, key: str, field: str) -> Ref:
    return Ref(Address(kind, key), field)


VALUES: dict[str, tuple[Value, Any]] = {
    "a secret": (Secret("KEY"), "secret:KEY"),
    "a secret that was read": (Sealed("abc"), "secret:"),
    "a secret inside a text": (Text(("x ", Secret("KEY"))), "x secret:KEY"),
    "a reference by name": (ref("clients", "web", "name"), "Web"),
    "a reference by id": (ref("clients", "web", "client_id"), "Web"),
    "a reference to an identifier": (ref("resource_servers", "api", "identifier"), "https://api"),
    "a reference to what every tenant has": (
        ref("resource_servers", "management-api", "identifier"),
        "https://t-dev.eu.auth0.com/api/v2/",
    ),
    "a text with a reference": (Text(("by ", ref("clients", "web", "client_id"))), "by Web"),
    "a reference to what nobody declares": (ref("clients", "old", "client_id"), "old"),
    "an id that nobody knows": (Foreign("clients", "abc"), "abc"),
}


@pytest.mark.parametrize(("value", "plain"), VALUES.values(), ids=VALUES)
def test_values_are_in_the_form_of_the_api_without_secrets(value: Value, plain: Any) -> None:
    wanted: dict[str, dict[str, Value]] = {
        "clients.web": WEB,
        "resource_servers.api": {"identifier": "https://api"},
        "tenant": {"friendly_name": value},
    }
    found = declare(*(resource(a, f) for a, f in wanted.items()), digest="d1")
    system = Address("resource_servers", "management-api")
    identity = replace(
        found.declarations[Address("tenant")],
        identity=replace(
            found.declarations[Address("tenant")].identity,
            key=("https://t-dev.eu.auth0.com/api/v2/",),
        ),
    )
    found = replace(found, declarations={**found.declarations, system: identity})
    assert item(state(found, {}), "tenant").value["friendly_name"] == plain


def test_what_hangs_on_a_thing_is_part_of_it_with_its_places() -> None:
    web = ref("clients", "web", "client_id")
    wanted: dict[str, dict[str, Value]] = {
        "clients.web": WEB,
        "connections.c": {"name": "c"},
        "connection_clients.c": {"clients": [web]},
        "connection_scim_configuration.c": {"user_id_attribute": "externalId"},
        "roles.r": {"name": "r"},
    }
    found = item(state(wanted, {}), "connections").value
    assert found["enabled_clients"] == ["Web"]
    assert found["scim_configuration"] == {"user_id_attribute": "externalId"}
    assert "permissions" not in item(state(wanted, {}), "roles").value


def test_parts_of_a_kind_are_one_thing_and_fixed_keys_are_fields() -> None:
    wanted: dict[str, dict[str, Value]] = {
        "attack_protection.bot_detection": {"bot_detection_level": "low"},
        "attack_protection.brute_force_protection": {"enabled": True},
        "guardian_factors.otp": {"enabled": True},
        "guardian_policies": {"policies": ["confidence-score"]},
        "email_templates.verify_email": {"template": "verify_email", "enabled": True},
    }
    found = state(wanted, {})
    assert item(found, "attack_protection").value["bot_detection"] == {"bot_detection_level": "low"}
    assert item(found, "guardian_factors").value == {"name": "otp", "enabled": True}
    assert item(found, "guardian_policies").value == {"name": "confidence-score"}
    assert item(found, "email_templates").value["template"] == "verify_email"


MODES: dict[str, tuple[str, tuple[str, ...], list[str]]] = {
    "what an apply added and nobody lists any more goes": ("managed", ("old",), ["Web", "Else"]),
    "what others added stays": ("managed", (), ["Else", "Old", "Web"]),
    "additive takes nothing away": ("additive", ("old", "else"), ["Else", "Old", "Web"]),
    "exclusive takes all else away": ("exclusive", (), ["Web"]),
}


@pytest.mark.parametrize(("mode", "ours", "members"), MODES.values(), ids=MODES)
def test_members_are_those_that_an_apply_leaves(
    mode: str, ours: tuple[str, ...], members: list[str]
) -> None:
    def client(key: str) -> Ref:
        return ref("clients", key, "client_id")

    clients = {f"clients.{k}": {"name": k.title()} for k in ("web", "old", "else")}
    listed = {"connections.c": {"name": "c"}, "connection_clients.c": {"clients": [client("web")]}}
    wanted = declare(
        *(resource(a, f) for a, f in {**clients, **listed}.items()),
        modes={"connection_clients.c": mode},
        digest="d1",
    )
    entry = Entry(elements=tuple(f"clients.{key}" for key in ours))
    entries = {Address("connection_clients", "c"): entry}
    records = Records({"dev": receipt(entries=entries)}, (), (), None, backups_known=True)
    there = {
        **clients,
        **listed,
        "connection_clients.c": {"clients": [client("else"), client("old")]},
    }
    found = state(wanted, there, records=records)
    assert sorted(item(found, "connections").value["enabled_clients"]) == sorted(members)
    without = item(state(wanted, there, records=None), "connections")
    assert ("enabled_clients" in without.unknown) == (mode == "managed")


DOMAIN: dict[str, Value] = {"domain": "login.example", "type": "auth0_managed_certs"}
READY = {**DOMAIN, "status": "ready"}
PENDING = {**DOMAIN, "status": "pending_verification"}
LIVE: dict[str, tuple[Any, bool, str | None, str]] = {
    "not read": (None, True, None, "the tenant was not read"),
    "not there yet": ({}, True, None, "it is not in the tenant yet"),
    "there, and ready": (READY, True, "ready", ""),
    "there, and to become ready": (PENDING, True, None, "the apply is to change it"),
    "there, as it is": (PENDING, False, "pending_verification", ""),
}


@pytest.mark.parametrize(("there", "after", "status", "why"), LIVE.values(), ids=LIVE)
def test_what_only_the_tenant_knows_is_never_taken_from_files(
    there: Any, after: bool, status: str | None, why: str
) -> None:
    wanted = {"custom_domains.login": READY}
    known = None if there is None else {"custom_domains.login": there} if there else {}
    found = item(state(wanted, known, after=after), "custom_domains")
    assert (found.value.get("status"), found.unknown.get("status", "")) == (status, why)
    assert "certificate" in found.unknown
    shown = {Address("custom_domains", "login"): {"certificate": {"status": "provisioned"}}}
    closer = state(wanted, known, after=after, surveyed=Surveyed(shown=shown))
    if there:
        certificate = item(closer, "custom_domains").value["certificate"]
        assert certificate == {"status": "provisioned"}


def test_an_action_is_deployed_where_the_tenant_says_so() -> None:
    wanted = {"actions.a": {"name": "a", "code": "x", "deployed": True}}
    there = {"actions.a": {"name": "a", "code": "x", "deployed": False}}
    assert "all_changes_deployed" in item(state(wanted, there), "actions").unknown
    assert item(state(wanted, there, after=False), "actions").value["all_changes_deployed"] is False
    assert item(state(wanted, wanted), "actions").value["all_changes_deployed"] is True


def test_the_management_api_is_there_whether_or_not_anybody_declares_it() -> None:
    api = "resource_servers.management-api"
    undeclared = item(state({"tenant": {}}, {}), "resource_servers")
    assert undeclared.name == api
    assert undeclared.value["identifier"] == "https://t-dev.eu.auth0.com/api/v2/"
    assert list(undeclared.unknown) == ["subject_type_authorization"]
    policy = {"user": {"policy": "require_client_grant"}}
    declared = {
        api: {"subject_type_authorization": policy},
        "resource_servers.a": {"identifier": "i"},
    }
    found = state(declared, {})
    assert item(found, "resource_servers", api).value["subject_type_authorization"] == policy
    assert item(found, "resource_servers", api).value["is_system"] is True
    assert item(found, "resource_servers", "resource_servers.a").value["is_system"] is False


def credentials(text: str, scheme: str) -> dict[str, Credentials]:
    return {"apply": Credentials(Source(scheme, text), Source("env", "SECRET"))}


OWN = Address("clients", "web")
DEPLOY: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "the tool's own client is declared": ({"own": frozenset({OWN})}, "env:ID", "env:ID"),
    "it is not": ({"own": frozenset()}, "env:ID", "clients.web"),
    "nobody looked": ({"own": None}, None, ""),
    "an id is pinned": ({"own": None, "pin": "abc"}, None, "abc"),
}


@pytest.mark.parametrize(("known", "deploy", "id"), DEPLOY.values(), ids=DEPLOY)
def test_the_client_that_the_tool_signs_in_with_is_known_by_its_id(
    known: dict[str, Any], deploy: Any, id: Any
) -> None:
    known = dict(known)
    here = replace(HERE, credentials=credentials("ID", "env"))
    if pin := known.pop("pin", ""):
        here = replace(here, pins={OWN: pin})
    wanted = {
        "clients.web": WEB,
        "client_grants.web/api/client": {
            "client_id": ref("clients", "web", "client_id"),
            "audience": "https://api",
        },
    }
    found = state(wanted, {}, environment=here, **known)
    assert item(found, "env").value["deploy_client_id"] == deploy
    assert item(found, "clients").value["client_id"] == id
    assert ("client_id" in item(found, "clients").unknown) == (id == "")
    granted = item(found, "client_grants").value["client_id"]
    assert granted == ("env:ID" if deploy == id == "env:ID" else "Web")


def test_an_id_that_is_written_down_is_compared_with_the_one_that_is_pinned() -> None:
    here = replace(HERE, credentials=credentials("abc", "literal"), pins={OWN: "abc"})
    found = state(
        {"clients.web": WEB, "clients.x": {"name": "x"}}, None, environment=here, own=None
    )
    assert item(found, "env").value["deploy_client_id"] == "abc"
    assert item(found, "clients", "clients.web").value["client_id"] == "abc"
    assert "client_id" in item(found, "clients", "clients.x").unknown


def test_no_secret_is_part_of_a_state() -> None:
    wanted = {
        "connections.c": {"name": "c", "options": {"client_secret": Secret("KEY")}},
        "email_provider": {"name": "ses", "credentials": {"accessKeyId": Secret("A")}},
    }
    there = {"connections.c": {"name": "c", "options": {"client_secret": Sealed("fingerprint")}}}
    for after in (True, False):
        found = state(wanted, there, after=after)
        text = json.dumps([dict(i.value) for items in found.scopes.values() for i in items])
        assert "fingerprint" not in text


def test_a_finding_leads_to_the_line_of_the_value_that_is_wrong() -> None:
    from facts.given import AT

    line = replace(AT, line=7)
    wanted = declare(resource("clients.web", WEB), digest="d1")
    wanted = replace(wanted, origins={Address("clients", "web"): {("callbacks", "0"): line}})
    path = {"path": "callbacks[]", "op": "none_match", "value": "a.example"}
    asked = {"scope": "clients", "quantifier": "each", "assert": path}
    levels = dict.fromkeys(("development", "qa", "production"), "warn")
    check = Check("X.x", "x", "low", levels, ("logout",), "config", asked)
    assert evaluate(check, state(wanted, {})).places == (line,)


PRESENT = {"path": "support_email", "op": "present"}
PARTIAL: dict[str, tuple[dict[str, Any], str, str]] = {
    "none has it": ({"quantifier": "none", "assert": PRESENT}, "unknown", "passed"),
    "each has it": ({"quantifier": "each", "assert": PRESENT}, "failed", "failed"),
    "any has it or says why": (
        {
            "quantifier": "any",
            "assert": {"any": [PRESENT, {"path": "friendly_name", "op": "present"}]},
        },
        "passed",
        "passed",
    ),
}


@pytest.mark.parametrize(("node", "offline", "read"), PARTIAL.values(), ids=PARTIAL)
def test_without_the_tenant_no_check_passes_for_what_the_files_leave_open(
    node: dict[str, Any], offline: str, read: str
) -> None:
    levels = dict.fromkeys(("development", "qa", "production"), "warn")
    asked = {"scope": "tenant", **node}
    check = Check("X.x", "x", "low", levels, ("logout",), "config", asked)
    wanted = {"tenant": {"friendly_name": "Shop"}}
    found = evaluate(check, state(wanted))
    assert found.status == offline
    if offline == "unknown":
        said = "tenant: support_email: not declared, and the tenant was not read"
        assert found.details == (said,)
    assert evaluate(check, state(wanted, wanted)).status == read


def test_whatever_was_not_looked_at_has_a_reason() -> None:
    base = facts({"tenant": {}}, {})
    bare = state_of(
        replace(
            base,
            desired=None,
            project=None,
            records=None,
            attestations=None,
            own=None,
            missing_phases=None,
        )
    )
    known = state_of(base)
    assert known.unknown.keys() == {
        "rules",
        "hooks",
        "unmanaged",
        "signing_keys",
        "deploy_scopes",
    }
    assert bare.scopes.keys() == {"env"}
    assert set(bare.unknown) >= {*known.scopes, "attestations"} - {"env"}
    assert all(why and why[0].islower() for why in bare.unknown.values())


def test_a_kind_that_only_a_survey_tells_of_is_known_after_one() -> None:
    there = live({"rules.old": {"name": "old", "script": "x"}})
    unread = {"hooks": "the tenant does not have it (410)"}
    look = Surveyed(there, kinds=frozenset({"rules", "hooks"}), unread=unread)
    found = state({"tenant": {}}, {}, surveyed=look)
    assert [each.name for each in found.scopes["rules"]] == ["rules.old"]
    assert found.scopes["hooks"] == ()
    lacking = replace(look, unread={"rules": "the token lacks read:rules"})
    assert state({"tenant": {}}, {}, surveyed=lacking).unknown["rules"] == (
        "the token lacks read:rules"
    )
