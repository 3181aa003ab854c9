"""The shapes of requests, generated from auth0-python and shipped as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data

from tenantctl.errors import KindError
from tenantctl.kinds.kind import Kind
from tenantctl.model import Address, Json


@dataclass(frozen=True, slots=True)
class Variants:
    """Which names there are in *field*, by the value that *by* has; a value without takes any."""

    field: str
    by: str
    names: Mapping[str, frozenset[str]]


@cache
def operations(resource: str) -> Mapping[str, Json]:
    """The operations of a resource: `{"create": {"method", "path", "body": schema}, ...}`.

    Raises KindError where no shape of that name was generated.
    """
    found: Mapping[str, Json] = _document(resource)["operations"]
    return found


@cache
def variants(kind: Kind) -> Variants | None:
    """What the body of a kind says of one field for each value of another, if it does."""
    found = None if "{" in kind.shape else _document(kind.shape).get("variants")
    if found is None:
        return None
    names = {value: frozenset(each) for value, each in found["names"].items()}
    return Variants(found["field"], found["by"], names)


@cache
def _document(resource: str) -> Mapping[str, Json]:
    try:
        text = get_data("tenantctl", f"shapes/{resource}.json")
    except FileNotFoundError:
        text = None
    if text is None:
        raise KindError(f"no shape was generated for {resource}")
    document: Mapping[str, Json] = json.loads(text)
    return document


def write_shape(kind: Kind, address: Address, verb: str) -> Json:
    """The JSON Schema of the fields that create or update *address*.

    *verb* is `create` or `update`; kinds that have one of them only take that for both.
    """
    known = operations(kind.shape.format(key=address.key))
    names = ["update", "replace", "create"]
    if verb == "create" and kind.wire.create:
        names = ["create", "update", "replace"]
    for name in names:
        if "body" in known.get(name, {}):
            return _fields(kind, known[name]["body"])
    raise KindError(f"{kind.name} has no {verb} with a body")


def _fields(kind: Kind, body: Json) -> Json:
    """The schema of the fields of which *body* is that of a request's body."""
    if not kind.body:
        return body
    return {
        "$defs": body.get("$defs", {}),
        "additionalProperties": False,
        "properties": {kind.body: body},
        "type": "object",
    }


@cache
def member_shape(kind: Kind) -> Json:
    """The JSON Schema of one member, with what it is known by, where members have attributes.

    Bodies are about one member, or hold a list of several. Raises KindError for other kinds.
    """
    body = write_shape(kind, Address(kind.name), "create")
    defs = body.get("$defs", {})
    lists = (each.get("items", {}) for each in body.get("properties", {}).values())
    for found in (body, *lists):
        shape = defs.get(found.get("$ref", "").rpartition("/")[2], found)
        if kind.by and kind.by in shape.get("properties", {}):
            return {**shape, "$defs": defs}
    raise KindError(f"{kind.name} has no body for a member")
