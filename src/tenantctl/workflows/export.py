"""A live tenant on its way into files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache

from tenantctl import __version__
from tenantctl.engine import Known
from tenantctl.engine.plan import entry_of
from tenantctl.files import Loaded
from tenantctl.gateway import Survey
from tenantctl.kinds import KINDS, arranged
from tenantctl.ledger import who
from tenantctl.model import (
    ABSENT,
    Address,
    Draft,
    Entry,
    Note,
    Receipt,
    Resource,
    Scope,
    Tenant,
    Value,
    Vault,
    refs,
    walk,
)
from tenantctl.workflows.mentions import mentioned
from tenantctl.workflows.prepare import Gateway

NOTHING = Scope({}, Tenant({}))
"""The scope of whoever has declared nothing yet."""


async def survey(
    gateway: Gateway, scope: Scope, vault: Vault, *, kinds: Collection[str] = ()
) -> tuple[Draft, Survey]:
    """What a live tenant has, without what tenantctl itself needs to get in; and what was read.

    What *scope* declares is under its address. A field that holds the value of a secret of *vault*
    is as declared, or left out. Raises GatewayError.
    """
    found = await gateway.survey(scope, kinds=kinds)
    own = gateway.own() - scope.identities.keys()
    notes = [
        Note("loss", f"{kind} were not read: {reason}") for kind, reason in found.unread.items()
    ]
    resources = {}
    for address, resource in without_own(found.tenant, own).items():
        notes += _unseen(resource, scope.desired.get(address))
        kept = _unquoted(resource, scope.desired.get(address), vault, notes)
        resources[address] = replace(kept, fields=arranged(KINDS[address.kind], kept.fields))
    named = mentioned(resources, found.ids)
    return Draft(gateway.domain, named, notes=tuple(notes)), found


def _unseen(resource: Resource, want: Resource | None) -> Iterator[Note]:
    """What the resource may have although nobody is shown it, and nobody has declared it."""
    said = {*resource.fields, *(want.fields if want else ())}
    for name in sorted(_hidden(resource.address.kind) - said):
        message = f"{resource.address} {name} was left out: Auth0 shows nobody what it is"
        help = f"declare {name}, with its secrets, before another tenant is made of this one"
        yield Note("loss", message, help=help, address=str(resource.address))


@cache
def _hidden(kind: str) -> frozenset[str]:
    """The fields of a kind with secrets of which nobody can tell whether they are there."""
    return frozenset(
        rule.at[0]
        for rule in KINDS[kind].rules
        if rule.secret and rule.read == "absent" and not rule.sure_by and "[]" not in rule.at
    )


def _unquoted(
    resource: Resource, want: Resource | None, vault: Vault, notes: list[Note]
) -> Resource:
    """*resource* without fields in which a secret was read, which no file is to hold."""
    fields = dict(resource.fields)
    for name, value in resource.fields.items():
        if not (quoted := _quoted(value, vault)):
            continue
        del fields[name]
        if want and name in want.fields:
            fields[name] = want.fields[name]
        message = f"{resource.address} {name} holds the value of the secret {quoted}"
        help = "it was not written; take it out there, and give the secret another value"
        notes.append(Note("mistake", message, help=help, address=str(resource.address)))
    return resource if fields == resource.fields else Resource(resource.address, fields)


def _quoted(value: Value, vault: Vault) -> str:
    """The secret whose value was read somewhere in *value*; empty for none."""
    texts = [leaf for _, leaf in walk(value) if isinstance(leaf, str) and "(secret " in leaf]
    return next((n for n in vault.values if any(f"(secret {n})" in t for t in texts)), "")


def without_own(tenant: Tenant, own: Collection[Address]) -> Mapping[Address, Resource]:
    """The resources of *tenant* without those at *own*, what hangs on them and who names them."""
    gone = set(own)
    kept = {}
    for address, resource in tenant.resources.items():
        owners = {*KINDS[address.kind].owners(address), address}
        if owners & gone:
            continue
        fields = {name: _without(value, gone) for name, value in resource.fields.items()}
        said = {name: value for name, value in fields.items() if value is not ABSENT}
        kept[address] = Resource(address, said)
    return kept


def _without(value: Value, gone: Collection[Address]) -> Value:
    """*value* without elements, members and scalars that name what is gone."""
    if isinstance(value, Mapping):
        inner = {key: _without(item, gone) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item is not ABSENT}
    if isinstance(value, list | tuple):
        return [item for item in value if not any(ref.address in gone for ref in refs(item))]
    return ABSENT if any(ref.address in gone for ref in refs(value)) else value


def adopted(
    loaded: Loaded, ids: Mapping[Address, str], before: Receipt | None, vault: Vault, commit: str
) -> Receipt:
    """The receipt of an export: what the files declare is ours from now on.

    Secrets that nobody can compare count as they are in the tenant, under their declared version.
    """
    known = Known(before.entries if before else {}, vault.mark)
    entries: dict[Address, Entry] = dict(known.entries)
    for resource in loaded.desired.tenant:
        address = resource.address
        if address in entries or address not in ids:
            continue
        entry = entry_of(resource, loaded.desired, known)
        sealed = {path: (version, "") for path, (version, _) in entry.sealed.items()}
        entries[address] = replace(entry, id=ids[address], sealed=sealed)
    environment = loaded.environment
    return Receipt(
        kind="export",
        tenant=environment.tenant,
        environment=environment.name,
        domain=environment.domain,
        digest=loaded.desired.digest,
        phases=environment.phases,
        status="converged",
        full=True,
        entries=entries,
        outcomes={},
        version=__version__,
        commit=commit,
        who=who(),
        when=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
    )
