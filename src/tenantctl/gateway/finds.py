"""What a survey finds: documents under addresses, and what it could not read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from tenantctl.gateway.live import Live, fetch, list_all, made, together
from tenantctl.gateway.match import Document, match
from tenantctl.gateway.naming import composite, fresh, given, system_objects
from tenantctl.gateway.unread import Unread, tried
from tenantctl.kinds import KINDS, Kind, Listing
from tenantctl.model import ABSENT, Address, Identity, Json, Scope

T = TypeVar("T")
Found: TypeAlias = dict[Address, Document]
Identities: TypeAlias = Mapping[Address, Identity]


@dataclass(slots=True)
class Finds:
    """What a survey has found so far: *documents* by kind and address, and what it has not.

    *declared*: what the scope says, by kind and by the key of what it hangs on, or empty.
    """

    live: Live
    scope: Scope
    domain: str
    declared: Mapping[tuple[str, str], Identities]
    documents: dict[str, Found] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, live: Live, scope: Scope, domain: str) -> Finds:
        """Nothing yet."""
        declared: dict[tuple[str, str], dict[Address, Identity]] = {}
        for address, identity in scope.identities.items():
            kind = KINDS[address.kind]
            owner = address.key.rpartition("/")[0] if kind.owned and kind.key else ""
            declared.setdefault((kind.name, owner), {})[address] = identity
        return cls(live, scope, domain, declared)

    def knows(self, kind: str) -> bool:
        """Whether all objects of *kind* have been found."""
        return kind in self.documents and kind not in self.unread

    def found(self, kind: str) -> Found:
        return self.documents.get(kind, {})

    def named(self, kind: Kind) -> list[Address]:
        """What the scope says of *kind*, wherever it hangs."""
        declared = (each for (name, _), each in self.declared.items() if name == kind.name)
        return [address for identities in declared for address in identities]

    def take(self, kind: Kind, found: Found) -> None:
        """All objects of *kind* that there are: the index forgets others of earlier reads."""
        index = self.live.index
        for address in index.known(kind.name):
            index.forget(address)
        self.documents[kind.name] = found
        for address, document in found.items():
            if not kind.members:
                index.learn(kind, address, document)

    def miss(self, what: Kind | Address, reason: str) -> None:
        self.unread[what.name if isinstance(what, Kind) else str(what)] = reason


async def listed(finds: Finds, kinds: Sequence[Kind], pages: Listing) -> list[Json] | None:
    """All items of a listing that *kinds* share; None where it cannot be read."""
    found = await tried(kinds[0], list_all(finds.live, kinds[0], Address(kinds[0].name), pages))
    if not isinstance(found, Unread):
        return found
    for kind in kinds:
        finds.miss(kind, found.reason)
    return None


async def each(finds: Finds, kind: Kind, addresses: Iterable[Address]) -> Found:
    """The document of each of *addresses* that has one."""
    return await read_each(finds, kind, addresses, lambda one: fetch(finds.live, kind, one))


async def read_each(
    finds: Finds,
    kind: Kind,
    addresses: Iterable[Address],
    read: Callable[[Address], Awaitable[T | None]],
) -> dict[Address, T]:
    """What *read* gives for each address; nothing where the first shows that it is in vain."""
    wanted = list(addresses)
    if not wanted:
        return {}
    first = await tried(kind, read(wanted[0]))
    if isinstance(first, Unread) and first.all:
        finds.miss(kind, first.reason)
        return {}
    rest = await together(tried(kind, read(address)) for address in wanted[1:])
    found: dict[Address, T] = {}
    for address, answer in zip(wanted, [first, *rest], strict=True):
        if isinstance(answer, Unread):
            finds.miss(address, answer.reason)
        elif answer is not None:
            found[address] = answer
    return found


def recognised(finds: Finds, kind: Kind, documents: Iterable[Json], owner: str = "") -> Found:
    """The address of each of *documents*, below *owner*: what the scope says, or a fresh one."""
    index, vault = finds.live.index, finds.live.vault
    mine = [document for document in documents if _is_of(kind, document)]
    if kind.fixed:
        return _known(finds, kind, composite(kind, mine, index))
    free = {str(document[kind.wire.id]): document for document in mine}
    declared = finds.declared.get((kind.name, owner), {})
    scope = replace(finds.scope, identities=declared)
    found = match(kind, list(free.values()), scope, index, vault)
    found |= system_objects(kind, finds.domain, _without(kind, free, found))
    rest = _without(kind, free, found).values()
    if not (kind.owned or kind.given):
        finds.counts[kind.name] = made(kind, mine)
    if kind.given:
        return found | given(kind, rest, declared)
    if kind.parts:
        return found | composite(kind, rest, index)
    prefix = f"{owner}/" if owner else ""
    taken = {*kind.system, *(address.key.removeprefix(prefix) for address in declared)}
    return found | fresh(kind, rest, taken, index, prefix)


def _is_of(kind: Kind, document: Document) -> bool:
    """Whether an item of a listing that kinds share is of *kind*: it has what makes its key."""
    needed = [part for part in kind.parts if kind.rule((part,)).default is ABSENT]
    return all(document.get(part) for part in needed)


def _known(finds: Finds, kind: Kind, found: Found) -> Found:
    """Those of *found* whose names are known: nobody could declare the others."""
    strange = {a for a in found if kind.values and a.key.partition("/")[0] not in kind.values}
    for address in sorted(strange):
        finds.miss(address, "tenantctl does not know it")
    return {address: document for address, document in found.items() if address not in strange}


def _without(kind: Kind, documents: Mapping[str, Document], found: Found) -> Mapping[str, Document]:
    taken = {str(document[kind.wire.id]) for document in found.values()}
    return {id: document for id, document in documents.items() if id not in taken}
