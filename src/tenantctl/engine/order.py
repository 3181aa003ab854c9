"""The one rule of order: hard edges first, then position; deletes last and in reverse."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from tenantctl.engine.edges import EARLY
from tenantctl.errors import PlanError
from tenantctl.model import Delete, Step, StepId

Position: TypeAlias = tuple[int, int, int, int, str, str]


def position(step: Step) -> Position:
    """Where a step stands among those that are ready: the least goes first.

    What clears the way stands with the deletes, so that what it takes away is missed for as
    short a time as can be.
    """
    place, last = step.place, step.id.part == EARLY or isinstance(step.change, Delete)
    sign = -1 if last else 1
    rank = (sign * place.phase, sign * place.index, sign * place.rank)
    return (int(last), *rank, place.key, step.id.part)


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """*steps* so that each stands after what it needs, ties by position.

    Raises PlanError, naming the steps and where they are declared, if some need each other.
    """
    by_id = {step.id: step for step in steps}
    waits = {id: len(step.needs & by_id.keys()) for id, step in by_id.items()}
    followers = followers_of(by_id.values())
    ready = [(position(step), id) for id, step in by_id.items() if not waits[id]]
    heapq.heapify(ready)
    found: list[Step] = []
    while ready:
        _, id = heapq.heappop(ready)
        found.append(by_id[id])
        for follower in followers.get(id, ()):
            waits[follower] -= 1
            if not waits[follower]:
                heapq.heappush(ready, (position(by_id[follower]), follower))
    if len(found) < len(by_id):
        raise _cycle({id: by_id[id] for id, count in waits.items() if count})
    return tuple(found)


def followers_of(steps: Iterable[Step]) -> Mapping[StepId, tuple[StepId, ...]]:
    """For each step the steps that need it."""
    found: dict[StepId, list[StepId]] = {}
    for step in steps:
        for need in step.needs:
            found.setdefault(need, []).append(step.id)
    return {id: tuple(sorted(names)) for id, names in found.items()}


def _cycle(stuck: Mapping[StepId, Step]) -> PlanError:
    round_trip = list(_walk_round(stuck))
    lines = [
        f"  {step.id} needs {after.id}    {_where(step)}"
        for step, after in zip(round_trip, [*round_trip[1:], round_trip[0]], strict=True)
    ]
    return PlanError(
        "these need each other, so none of them can be first:\n" + "\n".join(lines),
        help="take one of the references out, apply, and put it back",
    )


def _walk_round(stuck: Mapping[StepId, Step]) -> Iterator[Step]:
    """One cycle among *stuck* steps, each of which needs another of them."""
    seen: list[StepId] = []
    id = min(stuck)
    while id not in seen:
        seen.append(id)
        id = min(stuck[id].needs & stuck.keys())
    return (stuck[member] for member in seen[seen.index(id) :])


def _where(step: Step) -> str:
    return str(step.origins[0]) if step.origins else ""
