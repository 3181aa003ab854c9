"""A tenant set up from a recording is of the older sort until asked for something newer."""

import pytest

from tenantctl.sandbox import api as routes
from tenantctl.sandbox import vintage
from tenantctl.sandbox.subscriptions import OLD_TENANT


@pytest.fixture
def older(api):
    api.sandbox.reset({"ids": [], "reads": []})
    return api


def test_an_older_tenant_does_not_say_what_a_connection_is_for(older):
    made = older.post("/connections", {"name": "db", "strategy": "auth0"})
    assert made.keys().isdisjoint({"authentication", "connected_accounts"})
    assert made["options"]["authentication_methods"]["password"] == {"enabled": True}


@pytest.mark.parametrize(
    "given",
    [
        {"authentication": {"active": True}},
        {"options": {"password_options": {"history": {"active": True, "size": 3}}}},
    ],
)
def test_a_request_that_knows_more_shows_that_the_tenant_does(older, given):
    first = older.post("/connections", {"name": "first", "strategy": "auth0"})
    older.post("/connections", {"name": "second", "strategy": "auth0", **given})
    live = older.get(f"/connections/{first['id']}")
    assert live["authentication"] == {"active": True}
    assert live["connected_accounts"] == {"active": False}


def test_what_was_made_before_is_shown_as_by_the_tenant_that_it_turns_out_to_be(older):
    made = older.post("/organizations", {"name": "first"})
    assert "third_party_client_access" not in made
    older.post("/organizations", {"name": "second", "is_app_entitlement_active": True})
    live = older.get(f"/organizations/{made['id']}")
    assert live["third_party_client_access"] == "block"
    assert live["is_app_entitlement_active"] is False


def test_what_a_tenant_outgrows_are_habits_of_older_tenants_and_paths_there_are():
    assert vintage.HABITS <= OLD_TENANT
    known = {route.path for route in routes.ROUTES}
    assert known >= vintage.PATHS


def test_a_tenant_of_today_has_none_of_these_habits(api):
    assert not OLD_TENANT & api.sandbox.features
    made = api.post("/connections", {"name": "db", "strategy": "auth0"})
    assert made["authentication"] == {"active": True}
