"""From resources of the provider to items."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from tenantctl.foreign.item import Item
from tenantctl.foreign.terraform.configuration import Written
from tenantctl.foreign.terraform.fitting import Fitted, Fitting, fitted
from tenantctl.foreign.terraform.types import Type
from tenantctl.foreign.terraform.values import Unknown
from tenantctl.kinds import KINDS, variants, write_shape
from tenantctl.model import Address, Json, Note, Origin, Path, Value


@dataclass(frozen=True, slots=True)
class Found:
    """One instance of a resource: its *values* are worked out."""

    type: str
    address: str
    values: Mapping[str, Value]
    at: Origin


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong to another item: of *kind*, the one that *owner* names.

    *born*: it is there also where nobody declares it.
    """

    kind: str
    owner: str
    fields: Mapping[str, Value]
    at: Origin
    born: bool = False


@dataclass
class Translation:
    """What all of a configuration shares: notes, and what turns out to be secret.

    *hidden* are the variables that are; *clear* the names of secrets, by values in clear.
    """

    notes: list[Note]
    hidden: set[str] = field(default_factory=set)
    clear: dict[str, str] = field(default_factory=dict)

    def note(self, level: str, found: Found, message: str, help: str = "") -> None:
        at = found.at
        said = f"{found.address}: {message}"
        self.notes.append(Note(level, said, at.file, at.line, at.column, help))

    def fields(self, found: Found, kind: str, values: Mapping[str, Value], key: str = "") -> Fitted:
        """*values* as fields of *kind*, as far as the API has them."""
        whole = KINDS[kind]
        strategy = values.get("strategy") or values.get("type")
        shape = _shape(kind, key, strategy if isinstance(strategy, str) else "")
        label = re.sub(r"\bmodule\.|\bauth0_", "", found.address)
        context = Fitting(
            whole, shape, found.address, label, self.notes, self.hidden, self.clear, dict(values)
        )
        return fitted(context, values, found.at)


@cache
def _shape(kind: str, key: str, variant: str) -> Json:
    """The fields that writes of a kind know; of a variant only those that it has."""
    whole = KINDS[kind]
    address = Address(kind, key)
    update = write_shape(whole, address, "update")
    create = write_shape(whole, address, "create")
    properties = {**update.get("properties", {}), **create.get("properties", {})}
    shape = {**create, "$defs": {**update.get("$defs", {}), **create.get("$defs", {})}}
    if properties or "anyOf" in create:
        shape["properties"] = properties
    known = variants(whole)
    if known and variant in known.names and known.field in properties:
        inner = properties[known.field]
        inner = shape["$defs"].get(inner.get("$ref", "").rpartition("/")[2], inner)
        names = known.names[variant]
        some = {n: s for n, s in inner.get("properties", {}).items() if n in names}
        properties[known.field] = {**inner, "properties": some}
    return shape


def renamed(values: Mapping[str, Value], rename: Mapping[str, str], path: str = "") -> Written:
    """*values* with other names for those at the paths of *rename*; a new name may be a path."""
    at = values.at if isinstance(values, Written) else {}
    names: dict[str, Value] = {}
    places: dict[str, Origin] = {}
    for name, value in values.items():
        here = f"{path}{name}"
        inner = _inside(value, rename, f"{here}.")
        first, *rest = rename.get(here, name).split(".")
        for word in reversed(rest):
            inner = {word: inner}
        if rest and isinstance(names.get(first), Mapping):
            inner = {**names[first], **inner}
        names[first] = inner
        if name in at:
            places[first] = at[name]
    return Written(names, places)


def _inside(value: Value, rename: Mapping[str, str], path: str) -> Value:
    if not any(name.startswith(path) for name in rename):
        return value
    if isinstance(value, Mapping):
        return renamed(value, rename, path)
    if type(value) is list:
        return [_inside(each, rename, path) for each in value]
    return value


def one(values: Mapping[str, Value], name: str) -> Mapping[str, Value]:
    """The block of a type of which there may be one."""
    found = values.get(name)
    if isinstance(found, list):
        found = found[0] if found else None
    return found if isinstance(found, Mapping) else {}


def without(values: Mapping[str, Value], *names: str) -> Written:
    """*values* but for some."""
    at = values.at if isinstance(values, Written) else {}
    return Written({k: v for k, v in values.items() if k not in names}, at)


def with_(values: Mapping[str, Value], more: Mapping[str, Value]) -> Written:
    """*values* and more of them."""
    at = values.at if isinstance(values, Written) else {}
    return Written({**values, **more}, at)


def made(
    kind: str, fields: Fitted, at: Origin, names: tuple[str, ...], owners: tuple[str, ...] = ()
) -> Item:
    """An item that knows where its fields are written; of what is in a list, where the first is."""

    def spots(path: Path) -> Origin:
        known = ("[]" if step.isdigit() else step for step in path)
        steps = tuple(known)
        ways = (steps[:size] for size in range(len(steps), 0, -1))
        return next((fields.at[way] for way in ways if way in fields.at), at)

    return Item(kind, fields, at, names, owners, spots)


def aliases(found: Found, type: Type) -> tuple[str, ...]:
    """What others may call a resource by."""
    values = [found.values.get(name) for name in (*type.names, "id", *type.computed)]
    texts = [value for value in values if isinstance(value, str) and value]
    return (*dict.fromkeys(texts), found.address)


Make = Callable[[Translation, Found, Type], Iterator[Item | Part]]


def plain(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """One item of what the resource says."""
    needed = (*type.names[:1], *type.key, *((type.owner,) if type.owner else ()))
    owners = {name: found.values.get(name) for name in needed}
    for name, value in owners.items():
        if not isinstance(value, str) or not value:
            why = f"is not known: {value.why}" if isinstance(value, Unknown) else "is not there"
            work.note("loss", found, f"it is left out, because its {name} {why}")
            return
    parts = tuple(str(owners[name]) for name in needed if name not in type.names)
    ours = {name for name in type.computed if name not in type.names}
    values = without(found.values, *ours, *type.ignore, *type.key, *type.secret, type.owner)
    fields = work.fields(
        found, type.kind, with_(renamed(values, type.rename), type.given), "/".join(parts)
    )
    yield made(type.kind, fields, found.at, aliases(found, type), parts)


def joined(fields: Mapping[str, Value], more: Mapping[str, Value]) -> dict[str, Value]:
    """Both: lists one after the other, objects into each other, of scalars the latter."""
    found = dict(fields)
    for name, value in more.items():
        old = found.get(name)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            found[name] = joined(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            found[name] = [*old, *(each for each in value if each not in old)]
        else:
            found[name] = value
    return found


def blocks(work: Translation, found: Found, value: Value) -> list[Mapping[str, Value]]:
    """The blocks of a type; a note tells of what is none, or not known."""
    if isinstance(value, Unknown):
        work.note("loss", found, f"a block is left out: {value.why}")
    each = value if isinstance(value, list) else [value]
    for lost in (one for one in each if isinstance(one, str | int | float | list)):
        work.note("mistake", found, f"a block is left out, because it is {lost!r:.20}")
    return [block for block in each if isinstance(block, Mapping)]


def owner(work: Translation, found: Found, name: str) -> str:
    """The alias of what *found* belongs to; empty, with a note, where it cannot be told."""
    value = found.values.get(name)
    if isinstance(value, str) and value:
        return value
    why = value.why if isinstance(value, Unknown) else "it is not there"
    work.note("loss", found, f"it is left out, because its {name} is not known: {why}")
    return ""


def members(work: Translation, found: Found, name: str) -> list[Value]:
    """The values of the list *name* that are known; a note tells of others."""
    kept: list[Value] = []
    value = found.values.get(name)
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Unknown):
            work.note("loss", found, f"one of {name} is left out: {each.why}")
        elif each is not None:
            kept.append(each)
    return kept
