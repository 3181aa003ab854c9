"""What holds an object that is to be deleted: let go of where that is possible, told where not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tenantctl.engine.edges import EARLY
from tenantctl.engine.merge import at
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import (
    Address,
    Change,
    Delete,
    Desired,
    Edit,
    Resource,
    StepId,
    Tenant,
    Update,
    Value,
    refs,
)


def holders(deletes: Iterable[Delete]) -> Mapping[Address, tuple[Address, ...]]:
    """Where each of *deletes* may be held: addresses of fixed kinds, which the object names."""
    return {
        delete.address: tuple(
            Address(name, key)
            for name, path in KINDS[delete.address.kind].held_by.items()
            if path
            for key in _keys(delete.before, path)
        )
        for delete in deletes
    }


def _keys(resource: Resource, path: tuple[str, ...]) -> Iterator[str]:
    """The values at *path*, which leads through a list: `("supported_triggers", "id")`."""
    *outer, name = path
    for item in at(resource.fields, tuple(outer)) or ():
        if isinstance(item, Mapping) and isinstance(key := item.get(name), str):
            yield key


def let_go(
    deletes: Iterable[Delete], desired: Desired, live: Tenant
) -> Iterator[tuple[StepId, Change, str]]:
    """For each holder that nobody declares an update that lets go of *deletes*, and the reason.

    What is declared lets go by itself: it cannot name what is not declared.
    """
    going = {delete.address for delete in deletes}
    names = {name for address in going for name in KINDS[address.kind].held_by}
    for resource in sorted(live, key=lambda each: each.address):
        address = resource.address
        settled = address in desired.tenant.resources or address in going
        if address.kind in names and not settled:
            edits = tuple(_edits(KINDS[address.kind], resource, going))
            if edits:
                said = ", ".join(sorted(map(str, _named(edits) & going)))
                yield StepId(address, EARLY), Update(address, edits), f"lets go of {said}"


def _edits(kind: Kind, resource: Resource, going: set[Address]) -> Iterator[Edit]:
    """Its lists without the elements that stand for something that goes."""
    for name, value in resource.fields.items():
        by = kind.rule((name,)).by
        if by and isinstance(value, list):
            left = [item for item in value if not _meant(item.get(by), going)]
            if len(left) < len(value):
                yield Edit((name,), value, left)


def _meant(value: Value, going: set[Address]) -> bool:
    return any(ref.address in going for ref in refs(value))


def _named(edits: Iterable[Edit]) -> set[Address]:
    return {ref.address for edit in edits for ref in refs(edit.before)}
