"""Killing the first apply of dev at a boundary, and three ways to go on from there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from campaigns.likeness import Likeness, likeness, unlike
from support.killed import Boundary, Ended, Interpreter
from support.project import Project, copy_of_repository

APPLY_AGAIN = "apply again"
RESUME = "resume"
JOURNAL_DELETED = "apply again without the journal"
WAYS = (APPLY_AGAIN, RESUME, JOURNAL_DELETED)
KILLED = -9


@dataclass(frozen=True)
class Undisturbed:
    """What an apply that nobody killed leaves behind at *root*, and the requests that it took."""

    root: Path
    state: Likeness
    requests: int
    writes: int


@dataclass(frozen=True)
class Recovered:
    """How one recovery ended; *wrong* says what is not as it should be, *extra* counts writes."""

    boundary: Boundary
    way: str
    begun: bool
    wrong: tuple[str, ...]
    extra: int = 0


def undisturbed(interpreter: Interpreter, root: Path) -> Undisturbed:
    """Apply dev in a fresh project at *root*, to its end."""
    copy_of_repository(root)
    ended = interpreter.run(root, "apply", "dev", "--yes")
    assert ended.code == 0, ended.said
    with Project(root).sandbox() as sandbox:
        counts = dict(sandbox.status()["requests"])
    writes = counts.pop("writes")
    return Undisturbed(root, likeness(root), sum(counts.values()), writes)


def boundaries(requests: int) -> list[Boundary]:
    """Every boundary of a run of so many requests."""
    numbers = range(1, requests + 1)
    return [Boundary(number, phase) for number in numbers for phase in ("before", "after")]


def spread(every: list[Boundary], count: int) -> list[Boundary]:
    """*count* of the boundaries, evenly over the run, both phases in turn."""
    places = [int((n + 0.5) * len(every) / count) for n in range(count)]
    return [every[place - place % 2 + n % 2] for n, place in enumerate(places)]


def survive(
    interpreter: Interpreter,
    folder: Path,
    kills: Iterable[Boundary],
    goal: Undisturbed,
    ways: Iterable[str] = WAYS,
) -> list[Recovered]:
    """Kill one apply after the other at *kills*, then go on from the wreck in each of *ways*.

    A wreck without a journal, killed while it planned, can only be applied again. A second run
    may end before its boundary comes: it has less to do.
    """
    wreck = folder / "wreck"
    copy_of_repository(wreck)
    for number, boundary in enumerate(kills):
        ended = interpreter.apply_until(wreck, boundary)
        if ended.code != KILLED and not (number and ended.code == 0):
            return [Recovered(boundary, "", begun=False, wrong=(f"not killed: {ended.code}",))]
    begun = _journal(wreck)
    found = []
    for way in ways if begun else (APPLY_AGAIN,):
        root = folder / "recovery"
        shutil.copytree(wreck, root)
        wrong = _go_on(interpreter, root, way)
        wrong += _compared(root, goal) + _settled(interpreter, root)
        with Project(root).sandbox() as sandbox:
            extra = sandbox.status()["requests"]["writes"] - goal.writes
        found.append(Recovered(boundary, way, begun, tuple(wrong), extra))
        shutil.rmtree(root)
    shutil.rmtree(wreck)
    return found


def _go_on(interpreter: Interpreter, root: Path, way: str) -> list[str]:
    if way == JOURNAL_DELETED:
        shutil.rmtree(root / ".tenantctl" / "journals")
    if way == RESUME:
        return _complaint(way, interpreter.run(root, "resume", "dev"))
    return _complaint(way, interpreter.run(root, "apply", "dev", "--yes"))


def _complaint(what: str, ended: Ended) -> list[str]:
    return [f"{what} ended with {ended.code}: {ended.said[-2000:]}"] if ended.code else []


def _compared(root: Path, goal: Undisturbed) -> list[str]:
    return unlike(likeness(root), goal.state)


def _settled(interpreter: Interpreter, root: Path) -> list[str]:
    """The next plan is empty and no run is left to resume."""
    ended = interpreter.run(root, "plan", "dev", "--json")
    wrong = _complaint("plan", ended)
    if not wrong and (steps := json.loads(ended.said)["counts"]["steps"]):
        wrong.append(f"the next plan has {steps} steps")
    return [*wrong, "a run is left to resume"] if _journal(root) else wrong


def _journal(root: Path) -> bool:
    """Whether a run was begun and not finished."""
    return any((root / ".tenantctl" / "journals").rglob("current"))
