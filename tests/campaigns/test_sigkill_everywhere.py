"""The same as the sample, at every boundary, and killed twice; its figures go to a page."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from campaigns.figures import commit, table, write_page
from campaigns.recovery import APPLY_AGAIN, WAYS, Recovered, Undisturbed, boundaries, survive
from support.killed import Boundary, interpreter
from support.project import copy_of_repository

SEED = 20261121
TWICE = 40
WIDTH = min(2, os.cpu_count() or 1)
WHAT = (
    "`apply dev --yes` of a fresh hearthhollow is killed with SIGKILL at a boundary of one of its "
    "requests, before or after the transaction that answers it, and run again. An oracle that "
    "uses neither differ nor gateway compares every document of the embedded tenant with those of "
    "an apply that nobody killed, modulo ids, times and minted secrets; the next plan must be "
    "empty and no journal left. Repeated writes are those beyond the undisturbed run: a secret "
    "that Auth0 does not show is written again rather than trusted."
)

Case = tuple[Boundary, ...]


@pytest.mark.campaign
def test_sigkill_at_every_boundary_ends_in_the_same_state(goal, tmp_path):
    dice, tested = random.Random(SEED), commit()
    every = boundaries(goal.requests)
    cases: list[Case] = [(boundary,) for boundary in every]
    pairs: list[Case] = [
        (dice.choice(every), dice.choice(every[: len(every) * 2 // 3])) for _ in range(TWICE)
    ]
    begun = time.monotonic()
    once, twice = _all(cases, goal, tmp_path / "once"), _all(pairs, goal, tmp_path / "twice")
    facts = {
        "commit": tested,
        "requests of the undisturbed run": f"{goal.requests}, of which {goal.writes} write",
        "boundaries": f"{len(every)}, every one of them",
        "killed twice": f"{TWICE} pairs of boundaries, seed {SEED}",
        "duration": f"{time.monotonic() - begun:.0f} s with {WIDTH} processes",
    }
    rows = [("killed", "then", "runs", "same state", "wrong", "most repeated writes")]
    rows += [_row("once", way, once) for way in WAYS]
    rows += [_row("twice", way, twice) for way in WAYS]
    body = table(rows) + _wrong([*once, *twice])
    write_page("sigkill", "SIGKILL at every request of the first apply", WHAT, facts, body)
    assert not [r for r in [*once, *twice] if r.wrong]
    assert sum(r.way == APPLY_AGAIN for r in once) == len(every)


def _all(cases: Sequence[Case], goal: Undisturbed, folder: Path) -> list[Recovered]:
    """Every case, dealt to as many interpreters as there are processors for."""

    def work(share: int) -> list[Recovered]:
        warm = copy_of_repository(folder / f"warm-{share}").root
        with interpreter(warm) as mine:
            return [
                recovered
                for number, case in enumerate(cases[share::WIDTH])
                for recovered in survive(mine, folder / f"{share}-{number}", case, goal)
            ]

    with ThreadPoolExecutor(WIDTH) as pool:
        return [found for part in pool.map(work, range(WIDTH)) for found in part]


def _row(kills: str, way: str, every: Sequence[Recovered]) -> tuple[object, ...]:
    mine = [recovered for recovered in every if recovered.way == way]
    good = sum(not recovered.wrong for recovered in mine)
    most = max((recovered.extra for recovered in mine), default=0)
    return kills, way, len(mine), good, len(mine) - good, most


def _wrong(every: Sequence[Recovered]) -> str:
    lines = [f"- {r.boundary}, {r.way}: {r.wrong[0][:200]}" for r in every if r.wrong]
    return "\n\n" + "\n".join(lines) if lines else ""
