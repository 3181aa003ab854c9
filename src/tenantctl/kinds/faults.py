"""A document against the request shapes of the API: jsonschema-rs says no, jsonschema says why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tenantctl.model import Json, Path

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit, at an indexed *path*.

    *kind* is `unknown` (the field *word*, where *known* exist: *why* says where that is so only),
    `missing` (the field *word*) or `wrong` (*word* says what it must be; where *given* was to be
    one of several, those are *known*).
    """

    kind: str
    path: Path
    word: str
    known: tuple[str, ...] = ()
    help: str = ""
    given: str = ""
    why: str = ""


def faults(document: Json, create: Schema, update: Schema, *, complete: bool) -> Iterator[Fault]:
    """What of *document* fits neither the body of a create nor that of an update.

    A field is judged by the create's shape where that has it, else by the update's. Missing
    fields are faults only if *complete*.
    """
    created, updated = _names(_Held(create)), _names(_Held(update))
    late = {key: value for key, value in document.items() if key not in created and key in updated}
    early = {key: value for key, value in document.items() if key not in late}
    known = tuple(sorted({*created, *updated}))
    for part, schema, whole in ((early, create, complete), (late, update, False)):
        for fault in _judged(part, schema, complete=whole):
            top = fault.kind == "unknown" and not fault.path
            if top and fault.word in known:
                help = "Auth0 takes another form of it with them, or none"
                yield Fault("wrong", (fault.word,), "does not go with the other fields", help=help)
            else:
                yield replace(fault, known=known) if top else fault


@cache
def _names(held: _Held) -> frozenset[str]:
    """The names of all fields that a body may have, in any of its alternatives."""
    schema = held.schema
    defs = schema.get("$defs", {})
    return frozenset(name for each in _each(schema, defs) for name in each.get("properties", ()))


def absent(schema: Schema, path: Path) -> bool:
    """Whether the bodies of *schema* have what leads to *path*, but refuse its last part.

    `[]` is an element of a list.
    """
    defs = schema.get("$defs", {})
    found = list(_each(schema, defs))
    for part in path[:-1]:
        inner = [
            each.get("items") if part == "[]" else each.get("properties", {}).get(part)
            for each in found
        ]
        found = [each for one in inner if one for each in _each(one, defs)]
    closed = [each for each in found if each.get("additionalProperties") is False]
    return bool(closed) and not any(path[-1] in each.get("properties", ()) for each in found)


def _each(schema: Schema, defs: Mapping[str, Schema]) -> Iterator[Schema]:
    """*schema* and every alternative in it."""
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(word, ()):
            yield from _each(inner, defs)
    if "$ref" in schema:
        yield from _each(defs[schema["$ref"].rpartition("/")[2]], defs)


def _judged(document: Json, schema: Schema, *, complete: bool) -> Iterator[Fault]:
    if not document and not complete:
        return  # nothing is in it, and nothing has to be
    held = _compiled(_Held(schema), complete=complete)
    if not held.validator.is_valid(document):
        yield from dict.fromkeys(_explained(document, held.schema))


class _Held:
    """A schema as an argument to a cache: one object is one schema."""

    __slots__ = ("schema",)

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.schema is other.schema

    def __hash__(self) -> int:
        return id(self.schema)


@dataclass(frozen=True, slots=True)
class _Compiled:
    schema: Schema
    validator: Any


@cache
def _compiled(held: _Held, *, complete: bool) -> _Compiled:
    import jsonschema_rs

    schema = held.schema if complete else _relaxed(held.schema)
    return _Compiled(schema, jsonschema_rs.Draft202012Validator(dict(schema)))


def _relaxed(schema: Json) -> Json:
    """*schema* without what must be there: in an update, the rest is there already."""
    if isinstance(schema, list):
        return [_relaxed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {}
    for key, item in schema.items():
        if key == "required" and isinstance(item, list):
            continue
        name = "anyOf" if key == "oneOf" and isinstance(item, list) else key
        found[name] = item if key in {"enum", "const"} else _relaxed(item)
    return found


def _explained(document: Json, schema: Schema) -> Iterator[Fault]:
    import jsonschema

    for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
        yield from _fault(error)


def _fault(error: Any) -> Iterator[Fault]:
    path = tuple(map(str, error.absolute_path))
    match error.validator:
        case "anyOf" | "oneOf" if error.context:
            yield from _alternative(error)
        case "additionalProperties" if error.validator_value is False:
            known = tuple(sorted(error.schema.get("properties", {})))
            for word in sorted(error.instance.keys() - set(known)):
                yield Fault("unknown", path, word, known)
        case "required":
            for word in error.validator_value:
                if word not in error.instance:
                    yield Fault("missing", path, word)
        case _:
            yield _wrong(path, error)


def _wrong(path: Path, error: Any) -> Fault:
    match error.validator:
        case "enum":
            values = [value for value in error.validator_value if value is not None]
            return _choice(path, error.instance, values)
        case "const":
            return _choice(path, error.instance, [error.validator_value])
        case "type":
            return Fault("wrong", path, _type(error.validator_value), help=_retype(error))
    bound = _short(json.dumps(error.validator_value))
    return Fault("wrong", path, f"must keep to {error.validator} {bound}")


def _alternative(error: Any) -> Iterator[Fault]:
    """The faults of the alternative that fits best: right type, right marks, least to change."""
    branches: dict[int, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    depth = len(error.absolute_path)

    def strangeness(errors: list[Any]) -> tuple[int, int, int]:
        here = [e for e in errors if len(e.absolute_path) == depth and e.validator == "type"]
        marks = [e for e in errors if e.validator in {"const", "enum"}]
        return len(here), len(marks), len(errors)

    for inner in min(branches.values(), key=strangeness):
        yield from _fault(inner)


def _choice(path: Path, instance: Json, values: Iterable[Json]) -> Fault:
    allowed = [value if isinstance(value, str) else json.dumps(value) for value in values]
    shown = ", ".join(allowed) if len(allowed) <= 12 else f"{', '.join(allowed[:12])}, ..."
    given = instance if isinstance(instance, str) else ""
    word = f"must be one of {shown}" if len(allowed) > 1 else f"must be {shown}"
    return Fault("wrong", path, word, tuple(allowed), given=given)


TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a map",
}


def _type(wanted: str | list[str]) -> str:
    names = [wanted] if isinstance(wanted, str) else [name for name in wanted if name != "null"]
    return f"must be {' or '.join(TYPES.get(name, name) for name in names)}"


def _retype(error: Any) -> str:
    wanted, instance = error.validator_value, error.instance
    if "string" in wanted and isinstance(instance, bool | int | float):
        return f'quote it: "{json.dumps(instance)}"'
    if "array" in wanted and isinstance(instance, str):
        return f"write [{instance}]"
    quoted = isinstance(instance, str) and instance in {"true", "false"}
    if ("boolean" in wanted and quoted) or (
        ("integer" in wanted or "number" in wanted)
        and isinstance(instance, str)
        and instance.isdigit()
    ):
        return f"write {instance} without quotes"
    return ""


def _short(message: str) -> str:
    return message if len(message) <= 120 else f"{message[:117]}..."
