"""The nine laws of kinds: each tries every row of a case, and gives what did not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kinds.laws.ground import Ground, secret_names, unhappy, value_of
from kinds.laws.oracle import EMPTY, Eye, Snapshot, at, children, differences, held, names
from kinds.laws.table import Case, Row, Where, other_nulls, put, with_row
from tenantctl.errors import FilesError, TenantctlError
from tenantctl.kinds import Kind
from tenantctl.model import Plan, Update
from tenantctl.sandbox import Fault
from tenantctl.workflows import Result

Json = Any
Problems = Iterator[str]
PLACEHOLDERS = ("_VALUE_NOT_SHOWN_", "********", "##SECRET##", "@@SECRET@@", "REDACTED")


def creates(ground: Ground) -> Problems:
    """What is declared is what the sandbox holds."""
    ground.back_to(ground.states["there"])
    yield from _as_declared(ground, ground.case.fields)


def plans_nothing(ground: Ground) -> Problems:
    """A plan after an apply is empty, and planning writes nothing."""
    ground.back_to(ground.states["there"])
    ground.declare(ground.case.fields)
    yield from _settled(ground)


def changes(ground: Ground) -> Problems:
    """A field that is changed alone is written as the kind says, and nothing else is."""
    for row in ground.case.change:
        yield from _told(row, _tried(ground, row))


def unsets(ground: Ground) -> Problems:
    """Null takes a field away, or is refused before any request where the API has no way to."""
    for row in ground.case.unset:
        yield from _told(row, _tried(ground, row))
    for row in ground.case.illegal:
        yield from _told(row, _refused(ground, row, "illegal_unset"))
    for row in other_nulls(ground.case):
        yield from _told(row, _honest(ground, row))


def freezes(ground: Ground) -> Problems:
    """A create-only field with another value is refused; one that nobody can see plans nothing."""
    for row in ground.case.frozen:
        yield from _told(row, _refused(ground, row, "replacement"))
    for row in ground.case.once:
        ground.back_to(ground.states["there"])
        ground.declare(with_row(ground.case.fields, row))
        yield from _told(row, _settled(ground))


def deletes(ground: Ground) -> Problems:
    """What is no longer declared is gone, emptied or let go, as the kind says."""
    case = ground.case
    ground.back_to(ground.states["there"])
    before = ground.look()
    yield from _deleted(ground)
    after, needs = ground.look(), ground.states["needs"].seen
    if case.kind.immortal:
        moved = differences(before, after, case.ripples)
        yield from (f"was let go and yet moved: {row} {paths}" for row, paths in moved.items())
    elif case.kind.empty is not None:
        for body in held(case, after, before):
            yield from (
                f"{name} is left"
                for name in case.fields
                if body.get(name) not in (*EMPTY, case.kind.empty.get(name))
            )
    else:
        moved = differences(needs, after, case.ripples)
        yield from (f"is not as before: {row} {paths}" for row, paths in moved.items())


def creates_again(ground: Ground) -> Problems:
    """What was deleted can be created again, on a tenant whose answers lag behind its writes."""
    ground.back_to(ground.states["there"])
    for problem in _deleted(ground):
        yield f"on the way: {problem}"
    ground.declare(ground.case.fields)
    plan = ground.plan()
    ground.sandbox.put("lag", "", {})  # what lags at first is this, and not what a test restored
    ground.sandbox.faults = [Fault("lag", "GET", "/[!o]*", chance=0.3, seed=3)]
    result = ground.apply(plan)
    ground.sandbox.faults = []
    if bad := [o for o in result.receipt.outcomes.values() if o.status == "failed"]:
        yield f"failed under lag: {bad}"
    ground.declare(ground.case.fields)
    if ground.plan().steps:
        yield from _applied(ground)
    yield from _as_declared(ground, ground.case.fields)
    yield from _settled(ground)


def adopts(ground: Ground) -> Problems:
    """An object that is there already, of the same key, is taken over and not made twice."""
    ground.back_to(ground.states["there"], remembering=False)
    ground.declare(ground.case.fields)
    yield from (f"the same: {problem}" for problem in _adopted(ground))
    key = {(name,) for name in ground.case.kind.key}
    if row := next((row for row in ground.case.change if not key & row.set.keys()), None):
        ground.back_to(ground.states["there"])
        ground.declare(with_row(ground.case.fields, row))
        yield from _applied(ground)
        ground.back_to(ground.state(), remembering=False)
        ground.declare(ground.case.fields)
        yield from (f"another {row.name}: {problem}" for problem in _adopted(ground))


def keeps_secrets(ground: Ground) -> Problems:
    """A secret is written once, again when it changes, and never what an exporter left for it."""
    for path in ground.case.secrets:
        where = ".".join(path)
        yield from (f"{where}: {problem}" for problem in _rotated(ground, path))
        yield from (f"{where}: {problem}" for problem in _no_placeholder(ground, path))


Law = Callable[[Ground], Problems]
LAWS: Mapping[str, Law] = {
    "create": creates,
    "empty plan": plans_nothing,
    "change": changes,
    "unset": unsets,
    "create-only": freezes,
    "delete": deletes,
    "create again": creates_again,
    "adopt": adopts,
    "secrets": keeps_secrets,
}


def _told(row: Row, problems: Iterable[str]) -> Problems:
    """*problems* with the row they are of; what cannot even be loaded or planned is one of them."""
    try:
        yield from (f"{row.name}: {problem}" for problem in problems)
    except FilesError as error:
        yield f"{row.name}: {[f'{p.message} ({p.help})' for p in error.problems]}"
    except TenantctlError as error:
        yield f"{row.name}: {error}"


def _tried(ground: Ground, row: Row) -> Problems:
    """One row, from what was declared."""
    case = ground.case
    ground.back_to(ground.states["there"])
    before = ground.look()
    fields = with_row(case.fields, row)
    ground.declare(fields)
    yield from _applied(ground, usual_writes(case, row))
    after = ground.look()
    yield from _as_declared(ground, fields, row)
    yield from _alone(case, row, before, after)
    yield from _settled(ground)


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


def _as_declared(ground: Ground, fields: Json, row: Row | None = None) -> Problems:
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


def _applied(ground: Ground, writes: tuple[str, ...] | None = None) -> Problems:
    """Plan and apply what is declared; by *writes* and nothing else."""
    plan = ground.plan()
    yield from _blocked(plan)
    ground.sandbox.clear_log()
    result = ground.apply(plan)
    yield from _happy(result)
    if writes is not None and not _fit(writes, ground.writes()):
        yield f"is written by {ground.writes()}, not by {list(writes)}"


def _blocked(plan: Plan) -> Problems:
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


def _settled(ground: Ground) -> Problems:
    """Nothing is left to do, and saying so takes no writes."""
    ground.sandbox.clear_log()
    plan = ground.plan()
    for step in plan.steps:
        rest = step.change.edits if isinstance(step.change, Update) else ()
        yield f"is not settled: {step.id} {step.change.verb} {list(rest)}"
    yield from _blocked(plan)
    yield from (f"a plan writes: {write}" for write in ground.writes())


def _deleted(ground: Ground) -> Problems:
    ground.declare(None)
    yield from _applied(ground)
    yield from _settled(ground)


def _refused(ground: Ground, row: Row, rule: str) -> Problems:
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


def _honest(ground: Ground, row: Row) -> Problems:
    """What *row* asks for is refused before any request, or comes about."""
    ground.back_to(ground.states["there"])
    ground.declare(with_row(ground.case.fields, row))
    try:
        refused = bool(ground.plan().blocking)
    except FilesError:
        refused = True
    if not refused:
        yield from _applied(ground)
        yield from _settled(ground)
    elif writes := ground.writes():
        yield f"is refused, and yet: {writes}"


def _adopted(ground: Ground) -> Problems:
    """With no receipt at all, the object that is there is the one that is wanted."""
    before = ground.look()
    plan = ground.plan()
    creates_ = [str(step.id) for step in plan.steps if step.change.verb == "create"]
    if creates_ and not ground.case.kind.authored_in:
        yield f"would be created: {creates_}"
    yield from _applied(ground)
    after = ground.look()
    new = [row for row in after.documents if row not in before.documents]
    gone = [row for row in before.documents if row not in after.documents]
    if not ground.case.kind.members:
        ripples = ground.case.ripples
        yield from (f"was made: {row}" for row in new if row[0] not in ripples)
        yield from (f"is gone: {row}" for row in gone if row[0] not in ripples)
    yield from _held_at_least(ground)
    yield from _settled(ground)


def _held_at_least(ground: Ground) -> Problems:
    """As declared; of an association, members that somebody else has added may stay."""
    problems = _as_declared(ground, ground.case.fields)
    if ground.case.kind.members:
        problems = (problem for problem in problems if " has more than " not in problem)
    yield from problems


def _rotated(ground: Ground, path: Where) -> Problems:
    """Applying twice writes nothing; another value of the secret at *path* is one more write."""
    case = ground.case
    ground.back_to(ground.states["there"])
    ground.declare(case.fields)
    yield from (f"the second time: {problem}" for problem in _again(ground))
    old = _marks(ground)
    for name in secret_names(at(case.fields, path)):
        ground.values[name] = value_of(name, 2)
    if case.kind.rule(path).when == "create":
        if "replacement" not in [violation.rule for violation in ground.plan().blocking]:
            yield "another value is not refused"
        return
    row = Row({path: at(case.fields, path)})
    yield from _applied(ground, usual_writes(case, row))
    yield from _as_declared(ground, case.fields)
    if _marks(ground) == old:
        yield "no fingerprint has changed"
    yield from _settled(ground)


def _again(ground: Ground) -> Problems:
    yield from _applied(ground, ())


def _marks(ground: Ground) -> dict[str, Json]:
    assert ground.receipt is not None
    entries = ground.receipt.entries.items()
    return {str(address): dict(entry.sealed) for address, entry in entries if entry.sealed}


def _no_placeholder(ground: Ground, path: Where) -> Problems:
    """Neither written out nor as the value of a secret does a placeholder leave for the tenant."""
    for word in PLACEHOLDERS:
        ground.back_to(ground.states["there"])
        before = ground.look()
        for fields, values in _spoilt(ground, path, word):
            ground.values.update(values)
            ground.declare(fields)
            try:
                plan = ground.plan()
                if not plan.blocking:
                    ground.apply(plan)
            except TenantctlError:
                pass
            yield from (f"{word} led to {write}" for write in ground.writes())
        yield from (f"{word} moved {row}" for row in differences(before, ground.look()))


def _spoilt(ground: Ground, path: Where, word: str) -> Iterator[tuple[Json, dict[str, str]]]:
    """The project with *word* written out, then with *word* as the value of its secrets."""
    fields = ground.case.fields
    value = at(fields, path)
    if not isinstance(value, list):
        yield put(fields, path, word), {}
    yield fields, dict.fromkeys(secret_names(value), word)
