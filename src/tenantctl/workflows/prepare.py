"""The one way to a plan: every job that needs one comes through here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeGuard

from tenantctl import __version__
from tenantctl.engine import Known, Wish, candidates, closure, departed, make_plan
from tenantctl.engine.drift import as_left
from tenantctl.engine.facts import Facts, Surveyed
from tenantctl.engine.gates import Stage, stage
from tenantctl.engine.holders import holders
from tenantctl.engine.selection import EVERYTHING, Globs
from tenantctl.files import Loaded
from tenantctl.gateway import Survey
from tenantctl.kinds import KINDS
from tenantctl.model import (
    Address,
    Change,
    Delete,
    Desired,
    Entry,
    Environment,
    Identity,
    Json,
    Outcome,
    Plan,
    Receipt,
    Scope,
    Step,
    Tenant,
    Traced,
    Value,
    Vault,
    refs,
)
from tenantctl.workflows.former import formerly, with_former
from tenantctl.workflows.judge import judge, with_findings

if TYPE_CHECKING:
    from tenantctl.gateway.access import Stats
    from tenantctl.gateway.closer import Closer
    from tenantctl.gateway.looks import Look


class Gateway(Protocol):
    """What a job needs of a live tenant."""

    domain: str
    stats: Stats

    async def read(self, scope: Scope) -> Tenant: ...

    async def survey(self, scope: Scope, *, kinds: Collection[str] = ()) -> Survey: ...

    async def execute(self, step: Step) -> Outcome: ...

    async def holders(
        self, wanted: Mapping[Address, Collection[str]]
    ) -> Mapping[Address, tuple[str, ...]]: ...

    async def every(self, names: Collection[str]) -> Mapping[str, int]: ...

    def record(self) -> Sequence[Mapping[str, Json]]: ...

    async def scopes(self) -> frozenset[str] | None: ...

    async def look(self, path: str, query: Mapping[str, str] = ...) -> Look: ...

    async def closer(self, wanted: Mapping[str, Collection[str]]) -> Closer: ...

    async def trace(
        self, wanted: Collection[Address], ids: Mapping[Address, str], since: str
    ) -> Traced: ...

    def id_of(self, address: Address) -> str: ...

    def value(self, ref: Value) -> Json: ...

    async def secret(self, address: Address, name: str) -> str | None: ...

    def own(self) -> frozenset[Address]: ...


Opener = Callable[[Environment, Vault, str], AbstractAsyncContextManager[Gateway]]
"""Opens the tenant of an environment, live or sandbox, for `plan` (reads only) or `apply`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person asked for beside the files: see `Wish`, and secrets to *rotate*.

    *globs* of addresses select steps.

    *today* is the day that permissions and attestations are judged on; None is this one.
    """

    phases: tuple[int, ...] = ()
    retire: bool = False
    delete: bool = False
    rotate: frozenset[str] = frozenset()
    until: str = ""
    today: dt.date | None = None
    globs: Globs = EVERYTHING

    @property
    def day(self) -> dt.date:
        """The day that is asked for, or today in UTC."""
        return self.today or dt.datetime.now(dt.UTC).date()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan, and what it was made of."""

    plan: Plan
    live: Tenant
    known: Known


class Gather(Protocol):
    """All that is known of an environment.

    Given its tenant as it was read, which addresses are the tool's own, and a closer look at it.
    """

    def __call__(
        self, live: Tenant | None, own: frozenset[Address] | None, surveyed: Surveyed | None = None
    ) -> Facts: ...


async def prepare(
    loaded: Loaded,
    gateway: Gateway,
    receipt: Receipt | None,
    vault: Vault,
    ask: Ask,
    *,
    gather: Gather | None = None,
) -> Prepared:
    """Read what the plan needs of the live tenant, and plan. Only reading scopes are used.

    Where something is to be deleted that others may use, they are read, and the plan made again.
    With *gather* the plan says what checks find that are due; no request is made for that.
    """
    entries: Mapping[Address, Entry] = receipt.entries if receipt else {}
    desired = with_former(loaded.desired, entries, loaded.environment.domain)
    read = scope(desired, entries, retire=ask.retire)
    live = await gateway.read(read)
    known = Known(entries, vault.mark, ask.rotate)
    wish = Wish(
        today=ask.day,
        version=__version__,
        phases=ask.phases,
        until=ask.until,
        retire=ask.retire,
        delete=ask.delete,
        own=gateway.own(),
        receipt_domain=receipt.domain if receipt else "",
        since=receipt.when if receipt else "",
        globs=ask.globs,
    )
    make = partial(
        make_plan,
        desired,
        known=known,
        environment=loaded.environment,
        playbook=loaded.playbook,
        wish=wish,
    )
    plan, live = await with_holders(make, live, gateway, read)
    plan = _renamed(plan, live, gateway)
    if gather is not None:
        found = judge(loaded, gather(live, wish.own), asked_stage(loaded, ask))
        plan = with_findings(plan, found, loaded)
    return Prepared(plan, live, known)


def _renamed(plan: Plan, live: Tenant, gateway: Gateway) -> Plan:
    """*plan* whose entries know the ids of what is there again under another one.

    No step need touch it for the next receipt to know it by that.
    """
    again = live.renewed & plan.entries.keys()
    entries = {a: replace(plan.entries[a], id=gateway.id_of(a)) for a in again}
    return replace(plan, entries={**plan.entries, **entries}) if again else plan


def asked_stage(loaded: Loaded, ask: Ask) -> Stage:
    """How far the rollout is to be once what is asked for has been applied."""
    released = loaded.environment.phases
    return stage(loaded.playbook, released, max(ask.phases, default=None), ask.until)


async def with_holders(
    make: Callable[[Tenant], Plan], live: Tenant, gateway: Gateway, read: Scope
) -> tuple[Plan, Tenant]:
    """The plan that *make* makes of *live*, which has been *read*, and what it was made of.

    Where it deletes what others may use, they are read, and it is made again.
    """
    plan = make(live)
    if deletes := [step.change for step in plan.steps if _may_be_held(step.change)]:
        live = await _with_holders(live, gateway, read, deletes)
        plan = make(live)
    return plan, live


def _may_be_held(change: Change) -> TypeGuard[Delete]:
    return isinstance(change, Delete) and bool(KINDS[change.address.kind].held_by)


async def _with_holders(
    live: Tenant, gateway: Gateway, read: Scope, deletes: Sequence[Delete]
) -> Tenant:
    """*live* with what else has to be known of whoever uses what is to be deleted."""
    places = {place for found in holders(deletes).values() for place in found}
    unread = {place: Identity() for place in sorted(places - read.identities.keys())}
    wanted = {
        delete.address: names
        for delete in deletes
        if (names := [n for n, path in KINDS[delete.address.kind].held_by.items() if not path])
    }
    more = await gateway.read(Scope(unread, read.desired)) if unread else Tenant({})
    held = await gateway.holders(wanted) if wanted else {}
    return replace(live, resources={**live.resources, **more.resources}, held=held)


def notes(prepared: Prepared) -> tuple[str, ...]:
    """What a person should know about a plan beside its steps."""
    return (*_without_receipt(prepared), *_legacy(prepared))


def _legacy(prepared: Prepared) -> Iterator[str]:
    """What has replaced kinds of which something is declared."""
    counts = Counter(address.kind for address in prepared.plan.entries)
    for name, count in sorted(counts.items()):
        if replaced_by := KINDS[name].legacy:
            yield f"{name} ({count} declared) are legacy: {replaced_by} replaced them."


def _without_receipt(prepared: Prepared) -> tuple[str, ...]:
    """Without a receipt nothing in the tenant is known to be ours.

    That goes without saying where nothing declared is there yet; singletons and the like always
    are.
    """
    if prepared.known.entries:
        return ()
    there = [a for a in prepared.plan.entries if a in prepared.live.resources and _made(a)]
    if not there:
        return ()
    note = (
        f"{len(there)} declared resources are in the tenant already, but there is no receipt of an "
        "earlier apply. Nothing will be deleted, and secrets that Auth0 does not show cannot be "
        "compared, until an apply has written one."
    )
    return (note,)


def _made(address: Address) -> bool:
    """Whether somebody must have made what stands at *address*: no fresh tenant has it."""
    kind = KINDS[address.kind]
    return bool(kind.key) and not kind.fixed and address.key not in kind.system


def scope(desired: Desired, entries: Mapping[Address, Entry], *, retire: bool) -> Scope:
    """What to read: what is declared, what may have to go, and what these refer to.

    What was applied may have referred to something else, by which it is recognised.
    """
    going = candidates(desired, entries, retire=retire)
    named = {ref.address for resource in desired.tenant for ref in refs(resource.fields)}
    named |= formerly(entries) & desired.declarations.keys()
    identities = dict(closure({*desired.tenant.resources, *named}, desired, entries))
    for address, identity in closure(going, desired, entries).items():
        identities.setdefault(address, departed(address, identity, entries))
    applied = as_left(entries)
    was = {r.address for each in applied for r in refs(each.fields)} - identities.keys()
    for address, identity in closure(was & entries.keys(), desired, entries).items():
        identities.setdefault(address, departed(address, identity, entries))
    hints = {address: entry.id for address, entry in entries.items() if entry.id}
    return Scope(identities, desired.tenant, hints, applied)
