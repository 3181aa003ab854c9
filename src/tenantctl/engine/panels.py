"""What a person sees of a promotion before anything is written: three panels. Pure.

What the source got, what the target will get, and what will still differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tenantctl.engine.compare import compare
from tenantctl.engine.merge import at
from tenantctl.engine.promotion import Offer
from tenantctl.engine.residual import Residue, Side, Where, besides
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Delete,
    Desired,
    Edit,
    Entry,
    Origin,
    Path,
    Plan,
    Receipt,
    Resource,
    Tenant,
    TestReceipt,
    Update,
    same,
    secret_names,
)


@dataclass(frozen=True, slots=True)
class Came:
    """What a definition has brought since another one.

    *changes* is None where that is not known, or everything is new; *note* says so, or says what
    was left out.
    """

    changes: tuple[Change, ...] | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unexercised:
    """A change of the plan that the source has never seen, and where it comes from."""

    address: Address
    path: Path
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Panels:
    """All there is to say about a promotion of *digest*, which *commit* has.

    *tests* are those of the source that passed for it. *secrets* are names of which each
    environment has its own value. *notes* are whole sentences.
    """

    offer: Offer
    digest: str
    commit: str
    came: Came
    tests: tuple[TestReceipt, ...]
    plan: Plan
    unexercised: tuple[Unexercised, ...]
    residue: Residue
    secrets: tuple[str, ...]
    notes: tuple[str, ...] = ()


def came(
    got: Receipt | None, target: Receipt | None, former: Receipt | None, known: Residue
) -> Came:
    """What came with the definition that the source *got* since the *target*'s last one.

    *former* is the source's own receipt of that one, if there is one; without it the two
    environments are compared, and what differs between them anyway is left out.
    """
    if got is None:
        return Came(None, "There is no receipt to tell what has changed.")
    if target is None:
        return Came(None, "The target has had nothing yet: everything is new there.")
    if target.digest == got.digest:
        return Came((), "The target has this definition already.")
    if not (_told(got) and _told(former or target)):
        return Came(None, "Receipts of an earlier version do not say what was applied.")
    changes = compare(_tenant(former or target), _tenant(got))
    if former is not None:
        return Came(changes)
    note = (
        "The source has no receipt of what the target has, so the two were compared; fields that "
        "differ between them anyway are left out."
    )
    return Came(besides(changes, known), note)


def _told(receipt: Receipt) -> bool:
    """Whether a receipt says which values were applied."""
    entries = receipt.entries.values()
    return not entries or any(entry.fields for entry in entries)


def _tenant(receipt: Receipt) -> Tenant:
    """What was declared when a receipt was written."""
    entries: Mapping[Address, Entry] = receipt.entries
    return Tenant.of(Resource(address, entry.fields) for address, entry in entries.items())


def had(receipt: Receipt | None, source: Side) -> Tenant:
    """What *source* has as its last *receipt* says; as its files do, where that tells no values.

    What its file says by now nobody has seen at work yet, and what it has on hold is of another
    definition.
    """
    there = _tenant(receipt) if receipt and _told(receipt) else source.desired.tenant
    held = source.desired.withheld
    return Tenant.of(each for each in there if held.get(each.address) != "hold")


def unexercised(
    plan: Plan, source: Tenant, target: Desired, brought: Came
) -> Iterator[Unexercised]:
    """The changes of *plan* that come from the target's own environment, and from it alone.

    *source* is what the source has.
    """
    known = None if brought.changes is None else set(_touched(brought.changes))
    for step in plan.steps:
        change = step.change
        there = source.get(change.address)
        declared = target.declarations.get(change.address)
        home = declared.home if declared else None
        if isinstance(change, Update) and there is not None:
            for edit in change.edits:
                if not _seen(change.address, edit, there, known):
                    yield from _own(change.address, edit.path, target)
        elif isinstance(change, Delete) == (there is not None):
            yield Unexercised(change.address, (), home)


def _touched(changes: Iterable[Change]) -> Iterator[Where]:
    for change in changes:
        edits = change.edits if isinstance(change, Update) else ()
        yield from ((change.address, edit.path) for edit in edits)
        if not edits:
            yield change.address, ()


def _seen(address: Address, edit: Edit, there: Resource, known: set[Where] | None) -> bool:
    """Whether the source has the same value, or the definition brought another one.

    Where everything is new, whether the source has a value of its own.
    """
    path, value = edit.path, at(there.fields, edit.path)
    if value is not ABSENT and (known is None or same(value, edit.after)):
        return True
    if known is None:
        return False
    return any(
        mine == address and (path[: len(other)] == other or other[: len(path)] == path)
        for mine, other in known
    )


def _own(address: Address, path: Path, desired: Desired) -> Iterator[Unexercised]:
    """A field, if an environment file says what it is to be."""
    for leaf, origin in desired.origins.get(address, {}).items():
        if leaf[: len(path)] == path:
            for each in (origin, *origin.via):
                if each.layer in {"variable", "override"}:
                    yield Unexercised(address, path, each)
                    return


def secrets_of(desired: Desired) -> tuple[str, ...]:
    """The names of all secrets that a tenant uses."""
    return tuple(sorted({n for resource in desired.tenant for n in secret_names(resource.fields)}))
