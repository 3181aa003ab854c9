"""Which live object is which address: by pin, by id, by natural key, by what it was called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenantctl.errors import GatewayError
from tenantctl.gateway.index import Index, rendered
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Identity, Json, Scope, Value, Vault

Document = Mapping[str, Json]


def in_order(names: Iterable[str]) -> list[Kind]:
    """Kinds so that each comes after those that its fields and keys can name."""
    ordered: list[Kind] = []
    wanted = sorted(names)

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail or any(kind.name == name for kind in ordered):
            return
        for other in sorted(KINDS[name].refs_to()):
            visit(other, (*trail, name))
        ordered.append(KINDS[name])

    for name in wanted:
        visit(name, ())
    return [kind for kind in ordered if kind.name in wanted]


def match(
    kind: Kind, documents: Sequence[Document], scope: Scope, index: Index, vault: Vault
) -> dict[Address, Document]:
    """The live object of each address of *kind* in *scope* that has one; no object twice.

    Stronger evidence goes first: a pin, then the id of the last receipt or of an earlier read,
    then the natural key, then what the address or the object was called before. What is declared
    goes before what has departed, which is known by its pin alone: an object under a new key is
    still the object. Raises GatewayError where a natural key fits several objects, or a pinned
    one is not there.
    """
    every = {a: i for a, i in sorted(scope.identities.items()) if a.kind == kind.name}
    free = {str(document[kind.wire.id]): document for document in documents}
    declared = {address: identity for address, identity in every.items() if identity.key}
    rest = {address: identity for address, identity in every.items() if not identity.key}
    clues = Clues(kind, scope, index, vault)
    return _claim(clues, declared, free) | _claim(clues, rest, free)


@dataclass(frozen=True, slots=True)
class Clues:
    """By what the objects of a kind can be recognised."""

    kind: Kind
    scope: Scope
    index: Index
    vault: Vault


def _claim(
    clues: Clues, wanted: Mapping[Address, Identity], free: dict[str, Document]
) -> dict[Address, Document]:
    """The objects that *wanted* recognises among those still *free*, which it takes out."""
    kind = clues.kind
    there = frozenset(free)
    found: dict[Address, Document] = {}
    for address, id in _by_id(wanted, clues.scope, clues.index):
        if address not in found and id in free:
            found[address] = free.pop(id)
    named: dict[tuple[Json, ...], list[str]] = {}
    for id, document in free.items():
        named.setdefault(natural_key(kind, document), []).append(id)
    for address, identity in wanted.items():
        if address not in found:
            _refuse_lost_pin(address, identity, there)
            if id := _by_name(clues, address, identity, named, free):
                found[address] = free.pop(id)
    return found


def _by_name(
    clues: Clues,
    address: Address,
    identity: Identity,
    named: Mapping[tuple[Json, ...], Sequence[str]],
    free: Mapping[str, Document],
) -> str:
    """The id of the free object that a natural key fits, an earlier one if need be; or empty."""
    for name in _names(clues.kind, identity, clues.index, clues.vault):
        fitting = [id for id in named.get(name, ()) if id in free]
        if len(fitting) > 1:
            raise _ambiguous(address, fitting)
        if fitting:
            return fitting[0]
    return ""


def _refuse_lost_pin(address: Address, identity: Identity, there: frozenset[str]) -> None:
    if identity.pin and identity.key and identity.pin not in there:
        raise GatewayError(
            f"{address} is pinned to {identity.pin}, which is not in the tenant",
            help="correct pins: in the environment file",
        )


def natural_key(kind: Kind, document: Document) -> tuple[Json, ...]:
    """The natural key of a live object, with literal ids."""
    return tuple(document.get(name, kind.rule((name,)).default) for name in kind.key)


def resolved_key(key: Iterable[Value], index: Index, vault: Vault) -> tuple[Json, ...] | None:
    """A natural key with literal ids; None where something in it is not in the tenant."""
    parts = tuple(rendered(value, index, vault) for value in key)
    return None if not parts or None in parts else parts


def _by_id(
    wanted: Mapping[Address, Identity], scope: Scope, index: Index
) -> Iterator[tuple[Address, str]]:
    for address, identity in wanted.items():
        yield address, identity.pin
    for address in wanted:
        yield address, scope.hints.get(address, "")
    for address in wanted:
        yield address, index.id_of(address)
    for address, identity in wanted.items():
        for name in identity.was:
            yield address, scope.hints.get(Address(address.kind, name), "")


def _names(
    kind: Kind, identity: Identity, index: Index, vault: Vault
) -> Iterator[tuple[Json, ...]]:
    """The natural keys under which the object may stand, the present one first."""
    key = resolved_key(identity.key, index, vault)
    if key is not None:
        yield key
    if len(kind.key) == 1:
        yield from ((name,) for name in identity.was)


def _ambiguous(address: Address, ids: Sequence[str]) -> GatewayError:
    return GatewayError(
        f"{address} fits {len(ids)} objects of the tenant: {', '.join(sorted(ids))}",
        help=f"pin one: `pins: {{{address}: {min(ids)}}}` in the environment file",
    )


def empty(kind: Kind, fields: Mapping[str, Value]) -> bool:
    """Whether a document that cannot be deleted says no more than what a delete would leave."""
    if kind.empty is None:
        return False
    return all(not value or value == kind.empty.get(name) for name, value in fields.items())
