"""Values that only one object can have, changing hands in a circle: one holder steps aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

from tenantctl.engine.edges import EARLY
from tenantctl.kinds import KINDS
from tenantctl.model import Change, Edit, Former, StepId, Tenant, Update, Value, dotted


@dataclass(frozen=True, slots=True)
class Aside:
    """An object on its way through a value that nobody has: the *early* step, then *main*."""

    early: StepId
    main: StepId
    changes: Mapping[StepId, Change]
    former: Former
    reason: str


def asides(changes: Mapping[StepId, Change], live: Tenant) -> Iterator[Aside]:
    """For each circle of updates that take each other's unique value, the one that gives way.

    Without it none of them could be first. The value in between is one that no known object has.
    """
    for (kind, name), edits in _moves(changes).items():
        holders = {_text(edit.before): id for id, edit in edits.items()}
        after = {
            id: holders[text]
            for id, edit in edits.items()
            if (text := _text(edit.after)) in holders
        }
        for id in _one_of_each_circle(after):
            yield _aside(id, changes[id], edits[id], _free(kind, name, edits, live))


def _moves(changes: Mapping[StepId, Change]) -> Mapping[tuple[str, str], dict[StepId, Edit]]:
    """The updates of unique fields, by kind and field."""
    found: dict[tuple[str, str], dict[StepId, Edit]] = {}
    for id, change in changes.items():
        if isinstance(change, Update) and id.part != EARLY:
            unique = KINDS[id.address.kind].unique
            for edit in change.edits:
                if len(edit.path) == 1 and edit.path[0] in unique:
                    found.setdefault((id.address.kind, edit.path[0]), {})[id] = edit
    return found


def _text(value: Value) -> str:
    return str(value)


def _one_of_each_circle(after: Mapping[StepId, StepId]) -> Iterator[StepId]:
    """*after* leads from each step to the one that it must come after."""
    done: set[StepId] = set()
    for start in sorted(after):
        trail: list[StepId] = []
        id: StepId | None = start
        while id is not None and id not in done:
            done.add(id)
            trail.append(id)
            id = after.get(id)
        if id in trail:
            yield min(trail[trail.index(id) :])


def _free(kind: str, name: str, edits: Mapping[StepId, Edit], live: Tenant) -> Value:
    """A value that no known object has or shall have."""
    taken = [resource.fields.get(name) for resource in live if resource.address.kind == kind]
    taken += [value for edit in edits.values() for value in (edit.before, edit.after)]
    if all(isinstance(value, str) for value in taken if value is not None):
        stem = min(str(value) for value in taken if value is not None)
        return next(text for n in count(1) if (text := f"{stem}-{n}") not in taken)
    return next(number for number in count(1) if number not in taken)


def _aside(id: StepId, change: Change, edit: Edit, free: Value) -> Aside:
    assert isinstance(change, Update)
    early = StepId(id.address, EARLY)
    others = tuple(each for each in change.edits if each is not edit)
    return Aside(
        early,
        id,
        {
            early: Update(id.address, (replace(edit, after=free),)),
            id: replace(change, edits=(*others, replace(edit, before=free))),
        },
        Former(id.address, (edit,)),
        f"makes way: its {dotted(edit.path)} changes hands in a circle",
    )
