"""The hard edges of a plan: which steps must have succeeded before which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Change, Create, Delete, Desired, StepId, Update, Value, refs

EARLY = "early"
"""The part of what clears the way for the rest of its address, and for others."""


def written(change: Change) -> Value:
    """Everything that a change will send."""
    match change:
        case Create(after):
            return after.fields
        case Update(_, edits, resend):
            return [*(edit.after for edit in edits), *(value for _, value in resend)]
        case Delete():
            return None


def needs(changes: Mapping[StepId, Change]) -> Mapping[StepId, frozenset[StepId]]:
    """The hard edges: for each step the steps that must have succeeded before it."""
    edges: dict[StepId, set[StepId]] = {id: set() for id in changes}
    forward = {
        id: change
        for id, change in changes.items()
        if id.part != EARLY and not isinstance(change, Delete)
    }
    creates = {id.address: id for id, c in forward.items() if isinstance(c, Create)}
    brings = creates | {id.address: id for id, c in forward.items() if _deploys(id, c)}
    settles = {id.address: id for id, change in forward.items() if _settles(id, change)}
    by_kind: dict[str, list[StepId]] = {}
    for id in forward:
        by_kind.setdefault(id.address.kind, []).append(id)
    for id, change in forward.items():
        mine = edges[id]
        named = {ref.address for ref in refs(written(change))}
        mine.update(brings[address] for address in named if address in brings)
        asked = KINDS[id.address.kind].refs_to()
        mine.update(settles[each] for each in named if each in settles and each.kind in asked)
        mine.update(_parent_step(id, creates))
        mine.update(n for kind in KINDS[id.address.kind].after for n in by_kind.get(kind, ()))
        mine.update(before for before in _before(id) if before in changes)
        mine.discard(id)
    for id, blockers in _delete_edges(changes):
        edges[id] |= blockers
    return {id: frozenset(found) for id, found in edges.items()}


def _before(id: StepId) -> Iterator[StepId]:
    """The parts of the same address that come before one."""
    if id.part != EARLY:
        yield StepId(id.address, EARLY)
    if id.part not in {"", EARLY}:
        yield StepId(id.address)


def _deploys(id: StepId, change: Change) -> bool:
    """Whether an update brings what others may refer to only afterwards: built before bound."""
    return isinstance(change, Update) and KINDS[id.address.kind].procedure in {"deploy", "publish"}


def _settles(id: StepId, change: Change) -> bool:
    """Whether an update ends what others wait for: a domain is verified before it is chosen.

    Only a field that is a reference by its kind asks for that; one that a person wrote asks for a
    value, which is there before.
    """
    return isinstance(change, Update) and KINDS[id.address.kind].procedure == "verify"


def _parent_step(id: StepId, creates: Mapping[Address, StepId]) -> Iterator[StepId]:
    for owner in KINDS[id.address.kind].owners(id.address):
        if owner in creates:
            yield creates[owner]


def _delete_edges(changes: Mapping[StepId, Change]) -> Iterator[tuple[StepId, set[StepId]]]:
    """A delete comes after every step that stops referring to what it deletes."""
    leaving: dict[Address, set[StepId]] = {}
    for id, change in changes.items():
        for address in let_go(change):
            leaving.setdefault(address, set()).add(id)
    for id, change in changes.items():
        if isinstance(change, Delete):
            yield id, leaving.get(id.address, set()) - {id}


def let_go(change: Change) -> Iterator[Address]:
    """The addresses that a change stops referring to."""
    match change:
        case Update(_, edits, _):
            after = {ref.address for edit in edits for ref in refs(edit.after)}
            before = {ref.address for edit in edits for ref in refs(edit.before)}
            yield from before - after
        case Delete(before_):
            yield from {ref.address for ref in refs(before_.fields)}


def freed(changes: Mapping[StepId, Change], desired: Desired) -> Mapping[StepId, set[StepId]]:
    """What takes a value that only one object can have comes after the step that frees it.

    A create waits for deletes and renames, a rename for deletes; for other renames only where
    the API insists, for most kinds permit two objects of one name.
    """
    holders = {
        (_among(id), *token): id for id, change in changes.items() for token in frees(change)
    }
    found: dict[StepId, set[StepId]] = {}
    for id, change in changes.items():
        if id.part == EARLY:
            continue
        for names, value in takes(change, desired):
            other = holders.get((_among(id), names, value), id)
            strict = names[0] in KINDS[id.address.kind].unique
            if other != id and (
                strict or isinstance(change, Create) or isinstance(changes[other], Delete)
            ):
                found.setdefault(id, set()).add(other)
    return found


def _among(id: StepId) -> tuple[str, tuple[Address, ...]]:
    """Among what a value can be taken once only: the objects of a kind, or those of an owner."""
    return id.address.kind, KINDS[id.address.kind].owners(id.address)


Token: TypeAlias = tuple[tuple[str, ...], str]
"""Fields of which no two objects may have the same values, and those values in text."""


def tokens_of(kind: Kind) -> Iterator[tuple[str, ...]]:
    """The fields that tell the objects of a kind apart, alone or together."""
    if kind.key:
        yield kind.key
    yield from ((name,) for name in kind.unique if (name,) != kind.key)


def frees(change: Change) -> Iterator[Token]:
    """What nobody has once a change is made."""
    for names in tokens_of(KINDS[change.address.kind]):
        match change:
            case Delete(before):
                yield names, str(tuple(before.fields.get(name) for name in names))
            case Update(_, edits, _):
                yield from ((names, str((e.before,))) for e in edits if e.path == names)
            case Create():
                pass


def takes(change: Change, desired: Desired) -> Iterator[Token]:
    """What a change needs nobody to have."""
    kind = KINDS[change.address.kind]
    for names in tokens_of(kind):
        match change:
            case Create(after) if names == kind.key:
                yield names, str(desired.declarations[after.address].identity.key)
            case Create(after):
                yield names, str(tuple(after.fields.get(name) for name in names))
            case Update(_, edits, _):
                yield from ((names, str((e.after,))) for e in edits if e.path == names)
            case Delete():
                pass
