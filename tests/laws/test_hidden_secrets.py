"""Secrets that Auth0 never shows, in structures that an update replaces as a whole."""

from __future__ import annotations

import pytest

from laws.drawn import SECRETS, World
from laws.scratch import scratch
from tenantctl.model import Secret


def connection(**options: object) -> World:
    return {"connections.a": {"name": "people", "strategy": "auth0", "options": options}}


def kept(tenant) -> dict[str, str]:
    (found,) = [
        c for c in tenant.sandbox.documents("connections").values() if c["name"] == "people"
    ]
    return found["options"].get("configuration", {})


BEFORE = connection(passwordPolicy="good", configuration={"URL": Secret("FIRST")})


def test_a_declared_secret_is_sent_again_with_its_structure():
    with scratch() as tenant:
        tenant.converge(BEFORE)
        secrets = {"URL": Secret("FIRST")}
        tenant.converge(connection(passwordPolicy="fair", configuration=secrets))
        assert kept(tenant) == {"URL": SECRETS["FIRST"]}


def test_a_secret_that_nobody_declares_any_more_is_never_lost_on_the_way():
    with scratch() as tenant:
        tenant.converge(BEFORE)
        with pytest.raises(AssertionError, match=r"hidden_secret.*configuration\.URL"):
            tenant.plan(connection(passwordPolicy="fair"))
        assert kept(tenant) == {"URL": SECRETS["FIRST"]}


def test_a_secret_that_nobody_declares_stays_where_nothing_near_it_is_written():
    with scratch() as tenant:
        tenant.converge(BEFORE)
        tenant.converge(connection(passwordPolicy="good"))
        assert kept(tenant) == {"URL": SECRETS["FIRST"]}


def test_a_secret_that_is_set_to_null_is_dropped():
    with scratch() as tenant:
        tenant.converge(BEFORE)
        tenant.converge(connection(passwordPolicy="fair", configuration={"URL": None}))
        assert kept(tenant) == {}


def test_a_change_of_any_option_sends_every_configuration_value_again():
    both = {"URL": Secret("FIRST"), "TOKEN": Secret("SECOND")}
    with scratch() as tenant:
        tenant.converge(connection(passwordPolicy="good", configuration=both))
        for options in ({"disable_signup": True}, {"passwordPolicy": "fair"}):
            tenant.sandbox.clear_log()
            tenant.converge(connection(**{"passwordPolicy": "good", **options}, configuration=both))
            assert kept(tenant) == {"URL": SECRETS["FIRST"], "TOKEN": SECRETS["SECOND"]}
            assert len(tenant.writes()) == 1


def test_a_change_of_one_configuration_value_sends_the_others_again():
    with scratch() as tenant:
        before = {"URL": Secret("FIRST"), "TOKEN": Secret("FIRST")}
        after = {"URL": Secret("FIRST"), "TOKEN": Secret("SECOND")}
        tenant.converge(connection(configuration=before))
        tenant.sandbox.clear_log()
        tenant.converge(connection(configuration=after))
        assert kept(tenant) == {"URL": SECRETS["FIRST"], "TOKEN": SECRETS["SECOND"]}
        assert len(tenant.writes()) == 1
        tenant.sandbox.clear_log()
        tenant.converge(connection(configuration=after))
        assert tenant.writes() == []


def test_a_configuration_value_from_the_dashboard_refuses_every_write_that_would_lose_it():
    wanted = {"URL": Secret("FIRST")}
    with scratch() as tenant:
        tenant.converge(BEFORE)
        ((id, found),) = [
            (id, c)
            for id, c in tenant.sandbox.documents("connections").items()
            if c["name"] == "people"
        ]
        theirs = {**found["options"]["configuration"], "LEGACY": "set by somebody"}
        options = {**found["options"], "configuration": theirs}
        tenant.sandbox.edit("connections", id, {"options": options})
        for world in (
            connection(passwordPolicy="fair"),
            connection(passwordPolicy="fair", configuration=wanted),
            connection(passwordPolicy="good", configuration=wanted),
        ):
            blocking = tenant.judged(world).blocking
            assert any("options.configuration.LEGACY" in each.detail for each in blocking), blocking
        assert kept(tenant)["LEGACY"] == "set by somebody"


def test_a_configuration_value_that_appears_after_the_plan_stops_its_step():
    with scratch() as tenant:
        tenant.converge(BEFORE)
        wanted = connection(passwordPolicy="fair", configuration={"URL": Secret("FIRST")})
        plan = tenant.plan(wanted)
        ((id, found),) = [
            (id, c)
            for id, c in tenant.sandbox.documents("connections").items()
            if c["name"] == "people"
        ]
        theirs = {**found["options"]["configuration"], "LEGACY": "set by somebody"}
        options = {**found["options"], "configuration": theirs}
        tenant.sandbox.edit("connections", id, {"options": options})
        (outcome,) = tenant.apply(plan).receipt.outcomes.values()
        assert outcome.status in {"failed", "moved"}
        assert "options.configuration.LEGACY" in outcome.detail
        assert kept(tenant)["LEGACY"] == "set by somebody"
