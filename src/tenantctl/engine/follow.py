"""What refers to a value that a write makes another follows it, in the same plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from tenantctl.engine.merge import at
from tenantctl.kinds import KINDS
from tenantctl.model import (
    Address,
    Change,
    Desired,
    Edit,
    Foreign,
    Ref,
    Resource,
    Tenant,
    Text,
    Update,
    Value,
    fields_of,
    refs,
)


def followed(changes: Iterable[Change], desired: Desired, live: Tenant) -> tuple[Change, ...]:
    """*changes*, with an edit of every field that refers to what one of them makes another.

    Such a field is as declared and yet has to be written. What it holds live is the id of
    something that will be gone by then.
    """
    found = {change.address: change for change in changes}
    written = frozenset(a for a, change in found.items() if isinstance(change, Update))
    movable = {kind.name for kind in KINDS.values() if _moving(kind.name)}
    for want in desired.tenant if written else ():
        if want.address.kind in movable and want.address in live.resources:
            edits = tuple(_edits(want, live.resources[want.address], written))
            if edits:
                found[want.address] = _with(found.get(want.address), want.address, edits)
    return tuple(found[address] for address in sorted(found))


def _moving(kind: str) -> frozenset[tuple[str, str]]:
    """The kinds, each with a field, that *kind* refers to and that every write makes another."""
    named = (rule.ref for rule in KINDS[kind].rules if rule.ref)
    return frozenset((ref.to, ref.via) for ref in named if ref.moves)


def _edits(want: Resource, have: Resource, written: frozenset[Address]) -> Iterator[Edit]:
    moving = _moving(want.address.kind)
    for path, value in fields_of(want.fields):
        moved = {
            ref
            for ref in refs(value)
            if (ref.address.kind, ref.field) in moving and ref.address in written
        }
        if moved:
            before = at(have.fields, path)
            yield Edit(path, as_gone(before, partial(_among, moved)), value)


def _among(moved: set[Ref], value: Ref | Text) -> frozenset[Address]:
    return frozenset(ref.address for ref in refs(value) if ref in moved)


def as_gone(value: Value, gone: Callable[[Ref | Text], frozenset[Address]]) -> Value:
    """*value*, with an id that nothing carries wherever it names what *gone* says is no more."""
    if isinstance(value, Mapping):
        return {key: as_gone(item, gone) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_gone(item, gone) for item in value]
    if isinstance(value, Ref | Text) and (named := gone(value)):
        return Foreign(min(named).kind, "")
    return value


def _with(change: Change | None, address: Address, edits: tuple[Edit, ...]) -> Change:
    """*change* of *address*, if there is one, with *edits* in the place of its own."""
    if change is None:
        return Update(address, edits)
    if not isinstance(change, Update):
        return change
    paths = {edit.path for edit in edits}
    return replace(change, edits=(*(e for e in change.edits if e.path not in paths), *edits))
