"""The walk over a plan, without I/O: what may run next, and what follows from an outcome."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from tenantctl.engine.order import followers_of, position
from tenantctl.model import Event, Outcome, Plan, Step, StepId


class Walk:
    """Hands out the steps of one plan, each once, when all that it needs has succeeded.

    It knows only position and hard edges: whatever is ready may run at once, the earliest
    position first. A failed step skips what needed it and nothing else, unless *stop*: then
    nothing more is started.
    """

    def __init__(self, plan: Plan, *, stop: bool = False) -> None:
        self._steps = {step.id: step for step in plan.steps}
        self._followers = followers_of(plan.steps)
        self._waits = {id: len(s.needs & self._steps.keys()) for id, s in self._steps.items()}
        self._ready = [(position(s), id) for id, s in self._steps.items() if not self._waits[id]]
        heapq.heapify(self._ready)
        self._running: set[StepId] = set()
        self._stop = stop
        self.outcomes: dict[StepId, Outcome] = {}

    @property
    def done(self) -> bool:
        """Whether nothing runs and nothing is left to hand out."""
        return not self._running and not self._ready

    def take(self) -> tuple[Step, Event] | None:
        """The step that goes next and the event that announces it; None if none is ready."""
        if not self._ready:
            return None
        _, id = heapq.heappop(self._ready)
        self._running.add(id)
        return self._steps[id], Event("started", id)

    def settle(self, id: StepId, outcome: Outcome) -> tuple[Event, ...]:
        """What follows from the outcome of a running step: its event, and those it skips."""
        self._running.discard(id)
        events = [self._note(id, outcome)]
        if not outcome.done:
            events += self._skip_followers(id, outcome)
            if self._stop and outcome.status in {"failed", "moved"}:
                events += self.halt("not started: the run stopped at the first failure")
            return tuple(events)
        for follower in self._followers.get(id, ()):
            self._waits[follower] -= 1
            if not self._waits[follower] and follower not in self.outcomes:
                heapq.heappush(self._ready, (position(self._steps[follower]), follower))
        return tuple(events)

    def halt(self, detail: str) -> tuple[Event, ...]:
        """Start nothing more: every step that has not begun is skipped with *detail*."""
        self._ready.clear()
        left = [i for i in self._steps if i not in self.outcomes and i not in self._running]
        return tuple(self._note(id, Outcome("skipped", detail)) for id in left)

    def _skip_followers(self, id: StepId, outcome: Outcome) -> Iterator[Event]:
        verb = "waits for" if outcome.status == "waiting" else "needs"
        todo = list(self._followers.get(id, ()))
        while todo:
            follower = todo.pop(0)
            if follower not in self.outcomes:
                because = Outcome("skipped", f"{verb} {id}", because=(id,))
                yield self._note(follower, because)
                todo += self._followers.get(follower, ())

    def _note(self, id: StepId, outcome: Outcome) -> Event:
        self.outcomes[id] = outcome
        return Event("settled", id, outcome)
