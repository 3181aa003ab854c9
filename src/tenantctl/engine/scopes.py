"""The scopes of the Management API that a job needs, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tenantctl.kinds import KINDS, Kind, element_key
from tenantctl.model import ABSENT, Change, Create, Delete, Edit, Step, Update

ALSO: Mapping[str, str] = {"deploy": "create", "publish": "update", "verify": "create"}
"""The verb that a procedure needs beside its write: what Auth0 asks for its second request."""


def to_read(kinds: Iterable[str]) -> frozenset[str]:
    """What reading objects of *kinds*, by name, asks for; the owners of each included."""
    return frozenset(
        scope for name in _with_owners(kinds) if (scope := _scope(KINDS[name], "read"))
    )


def to_survey(kinds: Iterable[str]) -> frozenset[str]:
    """What reading all that a tenant has of *kinds*, by name, asks for."""
    names = tuple(kinds)
    others = (_scope(KINDS[name], "others") for name in names)
    return to_read(names) | frozenset(filter(None, others))


def to_carry_out(steps: Iterable[Step]) -> frozenset[str]:
    """What carrying out exactly *steps* asks for, the reads before and after each included."""
    steps = tuple(steps)
    found = set(to_read({step.address.kind for step in steps}))
    for step in steps:
        kind = KINDS[step.address.kind]
        found.update(_scope(kind, verb) for verb in _verbs(kind, step.change))
    return frozenset(found - {""})


def to_manage(kinds: Iterable[str], *, delete: bool) -> frozenset[str]:
    """What an apply may come to ask for objects of *kinds*; *delete*: where it may delete."""
    names = tuple(kinds)
    found = set(to_read(names))
    for kind in (KINDS[name] for name in names):
        if not kind.wire.create and not kind.wire.update:
            continue
        found |= {_scope(kind, _operation(kind, "create")), *_also(kind)}
        if kind.wire.update:
            found.add(_scope(kind, "update"))
        piecemeal = kind.members or kind.procedure == "entries"
        if kind.wire.delete and (delete or piecemeal):
            found.add(_scope(kind, "delete"))
    return frozenset(found - {""})


def _with_owners(kinds: Iterable[str]) -> Iterator[str]:
    for name in kinds:
        yield name
        yield from (KINDS[name].authored_in or ())[:1] or KINDS[name].parents


def _scope(kind: Kind, verb: str) -> str:
    return kind.wire.scopes.get(verb, "")


def _operation(kind: Kind, verb: str) -> str:
    """The verb whose request carries out *verb*: an update, where the API has nothing else."""
    return verb if getattr(kind.wire, verb) else "update"


def _also(kind: Kind) -> Iterator[str]:
    if verb := ALSO.get(kind.procedure):
        yield _scope(kind, verb)


def _verbs(kind: Kind, change: Change) -> Iterator[str]:
    """The verbs of the requests that *change* sends."""
    match change:
        case Create():
            yield _operation(kind, "create")
        case Delete():
            yield _operation(kind, "delete")
            return
        case Update() if kind.members:
            yield from _membership(kind, change)
        case Update() if kind.procedure == "entries":
            yield from (_entry(edit) for edit in change.edits)
        case Update():
            yield "update"
    if verb := ALSO.get(kind.procedure):
        yield verb


def _entry(edit: Edit) -> str:
    """What becomes of one entry of an open map."""
    if edit.after is None or edit.after is ABSENT:
        return "delete"
    return "create" if edit.before is ABSENT else "update"


def _membership(kind: Kind, change: Update) -> Iterator[str]:
    """Of an association: members that come, that go, and that change their attributes."""
    for edit in change.edits:
        before = {element_key(item, kind.by): item for item in edit.before or ()}
        after = {element_key(item, kind.by): item for item in edit.after or ()}
        if after.keys() - before.keys():
            yield _operation(kind, "create")
        if before.keys() - after.keys():
            yield _operation(kind, "delete")
        if any(after[key] != before[key] for key in after.keys() & before.keys()):
            yield "update"
