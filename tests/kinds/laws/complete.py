"""Whether the rows of a kind's table leave something out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kinds.laws.bodies import writable
from kinds.laws.table import Case, Row, Where, other_nulls
from tenantctl.kinds import Kind, Rule


def gaps(kind: Kind, cases: Iterable[Case]) -> list[str]:
    """The fields that no row is about, the secrets that none declares, reasons that are none."""
    mine = tuple(cases)
    return [*_fields(kind, mine), *_secrets(kind, mine), *_illegal(kind, mine), *_reasons(mine)]


def _fields(kind: Kind, cases: tuple[Case, ...]) -> Iterator[str]:
    if kind.members:
        if not any(case.change for case in cases):
            yield "no change of its members"
        return
    wanted = {(_shape(case), name) for case in cases for name in writable(case)}
    covered = {
        (_shape(case), path[0] if path else "")
        for case in cases
        for rows in (case.change, case.frozen, case.once)
        for row in rows
        for path in _authored(case, row)
    }
    excepted = {(_shape(case), name) for case in cases for name in case.excepted}
    for shape, name in sorted(wanted - covered - excepted):
        ours = kind.rule((name,)).when != "never" and name not in kind.parts
        if ours and (shape, "") not in covered:
            yield f"{shape}: no row changes {name}"


def _shape(case: Case) -> str:
    return case.kind.shape.format(key=case.key)


def _authored(case: Case, row: Row) -> Iterator[Where]:
    for path in row.set:
        yield path
        yield case.held_as.get(path, path)


def _secrets(kind: Kind, cases: tuple[Case, ...]) -> Iterator[str]:
    tried = [path for case in cases for path in case.secrets]
    excepted = {tuple(name.split(".")) for case in cases for name in case.excepted}
    for rule in kind.rules:
        hides = rule.secret and rule.when != "never" and not _whole(kind, rule)
        if hides and not any(_reaches(rule.at, path) for path in (*tried, *excepted)):
            yield f"no case has the secret {'.'.join(rule.at)}"


def _whole(kind: Kind, rule: Rule) -> bool:
    """Whether a shorter rule says that nobody writes what *rule* is inside."""
    return any(kind.rule(rule.at[:size]).when == "never" for size in range(1, len(rule.at)))


def _reaches(pattern: Where, path: Where) -> bool:
    """Whether a rule at *pattern* speaks of *path*, or of what stands below or above it."""
    return all(rule in {"*", "**", "[]", part} for rule, part in zip(pattern, path, strict=False))


def _illegal(kind: Kind, cases: tuple[Case, ...]) -> Iterator[str]:
    rows = [row for case in cases for row in (*case.illegal, *other_nulls(case))]
    tried = [path for row in rows for path in row.set]
    excepted = {tuple(name.split(".")) for case in cases for name in case.excepted}
    for rule in kind.rules:
        stuck = rule.unset == "illegal" and rule.when not in {"never", "create"}
        if stuck and not any(_reaches(rule.at, path) for path in (*tried, *excepted)):
            yield f"no case tries to unset {'.'.join(rule.at)}"


def _reasons(cases: tuple[Case, ...]) -> Iterator[str]:
    for case in cases:
        known = writable(case) | {rule.at[0] for rule in case.kind.rules if rule.at}
        for name, reason in case.excepted.items():
            if name.partition(".")[0] not in known:
                yield f"{case.id}: there is no {name} to except"
            if not isinstance(reason, str) or len(reason.split()) < 4:
                yield f"{case.id}: no reason is given for {name}"
