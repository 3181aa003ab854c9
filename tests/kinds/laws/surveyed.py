"""What whoever has never seen a tenant finds in it, and what of what is declared that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.world import VAULT
from kinds.laws.ground import Ground
from tenantctl.gateway import Gateway, Survey
from tenantctl.gateway.index import rendered
from tenantctl.kinds import KINDS, Kind, Lens, fold, holds, recognise, unfold
from tenantctl.model import (
    ABSENT,
    Address,
    Foreign,
    Path,
    Ref,
    Resource,
    Scope,
    Sealed,
    Tenant,
    Text,
    Value,
    dotted,
    is_secret,
    walk,
)
from tenantctl.workflows.prepare import scope

NOTHING = Scope({}, Tenant({}))
UNSEEN: Mapping[str, str] = {
    "guardian_push_fcm": "no endpoint shows anything of it",
    "guardian_push_fcmv1": "no endpoint shows anything of it",
}
"""Kinds of which a survey cannot find anything, with the reason."""

UNTOLD: Mapping[str, str] = {
    "flow_vault_connections.setup": "it is never shown: a new one waits to be set up",
    "custom_domains.verification_method": "it is asked for once, and means nothing afterwards",
    "connections.options.metadataXml": "what was made of it is shown",
    "client_credentials.parse_expiry_from_cert": "the expiry is shown",
    "client_credentials.pem": "the subject of a certificate is shown, which is all that counts",
    "log_streams.startFrom": "it is asked for once, and means nothing afterwards",
    "action_modules.api_version": "there is one version only",
}
"""Fields that nobody can read, and that are not missed."""

TOLD_ANYWAY: Mapping[str, str] = {
    "tenant.session_lifetime": "the minutes say it",
    "tenant.idle_session_lifetime": "the minutes say it",
    "tenant.ephemeral_session_lifetime": "the minutes say it",
    "tenant.idle_ephemeral_session_lifetime": "the minutes say it",
    "tenant.session_lifetime_in_minutes": "the hours say it",
    "tenant.idle_session_lifetime_in_minutes": "the hours say it",
    "tenant.ephemeral_session_lifetime_in_minutes": "the hours say it",
    "tenant.idle_ephemeral_session_lifetime_in_minutes": "the hours say it",
    "actions.modules": "the version that is the newest has no number",
}
"""Fields that are left out of what is written down, because another one says the same."""


@dataclass(frozen=True)
class Seen:
    """A survey of the tenant of a case, and what its project declares, in the survey's words.

    *known* is a survey for whom the project is known, *read* what a plan reads.
    """

    survey: Survey
    declared: Tenant
    known: Survey
    read: Tenant


def seen(ground: Ground) -> Seen:
    """Surveys of the tenant of *ground*, of all kinds that its project declares."""
    loaded = ground.load()
    entries = ground.receipt.entries
    ids = {address: entry.id for address, entry in entries.items() if entry.id}

    async def job(gateway: Gateway) -> Seen:
        kinds = {address.kind for address in loaded.desired.tenant.resources}
        kinds |= {each.endings_of[0] for name in kinds if (each := KINDS[name]).endings_of}
        survey = await gateway.survey(NOTHING, kinds=kinds)
        words = Words(gateway, survey, ids)
        declared = Tenant.of(map(words.resource, loaded.desired.tenant))
        wanted = scope(loaded.desired, entries, retire=False)
        known = await gateway.survey(wanted, kinds=kinds)
        return Seen(survey, declared, known, await gateway.read(wanted))

    return ground._job(job, ground.vault(loaded))


@dataclass(frozen=True)
class Words:
    """What is declared in the words of a survey: its addresses, and texts as they are live."""

    gateway: Gateway
    survey: Survey
    ids: Mapping[Address, str]

    def resource(self, declared: Resource) -> Resource:
        fields = {name: self.value(value) for name, value in declared.fields.items()}
        return Resource(self.address(declared.address), fields)

    def value(self, value: Value) -> Value:
        if isinstance(value, Mapping):
            return {key: self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        if isinstance(value, Ref):
            return Ref(self.address(value.address), value.field)
        if isinstance(value, Text) and not is_secret(value):
            parts = tuple(self.value(p) if isinstance(p, Ref) else p for p in value.parts)
            return rendered(Text(parts), self.gateway._live.index, VAULT)
        return value

    def address(self, declared: Address) -> Address:
        kind = KINDS[declared.kind]
        named = (a for a, id in self.survey.ids.items() if id and id == self.ids.get(declared))
        found = next((a for a in named if a.kind == kind.name), None)
        if found:
            return found
        owners = kind.owners(declared)
        parts = declared.key.split("/")
        keys = [self.address(owner).key for owner in owners]
        return Address(kind.name, "/".join([*keys, *parts[len(keys) :]]))


def problems(found: Seen) -> Iterator[str]:
    """What the survey has lost, cannot say, or calls otherwise than a project that declares it."""
    yield from lost(found)
    yield from misunderstood(found.survey)
    yield from foreign(found.survey)
    yield from renamed(found)


def lost(found: Seen) -> Iterator[str]:
    """What is declared and is not among what the survey found."""
    for want in found.declared:
        kind = KINDS[want.address.kind]
        have = found.survey.tenant.get(want.address)
        if kind.members and not want.fields[kind.members]:
            continue  # as good as none
        if have is None:
            if kind.name not in UNSEEN and not disabled(kind, want.address, found.survey):
                yield f"{want.address} is not found"
            continue
        mine = {
            name: v for name, v in want.fields.items() if not kind.members or name == kind.members
        }
        yield from (f"{want.address}: {p}" for p in lacking(kind, told(kind, mine), have.fields))


def disabled(kind: Kind, address: Address, survey: Survey) -> bool:
    """Whether *address* is about a language that the tenant has not enabled."""
    if not kind.endings_of:
        return False
    name, field = kind.endings_of
    return address.key.partition("/")[2] not in survey.tenant.get(Address(name)).fields[field]


def told(kind: Kind, value: Value, path: tuple[str, ...] = ()) -> Value:
    """*value* without what cannot be read and is not missed."""
    if not isinstance(value, Mapping):
        return value
    inner = ((name, item, (*path, name)) for name, item in value.items())
    return {
        name: told(kind, item, at)
        for name, item, at in inner
        if ".".join((kind.name, *at)) not in UNTOLD
    }


def misunderstood(survey: Survey) -> Iterator[str]:
    """What is not the same once it has been written down and read again."""
    for resource in survey.tenant:
        kind = KINDS[resource.address.kind]
        again = unfold(kind, fold(kind, resource.fields), resource.address.key)
        kept = {n: v for n, v in resource.fields.items() if f"{kind.name}.{n}" not in TOLD_ANYWAY}
        missing = [*lacking(kind, again, resource.fields), *lacking(kind, kept, again)]
        yield from (f"{resource.address} is written as {again}: {p}" for p in missing)


def lacking(kind: Kind, want: Mapping[str, Value], have: Mapping[str, Value]) -> Iterator[str]:
    """The fields of *want* that *have* does not hold; what is sealed may be what is wanted."""
    lens = Lens(kind, have)
    for name, value in want.items():
        there = recognise(lens, value, have.get(name, ABSENT), may_equal, (name,))
        if not holds(lens, value, there, (name,)):
            yield f"{name} is {have.get(name, ABSENT)!r}, not {value!r}"


def may_equal(_: Path, want: Value, sealed: Sealed) -> bool:
    return is_secret(want) or want == sealed or sealed.fingerprint is None


def foreign(survey: Survey) -> Iterator[str]:
    for resource in survey.tenant:
        for path, value in walk(resource.fields):
            if isinstance(value, Foreign):
                yield f"{resource.address} {dotted(path)} is {value}"


def renamed(found: Seen) -> Iterator[str]:
    """What a read finds at an address and a survey does not, although it knows of the address."""
    for resource in found.read:
        kind = KINDS[resource.address.kind]
        have = found.known.tenant.get(resource.address)
        if have is None:
            yield f"{resource.address} is found under another address"
        else:
            fields = resource.fields
            if resource.address.key in kind.system:  # of which it tells what may be set
                fields = {name: fields[name] for name in have.fields}
            missing = lacking(kind, fields, have.fields)
            yield from (f"{resource.address} is otherwise: {problem}" for problem in missing)
