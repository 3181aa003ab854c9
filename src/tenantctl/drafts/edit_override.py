"""What is asked for in one environment alone: overrides in its own file."""

from __future__ import annotations

from typing import Any

from tenantctl.drafts.edit_apply import FILES, free_file, only_appends
from tenantctl.drafts.edit_desk import Desk, Index
from tenantctl.drafts.edit_sheet import Unfit
from tenantctl.drafts.edit_values import Op, body_text, said
from tenantctl.drafts.written import Tag
from tenantctl.kinds import KINDS
from tenantctl.model import ABSENT, Address


def override(desk: Desk, index: Index, address: Address, op: Op) -> Desk:
    """*op* as an override in the environment's own file: what is said there is said last."""
    if op.order or not any(spot.layer == "definition" for spot in index.of(address)):
        raise Unfit("it is written in the definition, or in a table")
    kind = KINDS[address.kind]
    way: tuple[str, ...] = ("overrides", str(address))
    if kind.authored_in:
        parent, name = kind.authored_in
        key, _, inner = address.key.partition("/")
        way = ("overrides", str(Address(parent, key)), name, *((inner,) if inner else ()))
    if any(isinstance(step, int) for step in op.steps):
        raise Unfit("an override replaces whole lists")
    there = desk.sheet(desk.env_file()).find((*way, *op.steps)) is not None
    value = Tag("unmanaged") if op.new is ABSENT else said(op.new) if there else _shortest(op)
    if isinstance(value, str) and (path := _file_of(desk, index, address, op)):
        own = free_file(desk, path, desk.env)
        assert isinstance(op.new, str)
        desk = desk.written({f"tenants/{desk.tenant}/{own}": op.new})
        value = Tag("file", own)
    steps = (*way, *op.steps)
    return desk.put(desk.env_file(), steps, value)


def _shortest(op: Op) -> Any:
    """What makes the new value of the old: of a list, what is more or less, if that is shorter."""
    value = said(op.new)
    if not isinstance(op.old, list | tuple) or not isinstance(value, list) or not op.old:
        return value
    old, new = ([body_text(said(item)) for item in items] for items in (op.old, op.new))
    if not only_appends(old, new):
        return value
    more = [item for item, text in zip(value, new, strict=True) if text not in old]
    less = [item for item in op.old if body_text(said(item)) not in new]
    if more and not less:
        return Tag("append", items=tuple(more))
    if less and not more and len(less) <= len(new):
        return Tag("without", items=tuple(map(said, less)))
    return value


def _file_of(desk: Desk, index: Index, address: Address, op: Op) -> str:
    """The file that says it now, if any."""
    for spot in reversed(index.of(address)):
        place = desk.place(spot.file, (*spot.steps, *op.steps))
        if place is not None and place.node.tag in FILES:
            return str(place.node.value)
    return ""
