"""What earlier runs have left, and what a closer look at the tenant shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from facts.given import AT, HERE, desired, facts, item, live, receipt, state
from tenantctl.engine.facts import Project, Records, Surveyed, missing_phases
from tenantctl.engine.state import state_of
from tenantctl.model import Address, Entry, Policy, Receipt, Sealed, Secret, TestReceipt
from tenantctl.model.neighbour import Neighbour, Remark
from tenantctl.playbooks import playbook

ENTRIES = {Address("tenant"): Entry(), Address("clients", "web"): Entry()}
WANTED: dict[str, dict[str, Any]] = {
    "tenant": {"friendly_name": "Shop"},
    "clients.web": {"name": "Web"},
}


def records(last: Receipt | None = None, **other: Any) -> Records:
    known: dict[str, Any] = {"tests": (), "former": (), "backups_known": True}
    return Records(last={"dev": last}, **{**known, **other})


DRIFT: dict[str, tuple[dict[str, Any], Receipt | None, Any]] = {
    "nothing has changed": (WANTED, receipt(entries=ENTRIES), []),
    "somebody has changed a field": (
        {**WANTED, "tenant": {"friendly_name": "Shoq"}},
        receipt(entries=ENTRIES),
        ["tenant friendly_name"],
    ),
    "somebody has deleted something": (
        {"tenant": WANTED["tenant"]},
        receipt(entries=ENTRIES),
        ["clients.web is gone"],
    ),
    "what no apply has made yet is no drift": (
        {"tenant": WANTED["tenant"]},
        receipt(entries={Address("tenant"): Entry()}),
        [],
    ),
    "no apply yet": (WANTED, None, "nothing has been applied here yet"),
    "an apply to another tenant": (
        WANTED,
        receipt(domain="other.eu.auth0.com"),
        "nothing has been applied here yet",
    ),
    "the files have changed": (
        WANTED,
        receipt(digest="d0", entries=ENTRIES),
        "the files have changed since the last apply, so nobody can tell whose change it is",
    ),
    "the last apply was not finished": (
        WANTED,
        receipt(status="partial", entries=ENTRIES),
        "the last apply was left partial",
    ),
}


@pytest.mark.parametrize(("there", "last", "said"), DRIFT.values(), ids=DRIFT)
def test_drift_is_what_differs_from_files_that_were_applied(
    there: dict[str, Any], last: Receipt | None, said: Any
) -> None:
    found = state(WANTED, there, records=records(last), after=False)
    if isinstance(said, str):
        assert found.unknown["drift"] == said
    else:
        assert [each.value["name"] for each in found.scopes["drift"]] == said
    assert state(WANTED, there, records=records(last)).scopes["drift"] == ()
    assert "drift" in state(WANTED, None, records=records(last), after=False).unknown


def test_a_secret_that_nobody_can_see_is_no_drift() -> None:
    wanted = {"connections.c": {"name": "c", "options": {"client_secret": Secret("KEY")}}}
    there = {"connections.c": {"name": "c", "options": {"client_secret": Sealed(None)}}}
    last = receipt(entries={Address("connections", "c"): Entry()})
    assert state(wanted, there, records=records(last), after=False).scopes["drift"] == ()


ROLLBACK: dict[str, tuple[tuple[str, ...] | None, bool, bool, str | None, bool]] = {
    "an earlier definition": (("d1", "d0"), True, True, "d0", False),
    "what is applied, where another is to come": (("d0",), True, True, "d0", False),
    "the first apply is to come": ((), False, True, None, True),
    "the first apply has been": (("d1",), True, False, None, True),
    "the first apply was not finished, the next is to come": ((), True, True, None, True),
    "the first apply was not finished": ((), True, False, None, False),
    "nobody looked": (None, True, True, None, True),
}


@pytest.mark.parametrize(
    ("former", "applied", "after", "hash", "unsure"), ROLLBACK.values(), ids=ROLLBACK
)
def test_one_can_go_back_to_a_definition_that_was_applied_before(
    former: tuple[str, ...] | None, applied: bool, after: bool, hash: str | None, unsure: bool
) -> None:
    known = records(receipt() if applied else None, former=former)
    env = item(state(WANTED, {}, records=known, after=after), "env")
    assert env.value["rollback"].get("config_hash") == hash
    assert ("rollback" in env.unknown) == unsure


DAYS: dict[str, tuple[dt.date | None, int | None]] = {
    "today": (dt.date(2026, 9, 1), 0),
    "last month": (dt.date(2026, 8, 2), 30),
    "never": (None, None),
    "to come": (dt.date(2026, 9, 2), None),
}


@pytest.mark.parametrize(("day", "age"), DAYS.values(), ids=DAYS)
def test_days_become_ages(day: dt.date | None, age: int | None) -> None:
    here = replace(HERE, operations={"egress_allowlist_checked": day.isoformat()} if day else {})
    env = item(state(WANTED, {}, records=records(backup=day), environment=here), "env")
    fresh = 0 if day and day > dt.date(2026, 9, 1) else age  # a receipt does not lie about its day
    assert env.value["backup"].get("age_days") == fresh
    assert env.value["operations"].get("egress_allowlist_age_days") == age
    assert "backup" not in env.unknown
    unread = item(state(WANTED, {}, records=records(backups_known=False)), "env")
    assert "backup" in unread.unknown


@pytest.mark.parametrize(
    ("policy", "allowed"), [("never", False), ("per_run", "per_run"), ("managed", True)]
)
def test_whether_runs_may_delete_is_told_as_checks_ask_for_it(policy: str, allowed: Any) -> None:
    here = replace(HERE, policy=Policy(delete=policy, approval="manual"), promotes_from="qa")
    env = item(state(WANTED, {}, environment=here), "env").value
    assert env["policies"] == {"approval": "manual", "allow_delete": allowed}
    assert (env["promotes_from"], env["config_hash"], env["kind"]) == ("qa", "d1", "development")


def test_only_full_and_converged_applies_count_as_applied() -> None:
    last = {
        "dev": receipt(environment="dev"),
        "qa": receipt(environment="qa", full=False),
        "uat": receipt(environment="uat", status="waiting"),
        "prod": None,
    }
    known = replace(records(), last=last)
    applied = state(WANTED, {}, records=known).scopes["applied_in"]
    assert [dict(each.value) for each in applied] == [{"environment": "dev", "config_hash": "d1"}]


def test_tests_are_told_with_the_definition_that_they_ran() -> None:
    test = TestReceipt("t", "qa", "qa", "integration", passed=True, digest="d9")
    runs = state(WANTED, {}, records=records(tests=(test,))).scopes["test_runs"]
    assert [dict(each.value) for each in runs] == [
        {
            "kind": "integration",
            "passed": True,
            "config_hash": "d9",
            "environment": "qa",
            "environment_kind": "qa",
        }
    ]


PHASES: dict[str, tuple[tuple[int, ...], Receipt | None, bool, tuple[int, ...]]] = {
    "the first alone": ((1,), None, False, ()),
    "the second with the first, to come": ((1, 2), None, True, ()),
    "the third without the first": ((3,), None, True, (1,)),
    "the second, where nothing is there yet": ((1, 2), None, False, (1,)),
    "the second, where the first is there": ((1, 2), receipt(phases=(1,)), False, ()),
    "the second, where the first was not finished": (
        (1, 2),
        receipt(phases=(1,), status="partial"),
        False,
        (1,),
    ),
}


@pytest.mark.parametrize(("released", "last", "after", "missing"), PHASES.values(), ids=PHASES)
def test_phases_that_released_ones_build_on_are_missed(
    released: tuple[int, ...], last: Receipt | None, after: bool, missing: tuple[int, ...]
) -> None:
    here = replace(HERE, phases=released)
    assert missing_phases(here, playbook("b2c"), last, after=after) == missing
    gate = item(state(WANTED, {}, missing_phases=missing), "gate").value
    assert gate == {"missing_phases": list(missing)}


LIMITS: dict[str, tuple[str, int | None]] = {
    "free": ("free", 720),
    "professional": ("professional", 720),
    "enterprise": ("enterprise-production", 8760),
    "none named": ("", None),
}


@pytest.mark.parametrize(("subscription", "hours"), LIMITS.values(), ids=LIMITS)
def test_how_long_sessions_may_last_follows_from_the_subscription(
    subscription: str, hours: int | None
) -> None:
    here = replace(HERE, subscription=subscription)
    project = Project({"third_party_apps": False})
    params = item(state(WANTED, {}, environment=here, project=project), "params")
    assert params.value["third_party_apps"] is False
    assert params.value.get("limits", {}).get("session_lifetime_hours") == hours
    assert ("limits" in params.unknown) == (hours is None)


def test_environments_and_what_is_odd_in_files_are_told_with_their_places() -> None:
    project = Project(
        environments=(Neighbour("qa", "qa", "shop-qa.eu.auth0.com", "", ("url",), AT),),
        fleet=({"name": "a"},),
        secrets=(Remark("a private key", AT),),
        parity=(Remark("clients.* is on hold", AT, "clients.*"),),
    )
    found = state(WANTED, {}, project=project)
    assert item(found, "environments").value == {
        "name": "qa",
        "kind": "qa",
        "domain": "shop-qa.eu.auth0.com",
        "tenant_name": "shop-qa",
        "custom_domain": None,
        "missing_variables": ["url"],
    }
    assert item(found, "fleet").name == "a"
    assert item(found, "secret_findings").origin == AT
    assert item(found, "parity_findings").value["resource"] == "clients.*"
    empty = state(WANTED, {}, project=Project(unread={"environments": "prod.yaml: wrong"}))
    assert empty.unknown["environments"] == "prod.yaml: wrong"
    assert {"fleet", "secret_findings", "parity_findings"} <= empty.unknown.keys()


ALL = frozenset({"connections", "clients", "resource_servers", "actions", "rules", "hooks"})


def test_unmanaged_is_what_no_file_declares_and_is_not_everybodys() -> None:
    own = Address("clients", "deploy")
    there = live(
        {
            "clients.web": {"name": "Web"},
            "clients.deploy": {"name": "Deploy"},
            "clients.left": {"name": "Left"},
            "resource_servers.management-api": {},
            "connections.test": {"name": "test"},
            "connections.portal": {"name": "portal"},
            "connections.held": {"name": "held"},
            "roles.r": {"name": "r"},
        }
    )
    wanted = desired(WANTED, digest="d1", withheld={Address("connections", "held"): "hold"})
    here = replace(HERE, live=("connections.portal",))
    look = Surveyed(there, kinds=ALL)
    found = state(wanted, {}, surveyed=look, own=frozenset({own}), environment=here)
    assert [(each.name, each.value["resource"]) for each in found.scopes["unmanaged"]] == [
        ("clients.left", "clients"),
        ("connections.test", "connections"),
    ]
    unread = replace(look, unread={"connections": "the token lacks read:connections"})
    told = state(wanted, {}, surveyed=unread).unknown["unmanaged"]
    assert told == "connections: the token lacks read:connections"


def test_keys_are_as_old_as_they_say_and_permissions_too_many_are_named() -> None:
    look = Surveyed(
        kinds=ALL,
        keys=({"current": True, "current_since": "2026-08-02T01:00:00Z"}, {"current": False}),
        scopes=frozenset({"read:clients", "delete:users"}),
        needed=frozenset({"read:clients", "read:roles"}),
    )
    found = state(WANTED, {}, surveyed=look)
    first, second = found.scopes["signing_keys"]
    assert first.value == {"current": True, "_age_days": 30}
    assert "_age_days" in second.unknown
    assert item(found, "deploy_scopes").value["extra"] == ["delete:users"]
    bare = Surveyed(kinds=ALL, keys_unread="the token lacks read:signing_keys")
    unread = state(WANTED, {}, surveyed=bare).unknown
    assert unread["signing_keys"] == "the token lacks read:signing_keys"
    assert unread["deploy_scopes"] == "the token does not say what it permits"


def test_pages_tell_where_they_come_from() -> None:
    page = Address("universal_login_template")
    inline = replace(AT, file="tenants/t/phase1/a.yaml")
    filed = replace(inline, via=(replace(AT, file="tenants/t/pages/a.html"),))
    wanted = desired({"universal_login_template": {"template": "x"}, "tenant": {}}, digest="d1")
    there = live({"tenant": {"error_page": {"html": "y"}}})
    for origin, source in ((inline, "inline"), (filed, "file")):
        known = replace(wanted, origins={page: {("template",): origin}})
        found = state_of(replace(facts(known, {}), live=there))
        sources = {each.name: each.value["source"] for each in found.scopes["page_sources"]}
        assert sources == {
            "tenant error_page": "tenant",
            "universal_login_template universal_login": source,
        }


def test_a_backup_is_a_way_back_where_nothing_was_applied_before() -> None:
    known = replace(records(None, former=()), backup=dt.date(2026, 8, 30), backups_known=True)
    env = item(state(WANTED, {}, records=known, after=False), "env")

    assert env.value["rollback"] == {"config_hash": "backup:2026-08-30"}
    assert "rollback" not in env.unknown
