"""What generated shapes say of the bodies of a case: their fields, and whose keys a map has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kinds.laws.table import Case, Row, Where
from tenantctl.kinds import operations

Json = Any
WRITES = ("create", "update", "replace")


def writable(case: Case) -> frozenset[str]:
    """The top-level fields that a create or an update of the case takes."""
    return frozenset(
        name
        for body in _bodies(case)
        for schema in _each(body, body.get("$defs", {}))
        for name in schema.get("properties", ())
    )


def given_up(case: Case, row: Row) -> tuple[Where, ...]:
    """The user's own keys that *row* no longer has where `declare` had them."""
    return tuple(dict.fromkeys(_given_up(case, row)))


def _given_up(case: Case, row: Row) -> Iterator[Where]:
    for path, value in row.set.items():
        old = _at(case.fields, path)
        for body in _bodies(case):
            schemas = _below([body], path, body.get("$defs", {}))
            yield from _missing(schemas, body.get("$defs", {}), (path, old, value))


def _bodies(case: Case) -> list[Json]:
    shape = operations(case.kind.shape.format(key=case.key))
    return [shape[name]["body"] for name in WRITES if "body" in shape.get(name, {})]


def _each(schema: Json, defs: Json) -> Iterator[Json]:
    """*schema* and every alternative in it."""
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(word, ()):
            yield from _each(inner, defs)
    if "$ref" in schema:
        yield from _each(defs[schema["$ref"].rpartition("/")[2]], defs)


def _below(schemas: list[Json], path: Where, defs: Json) -> list[Json]:
    for part in path:
        inside = [each.get("properties", {}).get(part) for s in schemas for each in _each(s, defs)]
        schemas = [schema for schema in inside if schema]
    return schemas


def _missing(schemas: list[Json], defs: Json, at: tuple[Where, Json, Json]) -> Iterator[Where]:
    path, old, new = at
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return
    if schemas and all(_is_free(each) for s in schemas for each in _each(s, defs)):
        yield from ((*path, key) for key in old if key not in new)
    for key in old.keys() & new.keys():
        inner = _below(schemas, (key,), defs)
        yield from _missing(inner, defs, ((*path, key), old[key], new[key]))


def _is_free(schema: Json) -> bool:
    """Whether the keys of an object are whatever its author likes; null and alternatives pass."""
    types = schema.get("type", "null")
    if types == "null" or {"anyOf", "oneOf", "$ref"} & schema.keys():
        return True
    return "object" in types and "properties" not in schema


def _at(value: Json, path: Where) -> Json:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value
