"""From changes to steps: what goes late, what must come first, and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tenantctl.engine.edges import let_go, written
from tenantctl.kinds import KINDS, Kind, Lens
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Delete,
    Edit,
    Entry,
    Foreign,
    Path,
    Resource,
    Step,
    StepId,
    Update,
    Value,
    fields_of,
    refs,
    secret_names,
    to_json,
    walk,
)

LATE = "late"
"""The part of what must wait for what other steps bring."""


def parts(change: Change, created: frozenset[Address]) -> Iterator[tuple[StepId, Change]]:
    """A change as one step or two: what must wait goes into a second, `late` one.

    Late are fields that the kind marks so, fields that only an update may carry, and deferrable
    references to something in *created*.
    """
    kind, address = KINDS[change.address.kind], change.address
    match change:
        case Create(after):
            lens = Lens(kind, after.fields)
            late = tuple(
                Edit(path, ABSENT, value)
                for path, value in fields_of(after.fields)
                if _waits(lens, path, value, created)
            )
            yield StepId(address), Create(_without(after, {edit.path for edit in late}))
            if late:
                yield StepId(address, LATE), Update(address, late)
        case Update(_, edits, resend):
            lens = Lens(kind, {})
            late = tuple(e for e in edits if _late_edit(lens, e, created))
            now = tuple(e for e in edits if e not in late)
            if now:
                yield StepId(address), Update(address, now, resend)
            if late:
                yield StepId(address, LATE), Update(address, late, () if now else resend)
        case Delete():
            yield StepId(address), change


def _waits(lens: Lens, path: Path, value: Value, created: frozenset[Address]) -> bool:
    rules = [lens.rule(path[:size]) for size in range(1, len(path) + 1)]
    if any(rule.late or rule.when == "update" for rule in rules):
        return True
    deferrable = any(rule.ref and rule.ref.defer for rule in rules)
    return deferrable and any(ref.address in created for ref in refs(value))


def _late_edit(lens: Lens, edit: Edit, created: frozenset[Address]) -> bool:
    rule = lens.rule(edit.path)
    deferrable = bool(rule.ref and rule.ref.defer)
    return rule.late or (deferrable and any(r.address in created for r in refs(edit.after)))


def _without(resource: Resource, paths: set[Path]) -> Resource:
    """*resource* without the fields at *paths*, and without what they leave empty."""
    if not paths:
        return resource
    fields: dict[str, Value] = {}
    for path, value in fields_of(resource.fields):
        if path in paths:
            continue
        inner = fields
        for part in path[:-1]:
            inner = inner.setdefault(part, {})
        inner[path[-1]] = value
    return Resource(resource.address, fields)


def preimage(change: Change) -> str:
    """The fingerprint of the live values at exactly the paths that the write will send."""
    if not isinstance(change, Update):
        return ""
    rows = [[list(e.path), to_json(e.before)] for e in change.edits]
    text = json.dumps(rows, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def requests(kind: Kind, change: Change, former: int = 0) -> int:
    """How many requests a step takes where nothing has to be waited for.

    *former* is how many objects it looks at before; what it deletes then it looks for after.
    """
    if former:
        return requests(kind, change) + former + isinstance(change, Delete)
    reads = 0 if isinstance(change, Create) else 1
    if kind.procedure == "verify" and isinstance(change, Create):
        return 2
    if kind.procedure == "publish" and not isinstance(change, Delete):
        return reads + 4
    if kind.procedure == "deploy" and not isinstance(change, Delete):
        return reads + 4
    if kind.members:
        return 1 + _chunks(kind, change)
    return reads + 1 if not isinstance(change, Delete) else 1


def _chunks(kind: Kind, change: Change) -> int:
    match change:
        case Create(after):
            size = len(after.fields[kind.members])
        case Delete(before):
            size = len(before.fields[kind.members])
        case Update(_, edits, _):
            size = sum(abs(len(e.after) - len(e.before)) or 1 for e in edits)
    return max(1, -(-size // (kind.wire.chunk or 1)))


def reason(id: StepId, change: Change) -> str:
    """Why a step is in the plan, in a few words, as far as its change shows."""
    match change:
        case Delete():
            return "no longer declared"
        case Create():
            return "not there yet"
        case Update(_, edits, _):
            if id.part == LATE:
                return "written late: it names what other steps bring"
            return _why(edits)


def _why(edits: tuple[Edit, ...]) -> str:
    secrets = sorted({name for edit in edits for name in secret_names(edit.after)})
    if all(edit.unknown for edit in edits):
        return f"nobody can tell whether {', '.join(secrets) or 'this'} differs; apply decides"
    gone = {v.kind for e in edits for _, v in walk(e.before) if isinstance(v, Foreign) and not v.id}
    if gone:
        return f"follows {', '.join(sorted(gone))}, of which there will be a newer version"
    return "differs from the files"


def referred(changes: Iterable[Change]) -> frozenset[Address]:
    """Every address that some change refers to, before or after."""
    found: set[Address] = set()
    for change in changes:
        found.update(ref.address for ref in refs(written(change)))
        found.update(let_go(change))
        if isinstance(change, Update):
            found.update(r.address for e in change.edits for r in refs(e.before))
    return frozenset(found)


def sent(step: Step) -> list[tuple[Path, Value]]:
    """What a step writes, by path."""
    match step.change:
        case Create(after):
            return [((name,), value) for name, value in after.fields.items()]
        case Update(_, edits, resend):
            return [*((edit.path, edit.after) for edit in edits), *resend]
        case _:
            return []


def as_far(entry: Entry, before: Entry, undone: Iterable[Step]) -> Entry:
    """*entry* without what would have been written by steps that are not done.

    Their fields are as they were *before*; of a structure of which a part was not written, as a
    whole.
    """
    left = {path[0] for step in undone for path, _ in sent(step)}
    if not left:
        return entry
    kept = {name: value for name, value in before.fields.items() if name in left}
    fields = {name: value for name, value in entry.fields.items() if name not in left}
    return replace(entry, fields={**fields, **kept})
