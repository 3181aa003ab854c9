"""Resources as checks see them: declared fields over those that the tenant has. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tenantctl.engine.facts import Facts
from tenantctl.engine.merge import at, put
from tenantctl.kinds import KINDS, Kind, Lens, element_key, holds
from tenantctl.model import (
    ABSENT,
    Address,
    Entry,
    Foreign,
    Json,
    Origin,
    Origins,
    Path,
    Ref,
    Resource,
    Sealed,
    Secret,
    Source,
    Text,
    Value,
    fields_of,
    same,
)
from tenantctl.playbooks import scopes

UNREAD = "the tenant was not read"
NOT_YET = "it is not in the tenant yet"
TO_COME = "the apply is to change it"
NO_RECEIPT = "no receipt was read"
CLOSER = "it takes a closer look at the tenant, which `tenantctl check` takes"

Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A resource: its *fields* as they are, or will be, and what of them is *unknown* and why."""

    address: Address
    fields: Mapping[str, Value]
    origin: Origin | None = None
    origins: Origins = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)


Sight = Mapping[Address, Seen]


def specs() -> Mapping[str, Spec]:
    """What each scope is made of, by its name."""
    found: Mapping[str, Spec] = scopes()["scopes"]
    return found


def sight(facts: Facts) -> Sight:
    """Every resource that is declared, and what a survey has shown of kinds that it is for."""
    found = {seen.address: seen for seen in _declared(facts)}
    surveyed = facts.surveyed
    wanted = {spec["kind"] for spec in specs().values() if spec.get("survey")}
    for resource in surveyed.tenant if surveyed else ():
        if resource.address.kind in wanted:
            found.setdefault(resource.address, Seen(resource.address, resource.fields))
    return found


def _declared(facts: Facts) -> Iterator[Seen]:
    desired = facts.desired
    if desired is None:
        return
    last = facts.records.last.get(facts.environment.name) if facts.records else None
    entries: Mapping[Address, Entry] = last.entries if last else {}
    by_kind = {spec["kind"]: spec for spec in specs().values()}
    for want in desired.tenant:
        have = facts.live.get(want.address) if facts.live else None
        if facts.live is not None and have is None and not facts.after:
            continue
        declaration = desired.declarations[want.address]
        entry = entries.get(want.address, Entry())
        seen = Seen(
            address=want.address,
            fields=_fields(want, have, declaration.mode, entry, after=facts.after),
            origin=declaration.home,
            origins=desired.origins.get(want.address, {}),
        )
        spec = by_kind.get(want.address.kind, {})
        if facts.records is None and _takes_away(want, have, declaration.mode):
            seen = replace(seen, unknown={KINDS[want.address.kind].members: NO_RECEIPT})
        yield _live_only(seen, want, have, spec, facts) if spec.get("live") else seen


def _takes_away(want: Resource, have: Resource | None, mode: str) -> bool:
    """Whether a receipt would say which members of an association have to go."""
    kind = KINDS[want.address.kind]
    if have is None or not kind.members or mode != "managed":
        return False
    wanted = {element_key(each, kind.by) for each in want.fields.get(kind.members, ())}
    return any(element_key(e, kind.by) not in wanted for e in have.fields.get(kind.members, ()))


def _fields(
    want: Resource, have: Resource | None, mode: str, entry: Entry, *, after: bool
) -> Mapping[str, Value]:
    kind = KINDS[want.address.kind]
    if have is None:
        return want.fields
    if not after:
        return _with_concealed(kind, want, have)
    if kind.members:
        return {**have.fields, kind.members: _members(kind, want, have, mode, entry)}
    return _over(kind, want.fields, have.fields, want.fields, ())


def _over(
    kind: Kind,
    want: Mapping[str, Value],
    have: Mapping[str, Value],
    whole: Mapping[str, Value],
    path: Path,
) -> dict[str, Value]:
    """*have* as it is once *want* is written: structs are partial, all else is complete."""
    found = dict(have)
    for key, value in want.items():
        inner, there = (*path, key), have.get(key)
        found[key] = value
        if not isinstance(value, Mapping) or not isinstance(there, Mapping):
            continue
        if kind.rule(inner, whole).map != "open":
            found[key] = _over(kind, value, there, whole, inner)
    return found


def _with_concealed(kind: Kind, want: Resource, have: Resource) -> Mapping[str, Value]:
    """*have*, with what the API does not show of *want*: secrets, and defaults."""
    lens = Lens(kind, {**have.fields, **want.fields})
    found: dict[str, Value] = {**have.fields}
    for path, value in fields_of(want.fields):
        if at(found, path) is ABSENT and value is not None:
            hidden = lens.rule(path).read != "clear" or holds(lens, value, ABSENT, path)
            if hidden:
                put(found, path, value)
    return found


def _members(kind: Kind, want: Resource, have: Resource, mode: str, entry: Entry) -> list[Value]:
    """The members that an association has once it is written."""
    wanted = {element_key(each, kind.by): each for each in want.fields.get(kind.members, ())}
    there = {element_key(each, kind.by): each for each in have.fields.get(kind.members, ())}
    going = {"managed": set(entry.elements), "additive": set(), "exclusive": set(there)}[mode]
    kept = {key: each for key, each in there.items() if key not in going - wanted.keys()}
    for key, each in wanted.items():
        old = kept.get(key)
        new = {**old, **each} if isinstance(each, Mapping) and isinstance(old, Mapping) else each
        kept[key] = new
    return list(kept.values())


def _live_only(seen: Seen, want: Resource, have: Resource | None, spec: Spec, facts: Facts) -> Seen:
    """*seen* with the fields of which only the tenant knows how they are."""
    shown = facts.surveyed.shown.get(seen.address, {}) if facts.surveyed else {}
    fields = {name: value for name, value in seen.fields.items() if name not in spec["live"]}
    unknown: dict[str, str] = {}
    for name in spec["live"]:
        called = spec.get("called", {}).get(name, name)
        live = {**shown, **(have.fields if have else {})}
        if facts.live is None:
            unknown[called] = UNREAD
        elif have is None:
            unknown[called] = NOT_YET
        elif name not in live:
            unknown[called] = CLOSER
        elif facts.after and name in want.fields and not same(want.fields[name], live[name]):
            unknown[called] = TO_COME
        else:
            fields[called] = live[name]
    return replace(seen, fields=fields, unknown=unknown)


@dataclass(frozen=True, slots=True)
class Naming:
    """What references are called: by the names of what they lead to.

    *deploy* is the id of the tool's own client, or what stands for it; empty for not known.
    """

    sight: Sight
    facts: Facts
    deploy: str = ""

    def name(self, ref: Ref) -> str:
        """What *ref* leads to: the field itself, or who it is of."""
        if self.is_own(ref.address):
            return self.deploy
        seen, kind = self.sight.get(ref.address), KINDS[ref.address.kind]
        fields: dict[str, Value] = {**self.key_of(ref.address), **(seen.fields if seen else {})}
        for name in (ref.field, *kind.key):
            if isinstance(fields.get(name), str):
                return str(fields[name])
        return ref.address.key or ref.address.kind

    def key_of(self, address: Address) -> Mapping[str, Value]:
        """The natural key of an address, as far as it is known without its fields."""
        desired = self.facts.desired
        declared = desired.declarations.get(address) if desired else None
        values = declared.identity.key if declared else ()
        return dict(zip(KINDS[address.kind].key, values, strict=False))

    def id_of(self, address: Address) -> str:
        """The id of an address where somebody wrote it down; empty where nobody did."""
        records = self.facts.records
        last = records.last.get(self.facts.environment.name) if records else None
        entry = last.entries.get(address) if last else None
        return self.facts.environment.pins.get(address) or (entry.id if entry else "")

    def is_own(self, address: Address) -> bool:
        """Whether *address* is the client that the tool signs in with."""
        if not self.deploy:
            return False
        return address in (self.facts.own or ()) or self.id_of(address) == self.deploy

    def plain(self, value: Value) -> Json:
        """*value* in the API's own form: names for references, and no secret."""
        if isinstance(value, Mapping):
            found = ((key, self.plain(each)) for key, each in value.items() if each is not ABSENT)
            return dict(found)
        if isinstance(value, list | tuple):
            return [self.plain(each) for each in value]
        if isinstance(value, Ref):
            return self.name(value)
        if isinstance(value, Text):
            return "".join(
                part if isinstance(part, str) else self.plain(part) for part in value.parts
            )
        if isinstance(value, Secret):
            return f"secret:{value.name}"
        if isinstance(value, Sealed):
            return "secret:"
        return value.id if isinstance(value, Foreign) else value


def naming(found: Sight, facts: Facts) -> Naming:
    """How references are called in *found*."""
    return Naming(found, facts, deploy_client(facts))


def deploy_client(facts: Facts) -> str:
    """The id of the tool's own client; what stands for it where only a run learns it."""
    credentials = facts.environment.credentials
    sources = [credentials[verb].client_id for verb in ("apply", "plan") if verb in credentials]
    literal = next((source.name for source in sources if source.scheme == "literal"), "")
    if literal or facts.own is None:
        return literal
    source = sources[0] if sources else Source("client", "tenantctl")
    return str(source)
