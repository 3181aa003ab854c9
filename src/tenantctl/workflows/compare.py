"""Two states of tenants beside each other, live ones read as far as that takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Literal

from tenantctl.engine import Known, closure
from tenantctl.engine.compare import Terms, compare, only_domain, renamed, without
from tenantctl.engine.residual import residue
from tenantctl.engine.selection import Globs
from tenantctl.kinds import Mark
from tenantctl.model import (
    Address,
    Change,
    Entry,
    Identity,
    Path,
    Scope,
    Tenant,
    Value,
)
from tenantctl.workflows.backup import backup
from tenantctl.workflows.former import with_former
from tenantctl.workflows.operands import Operand
from tenantctl.workflows.prepare import Gateway, Opener, scope
from tenantctl.workflows.promote import side_of
from tenantctl.workflows.restore import Past, moved

SEALED = "Secrets were not compared: neither side shows what they are."


@dataclass(frozen=True, slots=True)
class Differences:
    """What turns *a* into *b*.

    *domain* counts fields that only the domains of the tenants tell apart, *unknown* secrets of
    which nobody can tell; neither are among *changes* unless they were asked for. *why* says it
    where the files of two environments tell.
    """

    a: Operand
    b: Operand
    changes: tuple[Change, ...]
    domain: int = 0
    unknown: int = 0
    notes: tuple[str, ...] = ()
    why: Mapping[tuple[Address, Path], str] = field(default_factory=dict)


async def read(a: Operand, b: Operand, opener: Opener) -> tuple[Operand, Operand]:
    """Both operands, those that are live with what they have of what either declares.

    Only reading scopes are used. Raises GatewayError.
    """
    async with AsyncExitStack() as stack:
        sides = []
        for side, other in ((a, b), (b, a)):
            if side.form != "live":
                sides.append(side)
                continue
            assert side.loaded is not None
            tenant = opener(side.loaded.environment, side.vault, "plan")
            sides.append(await _look(side, other, await stack.enter_async_context(tenant)))
    return sides[0], sides[1]


async def _look(live: Operand, other: Operand, gateway: Gateway) -> Operand:
    """*live* as it was read: beside a backup as one, else what is declared by either."""
    assert live.loaded is not None
    if other.backup is not None:
        mine = moved(other.backup, live.domain)
        past = Past(other.backup, mine, live.loaded, live.entries)
        made, _ = await backup(gateway, live.loaded.environment, past.scope(), live.vault)
        notes = (f"{what} could not be read now: {why}." for what, why in made.unread.items())
        return replace(live, tenant=Tenant(made.resources), backup=made, notes=tuple(notes))
    wanted = _scope(live, other)
    found = await gateway.read(wanted)
    if other.form == "live":
        declared = wanted.desired.resources
        found = Tenant({a: r for a, r in found.resources.items() if a in declared})
    return replace(live, tenant=found)


def _scope(live: Operand, other: Operand) -> Scope:
    """What is read of *live*: what its own files declare, and what *other* does.

    What both declare is read in the words of *other*; its names are those of this tenant.
    """
    loaded = live.loaded
    assert loaded is not None
    mine = scope(with_former(loaded.desired, live.entries, live.domain), live.entries, retire=False)
    if other.loaded is not None:
        theirs, said = _declared(other), other.loaded.desired.tenant
    else:
        theirs, said = closure(other.entries, loaded.desired, other.entries), other.tenant
    identities = {
        address: Identity(_renamed(identity.key, other.domain, live.domain), identity.was)
        for address, identity in theirs.items()
        if address not in mine.identities
    }
    ids = {a: e.id for a, e in other.entries.items() if e.id} if other.id == live.id else {}
    words = {**mine.desired.resources, **said.resources}
    return replace(
        mine,
        identities={**mine.identities, **identities},
        desired=Tenant(words),
        hints={**ids, **mine.hints},
    )


def _declared(other: Operand) -> Mapping[Address, Identity]:
    assert other.loaded is not None
    desired = with_former(other.loaded.desired, other.entries, other.domain)
    return scope(desired, other.entries, retire=False).identities


def _renamed(key: tuple[Value, ...], old: str, new: str) -> tuple[Value, ...]:
    return tuple(renamed(list(key), old, new))


def differences(a: Operand, b: Operand, globs: Iterable[str], *, everything: bool) -> Differences:
    """How *b* differs from *a*, at the addresses that *globs* mean.

    With *everything*, fields that only the domains tell apart are among it, and secrets of which
    nobody can tell. Raises UsageError where a glob means nothing that either has.
    """
    chosen = Globs(tuple(globs))
    chosen.check(a.tenant.resources.keys() | b.tenant.resources.keys())
    unread = frozenset(what for side in (a, b) if side.backup for what in side.backup.unread)
    asked = terms(a, b)
    changes = tuple(
        change
        for change in compare(a.tenant, b.tenant, asked)
        if chosen.has(change.address) and not {change.address.kind, str(change.address)} & unread
    )
    domain = unknown = 0
    if not everything:
        changes, unknown = without(changes, lambda _, edit: edit.unknown)
        changes, domain = without(changes, lambda _, edit: only_domain(edit, a.domain, b.domain))
    sealed = asked.live == "both" and not asked.keyed
    notes = (*a.notes, *b.notes, *([SEALED] if sealed else []), *_folded(domain, unknown))
    return Differences(a, b, changes, domain, unknown, notes, why_of(a, b))


def why_of(a: Operand, b: Operand) -> Mapping[tuple[Address, Path], str]:
    """Why the files of two environments of one tenant differ where they do, for people."""
    one, other = a.loaded, b.loaded
    if one is None or other is None or {a.form, b.form} != {"files"}:
        return {}
    here, there = one.environment, other.environment
    if here.tenant != there.tenant or here.name == there.name:
        return {}
    reasons = residue(side_of(one), side_of(other)).reasons
    return {where: "; ".join(map(str, found)) for where, found in reasons.items()}


def _folded(domain: int, unknown: int) -> Iterator[str]:
    if domain:
        fields = "1 field differs" if domain == 1 else f"{domain} fields differ"
        yield f"{fields} only in the domain of the tenant; --all-fields shows."
    if unknown:
        secrets = "1 secret" if unknown == 1 else f"{unknown} secrets"
        yield f"Nobody can tell whether {secrets} differ; --all-fields shows which."


def terms(a: Operand, b: Operand) -> Terms:
    """How two operands are compared, which have been read."""
    keyed = bool(a.vault.key) and a.vault.key == b.vault.key
    live = _live(a, b)
    if live not in {"a", "b"}:
        backups = "backup" in {a.form, b.form}
        return Terms(live, marks=(a.mark, b.mark), keyed=keyed and not backups)
    declared, there = (b, a) if live == "a" else (a, b)
    same = declared.id == there.id and there.form == "live"
    known = Known(_entries(there, same=same), _mark(declared, keyed=keyed))
    modes = {}
    if declared.loaded or same:
        loaded = declared.loaded or there.loaded
        assert loaded is not None
        modes = {address: said.mode for address, said in loaded.desired.declarations.items()}
    return Terms(live, modes=modes, known=known)


def _live(a: Operand, b: Operand) -> Literal["", "a", "b", "both"]:
    if a.whole and b.whole:
        return "both"
    return "a" if a.whole else "b" if b.whole else ""


def _entries(there: Operand, *, same: bool) -> Mapping[Address, Entry]:
    """What is known of the last apply; of another environment's, secrets say nothing here."""
    if same:
        return there.entries
    return {a: replace(entry, sealed={}) for a, entry in there.entries.items()}


def _mark(declared: Operand, *, keyed: bool) -> Mark:
    """What *declared* knows of secrets, without fingerprints of another key than the tenant's."""
    if keyed:
        return declared.mark
    return lambda value: (declared.mark(value)[0], "")
