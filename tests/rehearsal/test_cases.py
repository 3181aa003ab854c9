"""What the API refuses shows in a rehearsal, before the tenant has seen a write; nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from laws.drawn import worlds
from laws.scratch import ENVIRONMENT, Scratch, scratch
from rehearsal.cases import PASSED, REFUSED, Case, action, client
from rehearsal.stage import rehearsal
from support.largely import mostly
from tenantctl.model import Plan, Rehearsal
from tenantctl.workflows.apply import WIDTH


def rehearsed(tenant: Scratch, case: Case) -> tuple[Plan, Rehearsal]:
    """The plan of a case, and what its rehearsal says; the tenant was only read."""
    if case.before:
        tenant.converge(case.before)
    case.setup(tenant.sandbox)
    plan = tenant.judged(case.after)
    tenant.sandbox.clear_log()
    found = rehearsal(tenant, plan, case.after)
    assert tenant.writes() == []
    return plan, found


def statuses(outcomes):
    return {str(id): (outcome.status, outcome.detail) for id, outcome in outcomes.items()}


@pytest.mark.parametrize(
    "case", mostly(REFUSED, fast=REFUSED[::3], rest=pytest.mark.thorough), ids=str
)
def test_what_the_api_refuses_is_found_before_the_tenant_sees_a_write(case):
    with scratch() as tenant:
        plan, found = rehearsed(tenant, case)
        assert found.verdict == "failed"
        told = statuses(found.outcomes)
        status, detail = told[case.step]
        assert status == "failed"
        assert detail.startswith(case.at)
        assert case.says in detail
        tenant.sandbox.clear_log()
        assert statuses(tenant.apply(plan).receipt.outcomes) == told


@pytest.mark.parametrize(
    "case", mostly(PASSED, fast=PASSED[::3], rest=pytest.mark.thorough), ids=str
)
def test_what_the_api_takes_passes_and_then_comes_true(case):
    with scratch() as tenant:
        plan, found = rehearsed(tenant, case)
        assert found.verdict == "passed", statuses(found.outcomes)
        assert found.again
        applied = tenant.apply(plan)
        assert applied.receipt.status == "converged"
        assert statuses(applied.receipt.outcomes) == statuses(found.outcomes)


@pytest.mark.thorough
@given(worlds(), worlds())
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_rehearsal_ends_as_the_apply_does(before, after):
    with scratch() as tenant:
        plan, found = rehearsed(tenant, Case("drawn", after, before))
        applied = tenant.apply(plan)
        assert statuses(found.outcomes) == statuses(applied.receipt.outcomes)
        assert (found.verdict == "passed") is (applied.receipt.status == "converged")


def test_the_tables_are_large_enough_to_mean_something():
    assert len(REFUSED) >= 20
    assert len(PASSED) >= 10


def test_what_somebody_changed_meanwhile_beside_the_plan_is_told_and_is_no_failure_of_it():
    before = {**client(), **action()}
    with scratch() as tenant:
        tenant.converge(before)
        plan = tenant.plan({**client(description="ours"), **action()})
        (id,) = tenant.sandbox.documents("actions")
        tenant.sandbox.edit("actions", id, {"code": "theirs"})
        found = rehearsal(tenant, plan, {**client(description="ours"), **action()})
        assert found.verdict == "passed"
        assert found.left == ()
        assert found.notes == ("changed since the plan was made, and left so by it: actions.check",)


def test_what_a_plan_leaves_undone_is_a_failure_of_it():
    with scratch() as tenant:
        tenant.converge(client())
        plan = tenant.plan(client(description="ours"))
        found = rehearsal(tenant, plan, client(description="something else"))
        assert found.verdict == "failed"
        assert found.left == ("after the apply, a plan would still update clients.shop",)


def test_of_a_production_tenant_every_failure_is_told_not_the_first_alone():
    production = replace(ENVIRONMENT, kind="production")
    wrong = {"app_type": "website"}
    wanted = {f"clients.c{n}": {"name": f"c{n}", **wrong} for n in range(2 * WIDTH)}
    with scratch(production) as tenant:
        plan = tenant.judged(wanted)
        assert plan.kind == "production"
        told = statuses(rehearsal(tenant, plan).outcomes)
        assert {status for status, _ in told.values()} == {"failed"}
        assert len(told) == 2 * WIDTH
