"""Objects that a tenant's texts mention by their ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial

from tenantctl.kinds import KINDS, Kind, Lens
from tenantctl.model import Address, Path, Ref, Resource, Text, Value

Find = Callable[[str], str | Ref]
TOKEN = re.compile(r"([A-Za-z0-9_-]{8,})")
"""What may be an id: shorter words are no ids of Auth0's."""


def mentioned(
    resources: Mapping[Address, Resource], ids: Mapping[Address, str]
) -> dict[Address, Resource]:
    """*resources* with references for the *ids* of others that stand in their texts.

    Code and templates stay as they are, and so does whatever would make two resources wait for
    each other.
    """
    known = {id: a for a, id in ids.items() if id and a in resources and _chosen_by_auth0(a)}
    return {address: _resource(known, resource) for address, resource in resources.items()}


def _chosen_by_auth0(address: Address) -> bool:
    """Whether the id of *address* is no name that people know, or the same in every tenant."""
    kind = KINDS[address.kind]
    return not (kind.fixed or kind.given or address.key in kind.system or kind.wire.id in kind.key)


def _resource(known: Mapping[str, Address], resource: Resource) -> Resource:
    kind = KINDS[resource.address.kind]
    find = partial(_found, known, kind)
    lens = Lens(kind, resource.fields)
    fields = {name: _value(lens, find, value, (name,)) for name, value in resource.fields.items()}
    return Resource(resource.address, fields)


def _found(known: Mapping[str, Address], kind: Kind, word: str) -> str | Ref:
    """The field of which *word* is the value, if a resource of *kind* may wait for it."""
    address = known.get(word)
    if address is None or kind.name in _needed(address.kind):
        return word
    return Ref(address, KINDS[address.kind].wire.id)


@cache
def _needed(name: str) -> frozenset[str]:
    """The kinds that one may have to wait for, itself included."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        each = todo.pop()
        if each not in seen:
            seen.add(each)
            todo += [*KINDS[each].refs_to(), *KINDS[each].after]
    return frozenset(seen)


def _value(lens: Lens, find: Find, value: Value, path: Path) -> Value:
    if isinstance(value, Mapping):
        return {key: _value(lens, find, item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_value(lens, find, item, (*path, "[]")) for item in value]
    if not isinstance(value, str) or lens.rule(path).text:
        return value
    pieces = TOKEN.split(value)
    parts = tuple(find(p) if n % 2 else p for n, p in enumerate(pieces) if p)
    return Text(parts) if any(isinstance(part, Ref) for part in parts) else value
