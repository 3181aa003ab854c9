"""What the last receipt shows as ours and the files no longer have: deleted, or let go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.engine.merge import at
from tenantctl.kinds import KINDS, element_key
from tenantctl.model import (
    ABSENT,
    Address,
    Delete,
    Desired,
    Entry,
    Environment,
    Path,
    Released,
    Resource,
    Tenant,
    fields_of,
)

WHY = {
    "": "no longer declared",
    "only": "$only leaves it out of this environment",
    "declined": "its topic is declined in this environment",
    "phase": "its phase is no longer released, and --retire was given",
}


@dataclass(frozen=True, slots=True)
class Departures:
    """What goes: *deletes* with their reasons, and what stays but is *released* from our care."""

    deletes: tuple[Delete, ...] = ()
    reasons: Mapping[Address, str] = field(default_factory=dict)
    released: tuple[Released, ...] = ()


def candidates(
    desired: Desired, entries: Mapping[Address, Entry], *, retire: bool
) -> Mapping[Address, str]:
    """Addresses of the receipt that this environment no longer has, each with the reason.

    What only `phases` takes out needs *retire*; what is on hold stays ours. What is unmanaged
    is released, and never deleted.
    """
    gone = {address: desired.withheld.get(address, "") for address in entries}
    spared = {"hold"} if retire else {"hold", "phase"}
    return {
        address: why
        for address, why in gone.items()
        if address not in desired.tenant.resources and why not in spared
    }


def departures(
    desired: Desired,
    live: Tenant,
    entries: Mapping[Address, Entry],
    environment: Environment,
    *,
    retire: bool,
    delete: bool,
) -> Departures:
    """What becomes of the candidates, and of fields that the files no longer mention.

    *delete* permits the deletes of a run where the policy says `per_run`.
    """
    going = candidates(desired, entries, retire=retire)
    may = {"never": False, "per_run": delete, "managed": True}[environment.policy.delete]
    deletes: list[Delete] = []
    released = list(_released_fields(desired, live, entries))
    for address in sorted(going):
        have = live.get(address)
        taken = (owner for owner in _owners(address) if owner in going)
        if have is None or any(not _stays(owner, live) for owner in taken):
            continue
        if _stays(address, live) or not may or going[address] == "unmanaged":
            released.append(Released(address, (), None))
        elif (ours := _ours(have, entries[address])) is not None:
            deletes.append(Delete(ours))
    reasons = {d.address: WHY[going[d.address]] for d in deletes}
    return Departures(tuple(deletes), reasons, tuple(released))


def _owners(address: Address) -> tuple[Address, ...]:
    """The resources whose delete takes the one at *address* with it."""
    return KINDS[address.kind].owners(address)


def _stays(address: Address, live: Tenant) -> bool:
    have = live.get(address)
    return KINDS[address.kind].stays(address.key, have.fields if have else None)


def _ours(have: Resource, entry: Entry) -> Resource | None:
    """What of a live resource is ours to delete: of an association, the members we added."""
    kind = KINDS[have.address.kind]
    if not (name := kind.members):
        return have
    there = have.fields.get(name, ())
    members = [item for item in there if element_key(item, kind.by) in entry.elements]
    return Resource(have.address, {name: members}) if members else None


def _released_fields(
    desired: Desired, live: Tenant, entries: Mapping[Address, Entry]
) -> Iterator[Released]:
    for address, entry in sorted(entries.items()):
        want, have = desired.tenant.get(address), live.get(address)
        if want is None or have is None or KINDS[address.kind].members:
            continue
        declared = set(managed_paths(want))
        for path in entry.paths:
            value = at(have.fields, path)
            if path not in declared and value is not ABSENT and not _covers(declared, path):
                yield Released(address, path, value)


def _covers(declared: set[Path], path: Path) -> bool:
    """Whether something at, above or below *path* is declared still."""
    return any(path[: len(d)] == d or d[: len(path)] == path for d in declared)


def managed_paths(resource: Resource) -> tuple[Path, ...]:
    """The fields that a declared resource manages; a list is one field."""
    return tuple(path for path, _ in fields_of(resource.fields))
