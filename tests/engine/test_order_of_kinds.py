"""The order in which steps start, over random tenants of all kinds."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from support.orders import hard_edges, place, told_place, world
from support.worlds import environment
from tenantctl.engine import Wish, make_plan
from tenantctl.engine.walk import Walk
from tenantctl.model import Delete, Outcome, Plan
from tenantctl.playbooks import NAMES, playbook


def drawn(seed: int):
    rng = random.Random(seed)
    book = playbook(rng.choice(NAMES))
    desired, live, known = world(rng, book)
    plan = make_plan(
        desired,
        live,
        known,
        environment=environment(delete="managed", max_deletes=10_000),
        playbook=book,
        wish=Wish(today=dt.date(2026, 1, 1), version="test"),
    )
    return rng, book, desired, plan


def started(plan: Plan, rng: random.Random) -> list[int]:
    """The steps, by their index in the plan, in the order in which a run of several workers starts
    them; any of those that run may end next. Of what may start, the walk takes the first."""
    index = {step.id: n for n, step in enumerate(plan.steps)}
    walk, found, running = Walk(plan), [], []
    workers = rng.randint(1, 6)
    while not walk.done:
        while len(running) < workers and (taken := walk.take()):
            found.append(index[taken[0].id])
            running.append(taken[0].id)
        walk.settle(running.pop(rng.randrange(len(running))), Outcome("applied"))
    return found


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_steps_start_after_what_they_need_and_the_earliest_place_first(first: int) -> None:
    for seed in range(first, first + 10):
        check_order(seed)


def check_order(seed: int) -> tuple[int, int]:
    """How many steps and hard edges a draw has; fails where one step of it is out of order."""
    rng, book, desired, plan = drawn(seed)
    order = started(plan, rng)
    edges = hard_edges(plan)
    at = {n: position for position, n in enumerate(order)}

    assert sorted(order) == list(range(len(plan.steps))), seed
    for before, after in edges:
        assert at[before] < at[after], (seed, plan.steps[before].id, plan.steps[after].id)
    for step in plan.steps:
        told = told_place(step, desired, book)
        if told and not isinstance(step.change, Delete) and not step.id.part:
            assert (step.place.phase, step.place.index, step.place.rank) == told, (seed, step.id)
    _earliest_first(plan, seed)
    return len(plan.steps), len(edges)


def _earliest_first(plan: Plan, seed: int) -> None:
    """With one worker: of all steps whose needs are done, the one with the least place starts."""
    places = [place(step) for step in plan.steps]
    index = {step.id: n for n, step in enumerate(plan.steps)}
    waits = [{index[need] for need in step.needs if need in index} for step in plan.steps]
    done: set[int] = set()
    for n in started(plan, _One()):
        ready = [m for m in range(len(plan.steps)) if m not in done and waits[m] <= done]
        assert places[n] == min(places[m] for m in ready), (seed, plan.steps[n].id)
        done.add(n)


class _One(random.Random):
    """One worker."""

    def randint(self, a: int, b: int) -> int:
        return min(a, b)
