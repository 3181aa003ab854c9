"""What somebody has changed in a tenant, written into the files: chosen differences, no others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tenantctl.drafts import SecretEntry, revise
from tenantctl.engine.drift import (
    CONFLICT,
    DELETED,
    DRIFT,
    RENEWED,
    UNCLEAR,
    Difference,
    by_address,
    drift_of,
    gone_with,
    meet,
    origin_of,
)
from tenantctl.engine.merge import at, put
from tenantctl.errors import FilesError, Refused, UsageError
from tenantctl.files import Loaded, load
from tenantctl.kinds import KINDS, element_key
from tenantctl.model import (
    ABSENT,
    Address,
    Desired,
    Note,
    Origin,
    Resource,
    Sealed,
    Tenant,
    Value,
    dotted,
    refs,
    walk,
)
from tenantctl.workflows.drift import Looked

WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Accepted:
    """What comes of accepting: *texts* are files with their new contents, not written yet.

    *written* are the differences that the files agree with now, each with where; *left* those that
    could not be written, each with why and what to do. *found* is what there is to find then.
    """

    loaded: Loaded
    texts: Mapping[str, str]
    written: tuple[tuple[Difference, str], ...]
    left: tuple[tuple[Difference, str, str], ...]
    found: tuple[Difference, ...]
    notes: tuple[Note, ...] = ()


def chosen(found: Sequence[Difference], globs: Sequence[str]) -> tuple[Difference, ...]:
    """The differences that *globs* choose: all that is drift, without any.

    A glob is meant of an address, or of a field of one, such as `clients.shop.callbacks`. What has
    changed in the files, too, is chosen only by its name in full. Raises UsageError where a glob
    chooses nothing.
    """
    open_ = [each for each in found if each.what in {DRIFT, CONFLICT, UNCLEAR}]
    if not globs:
        return tuple(each for each in open_ if each.what == DRIFT)
    taken: set[int] = set()
    for glob in globs:
        mine = [n for n, each in enumerate(open_) if _means(glob, each)]
        if not mine:
            raise UsageError(_nothing(glob, open_), help=_choice(open_))
        taken.update(mine)
    return tuple(each for n, each in enumerate(open_) if n in taken)


def names(each: Difference) -> tuple[str, ...]:
    """What a difference is called: by its address, its field, and its member."""
    found = [str(each.address)]
    if each.path:
        found.append(f"{each.address}.{dotted(each.path)}")
    if each.member:
        found.append(f"{found[-1]}.{_called(each)}")
    return tuple(found)


def _called(each: Difference) -> str:
    """A member as people write it: what refers to something is called by its key."""
    members = (each.applied, each.live, each.desired)
    named = any(str(ref.address) == each.member for ref in refs(list(members)))
    return Address.parse(each.member).key if named else dotted((each.member,))


def _means(glob: str, each: Difference) -> bool:
    if each.what == DRIFT and not WILD.isdisjoint(glob):
        return any(fnmatchcase(name, glob) for name in names(each))
    return glob in names(each)


def _nothing(glob: str, found: Sequence[Difference]) -> str:
    strict = any(fnmatchcase(name, glob) for each in found for name in names(each))
    if strict:
        return f"{glob} means only what has changed in the files, too, or nobody can tell of"
    return f"nothing that has drifted is called {glob}"


def _choice(found: Sequence[Difference]) -> str:
    called = list(dict.fromkeys(names(each)[-1] for each in found))
    if not called:
        return "there is no drift"
    more = f", and {len(called) - 8} more" if len(called) > 8 else ""
    return f"write in full which: {', '.join(called[:8])}{more}"


def accept(
    root: Path, looked: Looked, wanted: Sequence[Difference], *, source: SecretEntry
) -> Accepted:
    """The files with the live values of the differences *wanted*, and nothing else changed.

    *source* says where a new secret is to come from. Raises FilesError where the files could not be
    loaded then, and Refused where anything else would change with them.
    """
    loaded = looked.loaded
    mine = [each for each in wanted if _can_be_said(each, looked.found)]
    live = _with(loaded.desired, looked.live, mine)
    environment = loaded.environment
    revised = revise(root, loaded, live, known=looked.known, source=source)
    after, found = loaded, looked.found
    if revised.texts:
        after = load(root, environment.tenant, environment.name, texts=revised.texts)
        confined(root, loaded, after, revised.texts, {each.address for each in mine})
        found = drift_of(after.desired, looked.live, looked.known)
        unspoilt(looked.found, found, mine)
    open_ = {_mark(each) for each in found if each.what in {DRIFT, CONFLICT, UNCLEAR}}
    written = [each for each in mine if _mark(each) not in open_]
    missed = [each for each in wanted if each not in written]
    return Accepted(
        loaded=after,
        texts=revised.texts,
        written=tuple((each, place_of(each, loaded.desired, after.desired)) for each in written),
        left=tuple((each, *_way_out(each, looked)) for each in missed),
        found=found,
        notes=tuple(n for n in dict.fromkeys(revised.notes) if n.level in {"secret", "guess"}),
    )


def _can_be_said(each: Difference, found: Sequence[Difference]) -> bool:
    owner = gone_with(each, found)
    kept = owner is None or owner.how == RENEWED
    return each.how not in {DELETED, RENEWED} and not _hidden(each) and kept


def _mark(each: Difference) -> tuple[Address, tuple[str, ...], str]:
    return each.address, each.path, each.member


def _hidden(each: Difference) -> bool:
    """Whether the live value is a secret, or quotes one: no file is to hold it."""
    return any(
        isinstance(leaf, Sealed) or (isinstance(leaf, str) and "(secret " in leaf)
        for _, leaf in walk(each.live)
    )


def _with(desired: Desired, live: Tenant, wanted: Sequence[Difference]) -> Tenant:
    """The desired tenant with the live values of the differences *wanted*."""
    made = {resource.address: resource for resource in desired.tenant}
    for address, mine in by_address(wanted).items():
        fields: dict[str, Value] = dict(made[address].fields) if address in made else {}
        there = live.resources[address].fields
        for each in mine:
            if each.member:
                fields[each.path[0]] = _membered(address, fields.get(each.path[0], ()), each)
            else:
                put(fields, each.path, at(there, each.path))
        if address in made:
            made[address] = Resource(address, fields)
    return Tenant(made)


def _membered(address: Address, members: Sequence[Value], each: Difference) -> list[Value]:
    """The members of an association, with one as it is in the tenant."""
    by = KINDS[address.kind].by
    kept = [each.live if element_key(m, by) == each.member else m for m in members]
    if all(element_key(member, by) != each.member for member in members):
        kept.append(each.live)
    return [member for member in kept if member is not ABSENT]


def confined(
    root: Path,
    before: Loaded,
    after: Loaded,
    texts: Mapping[str, str],
    allowed: Collection[Address],
) -> None:
    """Raises Refused where any environment is asked for something else than *allowed* otherwise."""
    pairs = [("", before, after), *_elsewhere(root, before, texts)]
    for where, one, other in pairs:
        was, now = one.desired.tenant.resources, other.desired.tenant.resources
        strayed = [a for a in {*was, *now} - {*allowed} if was.get(a) != now.get(a)]
        if strayed:
            raise _refused(f"{min(strayed)}{where}")


def _elsewhere(
    root: Path, here: Loaded, texts: Mapping[str, str]
) -> Iterator[tuple[str, Loaded, Loaded]]:
    """The tenant's other environments as they are and with *texts*, but for those with mistakes."""
    tenant = here.environment.tenant
    for name in here.source.home.names if here.source else ():
        other = _loaded(root, tenant, name) if name != here.environment.name else None
        if other is not None:
            yield f" of {name}", other, load(root, tenant, name, texts=texts)


def _loaded(root: Path, tenant: str, env: str) -> Loaded | None:
    """Another environment of a tenant; None where its files are wrong."""
    try:
        return load(root, tenant, env)
    except FilesError:
        return None


def unspoilt(
    before: Sequence[Difference], after: Sequence[Difference], mine: Sequence[Difference]
) -> None:
    """Raises Refused where the files say something otherwise now that nobody accepted."""
    known = {(*_mark(each)[:2], each.what) for each in before}
    for each in after:
        told = any(each.address == one.address and meet(each.path, one.path) for one in mine)
        if not told and (*_mark(each)[:2], each.what) not in known:
            raise _refused(names(each)[-1])


def _refused(what: str) -> Refused:
    return Refused(
        f"accepting that would change {what}, too: nothing was written",
        help="accept fewer fields at once, or change the files by hand",
    )


def place_of(each: Difference, before: Desired, after: Desired) -> str:
    """Where the files say what they say of a difference, as `file:line`; *before* where gone.

    Of a list it is the place of an element that came, or else of one that went.
    """
    then, now = _items(before, each), _items(after, each)
    for desired, items, others in ((after, now, then), (before, then, now)):
        known = desired.origins.get(each.address, {})
        fresh = (str(n) for n, item in enumerate(items) if item not in others)
        if found := next((known[p] for n in fresh if (p := (*each.path, n)) in known), None):
            return _line(found)
    return _line(origin_of(each, after) or origin_of(each, before))


def _items(desired: Desired, each: Difference) -> Sequence[Value]:
    """The elements of the list that a difference is about; none where it is about no list."""
    resource = desired.tenant.get(each.address)
    value = at(resource.fields, each.path) if resource and each.path else ABSENT
    return value if isinstance(value, list | tuple) else ()


def _line(origin: Origin | None) -> str:
    if origin is None:
        return ""
    return f"{origin.file}:{origin.line}" if origin.line else origin.file


def _way_out(each: Difference, looked: Looked) -> tuple[str, str]:
    """Why a difference was not written, and what to do instead."""
    desired = looked.loaded.desired
    address, place = each.address, place_of(each, desired, desired)
    owner = gone_with(each, looked.found)
    if owner and owner.how == DELETED:
        return f"it went with {owner.address}, which was deleted", f"delete it at {place} with that"
    if each.how == DELETED:
        named = sorted(_naming(desired, address))
        also = f", and what names it at {', '.join(named[:5])}" if named else ""
        return (
            "it was deleted in the tenant, and what is written of it stays",
            f"delete it at {place}{also}; or tenantctl apply makes it again",
        )
    if each.how == RENEWED:
        return (
            "it is there under another id, and files hold none",
            "tenantctl apply takes note of it",
        )
    if _hidden(each):
        return (
            "it is a secret, or quotes one, and no file holds those",
            f"change the secret where the environment has it from, or {place}",
        )
    if address not in desired.tenant.resources:
        return "this environment no longer has it", "declare it again to keep what was changed"
    return "the files cannot say it there, or not that value", f"change {place} by hand"


def _naming(desired: Desired, address: Address) -> Iterator[str]:
    """The places of what refers to *address*."""
    for resource in desired.tenant:
        if resource.address != address and any(r.address == address for r in refs(resource.fields)):
            yield _line(desired.declarations[resource.address].home)
