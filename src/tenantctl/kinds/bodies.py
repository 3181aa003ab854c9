"""Whether the fields of a resource are what the bodies of requests take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from tenantctl.kinds.faults import Fault, Schema, absent, faults
from tenantctl.kinds.kind import Kind
from tenantctl.kinds.shapes import Variants, member_shape, variants, write_shape
from tenantctl.model import Address, Foreign, Path, Ref, Sealed, Secret, Text, Value, Var

SPECIALS = Ref | Secret | Text | Var | Sealed | Foreign
"""What stands for a value that nobody knows yet: there is nothing to judge it by."""


def refused(kind: Kind, key: str, fields: Mapping[str, Value], *, creates: bool) -> Iterator[Fault]:
    """What of *fields*, those of the resource *key*, neither a create nor an update takes.

    Without *creates* somebody else makes it: nothing has to be there. Nulls unset, and fit.
    """
    bodies = _known_bodies(kind, key if "{key}" in kind.shape else "", creates=creates)
    document = {k: plain(v) for k, v in fields.items() if v is not None}
    for path in bodies.beside:
        _drop(document, path)
    later = _taken(document, bodies.later)
    variant = _variant(kind, fields)
    for fault in chain(
        faults(document, bodies.create, bodies.update, complete=creates and not kind.singleton),
        faults(later, bodies.update, bodies.update, complete=False),
    ):
        if fault.kind != "wrong" or not unseen(kind, fields, fault.path):
            yield variant.judged(fault) if variant else fault
    if variant:
        yield from variant.faults(kind, fields)


def refused_of_member(kind: Kind, member: Mapping[str, Value]) -> tuple[Fault, ...]:
    """What the body about one member of an association with attributes does not take of it."""
    shape = member_shape(kind)
    document = {key: plain(value) for key, value in member.items() if value is not None}
    return tuple(faults(document, shape, shape, complete=True))


def unseen(kind: Kind, fields: Mapping[str, Value], path: Path) -> bool:
    """Whether nobody may know, or knows yet, what stands at *path*: a secret or a special."""
    pattern = tuple("[]" if part.isdigit() else part for part in path)
    if kind.rule(pattern, fields).secret:
        return True
    value: Value = fields
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list):
            value = value[int(part)]
    return isinstance(value, SPECIALS)


def plain(value: Value) -> Value:
    """JSON to be validated: nulls unset, specials are strings."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, SPECIALS):
        return ""
    return str(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class _Bodies:
    """The shapes of what creates and updates a resource, and the flat fields *beside* them.

    *later* are fields that only an update carries, whatever a create would take there.
    """

    create: Schema
    update: Schema
    beside: tuple[Path, ...]
    later: tuple[Path, ...]


@cache
def _known_bodies(kind: Kind, key: str, *, creates: bool) -> _Bodies:
    """The bodies for *key*, which only a kind of many shapes looks at."""
    address = Address(kind.name, key)
    update = write_shape(kind, address, "update")
    create = write_shape(kind, address, "create") if creates else update
    later = tuple(rule.at for rule in kind.rules if rule.when == "update" and not rule.only)
    return _Bodies(create, update, tuple(_beside(kind, create, update)), later)


def _beside(kind: Kind, create: Schema, update: Schema) -> Iterator[Path]:
    """The fields that flat forms have and no body has: what is implied, hooks make, rules name."""
    yield from ((name,) for name in kind.implied if absent(create, (name,)))
    if kind.hooks.unfold:
        yield from ((name,) for name in kind.hooks.unfold({}) if absent(create, (name,)))
    for rule in kind.rules:
        plain = not set(rule.at) & {"*", "**"} and rule.at and rule.at[-1] != "[]"
        if plain and rule.when == "never":
            yield rule.at  # the rules have said it
        elif plain and absent(create, rule.at) and absent(update, rule.at):
            yield rule.at


def _drop(document: Value, path: Path) -> None:
    """Takes the field at *path* out, of every element where that has `[]`."""
    head, rest = path[0], path[1:]
    if head == "[]":
        for item in document if isinstance(document, list) else ():
            _drop(item, rest)
    elif isinstance(document, dict) and head in document:
        if rest:
            _drop(document[head], rest)
        else:
            del document[head]


def _taken(document: dict[str, Value], paths: Iterable[Path]) -> dict[str, Value]:
    """What stands at *paths*, taken out of *document*, which keeps what leads there."""
    taken: dict[str, Value] = {}
    for path in paths:
        inner: Value = document
        for part in path[:-1]:
            inner = inner.get(part) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and path[-1] in inner:
            there = taken
            for part in path[:-1]:
                there = there.setdefault(part, {})
            there[path[-1]] = inner.pop(path[-1])
    return taken


@dataclass(frozen=True, slots=True)
class _Variant:
    """The names that there are in one field of a resource, given the *value* of another."""

    of: Variants
    value: str

    @property
    def names(self) -> frozenset[str]:
        return self.of.names[self.value]

    def judged(self, fault: Fault) -> Fault:
        """*fault*, and what is known of this variant, where it is about a name of the field."""
        if fault.kind != "unknown" or fault.path != (self.of.field,):
            return fault
        why = f"{self.of.by} {self.value} has none"
        return replace(fault, known=tuple(sorted(self.names)), why=why)

    def faults(self, kind: Kind, fields: Mapping[str, Value]) -> Iterator[Fault]:
        """Names that others of the kind may have and this variant has not."""
        held = fields.get(self.of.field)
        for name in held.keys() - self.names if isinstance(held, Mapping) else ():
            if kind.rule((self.of.field, name), fields).when != "never":
                yield self.judged(Fault("unknown", (self.of.field,), name))


def _variant(kind: Kind, fields: Mapping[str, Value]) -> _Variant | None:
    found = variants(kind)
    value = fields.get(found.by) if found else None
    if found is None or not isinstance(value, str) or value not in found.names:
        return None
    return _Variant(found, value)
