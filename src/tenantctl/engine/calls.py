"""Which hosts Auth0 calls for a tenant: for whoever keeps a firewall in front of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tenantctl.engine.merge import at
from tenantctl.kinds import KINDS, Kind, Lens, ruled_leaves
from tenantctl.model import (
    Address,
    Path,
    Ref,
    Resource,
    Secret,
    Tenant,
    Text,
    Value,
    dotted,
    secret_names,
)

URL = re.compile(r"""https?://[^\s"'`<>()\\$\[\]{}]+""")
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\w])//[^\n]*", re.DOTALL)
GIVEN = re.compile(r"(?:event\.secrets|configuration|actions\.secrets)\.(\w+)")
TELLING = re.compile(r"(?i)url|uri|host|endpoint|origin|server|base")
"""What the name of a secret has in it that holds where something is."""


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """A *host* that Auth0 calls, or the *secret* that says which; *by* whom, and where it stands.

    *sure* where Auth0 calls it for certain: code may name a host and never call it.
    """

    host: str
    secret: str
    by: Address
    field: str
    sure: bool


def calls(tenant: Tenant) -> tuple[Call, ...]:
    """The hosts that Auth0 calls for *tenant*, as far as it says so: in fields and in code."""
    return tuple(sorted({call for resource in tenant for call in _calls(resource)}))


def _calls(resource: Resource) -> Iterator[Call]:
    kind = KINDS[resource.address.kind]
    for path in kind.calls:
        value = at(resource.fields, path)
        for each in value if isinstance(value, list | tuple) else (value,):
            yield from _named(resource.address, path, each)
    yield from _coded(kind, resource)


def _named(address: Address, path: Path, value: Value) -> Iterator[Call]:
    """What a field names: a URL, or a host alone."""
    text = _plain(value)
    url = text if "://" in text else f"//{text}"
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if HOST.fullmatch(host):
        yield Call(host, "", address, dotted(path), sure=True)
        return
    for name in secret_names(value):
        yield Call("", name, address, dotted(path), sure=True)


def _plain(value: Value) -> str:
    """*value* as text up to the first part that nobody knows here."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Text):
        return ""
    found = []
    for part in value.parts:
        if isinstance(part, Ref | Secret) or not isinstance(part, str):
            break
        found.append(part)
    text = "".join(found)
    return text if "/" in text.partition("://")[2] else ""


def _coded(kind: Kind, resource: Resource) -> Iterator[Call]:
    """What the code of a resource names: hosts, and secrets that are called as if they held one."""
    lens = Lens(kind, resource.fields)
    for path, rule, value in ruled_leaves(lens, resource.fields):
        if not rule.runs or not isinstance(value, str | Text):
            continue
        code = COMMENT.sub(" ", _source(value))
        where = dotted(path)
        for url in URL.findall(code):
            host = urlsplit(url).hostname or ""
            if HOST.fullmatch(host):
                yield Call(host, "", resource.address, where, sure=False)
        for name in GIVEN.findall(code):
            if TELLING.search(name):
                yield Call("", name, resource.address, where, sure=False)


def _source(value: str | Text) -> str:
    if isinstance(value, str):
        return value
    return "".join(part if isinstance(part, str) else "?" for part in value.parts)
