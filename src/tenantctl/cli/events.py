"""`--json-into FILE`: what happens, as lines of JSON beside what is printed."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from typing import Any, TextIO

from tenantctl import __version__
from tenantctl.cli import terminal
from tenantctl.cli.run import End, Run
from tenantctl.engine.account import Account, Ended
from tenantctl.errors import FilesError, TenantctlError, UsageError
from tenantctl.model import Noted, Plan, StepId, Vault
from tenantctl.report import cleaner
from tenantctl.report.events import FORMAT, lines, stats
from tenantctl.report.redact import Clean


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
        self._vaults: list[Vault] = []
        self._clean = cleaner(None)
        version = {"type": "version", "level": "info", "format": FORMAT, "tenantctl": __version__}
        self._write(version, now)
        started = {"type": "run_started", "level": "info", "verb": run.verb, "target": run.target}
        self._write(started, now)

    def note(self, noted: Noted, account: Account, ended: tuple[Ended, ...], now: float) -> None:
        """Write what there is to say of *noted*; a vault is what is hidden from then on."""
        if isinstance(noted, Vault) and noted not in self._vaults:
            self._vaults.append(noted)
            self._clean = _all(map(cleaner, self._vaults))
        if isinstance(noted, Plan):
            again, self._planned = self._planned, tuple(step.id for step in noted.steps)
            if again == self._planned:  # it was shown, and is carried out now
                return
        for line in lines(noted, account, ended, now, self._clean):
            self._write(line, now)

    def finish(self, account: Account, end: End, now: float) -> None:
        """Write how the run ended, and close the file."""
        last = {
            "type": "run_finished",
            "level": "info" if end.code in {0, 2} else "error",
            "exit_code": end.code,
            "ms": round((now - self._began) * 1000),
            **stats(account),
        }
        if end.error is not None:
            last["error"] = self._told(end.error)
        self._write(last, now)
        if self._file is not None:
            self._file.close()

    def _told(self, error: TenantctlError) -> dict[str, Any]:
        """Only what is said on the terminal as well; a line of a file is never quoted."""
        said: dict[str, Any] = {"type": type(error).__name__}
        if isinstance(error, FilesError):
            found = [f"{each.where}: {each.message}" for each in error.problems]
            return {**said, "message": "; ".join(map(self._clean, found)), "help": ""}
        return {**said, "message": self._clean(error.message), "help": self._clean(error.help)}

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
            self._file = None
            terminal.say(f"warning: {self._path} has no more events: {error.strerror}")


def _all(cleaners: Iterable[Clean]) -> Clean:
    """Hides what any of *cleaners* hides: a run may open several tenants."""
    each = tuple(cleaners)
    return lambda text: reduce(lambda said, clean: clean(said), each, text)


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
