"""The nine laws of kinds: each tries every row of a case, and gives what did not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kinds.laws.ground import Ground, secret_names, value_of
from kinds.laws.oracle import EMPTY, at, differences, held
from kinds.laws.table import Row, Where, another, other_nulls, put, same_again, with_row
from kinds.laws.trial import (
    Problems,
    applied,
    as_declared,
    honest,
    refused,
    settled,
    told,
    tried,
    usual_writes,
)
from tenantctl.errors import TenantctlError
from tenantctl.sandbox import Fault

Json = Any
PLACEHOLDERS = ("_VALUE_NOT_SHOWN_", "********", "##SECRET##", "@@SECRET@@", "REDACTED")


def creates(ground: Ground) -> Problems:
    """What is declared is what the sandbox holds."""
    ground.back_to(ground.states["there"])
    yield from as_declared(ground, ground.case.fields)


def plans_nothing(ground: Ground) -> Problems:
    """A plan after an apply is empty, and planning writes nothing.

    So it is where a set is told in another order, or what goes without saying is said.
    """
    ground.back_to(ground.states["there"])
    ground.declare(ground.case.fields)
    yield from settled(ground)
    for row in same_again(ground.case):
        ground.declare(with_row(ground.case.fields, row))
        yield from told(row, settled(ground))


def changes(ground: Ground) -> Problems:
    """A field that is changed alone is written as the kind says, and nothing else is."""
    for row in ground.case.change:
        yield from told(row, tried(ground, row))


def unsets(ground: Ground) -> Problems:
    """Null takes a field away, or is refused before any request where the API has no way to."""
    for row in ground.case.unset:
        yield from told(row, tried(ground, row))
    for row in ground.case.illegal:
        yield from told(row, refused(ground, row, "illegal_unset"))
    for row in other_nulls(ground.case):
        yield from told(row, honest(ground, row))


def freezes(ground: Ground) -> Problems:
    """A create-only field with another value is refused; one that nobody can see plans nothing."""
    for row in ground.case.frozen:
        yield from told(row, refused(ground, row, "replacement"))
    for row in ground.case.once:
        ground.back_to(ground.states["there"])
        ground.declare(with_row(ground.case.fields, row))
        yield from told(row, settled(ground))


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
        yield from applied(ground)
    yield from as_declared(ground, ground.case.fields)
    yield from settled(ground)


def adopts(ground: Ground) -> Problems:
    """An object that is there already, of the same key, is taken over and not made twice."""
    ground.back_to(ground.states["there"], remembering=False)
    ground.declare(ground.case.fields)
    yield from (f"the same: {problem}" for problem in _adopted(ground))
    if row := another(ground.case):
        ground.back_to(ground.states["there"])
        ground.declare(with_row(ground.case.fields, row))
        yield from applied(ground)
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


def _deleted(ground: Ground) -> Problems:
    ground.declare(None)
    yield from applied(ground)
    yield from settled(ground)


def _adopted(ground: Ground) -> Problems:
    """With no receipt at all, the object that is there is the one that is wanted."""
    before = ground.look()
    plan = ground.plan()
    creates_ = [str(step.id) for step in plan.steps if step.change.verb == "create"]
    if creates_ and not ground.case.kind.authored_in:
        yield f"would be created: {creates_}"
    yield from applied(ground)
    after = ground.look()
    new = [row for row in after.documents if row not in before.documents]
    gone = [row for row in before.documents if row not in after.documents]
    if not ground.case.kind.members:
        ripples = ground.case.ripples
        yield from (f"was made: {row}" for row in new if row[0] not in ripples)
        yield from (f"is gone: {row}" for row in gone if row[0] not in ripples)
    yield from _held_at_least(ground)
    yield from settled(ground)


def _held_at_least(ground: Ground) -> Problems:
    """As declared; of an association, members that somebody else has added may stay."""
    problems = as_declared(ground, ground.case.fields)
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
    yield from applied(ground, usual_writes(case, row))
    yield from as_declared(ground, case.fields)
    if _marks(ground) == old:
        yield "no fingerprint has changed"
    yield from settled(ground)


def _again(ground: Ground) -> Problems:
    yield from applied(ground, ())


def _marks(ground: Ground) -> dict[str, Json]:
    assert ground.receipt is not None
    entries = ground.receipt.entries.items()
    return {str(address): dict(entry.sealed) for address, entry in entries if entry.sealed}


def _no_placeholder(ground: Ground, path: Where) -> Problems:
    """Neither written out nor as the value of a secret does a placeholder leave for the tenant."""
    ground.back_to(ground.states["there"])
    before = ground.look()
    for fields, values in _spoilt(ground, path):
        ground.values.update(values)
        ground.declare(fields)
        try:
            plan = ground.plan()
            if not plan.blocking:
                ground.apply(plan)
        except TenantctlError:
            pass
        said = next(iter(values.values()), at(fields, path))
        yield from (f"{said} led to {write}" for write in ground.writes())
        ground.sandbox.clear_log()
    yield from (f"a placeholder moved {row}" for row in differences(before, ground.look()))


def _spoilt(ground: Ground, path: Where) -> Iterator[tuple[Json, dict[str, str]]]:
    """The project with each placeholder written out, then with one as the value of its secrets."""
    fields = ground.case.fields
    value = at(fields, path)
    if not isinstance(value, list):
        yield from ((put(fields, path, word), {}) for word in PLACEHOLDERS)
    word = PLACEHOLDERS[len(".".join(path)) % len(PLACEHOLDERS)]
    yield fields, dict.fromkeys(secret_names(value), word)
