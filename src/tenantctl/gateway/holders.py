"""Who uses an object that is to be deleted, among all objects of the kinds that may."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from tenantctl.errors import ApiError, Denied
from tenantctl.gateway.live import Live, is_brief, list_all, together
from tenantctl.gateway.match import Document, natural_key
from tenantctl.gateway.routes import route
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Json, Ref


async def holders(
    live: Live, wanted: Mapping[Address, Collection[str]]
) -> Mapping[Address, tuple[str, ...]]:
    """Who names the id of each address in *wanted*, among all objects of the kinds given with it.

    By address where it is known, else as kind and name. Of kinds that may not be read nothing is
    said: Auth0 will refuse the delete. Raises GatewayError.
    """
    names = sorted({name for kinds in wanted.values() for name in kinds})
    listed = await together(_every(live, KINDS[name]) for name in names)
    texts = {
        name: [(_called(live, KINDS[name], each), json.dumps(each)) for each in documents]
        for name, documents in zip(names, listed, strict=True)
    }
    return {
        address: tuple(
            called
            for name in kinds
            for called, text in texts[name]
            if (id := live.index.id_of(address)) and json.dumps(id) in text
        )
        for address, kinds in wanted.items()
    }


async def every(live: Live, names: Collection[str]) -> Mapping[str, int]:
    """How many objects there are of each kind in *names*, which are listed, each read in full.

    Of those that may not be read, none. Raises GatewayError.
    """
    ordered = sorted(names)
    listed = await together(_every(live, KINDS[name]) for name in ordered)
    return {name: len(found) for name, found in zip(ordered, listed, strict=True)}


async def _every(live: Live, kind: Kind) -> list[Json]:
    """All objects of *kind*, each with all that there is to read of it."""
    if kind.singleton:
        return await _only(live, kind)
    assert kind.wire.list is not None
    try:
        documents = await list_all(live, kind, Address(kind.name), kind.wire.list)
    except (ApiError, Denied):
        return []
    if not is_brief(kind):
        return documents
    return await together(_whole(live, kind, str(each[kind.wire.id])) for each in documents)


async def _only(live: Live, kind: Kind) -> list[Json]:
    where = route(kind, Address(kind.name), f"GET {kind.wire.read}", str)
    try:
        return [await live.session.request(where)]
    except (ApiError, Denied):
        return []


async def _whole(live: Live, kind: Kind, id: str) -> Json:
    where = route(kind, Address(kind.name), f"GET {kind.wire.read}", lambda _: id)
    return await live.session.request(where)


def _called(live: Live, kind: Kind, document: Document) -> str:
    if kind.singleton:
        return kind.name
    known = live.index.named(kind.name, "id", document[kind.wire.id])
    if isinstance(known, Ref):
        return str(known.address)
    return f"{kind.name} {', '.join(json.dumps(part) for part in natural_key(kind, document))}"
