"""From a kind's wire to a request's method and path, and to the shape of its body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from tenantctl.errors import GatewayError
from tenantctl.gateway.shape import Shape
from tenantctl.kinds import Kind, operations
from tenantctl.model import Address, Json

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
OWNERS = {"parent": 0, "other": 1}
IDS = {"id", "member", *OWNERS}


@dataclass(frozen=True, slots=True)
class Route:
    """A request line: *path* is quoted and below /api/v2; *label* names it without ids."""

    method: str
    path: str
    label: str


def route(
    kind: Kind, address: Address, request: str, id_of: Callable[[Address], str], member: str = ""
) -> Route:
    """The route of *request*, `METHOD path` with placeholders as in `Wire`, for *address*.

    *member* stands for `{member}`. Raises GatewayError where the path needs an id that is not
    known.
    """
    method, _, template = request.partition(" ")

    def filled(match: re.Match[str]) -> str:
        part = member if match[1] == "member" else _part(kind, address, match[1], id_of)
        return quote(part, safe="")

    def named(match: re.Match[str]) -> str:
        return match[0] if match[1] in IDS else filled(match)

    label = f"{method} {_PLACEHOLDER.sub(named, template)}"
    return Route(method, _PLACEHOLDER.sub(filled, template), label)


def _part(kind: Kind, address: Address, name: str, id_of: Callable[[Address], str]) -> str:
    parts = address.key.split("/")
    if name.isdigit():
        return parts[int(name)]
    if name == "dashed":
        return parts[0].replace("_", "-")
    whose = kind.owners(address)[OWNERS[name]] if name in OWNERS else address
    if not (id := id_of(whose)):
        raise GatewayError(f"{whose} is not in the tenant", help="plan again")
    return id


def operation(kind: Kind, address: Address, request: str) -> Mapping[str, Json] | None:
    """The generated shape of *request*: its body and query; None where nothing fits."""
    return _operation(kind, _shaping(kind, address), request)


def body_shape(kind: Kind, address: Address, *requests: str) -> Shape | None:
    """What the bodies of *requests* may look like; None where none of them has a body."""
    return _body_shape(kind, _shaping(kind, address), requests)


def _shaping(kind: Kind, address: Address) -> str:
    """What of a key decides shapes: fixed keys may, those that people choose do not."""
    return address.key if kind.fixed else ""


@lru_cache(maxsize=4096)
def _body_shape(kind: Kind, key: str, requests: tuple[str, ...]) -> Shape | None:
    known = (_operation(kind, key, request) for request in requests if request)
    bodies = [shape["body"] for shape in known if shape and "body" in shape]
    return Shape.of(*bodies) if bodies else None


@lru_cache(maxsize=4096)
def _operation(kind: Kind, key: str, request: str) -> Mapping[str, Json] | None:
    method, _, template = request.partition(" ")
    dashed = key.split("/", maxsplit=1)[0].replace("_", "-")
    wanted = _PLACEHOLDER.sub("{}", template.replace("{dashed}", dashed))
    for found in operations(kind.shape.format(key=key)).values():
        if found["method"] == method and _PLACEHOLDER.sub("{}", found["path"]) == wanted:
            shape: Mapping[str, Json] = found
            return shape
    return None


def accepts(kind: Kind, address: Address, path: str, parameter: str) -> bool:
    """Whether a GET of *path* takes a query parameter."""
    shape = operation(kind, address, f"GET {path}")
    return shape is not None and parameter in shape.get("query", ())
