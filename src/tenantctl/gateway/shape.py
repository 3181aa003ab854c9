"""The allow-list of a write: what of a document its generated shapes know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from tenantctl.model import Json, Path

Alternative: TypeAlias = tuple[Mapping[str, Json], Json]
"""A schema for one value, after the schema that its references point into."""

Alternatives: TypeAlias = Sequence[Alternative]


def prune(schemas: Sequence[Json], value: Json, keep: frozenset[Path] = frozenset()) -> Json:
    """*value* without members that none of *schemas* knows.

    *keep* holds paths of objects that are sent back as they were read, lists in them excepted:
    Auth0 puts members there that its published shapes do not list.
    """
    return _prune([(schema, schema) for schema in schemas], value, (), keep)


def unknown(schema: Json, value: Json) -> list[Path]:
    """The paths of the members that *schema* does not know; list elements are `[]`."""
    return sorted(set(_unknown([(schema, schema)], value, ())))


def _prune(shapes: Alternatives, value: Json, path: Path, keep: frozenset[Path]) -> Json:
    if isinstance(value, list | tuple):
        items = _items(shapes)
        return [_prune(items, item, (*path, "[]"), keep) for item in value]
    if not isinstance(value, Mapping):
        return value
    kept = {}
    for key, item in value.items():
        inner = _member(shapes, key)
        if inner is not None:
            kept[key] = _prune(inner, item, (*path, key), keep)
        elif "[]" not in path and any(path[: len(root)] == root for root in keep):
            kept[key] = item
    return kept


def _unknown(shapes: Alternatives, value: Json, path: Path) -> Iterator[Path]:
    if isinstance(value, list | tuple):
        items = _items(shapes)
        for item in value:
            yield from _unknown(items, item, (*path, "[]"))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            inner = _member(shapes, key)
            if inner is None:
                yield (*path, key)
            else:
                yield from _unknown(inner, item, (*path, key))


def _member(shapes: Alternatives, key: str) -> Alternatives | None:
    """The shapes of a member by all alternatives; None where all of them are closed to it.

    An empty answer takes anything.
    """
    found: list[Alternative] = []
    closed = False
    for root, schema in _expand(shapes):
        properties = schema.get("properties", {})
        extra = schema.get("additionalProperties", True)
        if key in properties:
            found.append((root, properties[key]))
        elif isinstance(extra, Mapping):
            found.append((root, extra))
        elif not extra:
            closed = True
        elif _is_object(schema):
            return []
    return found if found or not closed else None


def _is_object(schema: Mapping[str, Json]) -> bool:
    types = schema.get("type", "object")
    return types == "object" or "object" in types


def _items(shapes: Alternatives) -> Alternatives:
    return [(root, schema["items"]) for root, schema in _expand(shapes) if "items" in schema]


def _expand(shapes: Alternatives) -> Iterator[tuple[Mapping[str, Json], Mapping[str, Json]]]:
    """The alternatives behind references and choices; none for a shape that takes anything."""
    for root, schema in shapes:
        if not isinstance(schema, Mapping):
            continue
        if "$ref" in schema:
            yield from _expand([(root, root["$defs"][schema["$ref"].rpartition("/")[2]])])
        elif choices := schema.get("anyOf") or schema.get("oneOf"):
            yield from _expand([(root, choice) for choice in choices])
        else:
            yield root, schema
