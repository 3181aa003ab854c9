"""Which scopes of the Management API a job asks for, and what for: known from the files alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from tenantctl.engine import candidates
from tenantctl.engine.replace import ties
from tenantctl.engine.safety import may_replace
from tenantctl.engine.scopes import to_manage, to_read, to_survey
from tenantctl.engine.state_fields import specs
from tenantctl.files import Loaded
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Desired, Entry, Environment, Receipt, matches
from tenantctl.playbooks import scopes
from tenantctl.workflows.former import with_former
from tenantctl.workflows.prepare import scope

PURPOSES = ("plan", "apply", "check", "drift", "export")
KEYS = "read:signing_keys"
LOGS = "read:logs"


def scopes_to_export() -> Mapping[str, tuple[str, ...]]:
    """The least scopes to read all that a tenant has, each with the kinds that need it.

    Without one of them the kinds that need it are not read, and the export says so.
    """
    return _by_scope((name, to_survey([name])) for name in KINDS)


def needed_scopes(
    loaded: Loaded, receipt: Receipt | None, purpose: str, today: dt.date
) -> Mapping[str, tuple[str, ...]]:
    """The least scopes for *purpose*, `export` excepted, each with the kinds that need it.

    A plan reads what is declared, what an earlier apply made, and what either refers to. An apply
    may come to create and update whatever is declared, and to delete where the policy permits it,
    which may depend on the day. A check reads what a plan does, and takes a closer look; a look
    for drift reads that and the log, to know who it was.
    """
    entries: Mapping[Address, Entry] = receipt.entries if receipt else {}
    environment = loaded.environment
    desired = with_former(loaded.desired, entries, environment.domain)
    names = {address.kind for address in scope(desired, entries, retire=False).identities}
    found = [(name, to_read([name])) for name in names]
    if purpose == "check":
        found += [(name, to_survey([name])) for name in closer_kinds()]
        found.append(("signing_keys", frozenset({KEYS})))
    if purpose == "drift":
        found.append(("logs", frozenset({LOGS})))
    if purpose == "apply":
        going = frozenset(candidates(desired, entries, retire=False))
        mortal = {a.kind for a in _deletable(desired, going, environment, today)}
        for name, mine in _by_kind(desired.tenant.resources).items():
            found.append((name, _to_write(name, mine, may=name in mortal)))
        found += [(name, _to_let_go(KINDS[name])) for name in {a.kind for a in going} & mortal]
    return _by_scope(found)


def closer_kinds() -> frozenset[str]:
    """The kinds of which a closer look reads all that there is."""
    old = (spec["kind"] for spec in specs().values() if spec.get("survey"))
    return frozenset((*scopes()["unmanaged"], *old))


def permitted(
    loaded: Loaded, receipt: Receipt | None, today: dt.date, *, backed_up: bool
) -> frozenset[str]:
    """The scopes that the credentials which read a tenant may have for what they are used for."""
    credentials = loaded.environment.credentials
    purposes = ["plan", "check", "drift"]
    plan, apply = credentials.get("plan"), credentials.get("apply")
    if plan is None or (apply is not None and plan.client_id == apply.client_id):
        purposes.append("apply")
    found = {s for each in purposes for s in needed_scopes(loaded, receipt, each, today)}
    return frozenset(found | (scopes_to_export().keys() if backed_up else set()))


def _by_kind(addresses: Iterable[Address]) -> Mapping[str, list[Address]]:
    found: dict[str, list[Address]] = {}
    for address in addresses:
        found.setdefault(address.kind, []).append(address)
    return found


def _deletable(
    desired: Desired, going: frozenset[Address], environment: Environment, today: dt.date
) -> frozenset[Address]:
    """What the policy permits to delete: now, once nobody declares it, or to be replaced."""
    if environment.policy.delete == "never":
        return _replaceable(desired, environment, today)
    protected = {a for a, said in desired.declarations.items() if said.protect}
    return frozenset(
        address
        for address in {*desired.tenant.resources, *going} - protected
        if not KINDS[address.kind].stays(address.key)
        and not matches(address, environment.policy.protect)
    )


def _replaceable(desired: Desired, environment: Environment, today: dt.date) -> frozenset[Address]:
    """What may be replaced, and what goes and comes with it."""
    found = {
        address
        for address in desired.tenant.resources
        if any(rule.when == "create" for rule in KINDS[address.kind].rules)
        and may_replace(address, desired, environment, today)
    }
    while more := {r.address for r in desired.tenant if ties(r) & found} - found:
        found |= more
    return frozenset(found)


def _to_write(name: str, mine: Collection[Address], *, may: bool) -> frozenset[str]:
    """What writing the declared objects of a kind asks for; system objects are never created."""
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
    for name, asked in found:
        for each in asked:
            kinds.setdefault(each, set()).add(name)
    order = sorted(kinds, key=lambda each: each.split(":")[::-1])
    return {each: tuple(sorted(kinds[each])) for each in order}
