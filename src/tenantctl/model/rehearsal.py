"""What came of a plan that was carried out in a copy of its tenant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.model.address import Path, StepId
from tenantctl.model.change import Plan
from tenantctl.model.event import Outcome
from tenantctl.model.testing import FAILED, PASSED

REHEARSAL = "rehearsal"
"""What a receipt of tests says of itself that is about a plan, by its checksum."""
STALE = "stale"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What an apply of *plan* would come to.

    *lacking* are written values that were not there when they were read back; *left* is what a
    second plan would still do, in words, and *again* whether one was made. *scopes* are those that
    the apply credentials lack; *unasked* says why nobody knows, if so. *older* says that somebody
    has applied since the plan was made. *made_up* are secrets that were not at hand, for which
    values were invented; *unread* are kinds that could not be read beside what the plan names.
    *requests* is how many the live tenant was sent, all of which read. *notes* are for people.
    """

    plan: Plan
    outcomes: Mapping[StepId, Outcome] = field(default_factory=dict)
    lacking: tuple[tuple[StepId, Path], ...] = ()
    left: tuple[str, ...] = ()
    again: bool = False
    scopes: tuple[str, ...] = ()
    unasked: str = ""
    older: str = ""
    made_up: tuple[str, ...] = ()
    requests: int = 0
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """`stale` where the tenant moved since the plan was made; else `passed` or `failed`."""
        statuses = {outcome.status for outcome in self.outcomes.values()}
        if self.older or "moved" in statuses:
            return STALE
        broken = "failed" in statuses or self.lacking or self.left or self.scopes
        return FAILED if broken else PASSED
