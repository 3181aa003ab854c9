"""Laws that hold for every tenant, not for examples."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from support.worlds import declare, desired_tenants, planned, targets
from tenantctl.engine import Known, diff, unsettled
from tenantctl.engine.departures import managed_paths
from tenantctl.kinds import KINDS, element_key
from tenantctl.model import Create, Delete, Desired, Entry, Tenant, Update


def entries_of(desired: Desired) -> dict:
    """Entries as a receipt would have them, computed apart from the code that does."""
    return {
        r.address: Entry(
            key=desired.declarations[r.address].identity.key,
            id=f"id-{r.address}",
            paths=managed_paths(r),
            elements=tuple(element_key(i) for i in r.fields.get(KINDS[r.address.kind].members, ()))
            if KINDS[r.address.kind].members
            else (),
        )
        for r in desired.tenant
    }


@given(desired_tenants())
def test_a_tenant_does_not_differ_from_itself(desired):
    assert diff(desired, desired.tenant, Known()) == ()
    assert planned(desired, desired.tenant).steps == ()


@given(desired_tenants(), st.randoms(use_true_random=False))
def test_the_order_of_a_set_is_irrelevant(desired, rng):
    def shuffled(value):
        if isinstance(value, dict):
            items = list(value.items())
            rng.shuffle(items)
            return {k: shuffled(v) for k, v in items}
        return value

    mixed = []
    for resource in desired.tenant:
        fields = shuffled(dict(resource.fields))
        for name, value in fields.items():
            rule = KINDS[resource.address.kind].rule((name,), fields)
            if rule.list in {"set", "keyed"}:
                fields[name] = rng.sample(value, len(value))
        mixed.append(type(resource)(resource.address, fields))
    assert diff(desired, Tenant.of(mixed), Known()) == ()


@given(desired_tenants(), desired_tenants(), st.integers(0, 99))
def test_the_order_of_declaration_is_irrelevant(desired, live, seed):
    known = Known(entries_of(live))
    resources = list(desired.tenant)
    random.Random(seed).shuffle(resources)
    again = declare(*resources)
    assert planned(again, live.tenant, known).steps == planned(desired, live.tenant, known).steps


@given(desired_tenants(), desired_tenants())
def test_what_is_needed_comes_first_and_deletes_come_last(desired, live):
    steps = planned(desired, live.tenant, Known(entries_of(live))).steps
    position = {step.id: n for n, step in enumerate(steps)}
    created = {s.address: n for n, s in enumerate(steps) if isinstance(s.change, Create)}
    for n, step in enumerate(steps):
        assert all(position[need] < n for need in step.needs if need in position)
        if isinstance(step.change, Create):
            for address in targets(step.change.after.fields):
                assert created.get(address, -1) < n
        if isinstance(step.change, Delete):
            freed = {d.needs for d in steps if step.id in d.needs}
            later = [s for s in steps[n:] if not isinstance(s.change, Delete)]
            assert not later or freed


@given(desired_tenants(), desired_tenants())
def test_every_difference_is_planned_once_and_nothing_else(desired, live):
    """An oracle of its own: what is on one side only is created or deleted."""
    steps = planned(desired, live.tenant, Known(entries_of(live))).steps
    ids = [step.id for step in steps]
    assert len(ids) == len(set(ids))
    wanted, there = set(desired.tenant.resources), set(live.tenant.resources)
    created = {s.address for s in steps if isinstance(s.change, Create)}
    deleted = {s.address for s in steps if isinstance(s.change, Delete)}
    assert created == wanted - there
    gone = {a for a in there - wanted if not KINDS[a.kind].immortal}
    ours = {
        a for a in gone if not KINDS[a.kind].members or live.tenant.resources[a].fields["clients"]
    }
    orphans = {a for a in ours if a.kind == "connection_clients"}
    parents_go = {
        a for a in orphans if any(p.kind == "connections" and p.key == a.key for p in gone)
    }
    assert deleted == ours - parents_go


@given(desired_tenants(), desired_tenants())
def test_a_plan_is_complete_without_its_files(desired, live):
    """Every address that a step touches or refers to can be found by what the plan says."""
    plan = planned(desired, live.tenant, Known(entries_of(live)))
    for step in plan.steps:
        named = {step.address}
        match step.change:
            case Create(after):
                named |= targets(after.fields)
            case Update(_, edits, _):
                named |= targets([e.after for e in edits])
        assert named <= plan.identities.keys()


@given(desired_tenants(), desired_tenants())
def test_a_tenant_that_holds_what_was_written_is_settled(desired, live):
    known = Known(entries_of(live))
    every = planned(desired, live.tenant, known).steps
    steps = [step for step in every if not isinstance(step.change, Delete)]
    assert unsettled(steps, desired.tenant) == ()


@given(desired_tenants())
def test_taking_nothing_out_deletes_nothing(desired):
    plan = planned(desired, desired.tenant, Known(entries_of(desired)))
    assert plan.steps == ()
    assert plan.released == ()
