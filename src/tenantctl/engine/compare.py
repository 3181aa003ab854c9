"""Any two states of tenants beside each other: files, receipts, backups and live tenants.

A live tenant and a backup say all there is, files and receipts only what they manage. Where one
says all and the other only what it manages, the differ compares what is managed, and that alone.
Where both are alike, whatever either says is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tenantctl.engine.diff import Known, change_of
from tenantctl.kinds import (
    KINDS,
    Kind,
    Lens,
    Mark,
    element_key,
    fold,
    holds,
    leaves,
    text_of,
    unfold,
)
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Delete,
    Edit,
    Path,
    Resource,
    Sealed,
    Tenant,
    Text,
    Update,
    Value,
    is_secret,
    same,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """How two tenants are compared.

    *live*: which of the two say all there is; the others say only what they manage. Where one of
    them does, *modes* are those of associations as the other one declares them, `managed` without,
    and *known* what is known of its last apply. Where none does, *marks* of both say which secrets
    of the same name are others. *keyed*: the fingerprints of both are made with the
    same key.
    """

    live: Literal["", "a", "b", "both"] = ""
    modes: Mapping[Address, str] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    marks: tuple[Mark, Mark] | None = None
    keyed: bool = False


DECLARED = Terms()
"""Both say what they manage."""


def compare(a: Tenant, b: Tenant, terms: Terms = DECLARED) -> tuple[Change, ...]:
    """What turns *a* into *b*, by address; nobody is to carry it out.

    What only *a* has is a Delete, a field that only *a* has an Edit to ABSENT. The other way round
    it is the same with before and after changed. An edit that is *unknown* is of a secret of which
    nobody can tell.
    """
    if terms.live == "a":
        return tuple(_towards(b, a, terms))
    if terms.live == "b":
        return tuple(map(mirrored, _towards(a, b, terms)))
    return tuple(_both(a, b, terms))


def _towards(declared: Tenant, live: Tenant, terms: Terms) -> Iterator[Change]:
    """What makes *live* what is *declared*, as far as that goes."""
    for address in sorted(declared.resources):
        want, have = declared.resources[address], live.get(address)
        change = change_of(want, have, terms.modes.get(address, "managed"), terms.known)
        if change is not None:
            yield replace(change, resend=()) if isinstance(change, Update) else change


def mirrored(change: Change) -> Change:
    """The change that leads back."""
    match change:
        case Create(resource):
            return Delete(resource)
        case Delete(resource):
            return Create(resource)
        case Update(address, edits, _):
            back = (replace(edit, before=edit.after, after=edit.before) for edit in edits)
            return Update(address, tuple(back))


def _both(a: Tenant, b: Tenant, terms: Terms) -> Iterator[Change]:
    for address in sorted(a.resources.keys() | b.resources.keys()):
        if address not in a.resources:
            yield Create(b.resources[address])
        elif address not in b.resources:
            yield Delete(a.resources[address])
        elif edits := tuple(_differing(a.resources[address], b.resources[address], terms)):
            yield Update(address, edits)


def _differing(a: Resource, b: Resource, terms: Terms) -> Iterator[Edit]:
    kind = KINDS[a.address.kind]
    before, after = a.fields, b.fields
    if terms.live and not terms.keyed:
        before, after = (_blank(fields) for fields in (before, after))
    elif not terms.live and terms.marks:
        before = _apart(kind, (a, b), terms.marks, keyed=terms.keyed)
    if same(before, after):
        return
    if terms.live:
        before, after = (unfold(kind, fold(kind, each), a.address.key) for each in (before, after))
    one, other = sorted((before, after), key=text_of)  # so that rules are the same both ways
    sides = Sides(Lens(kind, {**one, **other}), whole=bool(terms.live))
    if kind.members:
        yield from sides.members(kind, before, after)
    else:
        yield from sides.edits(before, after, ())


def _blank(value: Value) -> Value:
    """*value* without fingerprints, which say nothing where they are of different keys."""
    if isinstance(value, Mapping):
        return {key: _blank(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_blank(item) for item in value]
    return Sealed(None) if isinstance(value, Sealed) else value


def _apart(
    kind: Kind, sides: tuple[Resource, Resource], marks: tuple[Mark, Mark], *, keyed: bool
) -> Mapping[str, Value]:
    """The fields of the first, sealed where a secret is another one than the second's."""
    one, other = (side.fields for side in sides)
    lens = Lens(kind, one)
    there = dict(leaves(lens, kind.sealing(other)))
    gone = {
        path
        for path, value in leaves(lens, kind.sealing(one))
        if is_secret(value) and there.get(path) == value
        if _are_others(*(mark(value) for mark in marks), keyed=keyed)
    }
    return {key: _sealed(lens, value, gone, ((key,), (key,))) for key, value in one.items()}


def _are_others(mine: tuple[str, str], theirs: tuple[str, str], *, keyed: bool) -> bool:
    """Whether two marks certainly are those of different secrets."""
    versions, seals = zip(mine, theirs, strict=True)
    told = [versions, *([seals] if keyed else [])]
    return any(one and other and one != other for one, other in told)


def _sealed(lens: Lens, value: Value, gone: Collection[Path], at: tuple[Path, Path]) -> Value:
    """*value* with a seal wherever its keyed path is *gone*; *at* is that and the ruled one."""
    keyed, ruled = at
    if keyed in gone:
        return Sealed(None)
    if isinstance(value, Mapping):
        return {
            key: _sealed(lens, item, gone, ((*keyed, key), (*ruled, key)))
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        by, inner = lens.rule(ruled).by, (*ruled, "[]")
        names = (element_key(item, by) if by else str(index) for index, item in enumerate(value))
        return [
            _sealed(lens, item, gone, ((*keyed, name), inner))
            for name, item in zip(names, value, strict=True)
        ]
    return value


@dataclass(frozen=True, slots=True)
class Sides:
    """One resource as two tenants have it, neither more than the other.

    *whole*: what is not there has its default. Otherwise it is not managed, which is not the same.
    """

    lens: Lens
    whole: bool

    def edits(self, before: Value, after: Value, path: Path) -> Iterator[Edit]:
        """The fields that differ, in the order of their names."""
        rule = self.lens.rule(path)
        if rule.when == "never" or rule.read == "volatile":
            return
        if self._are_structs(before, after):
            there = {} if before is ABSENT else before
            then = {} if after is ABSENT else after
            for key in sorted(there.keys() | then.keys()):
                inner = (*path, key)
                if not self._is_told(inner, {*there, *then}):
                    yield from self.edits(there.get(key, ABSENT), then.get(key, ABSENT), inner)
        elif not self._alike(before, after, path):
            yield Edit(path, before, after)

    def _is_told(self, path: Path, beside: Collection[str]) -> bool:
        """Whether what stands at *path* only says what something *beside* it says."""
        return self.whole and any(maker in beside for maker in self.lens.rule(path).made_of)

    def _are_structs(self, before: Value, after: Value) -> bool:
        """Whether to go on inside: both are structures, or one is and the other is not there."""
        structs = [isinstance(value, Mapping) for value in (before, after)]
        if all(structs):
            return True
        there = before if structs[0] else after
        return any(structs) and ABSENT in (before, after) and bool(there or self.whole)

    def _alike(self, before: Value, after: Value, path: Path) -> bool:
        if not self.whole and (before is ABSENT) != (after is ABSENT):
            return False
        ways = ((before, after), (after, before))
        return all(holds(self.lens, want, have, path) for want, have in ways)

    def members(
        self, kind: Kind, before: Mapping[str, Value], after: Mapping[str, Value]
    ) -> Iterator[Edit]:
        """The one edit of an association: its members are a set, each with its attributes."""
        name = kind.members
        old, new = (
            {element_key(member, kind.by): member for member in fields.get(name, ())}
            for fields in (before, after)
        )
        path = (name, "[]")
        there = old.keys() == new.keys()
        if not (there and all(self._alike(old[key], new[key], path) for key in old)):
            yield Edit((name,), list(old.values()), list(new.values()))


def renamed(value: Value, old: str, new: str) -> Value:
    """*value* with the domain *new* wherever a text mentions the domain *old*."""
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, Text):
        return Text(tuple(p.replace(old, new) if isinstance(p, str) else p for p in value.parts))
    if isinstance(value, Mapping):
        return {key: renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [renamed(item, old, new) for item in value]
    return value


def without(
    changes: tuple[Change, ...], folded: Callable[[Address, Edit], bool]
) -> tuple[tuple[Change, ...], int]:
    """*changes* without the edits that are *folded*, and how many those are."""
    found: list[Change] = []
    count = 0
    for change in changes:
        if not isinstance(change, Update):
            found.append(change)
            continue
        kept = tuple(edit for edit in change.edits if not folded(change.address, edit))
        count += len(change.edits) - len(kept)
        if kept:
            found.append(replace(change, edits=kept))
    return tuple(found), count


def only_domain(edit: Edit, old: str, new: str) -> bool:
    """Whether an edit says no more than that the domain is *old* here and *new* there."""
    if not (old and new) or old == new:
        return False
    return same(renamed(edit.before, old, new), edit.after)
