"""What the objects of a foreign configuration are called here: their addresses and aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tenantctl.foreign.item import Item, Made
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import ABSENT, Address, Ref, Secret, Text, Value, Var, stable_keys

WELL_KNOWN = {"Auth0 Management API": "https://{domain}/api/v2/"}
"""What consoles and exporters call system objects, and the natural key that they have."""
SYSTEM_AUDIENCE = re.compile(r"https://([^/]+)/api/v2/")
AUTH0 = re.compile(r".+\.auth0(?:app)?\.com")


@dataclass(slots=True)
class Aliases:
    """By what others refer to the objects of a configuration. *hosts* are the tenant's own.

    Tables by kind; what is written inside an owner has one of its own for each owner, too.
    """

    domain: str
    hosts: frozenset[str]
    tables: dict[tuple[str, str], dict[str, Address]] = field(default_factory=dict)

    def learn(self, address: Address, names: Iterable[str]) -> None:
        """The first one to have a name keeps it."""
        for scope in {"", address.key.rpartition("/")[0]}:
            table = self.tables.setdefault((address.kind, scope), {})
            for name in names:
                table.setdefault(name, address)

    def find(self, kind: str, name: str, scope: str = "") -> Address | None:
        """What is called *name*: an object of the configuration, of every tenant, or of others."""
        found = self.tables.get((kind, scope), {}).get(name)
        if found is not None or scope:
            return found
        to = KINDS[kind]
        if key := self.system(to, name):
            return Address(kind, key)
        return Address(kind, name) if to.given and name else None

    def anywhere(self, name: str) -> Address | None:
        """What is called *name*, of whatever kind."""
        tables = (table for (_, scope), table in self.tables.items() if not scope)
        return next((table[name] for table in tables if name in table), None)

    def system(self, kind: Kind, name: str) -> str:
        """The key of the system object of *kind* that is called *name*; or empty."""
        audience = SYSTEM_AUDIENCE.fullmatch(name)
        if audience and (audience[1] in self.hosts or AUTH0.fullmatch(audience[1])):
            name = f"https://{self.domain}/api/v2/"
        called = WELL_KNOWN.get(name, "").format(domain=self.domain) or name
        forms = ((key, form[0].format(domain=self.domain)) for key, form in kind.system.items())
        return next((key for key, form in forms if form == called), "")


def named(value: Value) -> str:
    """*value* as it is the same in every environment: a variable is its name."""
    source = value.source if isinstance(value, Made) else value
    parts = source.parts if isinstance(source, Text) else (source,)
    return "".join(
        part.name.lower() if isinstance(part, Var | Secret) else str(part) for part in parts
    )


def is_free(kind: Kind) -> bool:
    """Whether nothing but its own name makes the key of an object."""
    return bool(kind.key) and not kind.parts and not kind.owned


def free_keys(kind: Kind, items: Sequence[Item], aliases: Aliases) -> Iterator[Address]:
    """The address of each of *items*, all of a kind that `is_free`. Equal ones have the same."""
    marks = [_identity(kind, item, number) for number, item in enumerate(items)]
    known: dict[tuple[str, ...], str] = {
        mark: aliases.system(kind, mark[0]) for mark in marks if len(mark) == 1
    }
    first: dict[tuple[str, ...], Item] = {}
    for mark, item in zip(marks, items, strict=True):
        if not known.get(mark):
            first.setdefault(mark, item)
    keys = stable_keys([_title(kind, item) for item in first.values()], taken=kind.system)
    known.update(zip(first, keys, strict=True))
    return (Address(kind.name, known[mark]) for mark in marks)


def _identity(kind: Kind, item: Item, number: int) -> tuple[str, ...]:
    """What tells one object of a kind from another; an object without is like no other."""
    fields = tuple(item.fields.get(name) for name in kind.key)
    said = tuple(str(each) for each in fields if isinstance(each, str | int) and str(each))
    if len(said) == len(kind.key):
        return said
    return item.names[:1] or (f"{number}", "")


def _title(kind: Kind, item: Item) -> str:
    fields = (item.fields.get(name) for name in kind.key)
    texts = (each for each in (*item.names[:1], *fields) if isinstance(each, str | int) and each)
    return next(map(named, texts), "")


def dependent_key(kind: Kind, item: Item, aliases: Aliases) -> Address | str:
    """The address of *item*, of a kind whose keys are made of others'; or why it has none."""
    if kind.singleton:
        return Address(kind.name)
    if kind.authored_in:
        return _inside(kind, kind.authored_in[0], item, aliases)
    parts = list(_owned_parts(kind, item) if kind.fixed or kind.parents else _parts(kind, item))
    if len(parts) < len(kind.parts):
        return f"it says no {kind.parts[len(parts)]}"
    keys = []
    for name, part, to in parts:
        address = aliases.find(to, part) if to else Address("", part)
        if address is None:
            return f"there is no {named(part) or 'such thing'} among {to}"
        if not address.key or "/" in address.key:
            return f"{named(part) or 'an empty text'} is no {name}"
        keys.append(address.key)
    if kind.fixed and kind.values and keys[0] not in kind.values:
        return f"Auth0 has no {kind.parts[0]} {named(parts[0][1])}"
    return Address(kind.name, "/".join(keys))


def _inside(kind: Kind, parent: str, item: Item, aliases: Aliases) -> Address | str:
    """The address of what is written inside another object."""
    name = item.owners[0] if item.owners else ""
    owner = aliases.find(parent, name)
    if owner is None:
        return f"there is no {named(name) or 'such thing'} among {parent}"
    if not kind.key or kind.members:
        return Address(kind.name, owner.key)
    taken = {each.key for each in aliases.tables.get((kind.name, owner.key), {}).values()}
    title = _title(kind, item)
    known = aliases.find(kind.name, str(item.fields.get(kind.key[0], title)), owner.key)
    inner = known.key.rpartition("/")[2] if known else None
    fresh = stable_keys([title], taken={key.rpartition("/")[2] for key in taken})[0]
    return Address(kind.name, f"{owner.key}/{inner or fresh}")


def _owned_parts(kind: Kind, item: Item) -> Iterator[tuple[str, str, str]]:
    """Name, text and kind (of what is an alias) of each part that an item's owners say."""
    for index, (name, text) in enumerate(zip(kind.parts, item.owners, strict=False)):
        yield name, text, kind.parents[index] if index < len(kind.parents) else ""


def _parts(kind: Kind, item: Item) -> Iterator[tuple[str, str, str]]:
    """Name, text and kind of each part that the item's own fields say; as far as they do."""
    for name in kind.parts:
        rule = kind.rule((name,))
        value = item.fields.get(name)
        if value is None and rule.default is not ABSENT:
            value = rule.default
        if not isinstance(value, str):
            return
        yield name, value, rule.ref.to if rule.ref else ""


def part_fields(kind: Kind, address: Address, fields: Mapping[str, Value]) -> dict[str, Value]:
    """The fields that the key of *address* says: of what is composite or fixed, all it names."""
    found: dict[str, Value] = {}
    for name, key in zip(kind.parts, address.key.split("/"), strict=False):
        if kind.fixed and name not in kind.key:
            continue
        ref = kind.rule((name,), fields).ref
        if not kind.owned:
            found[name] = Ref(Address(ref.to, key), ref.via) if ref else key
    return found
