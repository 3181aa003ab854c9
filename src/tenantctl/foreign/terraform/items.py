"""The items of a whole configuration: those of each resource, and what others say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tenantctl.foreign.item import Item
from tenantctl.foreign.terraform.makers import MAKERS
from tenantctl.foreign.terraform.translate import Found, Part, Translation, joined
from tenantctl.foreign.terraform.types import TYPES
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Note


def translated(work: Translation, resources: list[Found]) -> list[Item]:
    """The items of all *resources*, each with what others say of it."""
    made: list[Item | Part] = []
    for found in resources:
        type = TYPES.get(found.type)
        if type is None or type.lost:
            why = type.lost if type else "tenantctl knows no such resource"
            work.note("loss", found, f"it is left out: {why}")
            continue
        made.extend(MAKERS[type.make](work, found, type))
    return united(work, made)


def united(work: Translation, made: list[Item | Part]) -> list[Item]:
    """Items, each with the parts that belong to it; members of associations make their own."""
    items = [each for each in made if isinstance(each, Item)]
    named: dict[tuple[str, str], int] = {}
    owned: dict[tuple[str, str], int] = {}
    for number, item in enumerate(items):
        for name in item.names:
            named.setdefault((item.kind, name), number)
        if _is_owned(KINDS[item.kind]):
            owned.setdefault((item.kind, "/".join(item.owners)), number)
    for part in (each for each in made if isinstance(each, Part)):
        kind = KINDS[part.kind]
        owner = _canonical(items, named, kind, part.owner)
        at = (owned if _is_owned(kind) else named).get((part.kind, owner))
        if at is not None:
            items[at] = replace(items[at], fields=joined(items[at].fields, part.fields))
        elif _is_owned(kind):
            owned[part.kind, owner] = len(items)
            owners = tuple(owner.split("/")) if kind.fixed else (owner,) if owner else ()
            items.append(Item(part.kind, part.fields, part.at, (), owners))
        elif part.born:
            named[part.kind, owner] = len(items)
            items.append(Item(part.kind, {"name": owner, **part.fields}, part.at, (owner,)))
        else:
            said = f"nothing in this configuration is {part.owner}, to which this belongs"
            work.notes.append(Note("loss", said, part.at.file, part.at.line, part.at.column))
    return items


def _is_owned(kind: Kind) -> bool:
    """Whether an item of it is known by what it belongs to, or there is one alone."""
    return bool(kind.authored_in or kind.fixed or kind.singleton) and not (
        kind.authored_in and kind.key
    )


def _canonical(
    items: list[Item], named: Mapping[tuple[str, str], int], kind: Kind, owner: str
) -> str:
    """The one spelling of an owner, so that what is said of it comes together."""
    at = named.get((kind.authored_in[0], owner)) if kind.authored_in else None
    return owner if at is None else items[at].names[-1]
