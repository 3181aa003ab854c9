"""Reading a tenant: the fewest requests that show what a scope names."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from tenantctl.errors import ApiError
from tenantctl.gateway.access import Patience
from tenantctl.gateway.codec import Codec
from tenantctl.gateway.index import Index
from tenantctl.gateway.match import Document, empty, in_order, match
from tenantctl.gateway.routes import Route, accepts, route
from tenantctl.gateway.session import Session
from tenantctl.kinds import KINDS, Kind, Listing
from tenantctl.model import Address, Json, Resource, Scope, Tenant, Value, Vault

T = TypeVar("T")
Query = dict[str, str | int]
FEW = 4
"""Objects of owners that are read one by one rather than with those of all other owners."""


@dataclass(frozen=True, slots=True)
class Live:
    """A live tenant: how to reach it, and what is known of it."""

    session: Session
    index: Index
    codec: Codec
    vault: Vault
    patience: Patience
    sleep: Callable[[float], Awaitable[None]]

    def route(self, kind: Kind, address: Address, request: str, member: str = "") -> Route:
        return route(kind, address, request, self.index.id_of, member)


async def read(live: Live, scope: Scope) -> Tenant:
    """The resources of *scope* that are there; the index learns their ids.

    Kinds are read side by side, then what hangs on the owners that were found. Raises
    GatewayError.
    """
    kinds = in_order({address.kind for address in scope.identities})
    plain = [kind for kind in kinds if not kind.owned]
    fetched = await together(_fetch(live, kind, _of(kind, scope)) for kind in plain)
    documents: dict[Address, Document] = {}
    for kind, found in zip(plain, fetched, strict=True):
        documents |= _recognise(live, kind, scope, found)
    documents |= await _owned(live, scope, documents)
    documents = await _in_full(live, documents)
    order = {kind.name: n for n, kind in enumerate(kinds)}
    there = sorted(documents, key=lambda address: (order[address.kind], address))
    found = [Resource(a, _decode(live, scope, a, documents[a])) for a in there]
    hollow = {r.address for r in found if empty(KINDS[r.address.kind], r.fields)}
    for address in hollow:
        live.index.forget(address)
    listed = zip(plain, fetched, strict=True)
    counts = {kind.name: made(kind, each) for kind, each in listed if isinstance(each, list)}
    kept = {r.address: r for r in found if r.address not in hollow}
    worded = {
        a: Resource(a, _worded(live, scope, a, documents[a])) for a in kept if _other(scope, a)
    }
    renewed = {a for a in kept if scope.hints.get(a, "") not in {"", live.index.id_of(a)}}
    return Tenant(kept, counts, as_applied=worded, renewed=frozenset(renewed))


def _other(scope: Scope, address: Address) -> bool:
    """Whether what was applied at *address* is not what is asked for."""
    was, want = scope.applied.get(address), scope.desired.get(address)
    return was is not None and (want is None or want.fields != was.fields)


def _worded(live: Live, scope: Scope, address: Address, document: Document) -> dict[str, Value]:
    """The fields of a live document in the words of what was applied."""
    wants = [scope.applied.resources[address].fields]
    return live.codec.decode(KINDS[address.kind], address, document, wants)


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of *work*, in order; the first failure ends the rest and is raised as it is."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def is_collection(kind: Kind) -> bool:
    """Whether a listing shows every object of a kind, or every one of an owner."""
    return kind.wire.list is not None and bool(kind.key)


def is_brief(kind: Kind) -> bool:
    """Whether a listing shows less of an object than its own endpoint."""
    return kind.wire.list is not None and kind.wire.list.brief


async def fetch(live: Live, kind: Kind, address: Address) -> Document | None:
    """The API's document of one address, from its own endpoint; None where there is none."""
    try:
        if not kind.wire.read:
            return await _sought(live, kind, address)
        listing = kind.wire.list
        if listing is not None and not is_collection(kind):
            name = kind.members or listing.envelope
            return {name: await list_all(live, kind, address, listing)}
        query = _without_secrets(kind, address, kind.wire.read)
        where = live.route(kind, address, f"GET {kind.wire.read}")
        found = await live.session.request(where, query=query)
    except ApiError as error:
        if error.status == 404 and (kind.wire.absent or kind.owned):
            return None
        raise
    document: Document = {kind.body: found} if kind.body else found or {}
    return document


async def _sought(live: Live, kind: Kind, address: Address) -> Document | None:
    """What has no endpoint of its own: looked for in the listing; without one, nobody knows it."""
    if kind.wire.list is None:
        return {}
    documents = await list_all(live, kind, address, kind.wire.list)
    return _picked(live, kind, address, documents)


def _picked(live: Live, kind: Kind, address: Address, documents: Iterable[Json]) -> Document | None:
    id = live.index.id_of(address) or address.key
    return next((each for each in documents if str(each[kind.wire.id]) == id), None)


async def list_all(live: Live, kind: Kind, address: Address, listing: Listing) -> list[Json]:
    """Every item of a listing, by as few pages as the tenant gives."""
    where = live.route(kind, address, f"GET {listing.path}")
    query = _without_secrets(kind, address, listing.path)
    if listing.paging == "take":
        return await _by_checkpoint(live, where, listing, query)
    if listing.paging == "page":
        if accepts(kind, address, listing.path, "include_totals"):
            query["include_totals"] = "true"
        return await _by_page(live, where, listing, query)
    return _items(await live.session.request(where, query=query), listing)


async def _by_checkpoint(live: Live, where: Route, listing: Listing, query: Query) -> list[Json]:
    query = {**query, "take": listing.size}
    items: list[Json] = []
    passed: set[str] = set()
    while True:
        answer = await live.session.request(where, query=query)
        items += _items(answer, listing)
        after = answer.get("next") if isinstance(answer, dict) else None
        if not after or after in passed:
            return items
        passed.add(after)
        query["from"] = after


async def _by_page(live: Live, where: Route, listing: Listing, query: Query) -> list[Json]:
    """The first page, and where its total says so all others side by side."""
    query = {**query, "per_page": listing.size}
    first = await live.session.request(where, query={**query, "page": 0})
    items = _items(first, listing)
    total = first.get("total", len(items)) if isinstance(first, dict) else len(items)
    if total <= len(items) or not items:
        return items
    size = first.get("limit") or first.get("per_page") or len(items)
    query["per_page"] = size
    rest = await together(
        live.session.request(where, query={**query, "page": page})
        for page in range(1, math.ceil(total / size))
    )
    return items + [item for answer in rest for item in _items(answer, listing)]


def _items(answer: Json, listing: Listing) -> list[Json]:
    if isinstance(answer, dict):
        answer = answer.get(listing.envelope)
    return list(answer or ())


def _without_secrets(kind: Kind, address: Address, path: str) -> Query:
    """A query that keeps secrets which are never ours to write out of the answer."""
    hidden = [r.at[0] for r in kind.rules if r.secret and r.when == "never" and len(r.at) == 1]
    if not hidden or not accepts(kind, address, path, "include_fields"):
        return {}
    return {"fields": ",".join(sorted(hidden)), "include_fields": "false"}


def _of(kind: Kind, scope: Scope) -> list[Address]:
    return [address for address in scope.identities if address.kind == kind.name]


async def _fetch(
    live: Live, kind: Kind, addresses: Sequence[Address]
) -> list[Json] | dict[Address, Document | None]:
    """Every object of a collection, or the document of each address."""
    if kind.wire.list is not None and is_collection(kind):
        return await list_all(live, kind, addresses[0], kind.wire.list)
    if kind.wire.list is not None and not kind.wire.read:
        documents = await list_all(live, kind, addresses[0], kind.wire.list)
        return {address: _picked(live, kind, address, documents) for address in addresses}
    found = await together(fetch(live, kind, address) for address in addresses)
    return dict(zip(addresses, found, strict=True))


def _recognise(
    live: Live,
    kind: Kind,
    scope: Scope,
    fetched: list[Json] | dict[Address, Document | None],
) -> dict[Address, Document]:
    """The document of each address that is there; the index learns about both."""
    if isinstance(fetched, dict):
        found = {address: d for address, d in fetched.items() if d is not None}
    else:
        unique = {str(document[kind.wire.id]): document for document in fetched}
        found = match(kind, list(unique.values()), scope, live.index, live.vault)
    for address in _of(kind, scope):
        live.index.forget(address)
    for address, document in found.items():
        if not kind.members:
            live.index.learn(kind, address, document)
    return found


def made(kind: Kind, documents: Sequence[Document]) -> int:
    """How many objects there are that somebody has made: those of every tenant do not count."""
    mine = (d for d in documents if not d.get("global") and not d.get("is_system"))
    return len({str(document[kind.wire.id]) for document in mine})


async def _owned(
    live: Live, scope: Scope, found: Mapping[Address, Document]
) -> dict[Address, Document]:
    """The document of each address in *scope* whose owners are all among *found*."""
    wanted = [
        address
        for address in scope.identities
        if (owners := KINDS[address.kind].owners(address)) and found.keys() >= set(owners)
    ]
    many = {name for name, count in Counter(a.kind for a in wanted).items() if count > FEW}
    groups: dict[tuple[str, ...], list[Address]] = {}
    for address in wanted:
        kind = KINDS[address.kind]
        at_once = kind.wire.every is not None and kind.name in many
        owners = () if at_once else kind.owners(address)
        groups.setdefault((kind.name, *(owner.key for owner in owners)), []).append(address)
    work = [(KINDS[name], addresses) for (name, *_), addresses in groups.items()]
    fetched = await together(
        _fetch(live, kind, addresses) if owners else _fetch_at_once(live, kind, addresses)
        for (_, *owners), (kind, addresses) in zip(groups, work, strict=True)
    )
    there: dict[Address, Document] = {}
    for (kind, addresses), answer in zip(work, fetched, strict=True):
        inside = replace(scope, identities={a: scope.identities[a] for a in addresses})
        there |= _recognise(live, kind, inside, answer)
    return there


async def _fetch_at_once(
    live: Live, kind: Kind, addresses: Sequence[Address]
) -> dict[Address, Document | None]:
    """The document of each address, out of the listing of what all owners have."""
    assert kind.wire.every is not None
    items = await list_all(live, kind, addresses[0], kind.wire.every)
    known = {str(item[kind.wire.owner]): item for item in items}
    return {a: known.get(live.index.id_of(kind.owners(a)[0])) for a in addresses}


async def _in_full(live: Live, documents: Mapping[Address, Document]) -> dict[Address, Document]:
    """*documents* with those that were listed in brief read again, where they are still there."""
    found = dict(documents)
    short = [address for address in documents if is_brief(KINDS[address.kind])]
    fetched = await together(fetch(live, KINDS[address.kind], address) for address in short)
    for address, document in zip(short, fetched, strict=True):
        if document is None:
            live.index.forget(address)
            del found[address]
        else:
            live.index.learn(KINDS[address.kind], address, document)
            found[address] = document
    return found


def _decode(live: Live, scope: Scope, address: Address, document: Document) -> dict[str, Value]:
    want = scope.desired.get(address)
    wants = [want.fields] if want else []
    return live.codec.decode(KINDS[address.kind], address, document, wants)
