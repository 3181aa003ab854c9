"""From the objects of a foreign configuration to the draft of a tenant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any

from tenantctl.foreign.fit import Fitting
from tenantctl.foreign.hide import Hiding, SecretNames
from tenantctl.foreign.item import Item, Made, MadeList, Named, Source
from tenantctl.foreign.keys import Aliases, dependent_key, free_keys, is_free, part_fields
from tenantctl.foreign.links import Linking, shown
from tenantctl.foreign.spots import note
from tenantctl.kinds import KINDS, Kind, text_of
from tenantctl.model import (
    Address,
    Draft,
    Note,
    Ref,
    Resource,
    Sealed,
    Secret,
    Text,
    Value,
    Var,
    secret_names,
    walk,
)

SPECIALS = Ref | Secret | Text | Var | Sealed
WHOLE = (
    "default_redirection_uri",
    "favicon_url",
    "initiate_login_uri",
    "logo_uri",
    "logo_url",
    "picture_url",
    "support_url",
)
"""Fields in which Auth0 takes a whole address alone."""


def resolve(source: Source) -> Draft:
    """The draft of the tenant that *source* declares.

    Objects get stable keys in the order of the source, names become references, and secrets get
    names. What leads nowhere or is nothing that Auth0 takes is left out, with a note: what is left
    can be declared as it is.
    """
    domain = source.domain if "." in source.domain else ""
    items = [replace(item, fields=_json(item.fields)) for item in source.items]
    notes = list(source.notes)
    aliases = Aliases(domain, frozenset(_hosts(source)))
    found = _once(_placed(items, aliases, notes), notes)
    made = _resources(found, aliases, notes)
    used = {leaf.name for each in made.values() for leaf in _variables(each.fields)}
    variables = {name: value for name, value in source.variables.items() if name in used}
    return Draft(domain, made, variables, tuple(dict.fromkeys(notes)))


def _hosts(source: Source) -> Iterator[str]:
    """The hosts that may be the tenant's own."""
    yield source.domain
    yield from (value for value in source.variables.values() if isinstance(value, str))


# --- addresses --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item with its address, and its fields with what the address says."""

    kind: Kind
    address: Address
    item: Item
    fields: Mapping[str, Value]


def _placed(items: list[Item], aliases: Aliases, notes: list[Note]) -> Iterator[_Placed]:
    """*items* with their addresses, in their order; what has none goes to the *notes*."""
    known: dict[int, Address] = {}
    for kind in filter(is_free, KINDS.values()):
        mine = {number: item for number, item in enumerate(items) if item.kind == kind.name}
        known.update(zip(mine, free_keys(kind, list(mine.values()), aliases), strict=True))
    for number, address in known.items():
        aliases.learn(address, _names(items[number]))
    for number, item in enumerate(items):
        kind = KINDS[item.kind]
        found = known.get(number) or dependent_key(kind, item, aliases)
        if isinstance(found, str):
            name = shown(item.names[0]) if item.names else "one"
            message = f"{name} of {kind.name} was left out: {found}"
            notes.append(note(item, "mistake", message, "declare what it names, or take it out"))
            continue
        if number not in known:
            aliases.learn(found, _names(item))
        yield _Placed(kind, found, item, {**item.fields, **part_fields(kind, found, item.fields)})


def _names(item: Item) -> Iterator[str]:
    """By what others may name *item*: its natural key before all else."""
    fields = (item.fields.get(name) for name in KINDS[item.kind].key)
    yield from (str(each) for each in fields if isinstance(each, str | int) and each)
    yield from (str(name) for name in item.names)


def _once(found: Iterable[_Placed], notes: list[Note]) -> list[_Placed]:
    """Each address once: parts of one thing are put together, of two the later one stays."""
    kept: dict[Address, _Placed] = {}
    for each in found:
        before = kept.pop(each.address, None)
        if before is None:
            kept[each.address] = each
            continue
        kind = each.kind
        parts = kind.members or kind.singleton or kind.fixed or each.address.key in kind.system
        fields = _together(before.fields, each.fields, kind.members) if parts else each.fields
        if not parts:
            message = f"{each.address} is declared twice: first at {before.item.at}"
            help = "the later one counts; take one out, or give it another name"
            notes.append(note(each.item, "mistake", message, help, of=each.address))
        kept[each.address] = replace(each, fields=fields)
    return list(kept.values())


def _together(one: Mapping[str, Value], other: Mapping[str, Value], members: str) -> dict[str, Any]:
    """Two parts of one thing; the later one counts where both say something."""
    found = dict(one)
    for name, value in other.items():
        mine = found.get(name)
        if isinstance(mine, Mapping) and isinstance(value, Mapping):
            found[name] = _together(mine, value, "")
        elif name == members and isinstance(mine, list) and isinstance(value, list):
            found[name] = [*mine, *(each for each in value if each not in mine)]
        else:
            found[name] = value
    return found


# --- fields -----------------------------------------------------------------------------------


def _resources(
    found: list[_Placed], aliases: Aliases, notes: list[Note]
) -> dict[Address, Resource]:
    """What is whole; what names something that is not, is looked at again without it."""
    secrets = SecretNames()
    secrets.keep(_sources([each.fields for each in found]))
    gone: dict[Address, list[Note]] = {}
    while True:
        made: dict[Address, Resource] = {}
        said: list[Note] = []
        lost: dict[Address, list[Note]] = {}
        for each in found:
            if each.address in gone:
                continue
            fields, about = _resolved(each, aliases, gone, secrets)
            if fields is None:
                lost[each.address] = about
            else:
                made[each.address] = Resource(each.address, fields)
                said += about
        lost |= _twice(found, made)
        if not lost:
            notes += [*(note for about in gone.values() for note in about), *said]
            return made
        gone |= lost


def _resolved(
    placed: _Placed, aliases: Aliases, gone: Collection[Address], secrets: SecretNames
) -> tuple[dict[str, Value] | None, list[Note]]:
    """The fields of one resource, None where it cannot be declared; and what to say of it."""
    kind, address, item = placed.kind, placed.address, placed.item
    refs = (each for each in placed.fields.values() if isinstance(each, Ref))
    needed = (*kind.owners(address), *(ref.address for ref in refs))
    for owner in needed:
        if owner in gone:
            message = f"{address} was left out with {owner}"
            return None, [note(item, "mistake", message, "", of=address)]
    linking = Linking(kind, address, item, aliases, gone)
    hiding = Hiding(kind, address, item, secrets)
    fitting = Fitting(kind, address, item)
    fields = fitting.fields(hiding.fields(linking.fields(placed.fields)))
    used = set(secret_names(fields))
    named = [note for name, note in hiding.named.items() if name in used]
    half = _half_addresses(placed, fields or {})
    said = [*linking.notes, *named, *hiding.notes, *fitting.notes, *half]
    return (None if fields is None else _plain(fields)), said


def _half_addresses(placed: _Placed, fields: Mapping[str, Value]) -> Iterator[Note]:
    """What to say of addresses without a scheme: they stay, for nobody knows which one is meant."""
    for name in WHOLE:
        value = fields.get(name)
        if isinstance(value, str) and value and "://" not in value:
            message = f"{placed.address}: {name} is {value}, which has no scheme"
            help = "Auth0 refuses it: write the whole address, https:// and all"
            yield note(placed.item, "mistake", message, help, of=placed.address, path=(name,))


def _twice(found: list[_Placed], made: Mapping[Address, Resource]) -> dict[Address, list[Note]]:
    """What has a value that another of its kind has, too, and only one may have."""
    first: dict[tuple[str, str, str], Address] = {}
    lost: dict[Address, list[Note]] = {}
    for each in found:
        fields = made[each.address].fields if each.address in made else {}
        for name in each.kind.unique:
            value = fields.get(name)
            if value is None or (name,) == each.kind.key:
                continue
            holder = first.setdefault((each.kind.name, name, text_of(value)), each.address)
            if holder != each.address:
                message = f"{each.address} and {holder} both have {name}: {text_of(value)}"
                help = f"Auth0 takes each value once; {each.address} was left out"
                lost[each.address] = [note(each.item, "mistake", message, help, of=each.address)]
    return lost


# --- values -----------------------------------------------------------------------------------


def _json(value: Any) -> Any:
    """*value* as JSON has it, whatever a parser has made of it; what is made of variables stays."""
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, MadeList):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return None
    if value is None or isinstance(value, str | bool | int | float | SPECIALS):
        return value
    return str(value)


def _plain(value: Value) -> Any:
    """*value* with the variables and secrets that its texts and lists are made of."""
    if isinstance(value, Made | MadeList):
        return value.source
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Named) else value


def _sources(value: Value) -> Iterator[Value]:
    """What the leaves of *value* are made of."""
    for _, leaf in walk(value):
        yield leaf.source if isinstance(leaf, Made) else leaf


def _variables(value: Value) -> Iterator[Var]:
    for _, leaf in walk(value):
        parts = leaf.parts if isinstance(leaf, Text) else (leaf,)
        yield from (part for part in parts if isinstance(part, Var))
