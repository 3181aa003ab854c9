"""Where addresses meet ids. Nothing outside the gateway ever sees an id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from tenantctl.engine.merge import at
from tenantctl.errors import GatewayError
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import ABSENT, Address, Foreign, Json, Ref, Secret, Text, Value, Var, Vault


class Unresolved(GatewayError):
    """A value cannot be written yet: what it names has no id, or no secret of that name is here."""


@dataclass(slots=True)
class Index:
    """The plain fields of every known live object by address, and back from a field to it.

    `id` is a field of each. Only plain top-level fields that are no secrets are kept. *made* is
    what we created ourselves a moment ago, so that nothing hangs on it but what we hang there.
    """

    made: set[Address] = field(default_factory=set)
    _fields: dict[Address, dict[str, Json]] = field(default_factory=dict)
    _known: dict[tuple[str, str, Json], Address] = field(default_factory=dict)

    def __contains__(self, address: Address) -> bool:
        return address in self._fields

    def known(self, kind: str) -> list[Address]:
        """The addresses of the known objects of *kind*."""
        return [address for address in self._fields if address.kind == kind]

    def id_of(self, address: Address) -> str:
        """The id of a known object; empty for singletons and for what is not known."""
        return str(self._fields.get(address, {}).get("id", ""))

    def learn(self, kind: Kind, address: Address, document: Mapping[str, Json]) -> None:
        """Take note of a live object's *document*; what was known of it before stays."""
        plain = {
            name: value
            for name, value in document.items()
            if isinstance(value, str | int | float | bool) and not kind.rule((name,)).secret
        }
        inner = ((via, at(document, tuple(via.split(".")))) for via in _inner_fields(kind.name))
        plain |= {via: value for via, value in inner if value is not ABSENT}
        if kind.wire.id in plain:
            plain["id"] = plain[kind.wire.id]
        mine = self._fields.setdefault(address, {})
        for name, value in plain.items():
            self._unname(address, name)
            mine[name] = value
            self._known[(address.kind, name, value)] = address

    def forget(self, address: Address) -> None:
        for name in self._fields.get(address, ()):
            self._unname(address, name)
        self._fields.pop(address, None)
        self.made.discard(address)

    def _unname(self, address: Address, name: str) -> None:
        """What a field of an object was no longer leads to it."""
        known = (address.kind, name, self._fields[address].get(name))
        if self._known.get(known) == address:
            del self._known[known]

    def named(self, kind: str, via: str, value: Json) -> Ref | Foreign:
        """The reference that a live *value* of field *via* means."""
        address = self._known.get((kind, via, value))
        return Ref(address, via) if address else Foreign(kind, str(value))

    def carrier(self, id: str) -> Address | None:
        """The known object, of whatever kind, that has this id."""
        found = (self._known.get((kind, "id", id)) for kind in KINDS)
        return next(filter(None, found), None)

    def of_client(self, client_id: str) -> frozenset[Address]:
        """A client, and everything known that is its own: grants, and what hangs on it."""
        named = {a for a, fields in self._fields.items() if fields.get("client_id") == client_id}
        hanging = (a for a in self._fields if named.intersection(KINDS[a.kind].owners(a)))
        return frozenset({*named, *hanging})

    def value(self, ref: Ref) -> Json:
        """What *ref* stands for. Raises Unresolved."""
        fields = self._fields.get(ref.address)
        if fields is None:
            raise Unresolved(f"{ref.address} is not in the tenant", help="plan again")
        if ref.field not in fields:
            raise Unresolved(f"{ref.address} has no field {ref.field}")
        return fields[ref.field]


@cache
def _inner_fields(kind: str) -> frozenset[str]:
    """The fields inside structures of *kind*, dotted, by which others refer to it."""
    named = (rule.ref for each in KINDS.values() for rule in each.rules if rule.ref)
    return frozenset(ref.via for ref in named if ref.to == kind and "." in ref.via)


def render(value: Value, index: Index, vault: Vault) -> Json:
    """*value* as a request carries it: references, texts and secrets become what they stand for.

    Raises Unresolved, also for a secret that was read: nobody can write it.
    """
    if isinstance(value, Mapping):
        return {key: render(item, index, vault) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [render(item, index, vault) for item in value]
    match value:
        case Ref():
            return index.value(value)
        case Text(parts):
            return "".join(_text(part, index, vault) for part in parts)
        case Secret(name):
            if name not in vault.values:
                raise Unresolved(
                    f"the secret {name} has no value", help=f"set {name} and run again"
                )
            return vault.values[name]
        case Foreign(_, id):
            return id
    if value is None or isinstance(value, str | int | float):
        return value
    raise Unresolved("a value that Auth0 does not show cannot be written back")


def _text(part: str | Ref | Secret | Var, index: Index, vault: Vault) -> str:
    if isinstance(part, str):
        return part
    found = render(part, index, vault)
    return found if isinstance(found, str) else json.dumps(found)


def rendered(value: Value, index: Index, vault: Vault) -> Json | None:
    """As `render`, but None where something in *value* cannot be resolved."""
    try:
        return render(value, index, vault)
    except Unresolved:
        return None
