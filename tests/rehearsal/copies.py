"""Copies of tenants, and where they answer otherwise than what they are copies of."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

from laws.scratch import VAULT
from tenantctl.cli.copying import VISITOR
from tenantctl.gateway import Access, limits_of, open_gateway
from tenantctl.model import Scope, Tenant
from tenantctl.sandbox import Sandbox

Json = Any
Reads = list[Mapping[str, Json]]


def surveyed(sandbox: Sandbox, admitted: str = "") -> Reads:
    """Every GET that a survey of all that there is makes, with its answer."""
    id, secret = sandbox.credentials()

    async def main() -> Reads:
        async with open_gateway(
            Access(sandbox.domain, admitted or id, client_secret=secret),
            vault=VAULT,
            limits=limits_of("unlimited"),
            transport=sandbox.transport(admitted),
        ) as gateway:
            reads = gateway.record()
            await gateway.survey(Scope({}, Tenant({})))
            return reads

    return asyncio.run(main())


def copied(sandbox: Sandbox, reads: Reads) -> Sandbox:
    """A copy of a tenant that answered so."""
    copy = Sandbox(sandbox.domain)
    copy.copy(json.loads(json.dumps(reads)))
    return copy


def unlike(sandbox: Sandbox) -> list[str]:
    """Where a copy of *sandbox* answers a survey otherwise, or is asked otherwise."""
    reads = surveyed(sandbox)
    copy = copied(sandbox, reads)
    try:
        again = {_key(read): read for read in surveyed(copy, VISITOR)}
    finally:
        copy.close()
    once = {_key(read): read for read in reads}
    asked = [f"{path} {query}: asked of one alone" for path, query in once.keys() ^ again.keys()]
    return asked + [
        f"{path} {query}: {told}"
        for (path, query), read in once.items()
        if (path, query) in again
        for told in _differences(read, again[path, query])
    ]


def _differences(one: Mapping[str, Json], other: Mapping[str, Json]) -> Iterator[str]:
    if one["status"] != other["status"]:
        yield f"{one['status']}, then {other['status']}"
    elif (was := _sorted(one["body"])) != (now := _sorted(other["body"])):
        yield f"{was}, then {now}"


def _key(read: Mapping[str, Json]) -> tuple[str, str]:
    return read["path"], json.dumps(read["query"], sort_keys=True)


def _sorted(value: Json) -> str:
    """JSON of *value*, lists in one order: most of the API's have none of their own."""
    if isinstance(value, dict):
        return json.dumps({name: _sorted(item) for name, item in sorted(value.items())})
    if isinstance(value, list):
        return json.dumps(sorted(map(_sorted, value)))
    return json.dumps(value)
