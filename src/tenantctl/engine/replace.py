"""Replacement: what can be set at birth only changes by a delete and a create of one address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenantctl.engine.diff import resend
from tenantctl.engine.edges import EARLY
from tenantctl.engine.follow import as_gone
from tenantctl.engine.merge import at
from tenantctl.engine.steps import LATE
from tenantctl.kinds import KINDS, Kind, Lens
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Delete,
    Desired,
    Edit,
    Former,
    Path,
    Resource,
    StepId,
    Tenant,
    Update,
    Value,
    dotted,
    fields_of,
    refs,
)

Causes = Mapping[Address, frozenset[Address]]
"""What is replaced, each with the addresses whose replacement somebody asked for."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The changes of a plan with its replacements carried through.

    *changes* are those that lead to what is desired; *early* comes before them, and counts as
    done where none of *former* is there any more. *reasons* are for people.
    """

    changes: tuple[Change, ...]
    early: Mapping[StepId, Change] = field(default_factory=dict)
    former: Mapping[StepId, tuple[Former, ...]] = field(default_factory=dict)
    reasons: Mapping[StepId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reborn:
    """What is replaced: *former* by address of those asked for, and *causes* of everything."""

    former: Mapping[Address, Former]
    causes: Causes

    def formers(self, addresses: Iterable[Address]) -> tuple[Former, ...]:
        roots = {root for address in addresses for root in self.causes[address]}
        return tuple(self.former[root] for root in sorted(roots))

    def meant(self, value: Value) -> frozenset[Address]:
        """What of it *value* refers to."""
        return frozenset(ref.address for ref in refs(value)) & self.causes.keys()


def birthmarks(change: Change, desired: Desired) -> tuple[Edit, ...]:
    """The edits of *change* that only a replacement can make."""
    if not isinstance(change, Update) or change.address not in desired.tenant.resources:
        return ()
    lens = Lens(KINDS[change.address.kind], desired.tenant.resources[change.address].fields)
    return tuple(edit for edit in change.edits if _set_at_birth(lens, edit.path))


def _set_at_birth(lens: Lens, path: Path) -> bool:
    return lens.rule(path).when == "create"


def replaced(
    changes: tuple[Change, ...], desired: Desired, live: Tenant, may: Callable[[Address], bool]
) -> Replaced:
    """*changes* with every replacement that *may* be: its delete, its create, what it entails.

    What names a replaced object in a field that is set at birth is replaced with it, what hangs
    on it is created again, and every other declared reference is pointed at the new object.
    """
    former = {
        change.address: Former(change.address, marks)
        for change in changes
        if (marks := birthmarks(change, desired)) and may(change.address)
    }
    if not former:
        return Replaced(changes)
    reborn = Reborn(former, _causes(former.keys(), desired, live))
    found = {change.address: change for change in changes}
    early: dict[StepId, Change] = {}
    reasons: dict[StepId, str] = {}
    for address in sorted(reborn.causes):
        found[address] = _anew(desired.tenant.resources[address], live, found.get(address))
        reasons[StepId(address)] = _why(address, reborn, "replaces the old one")
        if not any(owner in reborn.causes for owner in KINDS[address.kind].owners(address)):
            early[StepId(address, EARLY)] = Delete(live.resources[address])
            reasons[StepId(address, EARLY)] = _why(address, reborn, _marks(former.get(address)))
    formers = {id: reborn.formers([id.address]) for id in early}
    for update, before, addresses in _pointed(found, desired, live, reborn):
        found[update.address] = update
        said = ", ".join(map(str, sorted(addresses)))
        if not any(isinstance(c, Update) and c.address == update.address for c in changes):
            for part in ("", LATE):
                reasons[StepId(update.address, part)] = f"refers to {said}, which is replaced"
        if before is not None:
            id = StepId(update.address, EARLY)
            early[id], formers[id] = before, reborn.formers(addresses)
            reasons[id] = f"lets go of {said}, which is replaced"
    return Replaced(tuple(found[a] for a in sorted(found)), early, formers, reasons)


def _causes(roots: Iterable[Address], desired: Desired, live: Tenant) -> Causes:
    """*roots*, and everything there that is tied to one of them for life."""
    found: dict[Address, frozenset[Address]] = {root: frozenset({root}) for root in roots}
    there = [(r.address, ties(r)) for r in desired.tenant if r.address in live.resources]
    while True:
        grown = False
        for address, tied in there:
            have = found.get(address, frozenset())
            more = frozenset[Address]().union(*(found[one] for one in tied & found.keys()))
            if not more <= have:
                found[address], grown = have | more, True
        if not grown:
            return found


def ties(resource: Resource) -> frozenset[Address]:
    """The resources that one cannot outlive: its owners, and what it names for good."""
    kind = KINDS[resource.address.kind]
    lens = Lens(kind, resource.fields)
    named = (
        ref.address
        for path, value in fields_of(resource.fields)
        if path[0] in kind.key or _set_at_birth(lens, path)
        for ref in refs(value)
    )
    return frozenset({*named, *kind.owners(resource.address)})


def _anew(want: Resource, live: Tenant, change: Change | None) -> Create:
    """The create that comes after the delete; an association keeps the members it would keep."""
    name = KINDS[want.address.kind].members
    if not name:
        return Create(want)
    members = at(live.resources[want.address].fields, (name,))
    if isinstance(change, Update):
        members = change.edits[0].after
    return Create(Resource(want.address, {**want.fields, name: members}))


def _why(address: Address, reborn: Reborn, own: str) -> str:
    if address in reborn.former:
        return own
    return f"{', '.join(map(str, sorted(reborn.causes[address])))} is replaced"


def _marks(former: Former | None) -> str:
    paths = ", ".join(dotted(edit.path) for edit in former.edits) if former else ""
    return f"{paths} can be set at creation only"


def _pointed(
    changes: Mapping[Address, Change], desired: Desired, live: Tenant, reborn: Reborn
) -> Iterator[tuple[Update, Update | None, frozenset[Address]]]:
    """The updates that point at the new objects, each with what must let go of the old first."""
    for want in sorted(desired.tenant, key=lambda resource: resource.address):
        have = live.get(want.address)
        if have is None or want.address in reborn.causes:
            continue
        given = changes.get(want.address)
        update = given if isinstance(given, Update) else Update(want.address, ())
        kind = KINDS[want.address.kind]
        turns = tuple(_turns(kind, want, have, update, reborn))
        if not turns:
            continue
        addresses = frozenset[Address]().union(*(turn.meant for turn in turns))
        paths = {turn.after.path for turn in turns}
        edits = (*(e for e in update.edits if e.path not in paths), *(t.after for t in turns))
        yield (
            Update(want.address, edits, resend(kind, want, edits)),
            _freeing(kind, want, turns),
            addresses,
        )


def _freeing(kind: Kind, want: Resource, turns: tuple[Turn, ...]) -> Update | None:
    edits = tuple(turn.before for turn in turns if turn.before is not None)
    return Update(want.address, edits, resend(kind, want, edits)) if edits else None


@dataclass(frozen=True, slots=True)
class Turn:
    """One field on its way from an old object to a new one: *before* lets go, *after* takes."""

    before: Edit | None
    after: Edit
    meant: frozenset[Address]


def _turns(
    kind: Kind, want: Resource, have: Resource, update: Update, reborn: Reborn
) -> Iterator[Turn]:
    """The fields that refer to an old object and shall refer to the new one."""
    given = {edit.path: edit for edit in update.edits}
    if kind.members:
        edit = given.get((kind.members,)) or _still(have, (kind.members,))
        if reborn.meant(edit.before) & reborn.meant(edit.after):
            # The API forgets the members that are gone, so there is nothing to let go of.
            left = [item for item in edit.before if not reborn.meant(item)]
            yield Turn(None, replace(edit, before=left), reborn.meant(edit.after))
        return
    lens = Lens(kind, want.fields)
    for path, value in fields_of(want.fields):
        edit = given.get(path) or Edit(path, at(have.fields, path), value)
        meant = reborn.meant(edit.before) & reborn.meant(value)
        if meant:
            yield _turn(lens, edit, meant, reborn)


def _still(have: Resource, path: Path) -> Edit:
    value = at(have.fields, path)
    members = [] if value is ABSENT else value
    return Edit(path, members, members)


def _turn(lens: Lens, edit: Edit, meant: frozenset[Address], reborn: Reborn) -> Turn:
    rule = lens.rule(edit.path)
    if isinstance(edit.before, list) and (rule.list in {"set", "keyed", "sequence"}):
        named = [item.get(rule.by) if rule.by else item for item in edit.before]
        left = [
            item for item, name in zip(edit.before, named, strict=True) if not reborn.meant(name)
        ]
        if not reborn.meant(left) and (left or rule.unset != "illegal"):
            return Turn(Edit(edit.path, edit.before, left), replace(edit, before=left), meant)
    return Turn(None, replace(edit, before=as_gone(edit.before, reborn.meant)), meant)
