"""The journal of a run: what was about to be done, on disk before it is done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tenantctl.errors import LedgerError, PlanError
from tenantctl.ledger.codec import DAMAGE, dump_event, dump_plan, load_event, load_plan
from tenantctl.ledger.disk import (
    move,
    private_folder,
    read_ascii,
    read_bytes,
    sync_folder,
    write_atomic,
    write_through,
)
from tenantctl.model import Event, Plan

CURRENT = "current"
PLAN = "plan.json"
EVENTS = "events.jsonl"
KEPT = 10
"""How many journals of earlier runs are kept for whoever investigates."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run that nobody finished: its plan, and its events as far as they reached the disk."""

    plan: Plan
    events: tuple[Event, ...]


class Journal:
    """The open journal of one run. Leaving its context closes it; only `finish` ends the run."""

    __slots__ = ("_descriptor", "_size", "folder")

    def __init__(self, folder: Path, size: int) -> None:
        """Opens the journal in *folder*, of which the first *size* bytes are whole lines."""
        self.folder = folder
        self._size = size
        self._descriptor = os.open(folder / EVENTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.ftruncate(self._descriptor, size)

    def append(self, *events: Event) -> None:
        """*events* are on disk when this returns; raises LedgerError if they could not get there.

        All of them wait for the disk once.
        """
        if not events:
            return
        lines = "".join(f"{dump_event(event)}\n" for event in events).encode("ascii")
        try:
            write_through(self._descriptor, lines)
        except OSError as error:
            os.ftruncate(self._descriptor, self._size)
            raise LedgerError(
                f"{self.folder / EVENTS} cannot be written: {error.strerror}",
                help="nothing was sent that is not in the journal; make room and apply again",
            ) from None
        self._size += len(lines)

    def finish(self) -> None:
        """The run is over: the journal goes to those of earlier runs, of which some are kept."""
        self.close()
        put_away(self.folder, "finished")

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def begin(folder: Path, plan: Plan) -> Journal:
    """A new journal of *plan* below *folder*; an unfinished one is put away as abandoned.

    `current` appears with the whole plan in it, or not at all.
    """
    private_folder(folder)
    draft, current = folder / ".draft", folder / CURRENT
    shutil.rmtree(draft, ignore_errors=True)
    private_folder(draft)
    write_atomic(draft / PLAN, dump_plan(plan))
    write_atomic(draft / EVENTS, "")
    if current.is_dir():
        put_away(current, "abandoned")
    move(draft, current)
    return Journal(current, 0)


def reopen(folder: Path) -> Journal:
    """The unfinished journal below *folder*, to go on with; a torn last line is cut off.

    Raises LedgerError where there is none, or where it is damaged.
    """
    current = folder / CURRENT
    if not current.is_dir():
        raise LedgerError(f"there is no unfinished run in {folder}", help="plan and apply instead")
    return Journal(current, sum(size for size, _ in _events(current)))


def unfinished(folder: Path) -> Unfinished | None:
    """The run below *folder* that nobody finished, or None.

    Raises LedgerError where the journal cannot be read; a torn last line is no damage, because
    the request that it announces was never sent.
    """
    current = folder / CURRENT
    try:
        text = read_ascii(current / PLAN)
        plan = None if text is None else load_plan(text, str(current / PLAN))
    except (UnicodeError, PlanError):
        raise _damaged(current, PLAN) from None
    if plan is None:
        return None
    return Unfinished(plan, tuple(event for _, event in _events(current)))


def _events(current: Path) -> Iterator[tuple[int, Event]]:
    """The whole lines of a journal: how many bytes each takes, and its event."""
    *lines, _ = (read_bytes(current / EVENTS) or b"").split(b"\n")
    for number, line in enumerate(lines, 1):
        try:
            event = load_event(line.decode("ascii"))
        except DAMAGE:
            if number == len(lines):
                return
            raise _damaged(current, f"line {number} of {EVENTS}") from None
        yield len(line) + 1, event


def _damaged(current: Path, what: str) -> LedgerError:
    return LedgerError(
        f"the journal in {current} is damaged: {what}",
        help=f"delete {current} and plan again: what the run has done is seen in the tenant",
    )


def put_away(current: Path, why: str) -> None:
    """Renames *current* to a numbered name, and deletes the oldest beyond those that are kept."""
    folder = current.parent
    old = sorted(path for path in folder.iterdir() if path.name[:1].isdigit())
    number = int(old[-1].name.partition("-")[0]) + 1 if old else 1
    move(current, folder / f"{number:06}-{why}")
    for path in old[: max(0, len(old) + 1 - KEPT)]:
        shutil.rmtree(path, ignore_errors=True)
    sync_folder(folder)
