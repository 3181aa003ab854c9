"""What of a live tenant nobody declares, and choosing some of it to be declared from now on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from tenantctl.errors import UsageError
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Draft, Note, Resource, refs


def unmanaged(draft: Draft, declared: Collection[Address]) -> Mapping[str, tuple[str, ...]]:
    """The names of what is in the tenant and nobody declares, by kind.

    Settings that every tenant has are not objects, and what hangs on an object goes with it.
    """
    found: dict[str, list[str]] = {}
    for address, resource in sorted(draft.resources.items()):
        if address not in declared and _is_object(KINDS[address.kind], address):
            found.setdefault(address.kind, []).append(called(resource))
    return {kind: tuple(sorted(names)) for kind, names in found.items()}


def _is_object(kind: Kind, address: Address) -> bool:
    made = bool(kind.wire.create) or kind.legacy
    return bool(made and address.key and not kind.authored_in and address.key not in kind.system)


def called(resource: Resource) -> str:
    """What people call a resource: its natural key where that is one text, else its key."""
    kind = KINDS[resource.address.kind]
    name = resource.fields.get(kind.key[0]) if len(kind.key) == 1 else None
    return name if isinstance(name, str) else resource.address.key


def choose(draft: Draft, declared: Collection[Address], kind: str, names: Sequence[str]) -> Draft:
    """What of *draft* has one of *names*, with all that it cannot be declared without.

    A name is an object's name, its key, its address, or a pattern such as `Shop *`. Raises
    UsageError for a name that nothing undeclared has.
    """
    free = {a: r for a, r in draft.resources.items() if a not in declared and a.kind == kind}
    picked: set[Address] = set()
    for name in names:
        fitting = {a for a, r in free.items() if _has(r, name)}
        if not fitting:
            raise UsageError(*_nothing(draft, declared, kind, name))
        picked |= fitting
    more = _needed(draft, declared, picked)
    wanted = {address: draft.resources[address] for address in sorted({*picked, *more})}
    known = {*declared, *wanted}
    inner = {
        address: _pruned(resource, known)
        for address, resource in draft.resources.items()
        if KINDS[address.kind].authored_in
        and set(KINDS[address.kind].owners(address)) & wanted.keys()
    }
    notes = tuple(
        Note("hint", f"{address} comes along: something that was asked for refers to it")
        for address in sorted(more - picked)
    )
    return replace(draft, resources={**wanted, **inner}, notes=notes)


def _has(resource: Resource, name: str) -> bool:
    words = (called(resource), resource.address.key, str(resource.address))
    return name in words or any(fnmatchcase(word, name) for word in words)


def _nothing(draft: Draft, declared: Collection[Address], kind: str, name: str) -> tuple[str]:
    there = [called(r) for a, r in draft.resources.items() if a.kind == kind]
    ours = [r for a, r in draft.resources.items() if a in declared and a.kind == kind]
    if any(_has(each, name) for each in ours):
        return (f"{kind} {name} is declared already",)
    return (f"the tenant has no {kind} {name}; it has {', '.join(sorted(there)) or 'none'}",)


def _needed(
    draft: Draft, declared: Collection[Address], picked: Iterable[Address]
) -> frozenset[Address]:
    """What has to be declared with *picked*: whatever they refer to and nobody declares."""
    found: set[Address] = set()
    left = list(picked)
    while left:
        for address in _named(draft, left.pop()):
            known = address in declared or address in found
            if not known and address in draft.resources:
                found.add(address)
                left.append(address)
    return frozenset(found)


def _named(draft: Draft, address: Address) -> Iterator[Address]:
    kind = KINDS[address.kind]
    yield from kind.owners(address)
    for ref in refs(draft.resources[address].fields):
        system = KINDS[ref.address.kind].system
        if ref.address.key not in system:
            yield ref.address


def _pruned(resource: Resource, known: Collection[Address]) -> Resource:
    """An association without members that nobody declares; anything else as it is."""
    kind = KINDS[resource.address.kind]
    if not kind.members:
        return resource
    members = [
        member
        for member in resource.fields.get(kind.members, ())
        if all(
            r.address in known or r.address.key in KINDS[r.address.kind].system
            for r in refs(member)
        )
    ]
    return Resource(resource.address, {**resource.fields, kind.members: members})
