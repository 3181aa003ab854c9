"""What a run has done, counted as it happens."""

from __future__ import annotations

import pytest

from tenantctl.engine.account import Account, percentile
from tenantctl.model import (
    Address,
    Create,
    Event,
    Exchange,
    Outcome,
    Place,
    Plan,
    Resource,
    Step,
    StepId,
)

ONE, TWO, THREE = (Address("clients", name) for name in ("one", "two", "three"))


def step(address, phase=1, workstream="authentication"):
    place = Place(phase, 0, 0, address.key, workstream=workstream)
    return Step(StepId(address), Create(Resource(address, {})), place, "new")


def plan_of(*steps):
    return Plan("shop", "dev", "d", "development", (1,), "x", "0", steps, {})


def settled(address, status="applied"):
    return Event("settled", StepId(address), Outcome(status))


def test_a_group_ends_with_its_last_step_and_counts_how_they_ended():
    account = Account()
    account.note(plan_of(step(ONE), step(TWO), step(THREE, workstream="branding")), 0.0)
    for at, address in enumerate((ONE, TWO, THREE)):
        assert account.note(Event("started", StepId(address)), float(at)) == ()
    assert account.note(settled(ONE), 3.0) == ()
    (stream,) = account.note(settled(TWO, "failed"), 5.0)
    assert stream.group == (1, "authentication")
    assert (stream.seconds, dict(stream.statuses)) == (5.0, {"applied": 1, "failed": 1})
    branding, phase = account.note(settled(THREE, "skipped"), 6.0)
    assert (branding.group, branding.seconds) == ((1, "branding"), 4.0)
    assert (phase.group, sum(phase.statuses.values())) == ((1, ""), 3)


def test_what_never_began_took_no_time():
    account = Account()
    account.note(plan_of(step(ONE)), 0.0)
    assert [each.seconds for each in account.note(settled(ONE, "skipped"), 9.0)] == [0.0, 0.0]


def test_requests_are_counted_in_all_by_limit_and_by_step():
    account = Account()
    read = {"method": "GET", "path": "/clients", "began": 0.0, "seconds": 0.1, "bucket": "global"}
    account.note(Exchange(status=200, remaining=9.0, limit=10.0, **read), 0.0)
    account.note(Exchange(status=429, waited=0.5, remaining=0.0, limit=10.0, **read), 0.0)
    account.note(Exchange(status=200, attempt=2, waited=2.0, step=StepId(ONE), **read), 0.0)
    account.note(Exchange("POST", "/clients", 201, 0.0, 0.3, step=StepId(ONE)), 0.0)
    total = account.total
    assert (total.requests, total.writes, total.limited, total.retried) == (4, 1, 1, 1)
    assert (total.waited, total.least, total.limit) == (2.5, 0.0, 10.0)
    assert account.buckets["global"].requests == 3
    assert account.steps[StepId(ONE)].requests == 2
    assert account.latencies == [0.1, 0.1, 0.1, 0.3]


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([], 0.5, 0.0), ([3.0], 0.95, 3.0), ([1.0, 2.0, 3.0, 4.0], 0.5, 3.0), ([2.0, 1.0], 1.0, 2.0)],
)
def test_a_percentile_is_one_of_the_values(values, share, found):
    assert percentile(values, share) == found
