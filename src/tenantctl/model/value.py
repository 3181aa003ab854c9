"""Values: JSON, and what stands in JSON for things that only a live tenant or a vault knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeAlias

from tenantctl.model.address import Address, Path

Json: TypeAlias = Any
"""A value as JSON has it."""

Value: TypeAlias = Any
"""JSON in which a Ref, Text, Secret, Var, Sealed or Foreign may stand wherever a scalar may."""


class Absent(Enum):
    """The state of a field that is not there: neither null nor empty."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Ref:
    """A server-assigned or natural value of another resource: its *field*, once it exists."""

    address: Address
    field: str = "id"

    def __str__(self) -> str:
        return f"{self.address}.{self.field}"


@dataclass(frozen=True, slots=True)
class Secret:
    """The value of a declared secret, by name. The value itself never enters the core."""

    name: str


@dataclass(frozen=True, slots=True)
class Var:
    """The value of a declared variable, by name, in a draft of what somebody is to write.

    What has been loaded from files holds none: there a variable is its value.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string with references or secrets inside; adjacent plain parts are joined."""

    parts: tuple[str | Ref | Secret | Var, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret that was read: its fingerprint, or None where the API does not show the value."""

    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Foreign:
    """A live id that no known resource carries."""

    kind: str
    id: str


Special = Ref | Secret | Text | Var | Sealed | Foreign


def walk(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Every leaf of *value* with its path; list elements are named by their index.

    An empty mapping or list is a leaf.
    """
    if isinstance(value, str):  # as most of them are; it is dear to ask whether one is a mapping
        yield path, value
    elif isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from walk(item, (*path, key))
    elif isinstance(value, list | tuple) and value:
        for index, item in enumerate(value):
            yield from walk(item, (*path, str(index)))
    else:
        yield path, value


def fields_of(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """As `walk`, but a list is one field."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from fields_of(item, (*path, key))
    else:
        yield path, value


def refs(value: Value) -> Iterator[Ref]:
    """Every reference inside *value*, those inside texts included."""
    for _, leaf in walk(value):
        if isinstance(leaf, Ref):
            yield leaf
        elif isinstance(leaf, Text):
            yield from (part for part in leaf.parts if isinstance(part, Ref))


def secret_names(value: Value) -> Iterator[str]:
    """The names of all secrets inside *value*."""
    for _, leaf in walk(value):
        if isinstance(leaf, Secret):
            yield leaf.name
        elif isinstance(leaf, Text):
            yield from (part.name for part in leaf.parts if isinstance(part, Secret))


def is_secret(value: Value) -> bool:
    """Whether *value* is a secret, or a text that contains one."""
    return isinstance(value, Secret) or (
        isinstance(value, Text) and any(isinstance(part, Secret) for part in value.parts)
    )


def same(one: Value, other: Value) -> bool:
    """Equality as JSON has it: true is not 1, but 1 is 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def to_json(value: Value) -> Json:
    """*value* as plain JSON; specials become objects with one key that starts with `$`.

    An object of the user's whose keys start with `$` is wrapped, so that `from_json` gives
    back exactly *value*.
    """
    if isinstance(value, Mapping):
        plain = {key: to_json(item) for key, item in value.items()}
        return {"$json": plain} if any(key.startswith("$") for key in plain) else plain
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Special):
        return _special_to_json(value)
    if value is ABSENT:
        return {"$absent": True}
    return value


def _special_to_json(value: Special) -> Json:
    match value:
        case Ref(address, field):
            return {"$ref": [str(address), field]}
        case Secret(name):
            return {"$secret": name}
        case Text(parts):
            return {"$text": [p if isinstance(p, str) else _special_to_json(p) for p in parts]}
        case Sealed(fingerprint):
            return {"$sealed": fingerprint}
        case Foreign(kind, id):
            return {"$foreign": [kind, id]}
        case Var(name):
            return {"$var": name}


def from_json(value: Json) -> Value:
    """The inverse of `to_json`. Raises KeyError, TypeError or ValueError on anything else."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, item),) = value.items()
        if key.startswith("$"):
            return _special_from_json(key, item)
    return {key: from_json(item) for key, item in value.items()}


def _special_from_json(key: str, item: Json) -> Value:
    match key:
        case "$json":
            return {k: from_json(v) for k, v in item.items()}
        case "$ref":
            return Ref(Address.parse(item[0]), item[1])
        case "$secret":
            return Secret(item)
        case "$text":
            return Text(tuple(p if isinstance(p, str) else from_json(p) for p in item))
        case "$sealed":
            return Sealed(item)
        case "$foreign":
            return Foreign(item[0], item[1])
        case "$var":
            return Var(item)
        case "$absent":
            return ABSENT
    raise ValueError(f"unknown marker {key}")
