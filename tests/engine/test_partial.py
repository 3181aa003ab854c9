"""A saved plan, carried out phase by phase."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.worlds import declare, desired_tenants, planned, resource
from tenantctl.engine.partial import done_of, part_of
from tenantctl.errors import PlanError, UsageError
from tenantctl.model import Outcome, Plan, Receipt, StepId, Tenant


def in_phases(plan: Plan, phases: dict[str, int]) -> Plan:
    """*plan* with its steps in other phases; those that are not named stay in phase 1."""
    steps = (
        replace(step, place=replace(step.place, phase=phases.get(str(step.id), 1)))
        for step in plan.steps
    )
    return replace(plan, phases=(1, 2, 3), steps=tuple(steps))


def small(phases: dict[str, int]) -> Plan:
    """A client and an API, and a grant that needs both."""
    grant = {"client_id": "a", "audience": "b", "subject_type": "client", "scope": []}
    made = planned(
        declare(
            resource("clients.a", {"name": "a"}),
            resource("resource_servers.b", {"identifier": "b"}),
            resource("client_grants.a/b/client", grant),
        ),
        Tenant({}),
    )
    return in_phases(made, phases)


def ids(plan: Plan) -> set[str]:
    return {str(step.id) for step in plan.steps}


def receipt(plan: Plan, statuses: dict[str, str], **other: object) -> Receipt:
    values = {
        "kind": "apply",
        "tenant": plan.tenant,
        "environment": plan.environment,
        "domain": plan.domain,
        "digest": plan.digest,
        "phases": plan.phases,
        "status": "converged",
        "full": False,
        "entries": {},
        "outcomes": {StepId.parse(id): Outcome(status) for id, status in statuses.items()},
        "version": "0",
        "when": "2026-01-02",
    }
    return Receipt(**{**values, **other})  # type: ignore[arg-type]


def test_the_steps_of_a_phase_are_a_selection_until_nothing_else_is_left():
    plan = small({"resource_servers.b": 2, "client_grants.a/b/client": 2})
    first = part_of(plan, [1], ())
    assert (ids(first), first.selection) == ({"clients.a"}, ("phase 1",))
    rest = part_of(plan, [2], {step.id for step in first.steps})
    assert ids(rest) == {"resource_servers.b", "client_grants.a/b/client"}
    assert rest.selection == ()


def test_what_a_later_phase_writes_of_an_address_is_not_said_to_be_applied_yet():
    made = planned(
        declare(
            resource("tenant", {"friendly_name": "Shop", "default_directory": "c"}),
            resource("connections.c", {"name": "c", "strategy": "auth0"}),
        ),
        Tenant.of([resource("tenant", {"friendly_name": "Old"})]),
    )
    plan = in_phases(made, {"tenant#late": 2})
    (tenant,) = (address for address in plan.entries if address.kind == "tenant")
    first = part_of(plan, [1], ())
    assert first.entries[tenant].fields == {"friendly_name": "Shop"}
    rest = part_of(plan, [2], {step.id for step in first.steps})
    assert rest.entries == plan.entries


def test_a_phase_without_steps_has_nothing_to_do():
    plan = small({})
    assert part_of(plan, [3], {step.id for step in plan.steps}).steps == ()


def test_what_needs_a_later_phase_goes_with_it():
    plan = small({"resource_servers.b": 3})
    assert ids(part_of(plan, [1], ())) == {"clients.a"}
    done = {StepId.parse("clients.a")}
    assert ids(part_of(plan, [3], done)) == {"resource_servers.b", "client_grants.a/b/client"}


def test_a_phase_whose_needs_nobody_has_seen_to_is_refused_with_the_list():
    plan = small({"client_grants.a/b/client": 2})
    with pytest.raises(PlanError, match=r"client_grants\.a/b/client needs clients\.a") as refused:
        part_of(plan, [2], {StepId.parse("resource_servers.b")})
    assert "resource_servers.b" not in str(refused.value)
    assert "receipts fetch t/dev" in str(refused.value.help)


def test_a_phase_that_is_not_released_is_refused():
    with pytest.raises(UsageError, match="phases 1, 2, 3, not of phase 4"):
        part_of(small({}), [4], ())


def test_only_what_was_done_since_the_plan_was_made_counts():
    plan = replace(small({}), since="2026-01-01")
    later = receipt(plan, {"clients.a": "applied"}, when="2026-01-03")
    failed = receipt(plan, {"resource_servers.b": "failed", "clients.a": "unchanged"})
    before = receipt(plan, {"resource_servers.b": "applied"}, when="2026-01-01")
    assert done_of(plan, [later, failed, before]) == {StepId.parse("clients.a")}


@pytest.mark.parametrize(
    "other",
    [{"digest": "of other files"}, {"kind": "export"}, {"outcomes": {StepId.parse("roles.r"): 0}}],
)
def test_what_another_run_wrote_ends_what_is_known(other):
    plan = small({})
    mine = receipt(plan, {"clients.a": "applied"})
    strange = receipt(plan, {}, **other)
    assert done_of(plan, [mine, strange, receipt(plan, {"resource_servers.b": "applied"})]) == {
        StepId.parse("clients.a")
    }


@pytest.mark.thorough
@given(desired_tenants(), st.randoms(use_true_random=False))
def test_phase_after_phase_every_step_is_carried_out_once_after_what_it_needs(desired, random):
    plan = planned(desired, Tenant({}))
    plan = in_phases(plan, {str(step.id): random.choice([1, 2, 3]) for step in plan.steps})
    done: list[StepId] = []
    for phase in plan.phases:
        part = part_of(plan, [phase], done)
        for step in part.steps:
            assert step.needs & {each.id for each in plan.steps} <= set(done)
            done.append(step.id)
    assert sorted(map(str, done)) == sorted(str(step.id) for step in plan.steps)
