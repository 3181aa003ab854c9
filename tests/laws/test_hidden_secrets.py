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
