"""Values that only one object can have, changing hands within one plan."""

from __future__ import annotations

from itertools import permutations

import pytest

from laws.scratch import scratch
from support.worlds import declare, planned
from tenantctl.model import Address, Delete, Resource, Tenant


def acls(**priorities):
    return [
        Resource(Address("network_acls", name), {"description": name, "priority": number})
        for name, number in priorities.items()
    ]


def steps(desired, live):
    return planned(declare(*desired), Tenant.of(live)).steps


def held(live, plan):
    """The priorities after each step; no two may be the same."""
    now = {r.address: r.fields["priority"] for r in live}
    for step in plan:
        if isinstance(step.change, Delete):
            del now[step.address]
            continue
        changes = getattr(step.change, "edits", ())
        for edit in changes:
            assert now[step.address] == edit.before
            now[step.address] = edit.after
        assert len(set(now.values())) == len(now), now
    return {address.key: number for address, number in now.items()}


@pytest.mark.parametrize("after", list(permutations((1, 2, 3))))
def test_any_permutation_of_priorities_is_reached_without_two_of_one(after):
    live = acls(a=1, b=2, c=3)
    wanted = dict(zip("abc", after, strict=True))
    assert held(live, steps(acls(**wanted), live)) == wanted


def test_a_chain_of_priorities_needs_no_value_in_between():
    live = acls(a=1, b=2)
    plan = steps(acls(a=2, b=3), live)
    assert [str(step.id) for step in plan] == ["network_acls.b", "network_acls.a"]


def test_the_one_that_makes_way_says_why():
    live = acls(a=1, b=2)
    first, *_ = steps(acls(a=2, b=1), live)
    assert str(first.id) == "network_acls.a#early"
    assert first.reason == "makes way: its priority changes hands in a circle"


RULE = {"action": {"block": True}, "scope": "tenant", "match": {"geo_country_codes": ["CU"]}}


def world(**priorities):
    return {
        f"network_acls.{name}": {
            "description": name, "active": True, "priority": number, "rule": RULE,
        }
        for name, number in priorities.items()
    }  # fmt: skip


def test_a_swap_of_priorities_is_carried_out_and_carried_out_again_writes_nothing():
    with scratch() as tenant:
        tenant.converge(world(a=1, b=2, c=3))
        plan = tenant.plan(world(a=2, b=1, c=3))
        tenant.sandbox.clear_log()
        assert tenant.apply(plan).receipt.status == "converged"
        assert len(tenant.writes()) == 3
        tenant.sandbox.clear_log()
        assert tenant.apply(plan).receipt.status == "converged"
        assert tenant.writes() == []
        assert tenant.plan(world(a=2, b=1, c=3)).steps == ()


def test_roles_that_swap_their_names_keep_their_ids():
    before = {"roles.a": {"name": "x"}, "roles.b": {"name": "y"}}
    after = {"roles.a": {"name": "y"}, "roles.b": {"name": "x"}}
    with scratch() as tenant:
        ids = {a: e.id for a, e in tenant.converge(before).receipt.entries.items()}
        assert {a: e.id for a, e in tenant.converge(after).receipt.entries.items()} == ids
        names = {id: d["name"] for id, d in tenant.sandbox.documents("roles").items()}
        assert {str(a): names[id] for a, id in ids.items()} == {"roles.a": "y", "roles.b": "x"}


@pytest.mark.parametrize("kind", ["roles", "clients"])
def test_a_name_that_a_delete_frees_is_taken_after_it(kind):
    before = {f"{kind}.a": {"name": "x"}, f"{kind}.b": {"name": "y"}}
    after = {f"{kind}.b": {"name": "x"}}
    with scratch() as tenant:
        tenant.converge(before)
        plan = tenant.plan(after)
        assert [str(step.id) for step in plan.steps] == [f"{kind}.a", f"{kind}.b"]
        tenant.converge(after)
