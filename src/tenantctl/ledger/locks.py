"""One apply at a time per tenant domain and user."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tenantctl.errors import LedgerError, Locked
from tenantctl.ledger.disk import private_folder

ELSEWHERE = "set XDG_STATE_HOME to a folder that this user can write to"
DOMAIN = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def state_home(environ: Mapping[str, str]) -> Path:
    """Where a user's locks are kept: below XDG_STATE_HOME, or ~/.local/state without it.

    Raises LedgerError where there is neither, as for a number without a name in a container.
    """
    given = Path(environ.get("XDG_STATE_HOME", ""))
    try:
        base = given if given.is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        raise LedgerError("this user has no home folder to keep locks in", help=ELSEWHERE) from None
    return base / "tenantctl"


@contextmanager
def lock(state_home: Path, domain: str) -> Iterator[None]:
    """Nobody else who uses *state_home* applies to *domain* meanwhile.

    Raises Locked where somebody does. The lock is the operating system's, on an open file: it
    ends with the process, however that ends. The file stays, because deleting it would let two in.
    """
    name = domain.lower()
    if not DOMAIN.fullmatch(name):
        raise LedgerError(f"{domain!r} is no domain")
    try:
        path = private_folder(state_home / "locks") / f"{name}.lock"
    except LedgerError as error:
        raise LedgerError(error.message, help=f"{error.help}; or {ELSEWHERE}") from None
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise LedgerError(f"{path} cannot be opened: {error.strerror}") from None
    try:
        _take(descriptor, domain, path)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(state_home: Path, domain: str) -> str:
    """Who applies to *domain* at the moment, by the note that the holder leaves; empty for nobody.

    It takes no lock, so that looking keeps nobody out: a process that has ended holds none.
    """
    path = state_home / "locks" / f"{domain.lower()}.lock"
    try:
        process, said = _signed(path.read_bytes())
        os.kill(process, 0)
    except PermissionError:
        return "a process of somebody else"
    except (OSError, ValueError, LookupError, TypeError, OverflowError):
        return ""
    return said


def _signed(note: bytes) -> tuple[int, str]:
    """The process that left *note*, and words for it.

    Raises ValueError, LookupError or TypeError where it left none.
    """
    holder = json.loads(note)
    process, since = int(holder["process"]), dt.datetime.fromisoformat(holder["since"])
    return process, f"process {process} since {since}"


def _take(descriptor: int, domain: str, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _held(domain, path, os.pread(descriptor, 4096, 0)) from None
    except OSError as error:
        raise LedgerError(f"{path} cannot be locked: {error.strerror}") from None
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    note = json.dumps({"process": os.getpid(), "since": now})
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, note.encode(), 0)


def _held(domain: str, path: Path, note: bytes) -> Locked:
    """What to tell whoever comes second; the holder may not have signed yet."""
    try:
        _, by = _signed(note)
    except (ValueError, LookupError, TypeError):
        by = "another process"
    return Locked(
        f"{domain} is locked by {by}",
        help=f"wait until it ends; the lock ends with it, and {path} need not be deleted",
    )
