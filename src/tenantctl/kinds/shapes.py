"""The shapes of requests, generated from auth0-python and shipped as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pkgutil import get_data

from tenantctl.errors import KindError
from tenantctl.kinds.kind import Kind
from tenantctl.model import Address, Json


@cache
def operations(resource: str) -> Mapping[str, Json]:
    """The operations of a resource: `{"create": {"method", "path", "body": schema}, ...}`.

    Raises KindError where no shape of that name was generated.
    """
    try:
        text = get_data("tenantctl", f"shapes/{resource}.json")
    except FileNotFoundError:
        text = None
    if text is None:
        raise KindError(f"no shape was generated for {resource}")
    document: Mapping[str, Json] = json.loads(text)["operations"]
    return document


def write_shape(kind: Kind, address: Address, verb: str) -> Json:
    """The JSON Schema of the body that creates or updates *address*.

    *verb* is `create` or `update`; kinds without a create of their own take their update's.
    """
    known = operations(kind.shape.format(key=address.key))
    names = ("create", "update", "replace") if verb == "create" else ("update", "replace")
    if verb == "create" and not kind.wire.create:
        names = ("update", "replace")
    for name in names:
        if "body" in known.get(name, {}):
            return known[name]["body"]
    raise KindError(f"{kind.name} has no {verb} with a body")
