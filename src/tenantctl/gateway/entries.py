"""Carrying out changes of an open map: entries taken away, changed and added by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.gateway.work import Work
from tenantctl.model import ABSENT, Change, Create, Delete, Json, Outcome, Update, Value


async def entries(work: Work, change: Change) -> Outcome:
    """Take entries of a map away by a list of names, change some and add others by maps of them.

    What the change does not mention stays as it is.
    """
    there = await work.fetch()
    if there is None:
        gone = isinstance(change, Delete)
        return Outcome("unchanged" if gone else "moved", "what it belongs to is not there")
    wanted = _wanted(change)
    if lost := [name for name in _seen(change) if name not in there and not _is_gone(wanted[name])]:
        return Outcome("moved", f"changed since the plan: {', '.join(lost)}")
    kept: dict[str, Json] = {
        name: work.render(value) for name, value in wanted.items() if not _is_gone(value)
    }
    gone_ = [name for name in wanted if name not in kept and name in there]
    if gone_:
        await work.write(work.kind.wire.delete, gone_)
    if changed := {name: value for name, value in kept.items() if name in there}:
        await work.write(work.kind.wire.update, changed)
    if new := {name: value for name, value in kept.items() if name not in there}:
        await work.write(work.kind.wire.create, new)
    return Outcome("applied" if work.writes else "unchanged")


def _is_gone(value: Value) -> bool:
    return value is None or value is ABSENT


def _seen(change: Change) -> Iterator[str]:
    """The entries that were there when the change was planned."""
    if isinstance(change, Update):
        yield from (edit.path[0] for edit in change.edits if not _is_gone(edit.before))


def _wanted(change: Change) -> Mapping[str, Value]:
    """The entries that a change is about, with what it wants of each."""
    match change:
        case Create(after):
            return after.fields
        case Update(_, edits, _):
            return {edit.path[0]: edit.after for edit in edits}
        case Delete(before):
            return dict.fromkeys(before.fields)
