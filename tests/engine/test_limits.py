"""Entity limits: of the subscription, of lists, and deletes that make room for creates."""

from __future__ import annotations

import dataclasses

import pytest

from laws.scratch import ENVIRONMENT, scratch
from support.worlds import declare, environment, planned, resource
from tenantctl.engine import Known
from tenantctl.kinds import KINDS
from tenantctl.kinds.limits import ELEMENTS, OBJECTS, most
from tenantctl.model import Address, Entry, Resource, Tenant


def actions(*numbers):
    return [resource(f"actions.a{n:03}", {"name": f"a{n:03}", "code": "x"}) for n in numbers]


def plan(desired, live=(), counts=None, subscription="", ours=()):
    known = Known({r.address: Entry(id="x") for r in ours})
    env = dataclasses.replace(
        environment(delete="managed", max_deletes=1000), subscription=subscription
    )
    return planned(declare(*desired), Tenant.of(live, counts), known, env)


def limits(found):
    return [v.detail for v in found.violations if v.rule == "entity_limit"]


def test_one_action_more_than_a_tenant_may_have_is_said_in_the_plan():
    assert limits(plan(actions(*range(100)))) == []
    found = plan(actions(*range(101)))
    assert limits(found) == ["this plan would make 101 actions, the tenant allows 100"]


def test_what_nobody_declares_counts_as_well():
    found = plan(actions(1, 2), counts={"actions": 99})
    assert limits(found) == ["this plan would make 101 actions, the tenant allows 100"]
    assert limits(plan(actions(1), counts={"actions": 99})) == []


def test_a_tenant_that_is_over_its_limit_may_be_changed_and_emptied():
    live = actions(*range(3))
    changed = [Resource(live[0].address, {**live[0].fields, "code": "y"}), live[1]]
    assert limits(plan(changed, live, {"actions": 120}, ours=live)) == []


@pytest.mark.parametrize(
    ("subscription", "limit"),
    [("free", 10), ("professional", 100), ("enterprise-production", 100_000), ("", None)],
)
def test_the_limit_of_clients_is_that_of_the_subscription(subscription, limit):
    assert most(KINDS["clients"], subscription) == limit
    wanted = [resource("clients.one", {"name": "one"})]
    found = limits(plan(wanted, (), {"clients": limit or 10**6}, subscription))
    assert found == (
        [f"this plan would make {limit + 1} clients, the tenant allows {limit}"] if limit else []
    )


def test_a_list_that_is_too_long_is_said_at_its_address():
    bound = {f"a{n:03}": {} for n in range(21)}
    wanted = [*actions(*range(21)), resource("trigger_bindings.post-login", bound)]
    assert limits(plan(wanted)) == ["would have 21 bindings, Auth0 allows 20"]


def test_a_delete_makes_room_where_the_tenant_is_full_and_says_so():
    live = actions(*range(100))
    found = plan([*live[1:], *actions(200)], live, {"actions": 100}, ours=live)
    assert limits(found) == []
    assert [str(step.id) for step in found.steps] == ["actions.a000", "actions.a200"]
    assert found.steps[0].reason == (
        "no longer declared; makes room: the tenant allows 100 actions"
    )


def test_a_delete_stays_last_where_there_is_room():
    live = actions(*range(99))
    found = plan([*live[1:], *actions(200)], live, {"actions": 99}, ours=live)
    assert [str(step.id) for step in found.steps] == ["actions.a200", "actions.a000"]
    assert found.steps[1].reason == "no longer declared"


def test_a_delete_that_waits_for_the_create_makes_no_room_and_the_plan_says_so():
    """The action is bound until its successor is: it cannot go first."""
    live = [*actions(*range(100)), resource("trigger_bindings.post-login", {"a000": {}})]
    bound = resource("trigger_bindings.post-login", {"a200": {}})
    found = plan([*live[1:100], *actions(200), bound], live, {"actions": 100}, ours=live[:100])
    assert [str(step.id) for step in found.steps] == [
        "actions.a200", "trigger_bindings.post-login", "actions.a000",
    ]  # fmt: skip
    assert limits(found) == [
        "this plan would make 101 actions before it deletes some, the tenant allows 100"
    ]


def test_every_limit_is_one_of_a_kind_and_of_a_list_that_it_has():
    assert OBJECTS.keys() <= KINDS.keys()
    for name, field in ELEMENTS:
        rule = KINDS[name].rule((field,))
        assert rule.list in {"set", "keyed", "sequence"}, (name, field)
    assert all(Address(name).kind == name for name in OBJECTS)


def test_clients_that_nobody_declares_are_counted_in_the_tenant_and_those_of_every_tenant_are_not():
    """Two that a fresh tenant has for itself count, `All Applications` does not."""
    free = dataclasses.replace(ENVIRONMENT, subscription="free")
    with scratch(free) as tenant:
        for number in range(7):
            tenant.sandbox.put("clients", f"{number}" * 32, {"name": f"theirs {number}"})
        ours = {f"clients.c{n}": {"name": f"c{n}", "app_type": "spa"} for n in range(2)}
        assert limits(tenant.judged({"clients.c0": ours["clients.c0"]})) == []
        assert limits(tenant.judged(ours)) == [
            "this plan would make 11 clients, the tenant allows 10"
        ]
