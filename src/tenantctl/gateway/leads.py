"""What leads to the objects of a kind: a listing of them all, or objects of other kinds."""

from __future__ import annotations

from collections.abc import Iterable

from tenantctl.gateway.live import is_collection
from tenantctl.kinds import KINDS, Kind, Listing


def needed(names: Iterable[str]) -> frozenset[str]:
    """*names*, the kinds that their objects can name, and those that lead to all of these."""
    wanted = frozenset(names)
    found: set[str] = set()
    left = wanted.union(*(KINDS[name].refs_to() for name in wanted))
    while left:
        found |= left
        left = frozenset().union(*(_leads(KINDS[name]) for name in left)) - found
    return frozenset(found)


def _leads(kind: Kind) -> frozenset[str]:
    """The kinds whose objects tell where those of *kind* are, and what to call them."""
    parts = (kind.rule((part,)).ref for part in kind.parts)
    owners = {*kind.parents, *(kind.authored_in or ())[:1]}
    named = {ref.to for ref in parts if ref}
    tell = {*telling(kind), *(kind.endings_of or ())[:1]}
    between = above(kind)
    return frozenset(owners | named | tell | ({between} if between else set()))


def telling(kind: Kind) -> tuple[str, ...]:
    """The kinds whose objects name the keys of *kind* of which there can be any."""
    return tuple(each.name for each in KINDS.values() if each.held_by.get(kind.name))


def above(kind: Kind) -> str:
    """The kind that stands between an owner and an object of *kind*; or empty."""
    if not kind.authored_in:
        return ""
    inside = (each for each in KINDS.values() if each.authored_in and not each.key)
    found = (each.name for each in inside if kind.wire.read.startswith(f"{each.wire.read}/"))
    return next(found, "")


def listing(kind: Kind) -> Listing | None:
    """What lists all objects of *kind*, where they do not hang on others."""
    if kind.owned:
        return None
    if kind.wire.list and (is_collection(kind) or not kind.wire.read):
        return kind.wire.list
    return kind.wire.every


def stands_alone(kind: Kind) -> bool:
    """Whether nothing has to be known to read what there is of *kind*."""
    return not (kind.owned or kind.endings_of or telling(kind))
