"""Carrying out changes of associations: members added, changed and taken away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from tenantctl.errors import ApiError, Unreachable
from tenantctl.gateway.codec import flatten
from tenantctl.gateway.documents import CONFLICT, fate_unknown
from tenantctl.gateway.index import rendered
from tenantctl.gateway.routes import body_shape
from tenantctl.gateway.work import Work
from tenantctl.kinds import Lens, element_key, holds
from tenantctl.model import Change, Create, Delete, Json, Outcome, Sealed, Update, Value

Members: TypeAlias = dict[str, Json]
"""Members of an association by their keys, with literal ids."""


@dataclass(frozen=True, slots=True)
class Todo:
    """What is left to do: members to take away and to change as they stand live, and to add.

    *gone* are raw items of the listing, *old* those of the *changed* members.
    """

    gone: Members = field(default_factory=dict)
    changed: Members = field(default_factory=dict)
    old: Members = field(default_factory=dict)
    new: Members = field(default_factory=dict)


async def switch(work: Work, change: Change) -> Outcome:
    """Switch members of an association off and on, in lists of one request's length."""

    async def write(todo: Todo) -> None:
        rule = work.kind.rule((work.kind.members, "[]"))
        assert rule.ref is not None
        rows = [{rule.ref.via: key, "status": False} for key in todo.gone]
        rows += [{rule.ref.via: key, "status": True} for key in todo.new]
        for chunk in _chunks(work, rows):
            await work.write(work.kind.wire.update, chunk)

    return await _associate(work, change, write)


async def links(work: Work, change: Change) -> Outcome:
    """Take members of an association away and add others, in lists of one request's length."""

    async def write(todo: Todo) -> None:
        name, wire = work.kind.members, work.kind.wire
        gone = [_farewell(work, key, item) for key, item in todo.gone.items()]
        for chunk in _chunks(work, gone):
            await work.write(wire.delete, {name: chunk})
        for key, item in todo.changed.items():
            await work.write(wire.update, _attributes(work, item), _id(work, key, todo.old[key]))
        for chunk in _chunks(work, list(todo.new.values())):
            await work.write(wire.create, {name: chunk})

    return await _associate(work, change, write)


async def members(work: Work, change: Change) -> Outcome:
    """Take members of an association away, change and add them, each with a request of its own."""

    async def write(todo: Todo) -> None:
        kind, wire = work.kind, work.kind.wire
        for key, item in todo.gone.items():
            await work.call(wire.delete, _id(work, key, item))
        for key, item in todo.changed.items():
            await work.write(wire.update, _attributes(work, item), _id(work, key, todo.old[key]))
        for item in todo.new.values():
            await work.write(wire.create, item if kind.by else {wire.member: item})

    return await _associate(work, change, write)


def _farewell(work: Work, key: str, item: Json) -> Json:
    """How a request that takes members away names one: what has a key by it, bare or as a field."""
    kind = work.kind
    if not kind.by:
        return _plain(work, item)
    body = body_shape(kind, work.address, kind.wire.delete)
    listed = body and body.member(kind.members)
    return {kind.by: key} if listed and listed.items().names(kind.by) else key


def _id(work: Work, key: str, item: Json) -> str:
    """What stands for a live member in a path."""
    by, name = work.kind.by, work.kind.wire.member
    return str(item[name]) if by and name else key


def _attributes(work: Work, item: Json) -> Json:
    """What an update of a member may carry."""
    rule, path = Lens(work.kind, {}).rule, (work.kind.members, "[]")
    return {
        name: value
        for name, value in item.items()
        if name != work.kind.by and rule((*path, name)).when != "create"
    }


async def _associate(
    work: Work, change: Change, write: Callable[[Todo], Awaitable[None]]
) -> Outcome:
    """Make the difference between before and after; members that neither names stay as they are.

    A request of unknown fate is repeated after a look at what is still to do. What hangs on owners
    that we have just made needs no look before the first.
    """
    for last in (False, True):
        fresh = not last and isinstance(change, Create) and _fresh(work)
        live = {} if fresh else await _live(work)
        if live is None:
            gone = isinstance(change, Delete)
            return Outcome("unchanged" if gone else "moved", "what it belongs to is not there")
        before, after = _ends(work, change)
        if missing := before.keys() & after.keys() - live.keys():
            return Outcome("moved", f"{len(missing)} of its members went away since the plan")
        todo = _todo(work, live, before, after)
        if not (todo.gone or todo.changed or todo.new):
            return Outcome("applied" if work.writes else "unchanged")
        try:
            await write(todo)
        except (ApiError, Unreachable) as error:
            taken = fresh and isinstance(error, ApiError) and error.status == CONFLICT
            if last or not (taken or fate_unknown(error)):
                raise
        else:
            return Outcome("applied")
    raise AssertionError


def _fresh(work: Work) -> bool:
    """Whether we have made every owner of the association, and nobody hung anything on it."""
    return work.live.index.made.issuperset(work.kind.owners(work.address))


def _todo(
    work: Work, live: Members, before: Mapping[str, Value], after: Mapping[str, Value]
) -> Todo:
    """The difference that is left; members that already are as declared are not written again."""
    lens, path = Lens(work.kind, {}), (work.kind.members, "[]")
    edited = [k for k, item in after.items() if k in live and k in before and before[k] != item]
    met = [k for k in after if k in live and k not in before]
    changed = {key: _rendered(work, after[key]) for key in [*edited, *met]}
    differ = {
        key: item
        for key, item in changed.items()
        if not holds(lens, item, _plain(work, live[key]), path)
    }
    return Todo(
        gone={key: live[key] for key in live if key in before and key not in after},
        changed=differ,
        old={key: live[key] for key in differ},
        new={key: _rendered(work, item) for key, item in after.items() if key not in live},
    )


def _rendered(work: Work, item: Value) -> Json:
    """A member as a request carries it; what nobody can read of it is left out."""
    if not isinstance(item, Mapping):
        return work.render(item)
    shown = {name: value for name, value in item.items() if not isinstance(value, Sealed)}
    return work.render({name: value for name, value in shown.items() if value is not None})


def _ends(work: Work, change: Change) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
    """What the plan saw and what it wants; what it saw of vanished resources is left out."""
    name = work.kind.members
    match change:
        case Create(resource):
            return {}, _wanted(work, resource.fields[name])
        case Delete(resource):
            return _seen(work, resource.fields[name]), {}
        case Update(_, edits, _):
            edit = edits[0]
            before = _seen(work, edit.before)
            return before, _wanted(work, edit.after)


def _seen(work: Work, items: Sequence[Value]) -> dict[str, Value]:
    named = ((_name(work, item), item) for item in items)
    return {key: item for key, item in named if key is not None}


def _wanted(work: Work, items: Sequence[Value]) -> dict[str, Value]:
    """As `_seen`; raises Unresolved where something has no id."""
    by = work.kind.by
    return {element_key(work.render(item[by] if by else item)): item for item in items}


def _name(work: Work, item: Value) -> str | None:
    by, live = work.kind.by, work.live
    found = rendered(item[by] if by else item, live.index, live.vault)
    return None if found is None else element_key(found)


async def _live(work: Work) -> Members | None:
    """The live members as the listing shows them, by their keys."""
    document = await work.fetch()
    if document is None:
        return None
    shown = flatten(work.kind, work.address, document)[work.kind.members]
    raw = shown if work.kind.hooks.read else document[work.kind.members]
    keys = [element_key(item, work.kind.by) for item in shown]
    return dict(zip(keys, raw, strict=True))


def _plain(work: Work, item: Json) -> Json:
    """A live member as a write names it."""
    kind = work.kind
    return flatten(kind, work.address, {kind.members: [item]})[kind.members][0]


def _chunks(work: Work, items: list[Json]) -> Iterator[list[Json]]:
    size = work.kind.wire.chunk or len(items) or 1
    for start in range(0, len(items), size):
        yield items[start : start + size]
