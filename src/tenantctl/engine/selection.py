"""Which steps of a plan are asked for: those of some phases, up to a milestone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenantctl.errors import UsageError
from tenantctl.model import Place
from tenantctl.playbooks import Playbook


@dataclass(frozen=True, slots=True)
class Selection:
    """The steps of *phases*, of the *last* of them what is due by the milestone of index *until*.

    *named* are words for it.
    """

    phases: tuple[int, ...]
    last: int
    until: int | None
    named: tuple[str, ...]

    def has(self, place: Place, playbook: Playbook) -> bool:
        """Whether a step at *place* is selected."""
        if place.phase not in self.phases:
            return False
        if self.until is None or place.phase != self.last:
            return True
        phase = playbook.phase(place.phase)
        asked = phase.due(place.topic)
        # A topic that this phase does not ask for goes on until it is through.
        due = phase.milestone(asked.milestone) if asked else len(phase.milestones) - 1
        return due <= self.until


def selection(
    playbook: Playbook, released: Sequence[int], phases: Sequence[int], until: str
) -> Selection | None:
    """The selection that these words ask for; None for everything.

    *until* names a milestone of the last of *phases*, without them of the last phase *released*.
    Raises UsageError where there is no such milestone, or no phase is released.
    """
    if not phases and not until:
        return None
    meant = tuple(sorted(phases or released))
    if not meant:
        raise UsageError("no phase is released here", help="write phases: [1] in the environment")
    named = tuple(f"phase {number}" for number in phases)
    if not until:
        return Selection(meant, meant[-1], None, named)
    phase = playbook.phase(meant[-1])
    index = phase.milestone(until)
    return Selection(meant, phase.number, index, (*named, f"until {phase.milestones[index].id}"))
