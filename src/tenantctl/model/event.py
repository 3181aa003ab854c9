"""What happened: the outcome of a step, and the events of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.model.address import Address, StepId
from tenantctl.model.change import Entry

STATUSES = ("applied", "unchanged", "waiting", "moved", "failed", "skipped")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended.

    *status*: `applied` (written), `unchanged` (the live object held the after-values already),
    `waiting` (for something outside, *record* says what to do), `moved` (neither before nor
    after), `failed`, `skipped` (because of *because*). *writes* counts requests that may change
    something.
    """

    status: str
    detail: str = ""
    record: Mapping[str, str] = field(default_factory=dict)
    because: tuple[StepId, ...] = ()
    writes: int = 0

    @property
    def done(self) -> bool:
        return self.status in {"applied", "unchanged"}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a journal: a step has `started`, or was `settled` with an outcome."""

    type: str
    step: StepId
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a run left a tenant.

    *kind* is `apply`, or `export` where a tenant was taken over as it is; *status* is `converged`,
    `partial`, `waiting` or `failed`. *full* is true where the run covered every released phase and
    nothing was left out.
    """

    kind: str
    tenant: str
    environment: str
    domain: str
    digest: str
    phases: tuple[int, ...]
    status: str
    full: bool
    entries: Mapping[Address, Entry]
    outcomes: Mapping[StepId, Outcome]
    version: str
    commit: str = ""
    who: str = ""
    when: str = ""
