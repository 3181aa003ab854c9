"""From environments to a board: they are looked at side by side, in more processes than one."""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tenantctl.cli.wiring import Project, open_sandbox

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext, SpawnContext

    from tenantctl.engine.standing import Column, Sheet
    from tenantctl.playbooks import Playbook

Context: TypeAlias = "ForkContext | SpawnContext"
Patience: TypeAlias = "Callable[[], None] | None"
AT_ONCE = 16
"""Tenants of one process that are read at the same time."""
WORTH = 3
"""Environments that another process has to have before it is worth its start."""
LOADED = ("tenantctl.files.composer", "tenantctl.workflows.board")
READING = ("tenantctl.gateway.live", "tenantctl.sandbox")
KINDS = ("development", "sandbox", "qa", "staging", "production")
"""Environment kinds as they come before each other."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Which environments to look at, each (tenant, environment), and how.

    *offline* reads no tenant. Attestations and waivers are judged on *today*.
    """

    root: Path
    targets: tuple[tuple[str, str], ...]
    offline: bool
    today: dt.date


@dataclass(frozen=True, slots=True)
class Found:
    """Columns, and the playbooks of their tenants."""

    columns: tuple[Column, ...]
    playbooks: dict[str, Playbook]


def gather(
    project: Project, errand: Errand, *, jobs: int, patience: Patience = None
) -> tuple[Sheet, ...]:
    """The environments of *errand* by tenant, in the order of their names and of promotion.

    *patience* is called once where it takes longer than a second.
    """
    from tenantctl.engine.standing import Sheet

    columns: dict[str, list[Column]] = {}
    playbooks: dict[str, Playbook] = {}
    for found in _shared(project, errand, jobs, patience):
        playbooks.update(found.playbooks)
        for column in found.columns:
            columns.setdefault(column.tenant, []).append(column)
    return tuple(
        Sheet(tenant, playbooks.get(tenant), tuple(sorted(columns[tenant], key=_place)))
        for tenant in sorted(columns)
    )


def _place(column: Column) -> tuple[int, str]:
    known = column.kind in KINDS
    return KINDS.index(column.kind) if known else len(KINDS), column.environment


def _shared(project: Project, errand: Errand, jobs: int, patience: Patience) -> list[Found]:
    """What this process and others have found, each in its share of the environments."""
    count = max(1, min(jobs, len(errand.targets) // WORTH))
    if project.embed is not open_sandbox:
        count = 1  # what a caller opens tenants with cannot be handed to another process
    # Environments of a tenant cost the same: dealt out one by one, every share has some of each.
    dealt = sorted(errand.targets)
    shares = [
        Errand(errand.root, tuple(dealt[index::count]), errand.offline, errand.today)
        for index in range(count)
    ]
    if count > 1:
        _load(errand)
    with _others(shares[1:]) as others:
        mine = look_at(project, shares[0], patience)
        return [mine, *(_received(other, share) for other, share in others)]


def _load(errand: Errand) -> None:
    """Load once what every process needs.

    Loading takes a third of the time of a small project, most of it for objects that stay. The
    collector looks at them over and over; frozen, it leaves them alone, here and after a fork.
    """
    gc.disable()
    for name in (*LOADED, *(() if errand.offline else READING)):
        import_module(name)
    gc.freeze()
    gc.enable()


@contextmanager
def _others(shares: Sequence[Errand]) -> Iterator[list[tuple[Connection, Errand]]]:
    """A process for each of *shares*, and the end of the pipe that its answer comes out of."""
    # A fork takes what is loaded with it, and is safe while there is one thread.
    forks = sys.platform == "linux" and threading.active_count() == 1
    context: Context = (
        multiprocessing.get_context("fork") if forks else multiprocessing.get_context("spawn")
    )
    started, ends = [], []
    try:
        for share in shares:
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_send, args=(there, share), daemon=True)
            process.start()
            there.close()
            started.append(process)
            ends.append((here, share))
        yield ends
    except BaseException:
        for process in started:
            process.terminate()
        raise
    finally:
        for here, _ in ends:
            here.close()
        for process in started:
            process.join()


def _send(end: Connection, share: Errand) -> None:
    end.send(look_at(Project(share.root), share))
    end.close()


def _received(end: Connection, share: Errand) -> Found:
    """What another process has sent; of one that died, that nothing is known."""
    from tenantctl.workflows.board import failed

    try:
        found: Found = end.recv()
    except EOFError:
        lost = ChildProcessError()
        return Found(tuple(failed(*target, lost) for target in share.targets), {})
    return found


def look_at(project: Project, errand: Errand, patience: Patience = None) -> Found:
    """Look at the environments of *errand*; one that fails says so and leaves the others alone."""
    playbooks: dict[str, Playbook] = {}

    async def job() -> list[Column]:
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(tenant: str, environment: str) -> Column:
            async with slots:
                return await _look(project, errand, (tenant, environment), playbooks)

        if patience:
            asyncio.get_running_loop().call_later(1.0, patience)
        return await asyncio.gather(*(one(*target) for target in errand.targets))

    return Found(tuple(asyncio.run(job())), playbooks)


async def _look(
    project: Project, errand: Errand, target: tuple[str, str], playbooks: dict[str, Playbook]
) -> Column:
    from tenantctl.cli.sharing import fetch
    from tenantctl.cli.wiring import open_tenant
    from tenantctl.files import load, resolve
    from tenantctl.ledger import open_ledger
    from tenantctl.workflows.board import failed, look
    from tenantctl.workflows.secrets import to_compare

    try:
        loaded = load(project.root, *target)
        playbooks[target[0]] = loaded.playbook
        environment = loaded.environment
        if not errand.offline:
            fetch(project, environment)
        ledger = open_ledger(project.state)
        root, state = project.root, project.state
        receipt = ledger.receipt(*target)
        asked = () if errand.offline else to_compare(loaded, receipt)
        vault = resolve(
            environment, root=root, state=state, environ=os.environ, asked=asked, strict=False
        )
        at_hand = partial(look, loaded, root=root, ledger=ledger, vault=vault, today=errand.today)
        if errand.offline:
            return await at_hand(None)
        async with open_tenant(environment, vault, "plan", project=project) as gateway:
            return await at_hand(gateway)
    except Exception as error:  # noqa: BLE001 - the others are shown all the same
        return failed(*target, error)
