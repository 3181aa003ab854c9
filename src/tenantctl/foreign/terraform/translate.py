"""From resources of the provider to items."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from tenantctl.foreign.item import Item
from tenantctl.foreign.terraform.configuration import Written
from tenantctl.foreign.terraform.fitting import Fitting, fitted
from tenantctl.foreign.terraform.types import TYPES, Type
from tenantctl.foreign.terraform.values import Unknown
from tenantctl.kinds import KINDS, variants, write_shape
from tenantctl.model import Address, Json, Note, Origin, Value


@dataclass(frozen=True, slots=True)
class Found:
    """One instance of a resource: its *values* are worked out."""

    type: str
    address: str
    values: Mapping[str, Value]
    at: Origin


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong to another item: of *kind*, the one that *owner* names."""

    kind: str
    owner: str
    fields: Mapping[str, Value]
    at: Origin


@dataclass
class Translation:
    """What all of a configuration shares: notes, and which variables turn out to be secrets."""

    notes: list[Note]
    hidden: set[str]

    def note(self, level: str, found: Found, message: str, help: str = "") -> None:
        at = found.at
        said = f"{found.address}: {message}"
        self.notes.append(Note(level, said, at.file, at.line, at.column, help))

    def fields(
        self, found: Found, kind: str, values: Mapping[str, Value], key: str = ""
    ) -> dict[str, Value]:
        """*values* as fields of *kind*, as far as the API has them."""
        whole = KINDS[kind]
        strategy = values.get("strategy") or values.get("type")
        shape = _shape(kind, key, strategy if isinstance(strategy, str) else "")
        label = found.address.rpartition(".")[2]
        context = Fitting(whole, shape, found.address, label, self.notes, self.hidden, dict(values))
        return fitted(context, values, found.at)


def _shape(kind: str, key: str, variant: str) -> Json:
    """The fields that writes of a kind know; of a variant only those that it has."""
    whole = KINDS[kind]
    address = Address(kind, key)
    update = write_shape(whole, address, "update")
    create = write_shape(whole, address, "create")
    properties = {**update.get("properties", {}), **create.get("properties", {})}
    shape = {**create, "$defs": {**update.get("$defs", {}), **create.get("$defs", {})}}
    if properties:
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


def aliases(found: Found, type: Type) -> tuple[str, ...]:
    """What others may call a resource by."""
    values = [found.values.get(name) for name in type.names]
    texts = [value for value in values if isinstance(value, str) and value]
    return (*texts, found.address)


Make = Callable[[Translation, Found, Type], Iterator[Item | Part]]


def plain(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """One item of what the resource says."""
    lost = [name for name in type.names[:1] if isinstance(found.values.get(name), Unknown)]
    if lost:
        why = found.values[lost[0]].why
        work.note("loss", found, f"it is left out, because its {lost[0]} is not known: {why}")
        return
    ours = {name for name in type.computed if name not in type.names}
    ignored = without(found.values, *ours, *type.ignore, *type.key, *type.secret)
    values = renamed(ignored, type.rename)
    owners = tuple(str(found.values.get(name) or "") for name in type.key)
    key = "/".join(owners)
    fields = work.fields(found, type.kind, values, key)
    yield Item(type.kind, fields, found.at, aliases(found, type), owners)


def translated(work: Translation, resources: list[Found]) -> list[Item]:
    """The items of all *resources*, each with what others say of it."""
    from tenantctl.foreign.terraform.makers import MAKERS

    made: list[Item | Part] = []
    for found in resources:
        type = TYPES.get(found.type)
        if type is None or type.lost:
            why = type.lost if type else "tenantctl knows no such resource"
            work.note("loss", found, f"it is left out: {why}")
            continue
        made.extend(MAKERS[type.make](work, found, type))
    return united(work, made)


def united(work: Translation, made: list[Item | Part]) -> list[Item]:
    """Items, each with the parts that belong to it; members of associations make their own."""
    items = [each for each in made if isinstance(each, Item)]
    index = {
        (item.kind, name): at for at, item in reversed([*enumerate(items)]) for name in item.names
    }
    owned: dict[tuple[str, str], int] = {}
    for number, item in enumerate(items):
        if item.owners:
            owned.setdefault((item.kind, "/".join(item.owners)), number)
    for part in (each for each in made if isinstance(each, Part)):
        kind = KINDS[part.kind]
        owner = _canonical(items, index, kind.authored_in, part.owner)
        place = owned if kind.authored_in or kind.fixed else index
        at = place.get((part.kind, owner))
        if at is not None:
            items[at] = replace(items[at], fields=joined(items[at].fields, part.fields))
        elif kind.authored_in or kind.fixed:
            owned[part.kind, owner] = len(items)
            owners = tuple(owner.split("/")) if kind.fixed else (owner,)
            items.append(Item(part.kind, part.fields, part.at, (), owners))
        else:
            said = f"nothing in this configuration is {part.owner}, to which this belongs"
            work.notes.append(Note("loss", said, part.at.file, part.at.line, part.at.column))
    return items


def _canonical(
    items: list[Item],
    index: Mapping[tuple[str, str], int],
    authored_in: tuple[str, str] | None,
    owner: str,
) -> str:
    """The one spelling of an owner, so that what is said of it comes together."""
    if authored_in is None:
        return owner
    at = index.get((authored_in[0], owner))
    return owner if at is None else items[at].names[-1]


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
