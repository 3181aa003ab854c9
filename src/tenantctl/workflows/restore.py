"""The way back to a backup: a plan as any other, under the same rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial

from tenantctl import __version__
from tenantctl.engine import Known, Wish, make_plan
from tenantctl.engine.compare import renamed
from tenantctl.engine.restore import Restored, Restoring
from tenantctl.errors import UsageError
from tenantctl.files import Loaded
from tenantctl.files.refer import system_key
from tenantctl.kinds import KINDS, ruled_leaves
from tenantctl.kinds.canonical import Lens
from tenantctl.model import (
    BACKUP,
    Address,
    Backup,
    Create,
    Declaration,
    Desired,
    Entry,
    Environment,
    Identity,
    Origin,
    Plan,
    Receipt,
    Resource,
    Scope,
    Step,
    Tenant,
    Vault,
    is_secret,
    refs,
)
from tenantctl.playbooks import Playbook
from tenantctl.workflows.prepare import Gateway, with_holders

SHOWN = 8
"""As many names as a note lists."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a backup is to be had back: *kinds*, and addresses by *globs*; all without either.

    *delete*: what an earlier apply made and the backup does not have may go.
    """

    kinds: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    delete: bool = False

    def has(self, address: Address) -> bool:
        """Whether *address* is chosen."""
        if self.kinds and address.kind not in self.kinds:
            return False
        return not self.globs or any(fnmatchcase(str(address), glob) for glob in self.globs)

    @property
    def words(self) -> tuple[str, ...]:
        """What is chosen, for people; empty for everything."""
        return (*self.kinds, *self.globs)


@dataclass(frozen=True, slots=True)
class Way:
    """The *plan* back to a backup, and what a person should know about it."""

    plan: Plan
    notes: tuple[str, ...]


async def restore(
    loaded: Loaded,
    gateway: Gateway,
    backup: Backup,
    chosen: Chosen,
    *,
    receipt: Receipt | None,
    vault: Vault,
) -> Way:
    """Survey the tenant, and plan what makes it as it was. Only reading scopes are used.

    Nothing is deleted that the backup does not have, unless it is chosen and the policy permits it.
    Raises UsageError where nothing of the backup is chosen, GatewayError, PlanError.
    """
    entries = receipt.entries if receipt else {}
    past = Past(backup, moved(backup, loaded.environment.domain), loaded, entries)
    kinds = _kinds(past, chosen)
    read = past.scope()
    found = await gateway.survey(read, kinds=kinds)
    own = gateway.own()  # known once it has been read
    unread = {**backup.unread, **found.unread}
    job = Restoring(past.then, found.tenant, loaded.desired.tenant, own, unread)
    restored = job.wanted(chosen.has)
    going = past.going(chosen, {*unread}, own) if chosen.delete else frozenset()
    desired = past.desired(restored, found.tenant, going)
    make = partial(
        _plan,
        desired=desired,
        known=Known(entries, vault.mark),
        environment=_permitting(loaded.environment, delete=chosen.delete),
        playbook=loaded.playbook,
        wish=_wish(receipt, chosen, own),
    )
    plan, _ = await with_holders(make, found.tenant, gateway, read)
    plan = _told(plan, desired, entries, backup, chosen)
    return Way(plan, tuple(_notes(plan, restored, backup, loaded.environment)))


def _plan(
    live: Tenant,
    *,
    desired: Desired,
    known: Known,
    environment: Environment,
    playbook: Playbook,
    wish: Wish,
) -> Plan:
    return make_plan(desired, live, known, environment=environment, playbook=playbook, wish=wish)


def _wish(receipt: Receipt | None, chosen: Chosen, own: frozenset[Address]) -> Wish:
    return Wish(
        today=dt.datetime.now(dt.UTC).date(),
        version=__version__,
        delete=chosen.delete,
        own=own,
        receipt_domain=receipt.domain if receipt else "",
        since=receipt.when if receipt else "",
    )


def _permitting(environment: Environment, *, delete: bool) -> Environment:
    """*environment*, whose policy lets nothing be deleted unless that was asked for."""
    if delete:
        return environment
    return replace(environment, policy=replace(environment.policy, delete="never"))


def _kinds(past: Past, chosen: Chosen) -> tuple[str, ...]:
    """The kinds of what is chosen, and those that they can name; none where everything is.

    Raises UsageError where the backup has nothing of it.
    """
    names = {address.kind for address in past.then if chosen.has(address)}
    if not names:
        has = ", ".join(sorted({address.kind for address in past.then})) or "nothing at all"
        raise UsageError(
            f"the backup has nothing of {', '.join(chosen.words)}"
            if chosen.words
            else "there is nothing in the backup",
            help=f"it has {has}",
        )
    named = names.union(*(KINDS[name].refs_to() for name in names))
    return tuple(sorted(named)) if chosen.words else ()


def moved(backup: Backup, domain: str) -> Mapping[Address, Resource]:
    """The resources of *backup*, its tenant's domain being *domain* wherever they mention it."""
    if backup.domain == domain:
        return backup.resources
    return {
        address: Resource(address, renamed(resource.fields, backup.domain, domain))
        for address, resource in backup.resources.items()
    }


@dataclass(frozen=True, slots=True)
class Past:
    """A backup, *then* the resources that it asks for, beside what is known of the tenant now."""

    backup: Backup
    then: Mapping[Address, Resource]
    loaded: Loaded
    entries: Mapping[Address, Entry]

    @property
    def ids(self) -> Mapping[Address, str]:
        """By which ids objects may be recognised: those of the last receipt, then the backup's."""
        same = self.backup.domain == self.loaded.environment.domain
        mine = {address: entry.id for address, entry in self.entries.items() if entry.id}
        return {**(self.backup.ids if same else {}), **mine}

    def scope(self) -> Scope:
        """All that is known by an address: of the backup first, then of the files and receipts."""
        known = {a: d.identity for a, d in self.loaded.desired.declarations.items()}
        known |= {a: Identity(key=e.key) for a, e in self.entries.items() if a not in known}
        other = {a: i for a, i in known.items() if a not in self.then and not self._is_same(a, i)}
        mine = {address: self._identity(resource) for address, resource in self.then.items()}
        named = self._named(self.then.values(), {*other, *mine})
        identities = {**named, **other, **mine}
        hints = {address: id for address, id in self.ids.items() if address in identities}
        return Scope(identities, Tenant(self.then), hints)

    def going(
        self, chosen: Chosen, unread: Collection[str], own: Collection[Address]
    ) -> frozenset[Address]:
        """What an earlier apply made, is chosen, and the backup could have had but has not."""
        return frozenset(
            address
            for address, entry in self.entries.items()
            if chosen.has(address)
            and address not in self.then
            and not {address.kind, str(address)} & {*unread}
            and not {address, *KINDS[address.kind].owners(address)} & {*own}
            and not self._is_same(address, Identity(key=entry.key))
        )

    def desired(self, restored: Restored, live: Tenant, going: Collection[Address]) -> Desired:
        """The tenant as it was, with everything that the files say of what they declare still."""
        file = Origin(f"backup of {self.backup.when}", 0, 0)
        there = {**live.resources, **self.then, **restored.resources}
        declarations = {a: self._declaration(a, live, file) for a in there}
        for address, identity in self._named(there.values(), declarations).items():
            declarations[address] = Declaration(identity, (), file)
        gone = {*self.entries} - {*restored.resources}
        return Desired(
            tenant=Tenant(restored.resources),
            declarations=declarations,
            origins={},
            withheld=dict.fromkeys(gone - {*going}, "hold"),
            digest=f"{BACKUP}{self.backup.when}",
        )

    def _declaration(self, address: Address, live: Tenant, file: Origin) -> Declaration:
        said = self.loaded.desired.declarations.get(address)
        have = live.get(address)
        resource = self.then.get(address) or have or Resource(address, {})
        identity = self._identity(resource)
        if have and address in self.then and identity.key != self._identity(have).key:
            identity = replace(identity, pin=self.ids.get(address, ""))
        if said is None:
            return Declaration(identity, (), file, mode="exclusive")
        return replace(said, identity=identity, mode="exclusive")

    def _identity(self, resource: Resource) -> Identity:
        address = resource.address
        kind = KINDS[address.kind]
        if address.key in kind.system:
            return Identity(system_key(kind, address, self.loaded.environment.domain))
        if kind.given:
            return Identity((address.key,))
        return Identity(tuple(resource.fields.get(name) for name in kind.key))

    def _named(
        self, resources: Iterable[Resource], known: Collection[Address]
    ) -> Mapping[Address, Identity]:
        """What *resources* name and nobody describes: what every tenant has, or others make."""
        named = {ref.address for each in resources for ref in refs(each.fields)}
        return {a: self._identity(Resource(a, {})) for a in sorted(named) if a not in known}

    def _is_same(self, address: Address, identity: Identity) -> bool:
        """Whether the backup has what stands at *address* now, under another name."""
        entry = self.entries.get(address)
        for other, resource in self.then.items():
            if other.kind != address.kind or other == address:
                continue
            if entry and entry.id and entry.id == self.ids.get(other):
                return True
            key = self._identity(resource).key
            if key and key == identity.key:
                return True
        return False


def _told(
    plan: Plan,
    desired: Desired,
    entries: Mapping[Address, Entry],
    backup: Backup,
    chosen: Chosen,
) -> Plan:
    """*plan* in the words of a restore, whose receipt takes nothing over that was not ours."""
    created = {step.address for step in plan.steps if isinstance(step.change, Create)}
    kept = {
        address: _entry(
            entry, entries[address], desired.tenant.get(address), created=address in created
        )
        for address, entry in plan.entries.items()
        if address in entries
    }
    words = (f"the backup of {backup.when}", *chosen.words)
    steps = tuple(replace(step, reason=_reason(step)) for step in plan.steps)
    released = tuple(each for each in plan.released if not each.path)
    return replace(plan, steps=steps, entries=kept, selection=words, released=released)


def _entry(entry: Entry, before: Entry, resource: Resource | None, *, created: bool) -> Entry:
    """What a receipt will say of what it says something of already.

    Of an object that is made anew, it no longer says secrets that were not written.
    """
    sealed = before.sealed
    if created and resource:
        lens = Lens(KINDS[resource.address.kind], resource.fields)
        leaves = ruled_leaves(lens, resource.fields)
        there = {path for path, _, value in leaves if is_secret(value)}
        sealed = {path: mark for path, mark in sealed.items() if path in there}
    return replace(entry, paths=before.paths, elements=before.elements, sealed=sealed)


def _reason(step: Step) -> str:
    return {
        "differs from the files": "differs from the backup",
        "not there yet": "gone since the backup",
        "no longer declared": "not in the backup",
    }.get(step.reason, step.reason)


def _notes(
    plan: Plan, restored: Restored, backup: Backup, environment: Environment
) -> Iterator[str]:
    yield f"This is the way back to how {backup.domain} was at {backup.when}."
    yield from _anew(plan, restored)
    for address, why in restored.lost:
        yield f"{address} {why}."
    deleted = {step.address for step in plan.steps if step.change.verb == "delete"}
    if newer := [address for address in restored.newer if address not in deleted]:
        yield f"{len(newer)} objects that the backup does not have stay: {_some(newer)}."
    for what, why in sorted(backup.unread.items()):
        yield f"The backup has no {what}: {why}."
    if plan.steps:
        yield (
            "No file is changed: where files say otherwise, "
            f"`tenantctl plan {environment.id}` would undo this. "
            f"`tenantctl export {environment.id}` writes it into them; or take them back in Git."
        )


def _anew(plan: Plan, restored: Restored) -> Iterator[str]:
    """What is made a second time, what was lost with the first, and secrets that nobody has."""
    anew = [s.address for s in plan.steps if isinstance(s.change, Create) and _has_id(s.address)]
    if anew:
        yield (
            f"{len(anew)} objects are gone and are made anew, under new ids: {_some(anew)}. "
            "Whoever knows the old ones, such as applications their client_id, has to be told."
        )
    for kind in sorted({address.kind for address in anew}):
        if gone := KINDS[kind].replace_breaks:
            yield f"Lost with the old {kind}, and in no backup: {gone}."
    lacking = [a for a in anew if a in restored.secrets]
    if lacking:
        names = [f"{a} {'.'.join(p)}" for a in lacking for p in restored.secrets[a]]
        yield (
            "No backup holds secrets, and the files do not declare these, which have to be "
            f"supplied afterwards: {_some(names)}."
        )
    if left := [a for a in restored.secrets if a not in anew]:
        yield f"Secrets of {_some(left)} are left as they are: no backup holds them."


def _has_id(address: Address) -> bool:
    kind = KINDS[address.kind]
    return bool(kind.key) and not (kind.members or kind.fixed)


def _some(things: Collection[object]) -> str:
    names = [str(thing) for thing in things]
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
