"""The walk: what may run, in which order, and what follows from an outcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.worlds import declare, desired_tenants, planned, resource
from tenantctl.engine import Walk
from tenantctl.errors import PlanError
from tenantctl.model import Address, Outcome, Ref, Resource, StepId, Tenant

APPLIED, FAILED = Outcome("applied"), Outcome("failed", "no")


def chain():
    """A client, a grant that needs it, and a role that needs nothing."""
    return planned(
        declare(
            resource("clients.a", {"name": "a"}),
            resource("resource_servers.b", {"identifier": "b"}),
            resource("roles.r", {"name": "r"}),
            resource(
                "client_grants.a/b/client",
                {"client_id": "a", "audience": "b", "subject_type": "client", "scope": []},
            ),
        ),
        Tenant({}),
    )


def take_all(walk):
    found = []
    while taken := walk.take():
        found.append(taken[0].id)
    return [str(id) for id in found]


def test_what_needs_nothing_may_run_at_once_and_the_rest_waits():
    walk = Walk(chain())
    assert take_all(walk) == ["resource_servers.b", "clients.a", "roles.r"]
    walk.settle(StepId(Address("clients", "a")), APPLIED)
    assert take_all(walk) == []
    walk.settle(StepId(Address("resource_servers", "b")), APPLIED)
    assert take_all(walk) == ["client_grants.a/b/client"]


@pytest.mark.parametrize("status", ["failed", "moved", "waiting"])
def test_a_step_that_did_not_succeed_skips_what_needs_it_and_nothing_else(status):
    walk = Walk(chain())
    take_all(walk)
    events = walk.settle(StepId(Address("clients", "a")), Outcome(status, "no"))
    assert [str(e.step) for e in events] == ["clients.a", "client_grants.a/b/client"]
    assert events[1].outcome.status == "skipped"
    assert events[1].outcome.because == (StepId(Address("clients", "a")),)
    walk.settle(StepId(Address("resource_servers", "b")), APPLIED)
    walk.settle(StepId(Address("roles", "r")), APPLIED)
    assert walk.done
    assert len(walk.outcomes) == 4


def test_production_stops_at_the_first_failure_and_finishes_what_is_in_flight():
    walk = Walk(chain(), stop=True)
    first, _ = walk.take()
    second, _ = walk.take()
    walk.settle(first.id, FAILED)
    assert walk.take() is None
    assert not walk.done
    walk.settle(second.id, APPLIED)
    assert walk.done
    statuses = sorted(outcome.status for outcome in walk.outcomes.values())
    assert statuses == ["applied", "failed", "skipped", "skipped"]


def test_a_halt_starts_nothing_more():
    walk = Walk(chain())
    step, _ = walk.take()
    walk.halt("stopped")
    assert walk.take() is None
    walk.settle(step.id, APPLIED)
    assert walk.done
    assert {o.status for o in walk.outcomes.values()} == {"applied", "skipped"}


@given(desired_tenants(), desired_tenants(), st.randoms(use_true_random=False))
def test_every_step_ends_exactly_once_whatever_fails_and_in_whatever_order(desired, live, rng):
    plan = planned(desired, live.tenant)
    walk = Walk(plan)
    running, settled, begun = [], [], set()
    while not walk.done:
        while taken := walk.take():
            step, event = taken
            assert event.type == "started"
            assert step.id not in begun
            begun.add(step.id)
            assert all(walk.outcomes[need].done for need in step.needs if need in walk.outcomes)
            running.append(step.id)
        id = running.pop(rng.randrange(len(running)))
        outcome = rng.choice([APPLIED, APPLIED, FAILED, Outcome("waiting")])
        settled += [event.step for event in walk.settle(id, outcome)]
    assert sorted(settled) == sorted(step.id for step in plan.steps)
    assert set(walk.outcomes) == set(settled)


def test_a_cycle_is_refused_with_the_way_it_goes():
    def naming(key, other):
        metadata = {"peer": Ref(Address("clients", other), "client_id")}
        return Resource(Address("clients", key), {"name": key, "client_metadata": metadata})

    with pytest.raises(PlanError) as caught:
        planned(declare(naming("a", "b"), naming("b", "a")), Tenant({}))
    assert "clients.a needs clients.b" in str(caught.value)
    assert "clients.b needs clients.a" in str(caught.value)
    assert caught.value.help


def test_a_freed_name_is_deleted_before_it_is_taken_again():
    from tenantctl.engine import Known
    from tenantctl.model import Entry

    old = Resource(Address("roles", "old"), {"name": "support"})
    new = Resource(Address("roles", "new"), {"name": "support"})
    plan = planned(declare(new), Tenant.of([old]), Known({old.address: Entry(id="1")}))
    assert [f"{s.change.sign}{s.id}" for s in plan.steps] == ["-roles.old", "+roles.new"]
