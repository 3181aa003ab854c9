"""From what is known of an environment to what checks read. Pure; see `playbooks/scopes.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenantctl.engine.checks import Item, State
from tenantctl.engine.facts import Facts
from tenantctl.engine.state_code import code, page_sources
from tenantctl.engine.state_derived import dangling, derive
from tenantctl.engine.state_fields import (
    UNREAD,
    Naming,
    Seen,
    Sight,
    Spec,
    naming,
    sight,
    specs,
)
from tenantctl.engine.state_kept import drift, environment, kept
from tenantctl.engine.state_live import surveyed
from tenantctl.engine.state_told import told
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Json, Origins

NO_FILES = "the files were not read"
Items = tuple[Item, ...]


@dataclass(slots=True)
class _Made:
    """Scopes on their way, and why some are not known."""

    scopes: dict[str, Items] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)

    def take(self, found: Mapping[str, Items | str]) -> None:
        """Items of scopes, or why they are not known."""
        for scope, items in found.items():
            if isinstance(items, str):
                self.unknown[scope] = items
            else:
                self.scopes[scope] = items


def state_of(facts: Facts) -> State:
    """What checks read of *facts*; what nobody looked at is unknown, with the reason."""
    made, found = _Made(), sight(facts)
    names = naming(found, facts)
    if facts.desired is None:
        made.take(dict.fromkeys(specs(), NO_FILES))
        made.take(dict.fromkeys(("code", "page_sources", "dangling_permissions"), NO_FILES))
    else:
        made.take(_resources(found, names))
        made.take({"code": code(found, names), "page_sources": page_sources(found, names)})
        made.take({"dangling_permissions": dangling(found, names)})
    made.take(surveyed(facts, names))
    made.take({"env": (environment(facts, names),), "drift": drift(facts)})
    made.take(told(facts))
    made.take(kept(facts))
    if facts.attestations is None:
        made.unknown["attestations"] = "attestations were not read"
    return State(
        now=facts.now,
        kind=facts.environment.kind,
        name=facts.environment.name,
        adopted=facts.adopted,
        scopes=made.scopes,
        unknown=made.unknown,
        attestations=facts.attestations or (),
    )


def _resources(found: Sight, names: Naming) -> Mapping[str, Items | str]:
    """The scopes that are made of resources."""
    by_kind: dict[str, list[Seen]] = {}
    for seen in found.values():
        by_kind.setdefault(seen.address.kind, []).append(seen)
    made: dict[str, Items] = {}
    for scope, spec in specs().items():
        if not spec.get("survey"):
            seen_of = sorted(by_kind.get(spec["kind"], ()), key=lambda seen: seen.address)
            made[scope] = tuple(_items(spec, seen_of, found, names))
    derived = derive(found, names)
    return {
        scope: tuple(_with(item, derived.get(item.name)) for item in items)
        for scope, items in made.items()
    }


def _with(item: Item, more: tuple[Mapping[str, Json], Mapping[str, str]] | None) -> Item:
    if more is None:
        return item
    value, unknown = more
    return replace(item, value={**item.value, **value}, unknown={**item.unknown, **unknown})


def _items(spec: Spec, seen_of: list[Seen], found: Sight, names: Naming) -> Iterator[Item]:
    if spec.get("parts"):
        yield from _parts(spec, seen_of, names)
        return
    for seen in seen_of:
        if "each" in spec:
            for each in seen.fields.get(spec["each"]) or ():
                value = {spec["as"]: names.plain(each)}
                yield Item(value, str(each), seen.origin)
        else:
            yield _item(spec, seen, found, names)
    yield from _system(spec, {seen.address for seen in seen_of}, names)


def _item(spec: Spec, seen: Seen, found: Sight, names: Naming) -> Item:
    """One resource, with what hangs on it."""
    value = {**_key(seen, names), **names.plain(seen.fields)}
    unknown, origins = dict(seen.unknown), dict(seen.origins)
    for name, attached in spec.get("attach", {}).items():
        other = found.get(Address(attached["kind"], seen.address.key))
        if other is None:
            continue
        part = attached.get("field", "")
        fields = other.fields.get(part, ()) if part else other.fields
        value[name] = names.plain(fields)
        unknown |= dict.fromkeys([name] if other.unknown else [], "".join(other.unknown.values()))
        origins |= {(name, *(at[1:] if part else at)): o for at, o in other.origins.items()}
    if "id" in spec:
        id = _id(seen.address, names)
        value[spec["id"]] = id
        if not id:
            unknown[spec["id"]] = UNREAD
    return Item(value, str(seen.address), seen.origin, unknown, _partial(names), origins)


def _partial(names: Naming) -> str:
    """Why not all of a resource is known: what the files leave open was not read."""
    return UNREAD if names.facts.live is None else ""


def _key(seen: Seen, names: Naming) -> Mapping[str, Json]:
    """What the address says of a resource."""
    kind = KINDS[seen.address.kind]
    parts = seen.address.key.split("/") if kind.fixed else ()
    found: dict[str, Json] = dict(zip(kind.parts, parts, strict=False))
    if kind.system:
        found["is_system"] = seen.address.key in kind.system
    if seen.address.key in kind.system:
        found |= names.key_of(seen.address)
    return found


def _id(address: Address, names: Naming) -> str:
    """An id, what stands for one that is nobody's we know, or nothing where it may be any."""
    if names.is_own(address):
        return names.deploy
    known = names.facts.own is not None and names.facts.records is not None
    return names.id_of(address) or (str(address) if known else "")


def _parts(spec: Spec, seen_of: list[Seen], names: Naming) -> Iterator[Item]:
    """The parts of a kind as one thing."""
    if not seen_of:
        return
    value = {seen.address.key: names.plain(seen.fields) for seen in seen_of}
    origins: Origins = {
        (seen.address.key, *at): origin for seen in seen_of for at, origin in seen.origins.items()
    }
    first = seen_of[0]
    yield Item(value, spec["kind"], first.origin, {}, _partial(names), origins)


def _system(spec: Spec, there: set[Address], names: Naming) -> Iterator[Item]:
    """What every tenant has and nobody declares."""
    kind = KINDS[spec["kind"]]
    for key, fields in spec.get("system", {}).items():
        address = Address(kind.name, key)
        if address not in there:
            values = kind.system[key]
            domain = names.facts.environment.domain
            value: dict[str, Json] = {
                name: form.format(domain=domain)
                for name, form in zip(kind.key, values, strict=True)
            }
            unknown = dict.fromkeys(fields, "it is not declared, and was not read")
            yield Item({**value, "is_system": True}, str(address), None, unknown)
