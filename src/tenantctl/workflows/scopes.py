"""Which scopes of the Management API a job asks for, and what for: known from the files alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from tenantctl.engine import candidates
from tenantctl.engine.scopes import to_manage, to_read
from tenantctl.files import Loaded
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Entry, Policy, Receipt, matches
from tenantctl.workflows.prepare import scope

PURPOSES = ("plan", "apply")


def needed_scopes(
    loaded: Loaded, receipt: Receipt | None, purpose: str
) -> Mapping[str, tuple[str, ...]]:
    """The least scopes for *purpose*, `plan` or `apply`, each with the kinds that need it.

    A plan reads what is declared, what an earlier apply made, and what either refers to. An apply
    may come to create and update whatever is declared, and to delete where the policy permits it.
    """
    entries: Mapping[Address, Entry] = receipt.entries if receipt else {}
    desired = loaded.desired
    names = {address.kind for address in scope(desired, entries, retire=False).identities}
    found = [(name, to_read([name])) for name in names]
    if purpose == "apply":
        mine = _by_kind(desired.tenant.resources)
        gone = _by_kind(candidates(desired, entries, retire=False))
        protected = {a for a, said in desired.declarations.items() if said.protect}
        policy = loaded.environment.policy
        for name in {*mine, *gone}:
            touched = {*mine.get(name, ()), *gone.get(name, ())}
            may = any(_may_go(address, policy) for address in touched - protected)
            found.append((name, _to_write(name, mine.get(name, ()), may=may)))
            found.append((name, _to_let_go(KINDS[name]) if may and name in gone else frozenset()))
    return _by_scope(found)


def _by_kind(addresses: Iterable[Address]) -> Mapping[str, list[Address]]:
    found: dict[str, list[Address]] = {}
    for address in addresses:
        found.setdefault(address.kind, []).append(address)
    return found


def _may_go(address: Address, policy: Policy) -> bool:
    """Whether a policy permits that *address* is deleted, now or once nobody declares it."""
    kind = KINDS[address.kind]
    if kind.stays(address.key) or matches(address, policy.protect):
        return False
    return policy.delete != "never" or matches(address, policy.replace)


def _to_write(name: str, mine: Collection[Address], *, may: bool) -> frozenset[str]:
    """What writing the declared objects of a kind asks for; system objects are never created."""
    if not mine:
        return frozenset()
    kind = KINDS[name]
    found = to_manage([name], delete=may)
    if all(address.key in kind.system for address in mine):
        scopes = kind.wire.scopes
        return found - ({scopes.get("create", "")} - {scopes.get("update", "")})
    return found


def _to_let_go(kind: Kind) -> frozenset[str]:
    """What deleting asks for: an update that empties, where the API has no delete."""
    return frozenset({kind.wire.scopes["delete" if kind.wire.delete else "update"]})


def _by_scope(found: Iterable[tuple[str, frozenset[str]]]) -> Mapping[str, tuple[str, ...]]:
    """Kinds by scope, both in order; verbs of one noun stand together."""
    kinds: dict[str, set[str]] = {}
    for name, scopes in found:
        for each in scopes:
            kinds.setdefault(each, set()).add(name)
    order = sorted(kinds, key=lambda each: each.split(":")[::-1])
    return {each: tuple(sorted(kinds[each])) for each in order}
