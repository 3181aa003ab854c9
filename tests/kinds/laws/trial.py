"""One try: what is declared, planned, applied and looked at, and what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kinds.laws.bodies import given_up
from kinds.laws.ground import Ground, unhappy
from kinds.laws.oracle import Eye, Snapshot, at, children, differences, held, names
from kinds.laws.table import Case, Row, Where, with_row
from tenantctl.errors import FilesError, TenantctlError
from tenantctl.kinds import Kind
from tenantctl.model import Plan, Update
from tenantctl.workflows import Result

Json = Any
Problems = Iterator[str]


def told(row: Row, problems: Iterable[str]) -> Problems:
    """*problems* with the row they are of; what cannot even be loaded or planned is one of them."""
    try:
        yield from (f"{row.name}: {problem}" for problem in problems)
    except FilesError as error:
        yield f"{row.name}: {[f'{p.message} ({p.help})' for p in error.problems]}"
    except TenantctlError as error:
        yield f"{row.name}: {error}"


def tried(ground: Ground, row: Row) -> Problems:
    """One row, from what was declared."""
    case = ground.case
    ground.back_to(ground.states["there"])
    before = ground.look()
    fields = with_row(case.fields, row)
    ground.declare(fields)
    yield from applied(ground, usual_writes(case, row))
    after = ground.look()
    yield from as_declared(ground, fields, row)
    yield from _alone(case, row, before, after)
    yield from settled(ground)


def _alone(case: Case, row: Row, before: Snapshot, after: Snapshot) -> Problems:
    """What *row* set is what has moved in the tenant."""
    moved = differences(before, after, case.ripples)
    if not (moved or differences(before, after)):
        yield "nothing has moved in the tenant"
    if case.kind.members:
        yield from (f"moved as well: {r} {p}" for r, p in moved.items() if r[0] != case.table)
        return
    allowed = [_home(case, path) for path in row.set]
    for found, paths in moved.items():
        for path in paths:
            near = any(path[: len(a)] == a or (path and a[: len(path)] == path) for a in allowed)
            if found[0] != case.table or not near:
                yield f"moved as well: {found} {'.'.join(path)}"


def as_declared(ground: Ground, fields: Json, row: Row | None = None) -> Problems:
    """The sandbox holds *fields*, in one object."""
    case, now = ground.case, ground.look()
    found = held(case, now, ground.states["needs"].seen)
    eye = Eye(names(case, now), ground.values, case.files)
    if case.kind.members:
        (members,) = fields.values()
        yield from eye.lacks(members, found)
        return
    if len(found) != 1:
        yield f"is there {len(found)} times"
        return
    extra = {**case.holds, **(row.holds if row else {})}
    for path in given_up(case, row) if row else ():
        yield from eye.lacks(None, at(found[0], _home(case, path)), ".".join(path))
    whole = () in case.held_as
    own = {name: value for name, value in fields.items() if name not in children(case.kind.name)}
    for path, want in [((), own)] if whole else _flat(own, extra):
        have = at(found[0], _home(case, path))
        yield from eye.lacks(extra.get(path, want), have, ".".join(path))
    for name, want in _key(case, fields).items():
        yield from eye.lacks(want, found[0].get(name), name)


def _flat(
    fields: Json, extra: Mapping[Where, Json], path: Where = ()
) -> Iterator[tuple[Where, Json]]:
    """*fields* as far apart as *extra* speaks of what is inside them."""
    for name, value in fields.items():
        here = (*path, name)
        inside = any(other[: len(here)] == here and other != here for other in extra)
        if inside and isinstance(value, dict) and here not in extra:
            yield from _flat(value, extra, here)
        else:
            yield here, value


def _key(case: Case, fields: Json) -> Json:
    """What identifies the object: the parts of its key, or the key where nobody wrote a name."""
    if case.kind.authored_in or case.kind.fixed or case.kind.singleton:
        return {}
    if case.kind.parts:
        return dict(zip(case.kind.parts, case.key.split("/"), strict=True))
    if len(case.kind.key) > 1:
        return {name: fields[name] for name in case.kind.key if name in fields}
    (name,) = case.kind.key
    return {name: fields.get(name, case.key)}


def _home(case: Case, path: Where) -> Where:
    """Where the sandbox keeps what is authored at *path*."""
    for size in range(len(path), -1, -1):
        if path[:size] in case.held_as:
            return (*case.held_as[path[:size]], *path[size:])
    return path


def applied(ground: Ground, writes: tuple[str, ...] | None = None) -> Problems:
    """Plan and apply what is declared; by *writes* and nothing else."""
    plan = ground.plan()
    yield from blocked(plan)
    ground.sandbox.clear_log()
    result = ground.apply(plan)
    yield from _happy(result)
    if writes is not None and not _fit(writes, ground.writes()):
        yield f"is written by {ground.writes()}, not by {list(writes)}"


def blocked(plan: Plan) -> Problems:
    yield from (f"refused: {v.rule} {v.address} {v.detail}" for v in plan.blocking)


def _happy(result: Result) -> Problems:
    if result.receipt.status != "converged":
        yield unhappy(result)


def usual_writes(case: Case, row: Row) -> tuple[str, ...]:
    """The writes of a change: what the table says, else what the kind does."""
    if row.writes is not None:
        return row.writes
    return case.writes if case.writes is not None else kind_writes(case.kind)


def kind_writes(kind: Kind) -> tuple[str, ...]:
    """The update, and the request that brings out what it has written."""
    out = {"deploy": ("deploy",), "publish": ("versions",)}.get(kind.procedure, ())
    return (kind.wire.update, *(f"POST {kind.wire.read}/{each}" for each in out))


def _fit(patterns: tuple[str, ...], writes: list[str]) -> bool:
    if len(patterns) != len(writes):
        return False
    forms = [re.sub(r"\\\{[^/]*\\\}", "[^/]+", re.escape(pattern)) for pattern in patterns]
    return all(re.fullmatch(form, write) for form, write in zip(forms, writes, strict=True))


def settled(ground: Ground) -> Problems:
    """Nothing is left to do, and saying so takes no writes."""
    ground.sandbox.clear_log()
    plan = ground.plan()
    for step in plan.steps:
        rest = step.change.edits if isinstance(step.change, Update) else ()
        yield f"is not settled: {step.id} {step.change.verb} {list(rest)}"
    yield from blocked(plan)
    yield from (f"a plan writes: {write}" for write in ground.writes())


def refused(ground: Ground, row: Row, rule: str) -> Problems:
    """What *row* asks for is refused by the files or by a rule of the plan; nothing is sent."""
    ground.back_to(ground.states["there"])
    ground.declare(with_row(ground.case.fields, row))
    before = ground.look()
    try:
        plan = ground.plan()
    except FilesError:
        if rule == "replacement":
            raise
    else:
        mine = [v.rule for v in plan.blocking]
        if rule not in mine:
            yield f"is not refused: {mine} {[str(s.id) for s in plan.steps]}"
    yield from (f"and yet: {write}" for write in ground.writes())
    yield from (f"moved: {row}" for row in differences(before, ground.look()))


def honest(ground: Ground, row: Row) -> Problems:
    """What *row* asks for is refused before any request, or comes about."""
    ground.back_to(ground.states["there"])
    ground.declare(with_row(ground.case.fields, row))
    try:
        denied = bool(ground.plan().blocking)
    except FilesError:
        denied = True
    if not denied:
        yield from applied(ground)
        yield from settled(ground)
    elif writes := ground.writes():
        yield f"is refused, and yet: {writes}"
