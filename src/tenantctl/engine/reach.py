"""Whom a change reaches: applications and organizations, by what refers to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Change, Create, Delete, Plan, Update, Value, refs


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a change reaches. *counted* are addresses, sorted; *everybody* who signs in, or not."""

    everybody: bool = False
    counted: tuple[Address, ...] = ()


Reaches = Callable[[Change], Reach]


@dataclass(frozen=True, slots=True)
class Uses:
    """Who uses what: *names* what each address refers to, *users* the other way round."""

    names: Mapping[Address, frozenset[Address]]
    users: Mapping[Address, frozenset[Address]]


def reaches(plan: Plan) -> Reaches:
    """What tells whom a change of *plan* reaches, by all that is declared and all that goes.

    Nothing is known of what nobody declares.
    """
    uses = _uses(plan)
    known: dict[Address, Reach] = {}

    def reach(change: Change) -> Reach:
        address = change.address
        kind = KINDS.get(address.kind)
        if kind is None:
            return Reach()
        if kind.members:
            return _members(kind, change, uses)
        if address not in known:
            known[address] = _reach(address, uses)
        return known[address]

    return reach


def _uses(plan: Plan) -> Uses:
    """Who uses what once the plan is carried out, and until then."""
    names: dict[Address, set[Address]] = {}
    for address, entry in plan.entries.items():
        names.setdefault(address, set()).update(_named(address, entry.fields))
    for step in plan.steps:
        for value in _said(step.change):
            names.setdefault(step.address, set()).update(_named(step.address, value))
    users: dict[Address, set[Address]] = {}
    for address, named in names.items():
        for each in named:
            users.setdefault(each, set()).add(address)
    return Uses(_frozen(names), _frozen(users))


def _frozen(found: Mapping[Address, set[Address]]) -> Mapping[Address, frozenset[Address]]:
    return {address: frozenset(each) for address, each in found.items()}


def _said(change: Change) -> Iterator[Value]:
    match change:
        case Create(resource) | Delete(resource):
            yield resource.fields
        case Update(_, edits, _):
            for edit in edits:
                yield from (edit.before, edit.after)


def _named(address: Address, value: Value) -> Iterator[Address]:
    """What *value* refers to, and the owners of what stands at *address*."""
    yield from (ref.address for ref in refs(value))
    if kind := KINDS.get(address.kind):
        yield from kind.owners(address)


def _reach(address: Address, uses: Uses) -> Reach:
    """Whoever uses *address*, directly or through what uses it."""
    everybody, counted = False, set[Address]()
    seen, ahead = {address}, [address]
    if (own := _way(address)) != "":
        return Reach(own in {"everybody", "binds"}, (address,) if own == "counted" else ())
    while ahead:
        for user in uses.users.get(ahead.pop(), frozenset()) - seen:
            seen.add(user)
            everybody = everybody or _way(user) == "binds"
            counted |= _counted([user])
            if _joins(user):
                counted |= _counted(uses.names[user])
            elif not _way(user):
                ahead.append(user)
    counted |= _counted(uses.names.get(address, ())) if _joins(address) else set()
    return Reach(everybody, tuple(sorted(counted)))


def _members(kind: Kind, change: Change, uses: Uses) -> Reach:
    """Of an association its owner, and the members that come or go, or all where none does."""
    named = uses.names.get(change.address, frozenset())
    if isinstance(change, Update):
        sides = [(_refs(e.before), _refs(e.after)) for e in change.edits]
        moved = {each for old, new in sides for each in old ^ new}
        named = frozenset((*moved, *kind.owners(change.address))) if moved else named
    return Reach(_way(change.address) == "everybody", tuple(sorted(_counted(named))))


def _refs(value: Value) -> frozenset[Address]:
    return frozenset(ref.address for ref in refs(value))


def _way(address: Address) -> str:
    kind = KINDS.get(address.kind)
    return kind.reach if kind else "nobody"


def _joins(address: Address) -> bool:
    """Whether it stands between those that it names: an association, or what has their keys."""
    kind = KINDS.get(address.kind)
    return kind is not None and (kind.owned or bool(kind.parts and not kind.fixed))


def _counted(addresses: Iterable[Address]) -> set[Address]:
    return {address for address in addresses if _way(address) == "counted"}
