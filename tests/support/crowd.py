"""Several processes that run a command at once, each with the modules of the tool at hand."""

from __future__ import annotations

import io
import multiprocessing
import time
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from tenantctl.cli.many import PRELOADED

LONGEST = 90
"""Seconds that all of them together may take."""


@dataclass(frozen=True)
class Came:
    """How one of them ended: its exit code, after how many seconds, when, and what it said."""

    code: int
    seconds: float
    ended: float
    said: str


def crowd(commands: Sequence[Sequence[str]]) -> list[Came]:
    """Runs each of *commands* in a process of its own, all at once; who ends first comes first."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED, "support.crowd", "tenantctl.ledger.lease"])
    barrier, answers = context.Barrier(len(commands)), context.Queue()
    processes = [
        context.Process(target=_come, args=(list(each), barrier, answers)) for each in commands
    ]
    for process in processes:
        process.start()
    try:
        came = [answers.get(timeout=LONGEST) for _ in processes]
    finally:
        for process in processes:
            process.join(10)
            process.kill()
    return sorted(came, key=lambda each: each.ended)


def _come(command: list[str], barrier: Barrier, answers: Queue[Came]) -> None:
    from tenantctl.cli.__main__ import run

    said = io.StringIO()
    barrier.wait(LONGEST)
    began = time.monotonic()
    with redirect_stdout(said), redirect_stderr(said):
        code = run(command)
    ended = time.monotonic()
    answers.put(Came(code, ended - began, ended, said.getvalue()))
