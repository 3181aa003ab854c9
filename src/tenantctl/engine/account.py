"""What a run has done so far, counted as it happens: requests, steps, phases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tenantctl.model import Event, Exchange, Noted, Plan, Step, StepId

Group: TypeAlias = tuple[int, str]
"""A phase and one of its workstreams; the whole phase where that is empty."""


@dataclass(slots=True)
class Tally:
    """Counts of requests, of answers 429 among them, and of later attempts; seconds.

    *least* is the fewest requests that a rate limit was seen to have left, of *limit*.
    """

    requests: int = 0
    writes: int = 0
    limited: int = 0
    retried: int = 0
    waited: float = 0.0
    least: float | None = None
    limit: float | None = None

    def add(self, exchange: Exchange) -> None:
        self.requests += 1
        self.writes += exchange.method != "GET"
        self.limited += exchange.status == 429
        self.retried += exchange.attempt > 1
        self.waited += exchange.waited
        left = exchange.remaining
        if left is not None and (self.least is None or left < self.least):
            self.least, self.limit = left, exchange.limit


@dataclass(frozen=True, slots=True)
class Ended:
    """A phase or a workstream of which no step is open any more, and how its steps ended."""

    group: Group
    seconds: float
    statuses: Mapping[str, int]


@dataclass(slots=True)
class Account:
    """Counts of one run, in all, by rate limit and by step; times are seconds since the epoch."""

    total: Tally = field(default_factory=Tally)
    buckets: dict[str, Tally] = field(default_factory=dict)
    steps: dict[StepId, Tally] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    known: dict[StepId, Step] = field(default_factory=dict)
    began: dict[StepId | Group, float] = field(default_factory=dict)
    left: Counter[Group] = field(default_factory=Counter)
    statuses: dict[Group, Counter[str]] = field(default_factory=dict)

    def note(self, noted: Noted, now: float) -> tuple[Ended, ...]:
        """Count *noted*; the workstream and the phase that have ended with it."""
        match noted:
            case Exchange():
                self._exchange(noted)
            case Plan():
                self.known = {step.id: step for step in noted.steps}
                self.left = Counter(group for step in noted.steps for group in groups(step))
            case Event(type="settled"):
                return self._settled(noted, now)
            case Event():
                self.began[noted.step] = now
                for group in self.groups(noted.step):
                    self.began.setdefault(group, now)
        return ()

    def groups(self, id: StepId) -> tuple[Group, ...]:
        """The workstream and the phase of a step; none of one that no plan has."""
        step = self.known.get(id)
        return groups(step) if step else ()

    def seconds(self, id: StepId | Group, now: float) -> float:
        """How long a step or a group has been going on; 0 where it never began."""
        return now - self.began.get(id, now)

    def _exchange(self, exchange: Exchange) -> None:
        self.latencies.append(exchange.seconds)
        tallies = [self.total]
        if exchange.bucket:
            tallies.append(self.buckets.setdefault(exchange.bucket, Tally()))
        if exchange.step is not None:
            tallies.append(self.steps.setdefault(exchange.step, Tally()))
        for tally in tallies:
            tally.add(exchange)

    def _settled(self, event: Event, now: float) -> tuple[Ended, ...]:
        ended = []
        for group in self.groups(event.step):
            status = event.outcome.status if event.outcome else ""
            self.statuses.setdefault(group, Counter())[status] += 1
            self.left[group] -= 1
            if not self.left[group]:
                ended.append(Ended(group, self.seconds(group, now), self.statuses[group]))
        return tuple(ended)


def groups(step: Step) -> tuple[Group, ...]:
    """The workstream that a step belongs to, then its phase as a whole."""
    place = step.place
    whole = (place.phase, "")
    return ((place.phase, place.workstream), whole) if place.workstream else (whole,)


def percentile(values: list[float], share: float) -> float:
    """The value that *share* of *values* do not exceed; 0 where there are none."""
    if not values:
        return 0.0
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
