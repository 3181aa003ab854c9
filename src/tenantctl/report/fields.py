"""What the bodies of a kind's writes may carry, from their generated shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tenantctl.kinds import Kind, operations
from tenantctl.model import Json

WRITES = {"create": ("create", "add"), "update": ("update", "replace")}
"""The operations of a shape that carry out each verb, by their names."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A top-level field of a body. *type* is its JSON type, or `list of` one, or its choices.

    *writes* are `create` and `update`; *required* is meant of the first of them. *of* names the
    parts that have it, where not every part has the same fields.
    """

    name: str
    type: str
    writes: tuple[str, ...]
    required: bool = False
    of: tuple[str, ...] = ()


def fields_of(kind: Kind) -> tuple[FieldView, ...]:
    """The fields that people may declare, by name; none where bodies are no objects."""
    if "{key}" not in kind.shape:
        listed = tuple(_fields(kind, kind.shape))
        if kind.members and kind.members not in {field.name for field in listed}:
            return (FieldView(kind.members, "list", tuple(WRITES)),)
        return listed
    found: dict[str, FieldView] = {}
    for part in kind.values:
        for view in _fields(kind, kind.shape.format(key=part)):
            known = found.get(view.name, replace(view, of=()))
            found[view.name] = replace(known, of=(*known.of, part))
    return tuple(found[name] for name in sorted(found))


def _fields(kind: Kind, shape: str) -> Iterator[FieldView]:
    bodies = _bodies(kind, shape)
    members = {verb: dict(_members(body, body)) for verb, body in bodies.items()}
    for name in sorted({name for each in members.values() for name in each}):
        verbs = [verb for verb, each in members.items() if name in each]
        body, schema = bodies[verbs[0]], members[verbs[0]][name]
        if writes := _writes(kind, name, verbs):
            yield FieldView(name, _type(body, schema), writes, name in _required(body, body))


def _bodies(kind: Kind, shape: str) -> dict[str, Json]:
    """The schemas of the bodies that a kind sends, by verb."""
    known = operations(shape)
    found = {
        verb: next((known[name]["body"] for name in names if "body" in known.get(name, {})), None)
        for verb, names in WRITES.items()
        if getattr(kind.wire, verb)
    }
    return {verb: body for verb, body in found.items() if body is not None}


def _writes(kind: Kind, name: str, verbs: list[str]) -> tuple[str, ...]:
    """Which of the writes that know the field carry it; members come and go by any of them."""
    if name == kind.members:
        return tuple(WRITES)
    when = kind.rule((name,)).when
    return tuple(verb for verb in verbs if when not in {"never", *WRITES} - {verb})


def _members(root: Json, schema: Json) -> Iterator[tuple[str, Json]]:
    for each in _alternatives(root, schema):
        yield from each.get("properties", {}).items()


def _required(root: Json, schema: Json) -> frozenset[str]:
    """What every alternative asks for."""
    asked = [frozenset(each.get("required", ())) for each in _alternatives(root, schema)]
    return frozenset.intersection(*asked) if asked else frozenset()


def _alternatives(root: Json, schema: Json) -> Iterator[Mapping[str, Json]]:
    """*schema*, or what stands behind its reference and its choices."""
    if "$ref" in schema:
        yield from _alternatives(root, root["$defs"][schema["$ref"].rpartition("/")[2]])
    elif choices := schema.get("anyOf") or schema.get("oneOf"):
        for choice in choices:
            yield from _alternatives(root, choice)
    else:
        yield schema


def _type(root: Json, schema: Json) -> str:
    said = dict.fromkeys(_one_type(root, each) for each in _alternatives(root, schema))
    return " or ".join(name for name in said if name != "null") or "null"


def _one_type(root: Json, schema: Mapping[str, Json]) -> str:
    if "enum" in schema:
        return " | ".join(str(choice) for choice in schema["enum"] if choice is not None)
    types = schema.get("type", "anything")
    names = [types] if isinstance(types, str) else [name for name in types if name != "null"]
    if names == ["array"]:
        return f"list of {_type(root, schema['items'])}" if "items" in schema else "list"
    return " or ".join(names)
