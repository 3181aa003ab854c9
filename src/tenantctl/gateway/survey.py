"""Reading all that a tenant has, or all of some kinds of it, with the fewest requests.

For a tenant that has every kind, a survey sends

      the pages of each listing, of which kinds that share one read it once
    + 1 for each singleton, part of attack protection and e-mail template
    + 1 for each prompt that can have partials, and each prompt and enabled locale
    + 1 for each trigger that some action supports
    + 1 for each flow, form and module, of which a listing shows the name alone
    + for each client, hook and feature flag: the pages of its credentials, secrets or variations
    + for each connection: the pages of its clients, and of its synchronized groups where it has
      directory provisioning
    + for each role: the pages of its permissions, and of its groups
    + for each organization: the pages of its connections, grants, domains, clients and groups
    + the pages of the roles of each group in an organization
    + 1 for each page, in each language, of each self-service profile

requests, and one for a token. What hangs on objects and is listed for all of them takes the pages
of that listing, where there are such objects. A page has as many objects as the API gives at most.
Of a kind that cannot be read, the first request is the last one.
"""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tenantctl.errors import ApiError, UsageError
from tenantctl.gateway.finds import Finds, Found, each, listed, read_each, recognised
from tenantctl.gateway.leads import above, listing, needed, stands_alone, telling
from tenantctl.gateway.live import Live, is_brief, list_all, together
from tenantctl.gateway.match import Document, empty, in_order
from tenantctl.gateway.surveyed import Survey
from tenantctl.kinds import KINDS, Kind, Listing, fold, unfold
from tenantctl.model import Address, Foreign, Json, Ref, Resource, Scope, Tenant, Value, refs

GIVEN = tuple(kind for kind in KINDS.values() if kind.given)


async def survey(live: Live, scope: Scope, domain: str, names: Collection[str] = ()) -> Survey:
    """All that there is of the kinds *names*, of every kind without; the index learns their ids.

    What *scope* declares is recognised as by a read. Raises UsageError where there is no such
    kind, GatewayError where the tenant as a whole cannot be read.
    """
    if strange := sorted({*names} - KINDS.keys()):
        raise UsageError(f"there is no kind {strange[0]}", help="`tenantctl kinds` lists them all")
    wanted = frozenset(names or KINDS)
    kinds = in_order(needed(wanted))
    finds = Finds.of(live, scope, domain)
    await _alone(finds, [kind for kind in kinds if stands_alone(kind)])
    last = [kind for kind in kinds if above(kind) or kind.wire.others]
    await _hanging(finds, [kind for kind in kinds if not stands_alone(kind)], last)
    await _last(finds, last)
    return _decoded(finds, kinds, wanted)


async def _alone(finds: Finds, kinds: Sequence[Kind]) -> None:
    """What is listed as a whole, each listing once, and what there is one of."""
    sharing: dict[Listing, list[Kind]] = {}
    for kind in kinds:
        pages = listing(kind)
        if pages and (not kind.given or finds.named(kind)):
            sharing.setdefault(pages, []).append(kind)
    single = [kind for kind in kinds if not listing(kind)]
    work: list[Coroutine[Any, Any, list[Json] | Found | None]] = [
        *(listed(finds, of, pages) for pages, of in sharing.items()),
        *(each(finds, kind, _keys(finds, kind)) for kind in single),
    ]
    asked = [*sharing.values(), *([kind] for kind in single)]
    answers = zip(asked, await together(work), strict=True)
    found = {kind.name: answer for of, answer in answers for kind in of}
    for kind in kinds:
        answer = found.get(kind.name)
        if isinstance(answer, list):
            answer = recognised(finds, kind, answer)
        if answer is not None:
            finds.take(kind, answer)


def _keys(finds: Finds, kind: Kind) -> list[Address]:
    """The addresses of *kind* that there can be: those with names that are known."""
    if kind.singleton:
        found = [Address(kind.name)] if kind.wire.read else []
    else:
        found = [Address(kind.name, key) for key in _names(finds, kind)]
    return list(dict.fromkeys([*found, *finds.named(kind)]))


def _names(finds: Finds, kind: Kind) -> Iterator[str]:
    """The keys of a fixed kind, as far as other objects do not tell that there are none."""
    of_tenant: Iterable[str] = kind.endings
    if kind.endings_of:
        name, field = kind.endings_of
        settings = finds.found(name).get(Address(name), {})
        of_tenant = settings.get(field) or kind.endings
    said = {name: [*_said(finds, name, kind)] for name in telling(kind)}
    told = all(finds.knows(name) for name in said)
    there = {key for keys in said.values() for key in keys}
    for first in kind.values:
        if not said or not told or first in there:
            yield from (f"{first}/{ending}" for ending in of_tenant) if of_tenant else (first,)


def _said(finds: Finds, name: str, kind: Kind) -> Iterator[str]:
    """The keys of *kind* that objects of the kind *name* speak of."""
    *way, last = KINDS[name].held_by[kind.name]
    for document in finds.found(name).values():
        value: Json = document
        for part in way:
            value = value.get(part) or {}
        yield from (str(item.get(last)) for item in value)


async def _hanging(finds: Finds, kinds: Sequence[Kind], last: Sequence[Kind]) -> None:
    """What hangs on objects that have been found; of those that were listed in brief, the rest.

    Of the kinds that come *last*, the second owners that the first may have are found.
    """
    brief = [KINDS[name] for name in finds.documents if is_brief(KINDS[name])]
    near = [kind for kind in kinds if kind not in last]
    pairs = [kind for kind in last if kind.wire.others]
    answers = await together(
        [
            *(each(finds, kind, finds.found(kind.name)) for kind in brief),
            *(_near(finds, kind) for kind in near),
            *(_others(finds, kind) for kind in pairs),
        ]
    )
    for kind, answer in zip([*brief, *near, *pairs], answers, strict=True):
        finds.take(kind, answer)
    _meet(finds, [*near, *pairs])


async def _near(finds: Finds, kind: Kind) -> Found:
    """What there is of one kind that hangs on others."""
    if not kind.owned:
        return await each(finds, kind, _keys(finds, kind))
    owners = _owners(finds, kind)
    if kind.wire.every and owners:
        return await _of_all(finds, kind, kind.wire.every)
    if kind.fixed:
        addresses = [Address(kind.name, f"{o.key}/{end}") for o in owners for end in kind.endings]
        declared = [a for a in finds.named(kind) if kind.owners(a)[0] in owners]
        return await each(finds, kind, dict.fromkeys([*addresses, *declared]))
    addresses = [Address(kind.name, owner.key) for owner in owners]
    if not kind.key:
        return await each(finds, kind, addresses)
    found = await _lists(finds, kind, addresses, kind.wire.list)
    return {
        address: document
        for owner, items in found.items()
        for address, document in recognised(finds, kind, items, owner.key).items()
    }


def _owners(finds: Finds, kind: Kind) -> list[Address]:
    """The objects that there are of which *kind* may be part; those of every tenant have none."""
    name = kind.authored_in[0] if kind.authored_in else kind.parents[0]
    between = above(kind) or name
    if not finds.knows(between):
        finds.miss(kind, f"it is part of {between}, which cannot be read")
    there = finds.found(between)
    return [Address(name, a.key) for a in there if a.key not in KINDS[name].system]


async def _of_all(finds: Finds, kind: Kind, pages: Listing) -> Found:
    """What all owners have, in one listing."""
    items = await listed(finds, [kind], pages) or []
    owner = kind.authored_in[0] if kind.authored_in else kind.parents[0]
    named = ((finds.live.index.named(owner, "id", item[kind.wire.owner]), item) for item in items)
    return {
        Address(kind.name, ref.address.key): item for ref, item in named if isinstance(ref, Ref)
    }


async def _lists(
    finds: Finds, kind: Kind, addresses: Iterable[Address], pages: Listing | None
) -> dict[Address, list[Json]]:
    """A listing below each of *addresses*; without those that are gone by now."""
    assert pages is not None

    async def read(address: Address) -> list[Json] | None:
        try:
            return await list_all(finds.live, kind, address, pages)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    return await read_each(finds, kind, addresses, read)


async def _others(finds: Finds, kind: Kind) -> Found:
    """The second owners that each first owner has something with, in one document for each."""
    addresses = [Address(kind.name, owner.key) for owner in _owners(finds, kind)]
    found = await _lists(finds, kind, addresses, kind.wire.others)
    return {address: {kind.parents[1]: items} for address, items in found.items()}


def _meet(finds: Finds, kinds: Sequence[Kind]) -> None:
    """Learn what others have made, as far as objects of *kinds* name it and nothing lists it."""
    for given in GIVEN:
        naming = [kind for kind in kinds if given.name in kind.refs_to()]
        if given.name in finds.documents or not naming:
            continue
        met = {
            str(item[given.wire.id]): item
            for kind in naming
            for document in finds.found(kind.name).values()
            for item in document.get(given.name, ())
        }
        finds.take(given, recognised(finds, given, met.values()))


async def _last(finds: Finds, kinds: Sequence[Kind]) -> None:
    """What hangs on objects that hang on others themselves."""
    work = (each(finds, kind, [*_pairs(finds, kind)]) for kind in kinds)
    for kind, found in zip(kinds, await together(work), strict=True):
        finds.take(kind, found)


def _pairs(finds: Finds, kind: Kind) -> Iterator[Address]:
    if not kind.wire.others:
        yield from (Address(kind.name, owner.key) for owner in _owners(finds, kind))
        return
    index, second = finds.live.index, kind.parents[1]
    there = {address: document[second] for address, document in finds.found(kind.name).items()}
    for address, items in there.items():
        for item in items:
            ref = index.named(second, "id", str(item["id"]))
            if isinstance(ref, Ref):
                yield Address(kind.name, f"{address.key}/{ref.address.key}")
            else:
                name = Address(kind.name, f"{address.key}/{item.get('name')}")
                finds.miss(name, "no key can be called so: another has the name, or it has a slash")


def _decoded(finds: Finds, kinds: Sequence[Kind], wanted: Collection[str]) -> Survey:
    """The survey of the kinds that are *wanted*, with what others made that these name.

    What says nothing is left out.
    """
    found: dict[Address, Resource] = {}
    for kind in kinds:
        documents = finds.found(kind.name)
        for address in sorted(documents) if kind.name in wanted or kind.given else ():
            fields = _fields(finds, kind, address, documents[address])
            declared = address in finds.scope.identities
            if empty(kind, fields):
                finds.live.index.forget(address)
            elif declared or not _is_hollow(finds, kind, fields):
                found[address] = Resource(address, fields)
    meant = {ref.address for each in found.values() for ref in refs(each.fields)}
    meant |= {owner for address in found for owner in KINDS[address.kind].owners(address)}
    there = {
        address: resource
        for address, resource in found.items()
        if not KINDS[address.kind].given or address in meant or address in finds.scope.identities
    }
    ids = {address: finds.live.index.id_of(address) for address in there}
    return Survey(Tenant(there, finds.counts), ids, finds.unread)


def _fields(finds: Finds, kind: Kind, address: Address, document: Document) -> dict[str, Value]:
    """What a document says, as people say it: what goes without saying is a reference again.

    Of what every tenant has, that is what may be set.
    """
    codec, want = finds.live.codec, finds.scope.desired.get(address)
    fields = codec.decode(kind, address, document, [want.fields] if want else [])
    if want is None and kind.hooks.unfold:
        usual = unfold(kind, dict.fromkeys(fold(kind, fields)), address.key)
        fields = codec.decode(kind, address, document, [usual])
    if address.key in kind.system:
        named = {*kind.settable.get(address.key, ()), *(want.fields if want else ())}
        fields = {name: value for name, value in fields.items() if name in named}
    return codec.complete(kind, fields)


def _is_hollow(finds: Finds, kind: Kind, fields: Mapping[str, Value]) -> bool:
    """Whether *fields* say no more than if there were nothing: none, or no members.

    So does what names the tenant itself, where it could name something that somebody made.
    """
    if kind.members:
        return not fields[kind.members]
    return all(isinstance(v, Foreign) and v.id == finds.domain for v in fields.values())
