"""Which steps of a plan are asked for: of some phases, up to a milestone, of some addresses."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tenantctl.engine.edges import EARLY
from tenantctl.engine.order import followers_of
from tenantctl.engine.steps import LATE
from tenantctl.errors import PlanError, UsageError
from tenantctl.model import Address, Create, Delete, Place, Step, StepId, Tenant, matches
from tenantctl.playbooks import Playbook

Ties = Mapping[StepId, frozenset[StepId]]
"""The steps that each step must not be carried out without."""


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


@dataclass(frozen=True, slots=True)
class Globs:
    """Which addresses are asked for: those of *target*, all without, but none of *exclude*."""

    target: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Words for it."""
        return (*self.target, *(f"without {glob}" for glob in self.exclude))

    def has(self, address: Address) -> bool:
        """Whether *address* is asked for, whatever it needs."""
        wanted = not self.target or matches(address, self.target)
        return wanted and not matches(address, self.exclude)

    def check(self, known: Collection[Address]) -> None:
        """Raise UsageError where a glob means none of the *known* addresses."""
        for glob in (*self.target, *self.exclude):
            if not any(matches(address, (glob,)) for address in known):
                raise UsageError(f"no address here is {glob}", help=_near(glob, known))


EVERYTHING = Globs()


def _near(glob: str, known: Collection[Address]) -> str:
    """What somebody may have meant who wrote *glob*."""
    kinds = sorted({address.kind for address in known})
    if glob in kinds:
        return f"write '{glob}.*' for all of them"
    close = get_close_matches(glob, [*map(str, sorted(known)), *(f"{kind}.*" for kind in kinds)])
    if close:
        return f"did you mean {' or '.join(close)}?"
    return "addresses are such as clients.web-shop or 'connections.*'; `tenantctl addresses`"


@dataclass(frozen=True, slots=True)
class Selected:
    """The *steps* that are asked for with what they need, and those that are *left* out.

    *named* are words for what was asked, none where that is everything. *notes* say what else
    comes along or stays out, and because of what.
    """

    steps: tuple[Step, ...]
    left: tuple[Step, ...] = ()
    named: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def select(
    steps: tuple[Step, ...],
    chosen: Selection | None,
    globs: Globs,
    playbook: Playbook,
    live: Tenant,
) -> Selected:
    """What of *steps* is asked for, in their order: by phases, then by addresses, then its needs.

    Raises PlanError where phases leave out something that is needed.
    """
    named = (*(chosen.named if chosen else ()), *globs.named)
    if not named:
        return Selected(steps)
    ties = ties_of(steps, live)
    phased = {s.id for s in steps if chosen is None or chosen.has(s.place, playbook)}
    excluded = [s.id for s in steps if matches(s.address, globs.exclude)]
    out = _reached(excluded, _reverse(ties))
    asked = [s.id for s in steps if s.id in phased and s.id not in out and globs.has(s.address)]
    kept = _reached(asked, ties)
    for id in _rest([s.id for s in steps if s.id in phased and s.id not in out], kept, ties):
        kept[id] = StepId(id.address)
    if outside := [(id, need) for id in kept for need in ties[id] if need not in phased]:
        lines = sorted(f"  {id} needs {need}" for id, need in outside)
        raise PlanError(
            "the selection leaves out what it needs:\n" + "\n".join(lines),
            help="select those phases or milestones too",
        )
    return Selected(
        steps=tuple(step for step in steps if step.id in kept),
        left=tuple(step for step in steps if step.id not in kept),
        named=named,
        notes=(
            *_notes("Also, because {} needs it", kept),
            *_notes("Left out, too, because it needs {}", out),
        ),
    )


def _rest(able: Iterable[StepId], kept: Mapping[StepId, object], ties: Ties) -> Iterator[StepId]:
    """Late parts of what is kept, where they need nothing more: nothing is left half made for that.

    *able* are the steps that might be, in their order.
    """
    there = {*kept}
    for id in able:
        if id not in there and StepId(id.address) in there and ties[id] <= there:
            there.add(id)
            yield id


def ties_of(steps: Iterable[Step], live: Tenant) -> Ties:
    """What each step needs, and, of what clears the way, what makes good what that takes away.

    After the delete of a replacement, that is whatever names the new object in the place of the
    old one, or hung on it.
    """
    known = {step.id: step for step in steps}
    ties = {id: set(step.needs & known.keys()) for id, step in known.items()}
    followers = followers_of(known.values())
    for id, step in known.items():
        if id.part != EARLY:
            continue
        main = StepId(id.address)
        ties[id] |= {main, StepId(id.address, LATE)} & known.keys()
        for other in followers.get(main, ()) if isinstance(step.change, Delete) else ():
            fresh = isinstance(known[other].change, Create)
            if not fresh or other.address in live.resources:
                ties[id].add(other)
    return {id: frozenset(found) for id, found in ties.items()}


def _reverse(ties: Ties) -> Ties:
    found: dict[StepId, set[StepId]] = {id: set() for id in ties}
    for id, others in ties.items():
        for other in others:
            found[other].add(id)
    return {id: frozenset(others) for id, others in found.items()}


def _reached(start: Iterable[StepId], ways: Ties) -> dict[StepId, StepId | None]:
    """Where *ways* lead from *start*, each with the step that led there; None at the start."""
    found: dict[StepId, StepId | None] = dict.fromkeys(start)
    todo = deque(found)
    while todo:
        id = todo.popleft()
        fresh = sorted(ways[id] - found.keys())
        found.update(dict.fromkeys(fresh, id))
        todo.extend(fresh)
    return found


def _notes(words: str, reached: Mapping[StepId, StepId | None]) -> Iterator[str]:
    """A sentence for each step that led to others; parts of one address go without saying."""
    led: dict[str, dict[str, None]] = {}
    for id, because in reached.items():
        if because is not None and because.address != id.address:
            part = f" ({id.part})" if StepId(id.address) not in reached else ""
            led.setdefault(str(because.address), {})[f"{id.address}{part}"] = None
    for address, others in led.items():
        yield f"{words.format(address)}: {', '.join(others)}."
