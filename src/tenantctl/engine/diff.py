"""The one differ. Preview, apply, drift, promotion and rehearsal all call this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from tenantctl.engine.follow import followed
from tenantctl.engine.merge import at, replaced_root
from tenantctl.kinds import KINDS, Kind, Lens, Mark, element_key, holds, leaves, recognise
from tenantctl.kinds.canonical import no_mark, ruled_leaves
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Desired,
    Edit,
    Entry,
    Path,
    Resource,
    Sealed,
    Tenant,
    Update,
    Value,
    secret_names,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the two tenants: the last receipt's *entries*, and secrets' marks.

    *rotate* names secrets that are to be written whether they differ or not. *as_left*: what is
    asked for is what the entries say was applied, and secrets are as they are marked there.
    """

    entries: Mapping[Address, Entry] = field(default_factory=dict)
    mark: Mark = no_mark
    rotate: frozenset[str] = frozenset()
    as_left: bool = False


def diff(desired: Desired, live: Tenant, known: Known) -> tuple[Change, ...]:
    """The creates and updates that turn *live* into *desired*, by address.

    Only what *desired* mentions is compared. What *live* has beyond it is not the differ's
    business: see `departures`.
    """
    found = (
        change_of(want, live.get(want.address), desired.declarations[want.address].mode, known)
        for want in sorted(desired.tenant, key=lambda resource: resource.address)
    )
    return followed((change for change in found if change is not None), desired, live)


def change_of(want: Resource, have: Resource | None, mode: str, known: Known) -> Change | None:
    """The change that makes *have* what *want* asks for, or None; *mode* is an association's."""
    kind = KINDS[want.address.kind]
    if have is None:
        return None if _says_nothing(kind, want) else Create(want)
    compare = _compare if not kind.members else partial(_membership, mode)
    edits = tuple(compare(kind, want, have, known))
    return Update(want.address, edits, resend(kind, want, edits)) if edits else None


def _says_nothing(kind: Kind, want: Resource) -> bool:
    """Whether *want* asks for no more than what is there when the tenant has nothing of it."""
    empty = kind.empty
    if empty is None:
        return False
    lens = Lens(kind, want.fields)
    return all(
        holds(lens, value, empty.get(name, ABSENT), (name,)) for name, value in want.fields.items()
    )


def _compare(kind: Kind, want: Resource, have: Resource, known: Known) -> Iterator[Edit]:
    """The fields that differ; those of which nobody can tell are marked unknown."""
    lens = Lens(kind, {**have.fields, **want.fields}, known.mark)
    sure, hoped = _recognised(lens, want, have, known)
    found = tuple(_edits(lens, want.fields, sure, ()))
    for edit in found:
        unknown = holds(lens, edit.after, at(hoped, edit.path), edit.path)
        if not (unknown and lens.rule(edit.path).when == "create"):  # nobody could write it either
            yield Edit(edit.path, edit.before, edit.after, unknown=unknown)
    yield from _barred(lens, found, have)
    yield from _given_up(lens, want, known.entries.get(want.address, Entry()))


def _barred(lens: Lens, edits: tuple[Edit, ...], have: Resource) -> Iterator[Edit]:
    """The fields that make room for others which cannot stand beside them."""
    written = {edit.path[:1] for edit in edits}
    barred = {lens.rule(edit.path[:1]).bars for edit in edits if edit.after is not None}
    for name in sorted(barred & have.fields.keys()):
        if (name,) not in written:
            yield Edit((name,), have.fields[name], None)


def _given_up(lens: Lens, want: Resource, entry: Entry) -> Iterator[Edit]:
    """Values that nobody can read, which the last receipt has and null is to take away."""
    for path, rule, value in ruled_leaves(lens, want.fields) if entry.sealed else ():
        ours = value is None and path in entry.sealed
        if ours and rule.read == "absent" and rule.when in {"always", "update"}:
            yield Edit(path, Sealed(None), None)


def _recognised(
    lens: Lens, want: Resource, have: Resource, known: Known
) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
    """The live fields with secrets recognised: those that surely are as declared, that may be."""
    if not lens.kind.sealing(want.fields):
        return have.fields, have.fields
    entry = known.entries.get(want.address, Entry())

    def verdict(path: Path, value: Value, sealed: Sealed) -> bool | None:
        if known.rotate.intersection(secret_names(value)):
            return False
        recorded = entry.sealed.get(path)
        mark = recorded or ("", "") if known.as_left else known.mark(value)
        return _same_secret(mark, sealed, recorded)

    sure = recognise(lens, want.fields, have.fields, lambda p, w, h: verdict(p, w, h) is True)
    hoped = recognise(lens, want.fields, have.fields, lambda p, w, h: verdict(p, w, h) is not False)
    return sure, hoped


def _same_secret(
    mark: tuple[str, str], sealed: Sealed, recorded: tuple[str, str] | None
) -> bool | None:
    """Whether a secret is what the tenant holds; None where nobody can tell."""
    version, seal = mark
    if sealed.fingerprint and seal:
        return sealed.fingerprint == seal
    if recorded is None:
        return None
    if version and recorded[0] and version != recorded[0]:
        return False
    if seal and recorded[1]:
        return seal == recorded[1]
    return True if version and version == recorded[0] else None


def _edits(lens: Lens, want: Value, have: Value, path: Path) -> Iterator[Edit]:
    rule = lens.rule(path)
    if rule.when == "never" or rule.read == "volatile":
        return
    if rule.when == "create" and rule.read == "absent" and (not rule.told_by or have is ABSENT):
        return
    if isinstance(want, Mapping) and (have is ABSENT or isinstance(have, Mapping)):
        there: Mapping[str, Value] = {} if have is ABSENT else have
        extra = [key for key in there if key not in want] if rule.map == "open" else []
        for key in [*want, *extra]:
            inner = (*path, key)
            yield from _edits(lens, want.get(key, ABSENT), there.get(key, ABSENT), inner)
    elif not holds(lens, want, have, path):
        yield Edit(path, have, want)


def _membership(
    mode: str, kind: Kind, want: Resource, have: Resource, known: Known
) -> Iterator[Edit]:
    """The one edit of an association: what is listed is added, with its attributes.

    *mode* says what is taken away.
    """
    name, lens = kind.members, Lens(kind, want.fields, known.mark)
    sure, hoped = (_keyed(kind, fields) for fields in _recognised(lens, want, have, known))
    wanted, live = _keyed(kind, want.fields), _keyed(kind, have.fields)
    ours = set(known.entries.get(want.address, Entry()).elements)
    surplus = {"managed": ours, "additive": set(), "exclusive": set(live)}[mode] - wanted.keys()
    path = (name, "[]")
    changed = {
        key: _over(live[key], item)
        for key, item in wanted.items()
        if key in live and not holds(lens, item, sure[key], path)
    }
    kept = [changed.get(key, item) for key, item in live.items() if key not in surplus]
    new = [item for key, item in wanted.items() if key not in live]
    if new or changed or len(kept) < len(live):
        may = all(holds(lens, wanted[key], hoped[key], path) for key in changed)
        unknown = may and not new and len(kept) == len(live)
        yield Edit((name,), list(live.values()), [*kept, *new], unknown=unknown)


def _keyed(kind: Kind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """The members of an association by their keys."""
    return {element_key(item, kind.by): item for item in fields.get(kind.members, ())}


def _over(have: Value, want: Value) -> Value:
    """A member as it will be: what *want* does not mention stays."""
    return {**have, **want} if isinstance(have, Mapping) else want


def resend(kind: Kind, want: Resource, edits: tuple[Edit, ...]) -> tuple[tuple[Path, Value], ...]:
    """Declared values that a structure which is sent as a whole would lose unless sent again.

    They cannot be read back, or are left to the API where nobody declares them.
    """
    lens = Lens(kind, want.fields)
    roots = {root for edit in edits if (root := replaced_root(lens, edit.path)) is not None}
    edited = {edit.path for edit in edits}
    found: dict[Path, Value] = {}
    for path, _ in leaves(lens, want.fields):
        for size in range(1, len(path) + 1):
            rule = lens.rule(path[:size])
            lost = rule.follows or rule.read in {"absent", "masked", "cipher"}
            if lost and any(path[: len(root)] == root for root in roots):
                if path[:size] not in edited:
                    found[path[:size]] = at(want.fields, path[:size])
                break
    return tuple(found.items())
