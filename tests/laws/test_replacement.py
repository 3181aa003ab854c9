"""What can be set at birth only is replaced where that is permitted, with all that it entails."""

from __future__ import annotations

import dataclasses
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from laws.drawn import desired, worlds
from laws.oracle import amiss
from laws.scratch import ENVIRONMENT, scratch
from tenantctl.ledger.codec import dump_plan, load_plan
from tenantctl.model import Address, Identity, Policy, Secret
from tenantctl.sandbox import Delays, Fault, Hostility

PERMITTED = dataclasses.replace(
    ENVIRONMENT, policy=Policy(delete="managed", max_deletes=10, replace=("*",))
)


def client(name, **fields):
    return {
        "name": name,
        "app_type": "regular_web",
        "callbacks": [],
        "jwt_configuration": {"secret_encoded": False},
        **fields,
    }


WORLD = {
    "clients.shop": client("Shop"),
    "clients.desk": client("Desk"),
    "resource_servers.orders": {"identifier": "https://orders/", "scopes": {"read": "r"}},
    "resource_servers.stock": {"identifier": "https://stock/", "scopes": {"read": "r"}},
    "client_grants.shop/orders/client": {
        "client_id": "shop", "audience": "orders", "subject_type": "client", "scope": ["read"],
    },
    "client_grants.shop/stock/client": {
        "client_id": "shop", "audience": "stock", "subject_type": "client", "scope": [],
    },
    "connections.people": {"name": "people", "strategy": "auth0", "options": {}},
    "connections.staff": {"name": "staff", "strategy": "auth0", "options": {}},
    "connection_clients.people": {"clients": ["shop", "desk"]},
    "connection_clients.staff": {"clients": ["desk"]},
    "roles.buyer": {"name": "buyer", "description": "buys"},
    "role_permissions.buyer": {"permissions": {"orders": ["read"], "stock": ["read"]}},
    "tenant": {"default_directory": "people"},
}  # fmt: skip


def changed(address, **fields):
    world = deepcopy(WORLD)
    world[address] = {**world[address], **fields}
    return world


CASES = {
    "a client": (
        changed("clients.shop", jwt_configuration={"secret_encoded": True}),
        {
            "clients.shop", "client_grants.shop/orders/client", "client_grants.shop/stock/client",
            "connection_clients.people",
        },
    ),
    "an API": (
        changed("resource_servers.orders", identifier="https://orders/v2"),
        {"resource_servers.orders", "client_grants.shop/orders/client", "role_permissions.buyer"},
    ),
    "a connection that is renamed": (
        changed("connections.people", name="folk"),
        {"connections.people", "connection_clients.people", "tenant"},
    ),
}  # fmt: skip


def ids(tenant, *tables):
    return {table: set(tenant.sandbox.documents(table)) for table in tables}


def held(tenant):
    """Who may use which connection, which grants and permissions there are, by name."""
    documents = tenant.sandbox.documents
    clients = {id: d["name"] for id, d in documents("clients").items()}
    connections = {id: d["name"] for id, d in documents("connections").items()}
    return {
        "grants": sorted(
            (clients[g["client_id"]], g["audience"], *g["scope"])
            for g in documents("client_grants").values()
            if not g["audience"].endswith("/api/v2/")
        ),
        "permissions": sorted(
            (p["resource_server_identifier"], p["permission_name"])
            for p in documents("role_permissions").values()
        ),
        "members": sorted(
            (connections[id.partition("/")[0]], clients[member["client_id"]])
            for id, member in documents("connection_clients").items()
        ),
    }


@pytest.mark.parametrize("case", CASES)
def test_a_permitted_replacement_converges_and_the_plan_after_it_is_empty(case):
    wanted, touched = CASES[case]
    with scratch(PERMITTED) as tenant:
        tenant.converge(WORLD)
        before = tenant.receipt().entries
        plan = tenant.plan(wanted)
        assert {str(step.address) for step in plan.steps} == touched
        assert load_plan(dump_plan(plan), "plan.json") == plan
        result = tenant.apply(plan)
        assert result.receipt.status == "converged", result.receipt.outcomes
        assert tenant.plan(wanted).steps == ()
        (root,) = {former.address for step in plan.steps for former in step.former}
        after = result.receipt.entries
        assert after[root].id != before[root].id
        assert after.keys() == before.keys()


@pytest.mark.parametrize("case", CASES)
def test_a_replacement_that_nobody_permits_is_refused_and_the_plan_says_how_to_permit_it(case):
    wanted, _ = CASES[case]
    with scratch() as tenant:
        tenant.converge(WORLD)
        plan = tenant.judged(wanted)
        (violation,) = plan.blocking
        assert violation.rule == "replacement"
        assert f'replace: ["{violation.address}"]' in violation.help
        assert not any(step.change.verb == "delete" for step in plan.steps)


def test_what_goes_with_its_owner_is_not_deleted_by_itself():
    wanted, _ = CASES["a connection that is renamed"]
    with scratch(PERMITTED) as tenant:
        tenant.converge(WORLD)
        deletes = [s for s in tenant.plan(wanted).steps if s.change.verb == "delete"]
        assert [str(step.id) for step in deletes] == ["connections.people#early"]


def test_what_a_permitted_replacement_entails_does_not_count_as_a_mass_delete():
    wanted, _ = CASES["a client"]
    policy = dataclasses.replace(PERMITTED.policy, max_deletes=1)
    with scratch(dataclasses.replace(PERMITTED, policy=policy)) as tenant:
        tenant.converge(WORLD)
        deletes = [s for s in tenant.plan(wanted).steps if s.change.verb == "delete"]
        assert len(deletes) == 3


def test_what_is_protected_is_never_replaced():
    wanted, _ = CASES["a client"]
    policy = dataclasses.replace(PERMITTED.policy, protect=("clients.*",))
    with scratch(dataclasses.replace(PERMITTED, policy=policy)) as tenant:
        tenant.converge(WORLD)
        (violation,) = tenant.judged(wanted).blocking
        assert violation.rule == "replacement"
        assert "protected" in violation.help


def test_what_would_be_replaced_along_with_it_is_protected_too():
    wanted, _ = CASES["a client"]
    policy = dataclasses.replace(PERMITTED.policy, protect=("client_grants.*orders*",))
    with scratch(dataclasses.replace(PERMITTED, policy=policy)) as tenant:
        tenant.converge(WORLD)
        (violation,) = tenant.judged(wanted).blocking
        assert (violation.rule, violation.address) == (
            "protected", "client_grants.shop/orders/client",
        )  # fmt: skip


def test_the_plan_says_what_a_replacement_breaks():
    wanted, _ = CASES["a connection that is renamed"]
    with scratch(PERMITTED) as tenant:
        tenant.converge(WORLD)
        (permitted,) = tenant.plan(wanted).violations
        assert permitted.rule == "replacement"
        assert permitted.allowed
        assert "all its users" in permitted.detail


@pytest.mark.parametrize("case", CASES)
def test_a_plan_that_replaces_carried_out_twice_writes_once(case):
    wanted, _ = CASES[case]
    with scratch(PERMITTED) as tenant:
        tenant.converge(WORLD)
        plan = tenant.plan(wanted)
        assert tenant.apply(plan).receipt.status == "converged"
        tenant.sandbox.clear_log()
        result = tenant.apply(plan)
        assert result.receipt.status == "converged", result.receipt.outcomes
        assert tenant.writes() == []


@pytest.mark.thorough
@pytest.mark.parametrize("case", CASES)
def test_a_run_that_dies_at_any_of_its_writes_is_completed_by_planning_again(case):
    wanted, _ = CASES[case]
    with scratch(PERMITTED) as tenant:
        tenant.converge(WORLD)
        tenant.sandbox.clear_log()
        tenant.converge(wanted)
        count = len(tenant.writes())
    for number in range(1, count + 1):
        for same_plan in (True, False):
            with scratch(PERMITTED) as tenant:
                tenant.converge(WORLD)
                plan = tenant.plan(wanted)
                tenant.sandbox.faults = [
                    Fault("status", method, "/[!o]*", status=400, nth=tuple(range(number, 99)))
                    for method in ("POST", "PATCH", "DELETE", "PUT")
                ]
                tenant.apply(plan, width=1)
                tenant.sandbox.faults = []
                if same_plan:
                    tenant.apply(plan)
                tenant.converge(wanted)
                assert tenant.plan(wanted).steps == ()


def test_a_deleted_client_leaves_nothing_of_its_own_behind():
    wanted, _ = CASES["a client"]
    with scratch(PERMITTED) as tenant:
        tenant.converge(WORLD)
        before = ids(tenant, "clients", "client_grants")
        holding = held(tenant)
        tenant.converge(wanted)
        after = ids(tenant, "clients", "client_grants")
        assert {name: len(found) for name, found in before.items()} == {
            name: len(found) for name, found in after.items()
        }
        assert len(before["clients"] - after["clients"]) == 1
        assert len(before["client_grants"] - after["client_grants"]) == 2
        assert held(tenant) == holding


def test_members_that_nobody_declares_come_along_when_their_owner_is_replaced():
    world = {**WORLD, "clients.portal": client("Portal")}
    members = {"connection_clients.people": {"clients": ["shop", "desk", "portal"]}}
    address = Address("connection_clients", "people")
    renamed = CASES["a connection that is renamed"][0]
    kiosk = {"connection_clients.people": {"clients": ["shop", "desk", "kiosk"]}}
    more = {"clients.portal": client("Portal"), "clients.kiosk": client("Kiosk")}
    wanted = desired({**renamed, **more, **kiosk})
    said = dataclasses.replace(wanted.declarations[address], mode="additive")
    wanted = dataclasses.replace(wanted, declarations={**wanted.declarations, address: said})
    with scratch(PERMITTED) as tenant:
        tenant.converge({**world, **members})
        tenant.converge(wanted)
        members = {member for name, member in held(tenant)["members"] if name == "folk"}
        assert members == {"Shop", "Desk", "Portal", "Kiosk"}


def test_permissions_of_a_replaced_api_are_those_of_the_new_one():
    wanted, _ = CASES["an API"]
    with scratch(PERMITTED) as tenant:
        tenant.converge(WORLD)
        tenant.converge(wanted)
        assert held(tenant)["permissions"] == [
            ("https://orders/v2", "read"), ("https://stock/", "read"),
        ]  # fmt: skip


def test_a_new_name_for_what_was_called_otherwise_is_a_replacement_where_no_update_takes_it():
    """Without a receipt `$was` is all that says which connection is meant."""
    with scratch(PERMITTED) as tenant:
        tenant.sandbox.put(
            "connections", "con_0123456789abcdef",
            {"name": "legacy", "strategy": "auth0", "options": {}, "realms": ["legacy"]},
        )  # fmt: skip
        world = desired({"connections.people": WORLD["connections.people"]})
        address = Address("connections", "people")
        said = world.declarations[address]
        was = dataclasses.replace(said, identity=Identity(("people",), ("legacy",)))
        world = dataclasses.replace(world, declarations={address: was})
        tenant.converge(world)
        names = {d["name"] for d in tenant.sandbox.documents("connections").values()}
        assert "people" in names
        assert "legacy" not in names


def test_a_connection_of_another_strategy_takes_the_name_of_the_old_one():
    wanted = changed("connections.people", strategy="oidc", options={
        "issuer": "https://idp.example/", "client_id": "x", "type": "back_channel",
        "authorization_endpoint": "https://idp.example/a", "jwks_uri": "https://idp.example/j",
        "token_endpoint": "https://idp.example/t", "client_secret": Secret("FIRST"),
    })  # fmt: skip
    with scratch(PERMITTED) as tenant:
        tenant.converge(WORLD)
        plan = tenant.plan(wanted)
        tenant.sandbox.hostility = Hostility(3)
        assert tenant.apply(plan).receipt.status == "converged"
        found = [d for d in tenant.sandbox.documents("connections").values()
                 if d["name"] == "people"]  # fmt: skip
        assert [d["strategy"] for d in found] == ["oidc"]
        assert ("people", "Shop") in held(tenant)["members"]


def test_a_delete_that_takes_its_time_is_over_before_the_name_is_taken_again():
    """Auth0 answers 202 to a repeated DELETE of a connection while its users go, then 204."""
    wanted, _ = CASES["a connection that is renamed"]
    with scratch(PERMITTED) as tenant:
        tenant.converge(WORLD)
        tenant.sandbox.delays = Delays(connection_delete_seconds=5)
        plan = tenant.plan(wanted)
        tenant.sandbox.clear_log()
        assert tenant.apply(plan).receipt.status == "converged"
        writes = [w for w in tenant.writes() if w.partition("/")[2].startswith("connections")]
        deletes = [w.startswith("DELETE") for w in writes]
        assert deletes.count(True) > 2
        assert deletes == sorted(deletes, reverse=True), "no create between the deletes"


def born_anew(world, suffix):
    """*world*, in which what can be set at birth only is another."""
    found = deepcopy(world)
    for address, fields in found.items():
        kind = address.partition(".")[0]
        if kind == "connections":
            fields["name"] += suffix
        elif kind == "resource_servers":
            fields["identifier"] += suffix
        elif kind == "clients":
            fields["jwt_configuration"] = {"secret_encoded": bool(suffix)}
    return found


@pytest.mark.thorough
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(), worlds(), st.sampled_from(["", "-two"]), st.integers(0, 99))
def test_any_tenant_leads_to_any_other_by_replacements_and_leaves_no_more_to_do(
    first, second, suffix, seed
):
    policy = Policy(delete="managed", max_deletes=10_000, replace=("*",))
    with scratch(dataclasses.replace(ENVIRONMENT, policy=policy)) as tenant:
        tenant.sandbox.hostility = Hostility(seed)
        tenant.converge(born_anew(first, "-one"))
        wanted = born_anew(second, suffix)
        tenant.converge(wanted)
        assert amiss(wanted, tenant.sandbox) == []
        assert tenant.plan(wanted).steps == ()
