"""What somebody has changed in a tenant behind our back: files, last apply and tenant compared.

What was applied last is the base. Where the tenant is not as that, somebody changed it there; where
the files are not as that, somebody changed them. Both comparisons are those of the one differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tenantctl.engine.departures import candidates
from tenantctl.engine.diff import Known, change_of
from tenantctl.engine.merge import at
from tenantctl.kinds import KINDS, Kind, Lens, element_key, holds
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Delete,
    Desired,
    Edit,
    Entry,
    Foreign,
    Origin,
    Path,
    Receipt,
    Ref,
    Resource,
    Tenant,
    Update,
    Value,
    refs,
)

DRIFT, CONFLICT, AGREED, PENDING, UNCLEAR = "drift", "conflict", "agreed", "pending", "unclear"
WHATS = (CONFLICT, DRIFT, UNCLEAR, AGREED, PENDING)
"""What a difference can be, what needs a person most first."""
BEHIND = frozenset({DRIFT, CONFLICT})
"""What somebody has changed in the tenant, and the next apply would change again."""
CHANGED, DELETED, RENEWED, ADDED, TAKEN = "changed", "deleted", "renewed", "added", "taken away"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something of which the last apply, the tenant and the files do not say the same.

    *what*: `drift`: changed in the tenant, and the files ask for what was applied; `conflict`:
    changed in both, and not alike; `agreed`: changed in the tenant, and the files ask for nothing
    else; `pending`: changed in the files alone; `unclear`: the tenant is not as the files say, and
    the receipt does not tell what was applied.
    *how*: `changed`, `deleted`, `renewed` (there again under another id), and of a *member* of an
    association, by its key, `added` or `taken away`. Without a *path* the resource as a whole is
    meant. *applied*, *live* and *desired* are ABSENT where there is nothing.
    """

    address: Address
    what: str
    how: str = CHANGED
    path: Path = ()
    applied: Value = ABSENT
    live: Value = ABSENT
    desired: Value = ABSENT
    member: str = ""


def remembers(entry: Entry) -> bool:
    """Whether *entry* tells the values that were applied; those of an earlier version do not."""
    return bool(entry.fields) or entry.paths == ((),)


def as_left(entries: Mapping[Address, Entry]) -> Tenant:
    """What was applied, as far as receipts tell."""
    told = {address: entry for address, entry in entries.items() if remembers(entry)}
    return Tenant({address: Resource(address, entry.fields) for address, entry in told.items()})


def drift_of(
    desired: Desired, live: Tenant, known: Known, only: Collection[Address] | None = None
) -> tuple[Difference, ...]:
    """Every difference between what was applied, *live* and *desired*, by address.

    *known* holds what was applied, and *live* was read for both. With *only* others are passed
    over. What the files leave alone, on hold or with a phase that is not released, is not looked
    at; nor are secrets of which nobody can tell.
    """
    leaving = candidates(desired, known.entries, retire=False)
    going = {address for address, why in leaving.items() if why != "unmanaged"}
    there = {*desired.tenant.resources, *going}
    addresses = there if only is None else there.intersection(only)
    ids = {(a.kind, entry.id): a for a, entry in known.entries.items() if entry.id}
    found: list[Difference] = []
    for address in sorted(addresses):
        found += _differences(_three(address, desired, live, known), ids)
    return tuple(found)


def drifted(
    found: Iterable[Difference], last: Receipt | None, digest: str
) -> tuple[Difference, ...]:
    """What of *found* somebody surely made in the tenant.

    Where a receipt does not tell values, it is what differs although a converged apply of the same
    definition, by its *digest*, left it otherwise.
    """
    sure = last is not None and last.status == "converged" and last.digest == digest
    mine = BEHIND | {UNCLEAR} if sure else BEHIND
    return tuple(each for each in found if each.what in mine)


def by_address(found: Iterable[Difference]) -> Mapping[Address, list[Difference]]:
    """What of *found* belongs to each address."""
    mine: dict[Address, list[Difference]] = {}
    for each in found:
        mine.setdefault(each.address, []).append(each)
    return mine


def origin_of(each: Difference, desired: Desired) -> Origin | None:
    """Where the files say what they say of a difference: its member, its field, its resource."""
    known = desired.origins.get(each.address, {})
    for path in ((*each.path, each.member) if each.member else (), each.path):
        found = next((o for at, o in known.items() if path and at[: len(path)] == path), None)
        if found is not None:
            return found
    declared = desired.declarations.get(each.address)
    return declared.home if declared else None


def gone_with(each: Difference, found: Iterable[Difference]) -> Difference | None:
    """The delete in the tenant that took a member of an association along.

    What is there again under another id was deleted before.
    """
    if each.how != TAKEN or each.what not in BEHIND:
        return None
    named = {ref.address for ref in refs(each.applied)}
    gone = (d for d in found if d.how in {DELETED, RENEWED} and d.address in named)
    return next(gone, None)


def told(change: Change, found: Collection[Difference]) -> str:
    """Why *change* is in a plan, where somebody's change of the same address is why; else empty."""
    mine = [each for each in found if each.what in BEHIND]
    if isinstance(change, Update):
        mine = [d for d in mine if d.path and any(meet(e.path, d.path) for e in change.edits)]
        verb = "changed"
    else:
        mine = [d for d in mine if d.how == DELETED and isinstance(change, Create)]
        verb = "deleted"
    if not mine:
        return ""
    if any(each.what == CONFLICT for each in mine):
        return f"{verb} in the tenant since the last apply, and changed in the files"
    return f"{verb} in the tenant since the last apply"


@dataclass(frozen=True, slots=True)
class _Three:
    """One address as it *was* applied, as it is (*have*), and as it is asked for (*want*).

    *behind* is what would make of it what was applied, *asked* what is asked for.
    """

    address: Address
    was: Entry | None
    have: Resource | None
    want: Resource | None
    behind: Change | None
    asked: Change | None
    renewed: bool

    @property
    def kind(self) -> Kind:
        return KINDS[self.address.kind]

    @property
    def lens(self) -> Lens:
        """The kind as it looks for what is there, as far as nobody asks for anything else."""
        fields = [each.fields for each in (self.have, self.want) if each]
        return Lens(self.kind, {name: item for each in fields for name, item in each.items()})


def _three(address: Address, desired: Desired, live: Tenant, known: Known) -> _Three:
    was, have, want = known.entries.get(address), live.get(address), desired.tenant.get(address)
    worded = live.as_applied.get(address, have)
    mode = desired.declarations[address].mode if want else "managed"
    behind: Change | None = None
    if was is not None and remembers(was):
        behind = change_of(
            Resource(address, was.fields), worded, mode, replace(known, as_left=True)
        )
    asked: Change | None = None
    if want is not None:
        asked = change_of(want, have, mode, known)
    elif have is not None:
        asked = Delete(have)
    return _Three(address, was, worded, want, behind, asked, address in live.renewed)


def _differences(three: _Three, ids: Mapping[tuple[str, str], Address]) -> Iterator[Difference]:
    was = three.was
    if was is None or not remembers(was):
        yield from _asked(three, (), UNCLEAR if was else PENDING)
        return
    if three.renewed:
        yield Difference(three.address, DRIFT, RENEWED)
    if isinstance(three.behind, Create):
        yield _gone(three, was)
    elif three.kind.members:
        yield from _members(three, was)
    else:
        moved = tuple(_moved(three, ids))
        yield from (_judged(three, was, edit) for edit in moved)
        yield from _asked(three, moved, PENDING)


def _gone(three: _Three, was: Entry) -> Difference:
    """What somebody has deleted in the tenant."""
    if three.want is None:
        return Difference(three.address, AGREED, DELETED, (), was.fields)
    wanted = three.want.fields
    what = DRIFT if _alike(three.lens, was.fields, wanted, ()) else CONFLICT
    return Difference(three.address, what, DELETED, (), was.fields, ABSENT, wanted)


def _moved(three: _Three, ids: Mapping[tuple[str, str], Address]) -> Iterator[Edit]:
    """What somebody changed: no secrets of which nobody can tell, and no names of what is gone.

    An object that was deleted, or made again, leaves its old id behind where others name it.
    """
    for edit in _edits(three.behind):
        one, other = _named(edit.after, ids), _named(edit.before, ids)
        if not holds(three.lens, one, other, edit.path):
            yield edit


def _named(value: Value, ids: Mapping[tuple[str, str], Address]) -> Value:
    """*value* with the address wherever an id stands that a receipt knows, or a reference."""
    if isinstance(value, Mapping):
        return {key: _named(item, ids) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_named(item, ids) for item in value]
    if isinstance(value, Foreign) and (value.kind, value.id) in ids:
        return Ref(ids[value.kind, value.id])
    return Ref(value.address) if isinstance(value, Ref) else value


def _edits(change: Change | None) -> tuple[Edit, ...]:
    """The edits of an update, but for secrets of which nobody can tell."""
    edits = change.edits if isinstance(change, Update) else ()
    return tuple(edit for edit in edits if not edit.unknown)


def meet(one: Path, other: Path) -> bool:
    """Whether a path leads to what is at, above or below the other."""
    size = min(len(one), len(other))
    return one[:size] == other[:size]


def _alike(lens: Lens, one: Value, other: Value, path: Path) -> bool:
    """Whether two declared values ask for the same."""
    return holds(lens, one, other, path) and holds(lens, other, one, path)


def _judged(three: _Three, was: Entry, edit: Edit) -> Difference:
    """What a field is that somebody has changed in the tenant."""
    path, want = edit.path, three.want
    applied, desired = at(was.fields, path), at(want.fields, path) if want else ABSENT
    if want is None:
        what = CONFLICT
    elif not any(meet(each.path, path) for each in _edits(three.asked)):
        what = AGREED
    else:
        what = DRIFT if _alike(three.lens, applied, desired, path) else CONFLICT
    return Difference(three.address, what, CHANGED, path, applied, edit.before, desired)


def _asked(three: _Three, moved: Collection[Edit], what: str) -> Iterator[Difference]:
    """What is asked for otherwise, but for where somebody has *moved* something."""
    applied = three.was.fields if three.was else {}
    match three.asked:
        case Create(after):
            how = DELETED if what == UNCLEAR else CHANGED
            yield Difference(three.address, what, how, (), ABSENT, ABSENT, after.fields)
        case Delete(before) if not moved:
            yield Difference(three.address, what, CHANGED, (), applied, before.fields)
    for edit in _edits(three.asked):
        if not any(meet(edit.path, each.path) for each in moved):
            values = (at(applied, edit.path), edit.before, edit.after)
            yield Difference(three.address, what, CHANGED, edit.path, *values)


def _members(three: _Three, entry: Entry) -> Iterator[Difference]:
    """An association, member by member."""
    kind = three.kind
    was, have, want = (
        _keyed(kind, fields)
        for fields in (
            entry.fields,
            three.have.fields if three.have else {},
            three.want.fields if three.want else {},
        )
    )
    asked = _touched(kind, three.asked)
    if three.want is None:
        asked &= was.keys()
    moved = _touched(kind, three.behind) | (have.keys() & want.keys() - was.keys() - asked)
    for key in sorted(moved | asked):
        applied, live, desired = (each.get(key, ABSENT) for each in (was, have, want))
        what = AGREED if key in moved else PENDING
        if key in moved & asked:
            unchanged = _alike(three.lens, applied, desired, (kind.members, "[]"))
            what = DRIFT if unchanged else CONFLICT
        how = _how(applied, live) if key in moved else _how(live, desired)
        values = (applied, live, desired)
        yield Difference(three.address, what, how, (kind.members,), *values, member=key)


def _keyed(kind: Kind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """The members of an association by their keys."""
    return {element_key(item, kind.by): item for item in fields.get(kind.members, ())}


def _touched(kind: Kind, change: Change | None) -> set[str]:
    """The keys of the members that *change* adds, takes away or makes others."""
    if isinstance(change, Create | Delete):
        resource = change.after if isinstance(change, Create) else change.before
        return set(_keyed(kind, resource.fields))
    found: set[str] = set()
    for edit in _edits(change):
        before, after = (_keyed(kind, {kind.members: v}) for v in (edit.before, edit.after))
        found |= {k for k in {*before, *after} if before.get(k, ABSENT) != after.get(k, ABSENT)}
    return found


def _how(before: Value, after: Value) -> str:
    if before is ABSENT:
        return ADDED
    return TAKEN if after is ABSENT else CHANGED
