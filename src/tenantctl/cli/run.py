"""A run that is watched, how it ended, and what watches it."""

from __future__ import annotations

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

    *target* is what the command was given.
    """

    verb: str
    target: str
    into: Path | None = None
    stats: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended: its exit code, and the error that ended it if one did."""

    code: int
    error: TenantctlError | None = None


class Watcher(Protocol):
    """Is told of everything, with the account of all that came before and of this."""

    def note(
        self, noted: Noted, account: Account, ended: tuple[Ended, ...], now: float
    ) -> None: ...

    def finish(self, account: Account, end: End, now: float) -> None: ...
