"""What an earlier apply named and the files no longer do, though nobody ever declared it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tenantctl.kinds import KINDS, Kind
from tenantctl.model import (
    Address,
    Declaration,
    Desired,
    Entry,
    Identity,
    Origin,
    Value,
    from_json,
    refs,
)

NOWHERE = Origin("", 0, 0)


def with_former(desired: Desired, entries: Mapping[Address, Entry], domain: str) -> Desired:
    """*desired* that still tells who the members are that only the last receipt names.

    Those are made by others, or every tenant has them: a role would keep the permissions of a
    system API, were they not recognised once their last line is gone.
    """
    former = {
        address: Declaration(identity, (), NOWHERE)
        for address in formerly(entries)
        if address not in desired.declarations
        and (identity := _identity(address, domain)) is not None
    }
    return replace(desired, declarations={**former, **desired.declarations}) if former else desired


def formerly(entries: Mapping[Address, Entry]) -> frozenset[Address]:
    """The owners of everything in a receipt, and what the members of its associations refer to."""
    return frozenset(
        found
        for address, entry in entries.items()
        for found in _about(KINDS[address.kind], address, entry)
    )


def _about(kind: Kind, address: Address, entry: Entry) -> Iterator[Address]:
    yield from kind.owners(address)
    for element in entry.elements:
        yield from _named(kind, element)


def _named(kind: Kind, element: str) -> Iterator[Address]:
    """What a member refers to, given its key in canonical text."""
    path = (kind.members, "[]", kind.by) if kind.by else (kind.members, "[]")
    if kind.rule(path).ref:
        yield Address.parse(element)
    elif element.startswith("{"):
        value: Value = from_json(json.loads(element))
        yield from (ref.address for ref in refs(value))


def _identity(address: Address, domain: str) -> Identity | None:
    kind = KINDS.get(address.kind)
    if kind and address.key in kind.system:
        return Identity(tuple(form.format(domain=domain) for form in kind.system[address.key]))
    return Identity((address.key,)) if kind and kind.given else None
