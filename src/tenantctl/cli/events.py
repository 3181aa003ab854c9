"""`--json-into FILE`: what happens, as lines of JSON beside what is printed."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from tenantctl import __version__
from tenantctl.cli import terminal
from tenantctl.cli.run import End, Run, Seen
from tenantctl.errors import FilesError, TenantctlError, UsageError
from tenantctl.model import Noted, Plan, StepId
from tenantctl.report.events import FORMAT, lines, stats


class Lines:
    """Writes a line for each thing that happens, and flushes it.

    Raises UsageError where the file cannot be written, before anything is done. A disk that gives
    up later is said once and stops no run.
    """

    def __init__(self, path: Path, run: Run, now: float) -> None:
        self._path = path
        self._file = _opened(path)
        self._began = now
        self._planned: tuple[StepId, ...] | None = None
        version = {"type": "version", "level": "info", "format": FORMAT, "tenantctl": __version__}
        self._write(version, now)
        started = {"type": "run_started", "level": "info", "verb": run.verb, "target": run.target}
        self._write(started, now)

    def note(self, noted: Noted, seen: Seen) -> None:
        """Write what there is to say of *noted*."""
        if isinstance(noted, Plan):
            again, self._planned = self._planned, tuple(step.id for step in noted.steps)
            if again == self._planned:  # it was shown, and is carried out now
                return
        for line in lines(noted, seen.account, seen.ended, seen.now, seen.clean):
            self._write(line, seen.now)

    def finish(self, end: End, seen: Seen) -> None:
        """Write how the run ended, and close the file."""
        last = {
            "type": "run_finished",
            "level": "info" if end.code in {0, 2} else "error",
            "exit_code": end.code,
            "ms": round((seen.now - self._began) * 1000),
            **stats(seen.account),
        }
        if end.error is not None:
            last["error"] = told(end.error, seen.clean)
        self._write(last, seen.now)
        self._close()

    def _write(self, line: dict[str, Any], now: float) -> None:
        if self._file is None:
            return
        when = dt.datetime.fromtimestamp(now, dt.UTC).isoformat(timespec="milliseconds")
        type = line.pop("type")
        try:
            text = json.dumps({"type": type, "ts": when, **line}, ensure_ascii=False)
            self._file.write(f"{text}\n")
            self._file.flush()
        except OSError as error:
            self._close()
            terminal.say(f"warning: {self._path} has no more events: {error.strerror}")

    def _close(self) -> None:
        """Close the file; what could not be written before cannot be now."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.close()


def told(error: TenantctlError, clean: Callable[[str], str]) -> dict[str, Any]:
    """What is said on the terminal as well; a line of a file, which may hold a value, is not."""
    said: dict[str, Any] = {"type": type(error).__name__}
    if isinstance(error, FilesError):
        found = [f"{each.where}: {each.message}" for each in error.problems]
        return {**said, "message": "; ".join(map(clean, found)), "help": ""}
    return {**said, "message": clean(error.message), "help": clean(error.help)}


def _opened(path: Path) -> TextIO | None:
    """*path*, empty, readable by its owner only; a pipe or a device is taken as it is."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        return os.fdopen(descriptor, "w", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}",
            help="give --json-into a file in a folder that is there",
        ) from None
