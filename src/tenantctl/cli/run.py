"""A run that is watched, how it ended, and what watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tenantctl.errors import TenantctlError

if TYPE_CHECKING:
    from tenantctl.engine.account import Account, Ended
    from tenantctl.model import Noted


@dataclass(frozen=True, slots=True)
class Run:
    """What runs, and what a person asked to see of it: events *into* a file, *stats* at the end.

    *target* is what the command was given. *reports* are written at the end of a run that carries
    out a plan.
    """

    verb: str
    target: str
    into: Path | None = None
    stats: bool = False
    reports: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended: its exit code, and the error that ended it if one did."""

    code: int
    error: TenantctlError | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known when something is noted: all that came before it and itself, counted.

    *ended* are the phases and workstreams that ended with it, *now* is in seconds since the epoch.
    *clean* hides every secret that the run has had so far, and makes a text visible.
    """

    account: Account
    now: float
    clean: Callable[[str], str]
    ended: tuple[Ended, ...] = ()


class Watcher(Protocol):
    """Is told of everything. It raises nothing."""

    def note(self, noted: Noted, seen: Seen) -> None: ...

    def finish(self, end: End, seen: Seen) -> None: ...
