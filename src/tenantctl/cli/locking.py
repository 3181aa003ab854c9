"""Writing to a tenant alone: the lock of this machine, and the lease where receipts are shared."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from tenantctl.cli import terminal
from tenantctl.cli.sharing import branch_of
from tenantctl.cli.wiring import Project
from tenantctl.errors import Locked
from tenantctl.ledger import lock, state_home
from tenantctl.model import Environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenantctl.ledger.lease import Desk, Held

T = TypeVar("T")

POLL: Final = (0.2, 5.0)
"""Seconds between two tries to get in: at first, and at last."""


@contextmanager
def alone(project: Project, environment: Environment) -> Iterator[Held | None]:
    """Nobody else applies to the tenant of *environment* meanwhile; the lease, if there is one.

    Raises Locked where somebody does, and goes on to as long as the project's patience lasts.
    """
    deadline = time.monotonic() + project.patience
    with ExitStack() as stack:
        stack.enter_context(_orderly())
        home = home_of_locks(project, environment)
        _enter(stack, lambda: lock(home, environment.domain), environment, deadline)
        if environment.receipts is None:
            yield None
            return
        yield _enter(stack, lambda: _lease(project, environment), environment, deadline)


@contextmanager
def _orderly() -> Iterator[None]:
    """Who is told to end, as pipelines that are cancelled are, releases what is held first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def home_of_locks(project: Project, environment: Environment) -> Path:
    """Where the locks of this machine are: an embedded tenant is of its project alone."""
    return project.state if environment.embedded else state_home(os.environ)


def desk_of(project: Project, environment: Environment) -> Desk:
    """Where the lease of *environment* lies; raises LedgerError where there is no remote."""
    from tenantctl.ledger.lease import Desk

    branch = branch_of(project, environment)
    return Desk(branch.remote, branch.name, environment.domain, environment.id)


def _lease(project: Project, environment: Environment) -> AbstractContextManager[Held]:
    from tenantctl.ledger.lease import held

    shared = environment.receipts
    assert shared is not None
    return held(desk_of(project, environment), shared.lease, terminal.note)


def _enter(
    stack: ExitStack,
    door: Callable[[], AbstractContextManager[T]],
    environment: Environment,
    deadline: float,
) -> T:
    """Enters what *door* leads into; whoever finds it locked waits until *deadline*."""
    pause, last = POLL
    said = False
    while True:
        try:
            return stack.enter_context(door())
        except Locked as error:
            left = deadline - time.monotonic()
            if left <= 0:
                raise
            if not said:
                terminal.note(f"{error.message}; waiting for at most {left:.0f} s")
                said = True
        with terminal.waiting(f"waiting for {environment.domain}"):
            time.sleep(min(pause, left))
        pause = min(pause * 1.5, last)
