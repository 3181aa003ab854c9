"""Steps of several requests that were stopped in the middle, and the next apply."""

from __future__ import annotations

import pytest

from laws.oracle import amiss
from laws.scratch import scratch
from tenantctl.model import Secret
from tenantctl.sandbox import Fault

TENANT = {
    "friendly_name": "one",
    "session_lifetime": 24,
    "allowed_logout_urls": [],
    "default_directory": None,
}


def test_an_action_that_was_created_and_not_deployed_is_deployed_before_it_is_bound():
    action = {
        "name": "actions.claims",
        "code": "one",
        "supported_triggers": {"post-login": "v3"},
        "secrets": {"KEY": Secret("FIRST")},
        "dependencies": {},
    }
    bound = {"claims": {}}
    world = {"tenant": TENANT, "actions.claims": action, "trigger_bindings.post-login": bound}
    with scratch() as tenant:
        tenant.sandbox.faults = [Fault("status", "POST", "/actions/actions/*/deploy", status=500)]
        result = tenant.apply(tenant.plan(world))
        assert {str(i): o.status for i, o in result.receipt.outcomes.items()} == {
            "tenant": "applied",
            "actions.claims": "failed",
            "trigger_bindings.post-login": "skipped",
        }
        tenant.sandbox.faults = []
        tenant.converge(world)
        assert [a["name"] for a in tenant.sandbox.documents("actions").values()] == [
            "actions.claims"
        ]
        assert amiss(world, tenant.sandbox) == []
        assert tenant.plan(world).steps == ()


@pytest.mark.thorough
def test_members_beyond_one_request_are_complete_after_the_request_in_the_middle_was_lost():
    clients = {
        f"clients.c{n}": {
            "name": f"Client {n}",
            "app_type": "spa",
            "callbacks": [],
            "allowed_logout_urls": [],
            "client_metadata": {},
        }
        for n in range(120)
    }
    connection = {
        "name": "connections-people",
        "strategy": "auth0",
        "options": {"passwordPolicy": "good"},
        "metadata": {},
    }
    members = {"clients": [address.partition(".")[2] for address in clients]}
    world = {
        "tenant": TENANT,
        **clients,
        "connections.people": connection,
        "connection_clients.people": members,
    }
    lost = Fault("after", "PATCH", "/connections/*/clients", nth=(2,))
    with scratch() as tenant:
        tenant.sandbox.faults = [lost]
        tenant.converge(world)
        assert lost.matched > 2
        assert amiss(world, tenant.sandbox) == []
        tenant.sandbox.clear_log()
        fewer = {**world, "connection_clients.people": {"clients": members["clients"][:10]}}
        tenant.converge(fewer)
        assert len(tenant.writes()) == 3
        assert amiss(fewer, tenant.sandbox) == []
