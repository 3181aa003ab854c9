"""The allow-list of a write: what of a document its generated shapes know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from tenantctl.model import Json, Path

Alternative: TypeAlias = tuple[Mapping[str, Json], Json]
"""A schema for one value, after the schema that its references point into."""


class Shape:
    """What one value may look like, by any of several schemas; looked up once for each member.

    Shapes are made of JSON Schemas as the generator writes them: references into their root,
    choices, properties and items.
    """

    __slots__ = ("_alternatives", "_items", "_members")

    def __init__(self, alternatives: Sequence[Alternative]) -> None:
        self._alternatives = tuple(_expand(alternatives))
        self._members: dict[str, Shape | None] = {}
        self._items: Shape | None = None

    @classmethod
    def of(cls, *schemas: Json) -> Shape:
        return cls([(schema, schema) for schema in schemas])

    def member(self, key: str) -> Shape | None:
        """The shape of a member; None where every alternative is closed to it."""
        if key not in self._members:
            found = _member(self._alternatives, key)
            self._members[key] = None if found is None else Shape(found)
        return self._members[key]

    def names(self, key: str) -> bool:
        """Whether an alternative lists a member of that name."""
        return any(key in schema.get("properties", ()) for _, schema in self._alternatives)

    def items(self) -> Shape:
        """The shape of an element of a list."""
        if self._items is None:
            self._items = Shape([(r, s["items"]) for r, s in self._alternatives if "items" in s])
        return self._items


def prune(shape: Shape, value: Json, keep: frozenset[Path] = frozenset(), path: Path = ()) -> Json:
    """*value*, which stands at *path*, without members that *shape* does not know.

    *keep* holds paths of objects that are sent back as they were read, lists in them excepted:
    Auth0 puts members there that its published shapes do not list.
    """
    if isinstance(value, list):
        items = shape.items()
        return [prune(items, item, keep, (*path, "[]")) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, item in value.items():
        inner = shape.member(key)
        if inner is not None:
            kept[key] = prune(inner, item, keep, (*path, key))
        elif keep and "[]" not in path and any(path[: len(root)] == root for root in keep):
            kept[key] = item
    return kept


def unknown(shape: Shape, value: Json) -> list[Path]:
    """The paths of the members that *shape* does not know; list elements are `[]`."""
    return sorted(set(_unknown(shape, value, ())))


def _unknown(shape: Shape, value: Json, path: Path) -> Iterator[Path]:
    if isinstance(value, list):
        for item in value:
            yield from _unknown(shape.items(), item, (*path, "[]"))
    elif isinstance(value, dict):
        for key, item in value.items():
            inner = shape.member(key)
            if inner is None:
                yield (*path, key)
            else:
                yield from _unknown(inner, item, (*path, key))


def _member(alternatives: Sequence[Alternative], key: str) -> list[Alternative] | None:
    """The schemas of a member by all alternatives; none takes anything."""
    found: list[Alternative] = []
    closed = False
    for root, schema in alternatives:
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


def _expand(alternatives: Sequence[Alternative]) -> Iterator[Alternative]:
    """The alternatives behind references and choices; none for a shape that takes anything."""
    for root, schema in alternatives:
        if not isinstance(schema, Mapping):
            continue
        if "$ref" in schema:
            yield from _expand([(root, root["$defs"][schema["$ref"].rpartition("/")[2]])])
        elif choices := schema.get("anyOf") or schema.get("oneOf"):
            yield from _expand([(root, choice) for choice in choices])
        else:
            yield root, schema
