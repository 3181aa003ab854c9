"""Looking for drift from the command line: one look, accepting what it finds, or watching."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl import __version__
from tenantctl.cli import terminal
from tenantctl.cli.planning import Session, open_session
from tenantctl.cli.reporting import Render, check_reports, json_text, write_reports
from tenantctl.cli.sharing import push
from tenantctl.cli.wiring import Project, rate_of
from tenantctl.errors import FilesError, LedgerError, Limited, Unreachable, UsageError
from tenantctl.ledger import commit_of, who

if TYPE_CHECKING:
    from tenantctl.model import DriftReceipt, Json
    from tenantctl.report.drift import DriftView
    from tenantctl.workflows.drift import Looked

SUFFIXES = (".md", ".json", ".sarif", ".txt")
LEAST, USUAL = 5.0, 60.0
"""Seconds between two looks: the fewest that may be asked for, and those that nobody asked for."""
CLEAR = "\x1b[H\x1b[2J\x1b[3J"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for. *names* are globs to accept, or the seconds to watch at."""

    target: str
    names: tuple[str, ...] = ()
    accept: bool = False
    watch: bool = False
    since: dt.datetime | None = None
    reports: tuple[Path, ...] = ()
    as_json: bool = False


def check_asked(asked: Asked, *, several: bool) -> None:
    """Raise UsageError where the options do not go together."""
    check_reports(asked.reports, SUFFIXES)
    if asked.names and not (asked.accept or asked.watch):
        raise UsageError(
            f"{asked.names[0]} chooses something, and there is nothing to choose for",
            help="add --accept to write it into the files",
        )
    if several and (asked.names or asked.watch or asked.accept):
        raise UsageError("--accept and --watch are for one environment", help="name it: TENANT/ENV")
    if asked.watch:
        _check_watch(asked)


def _check_watch(asked: Asked) -> None:
    if asked.accept or asked.as_json or asked.reports:
        raise UsageError("--watch shows, and writes nothing", help="leave out the other options")
    if not sys.stdout.isatty():
        raise UsageError(
            "--watch needs a terminal, and this is none",
            help="run tenantctl drift on a schedule instead, with --detailed-exitcode",
        )
    _seconds(asked)


def _seconds(asked: Asked) -> float:
    text = asked.names[0] if asked.names else str(USUAL)
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if len(asked.names) > 1 or not LEAST <= seconds <= 24 * 3600:
        raise UsageError(
            f"{' '.join(asked.names)} is no time between two looks",
            help=f"seconds, {LEAST:.0f} or more, such as --watch {USUAL:.0f}",
        )
    return seconds


def drift_one(project: Project, asked: Asked, *, detailed: bool) -> int:
    """Look at one environment, tell what was found, and keep a record of it; the exit code."""
    session = open_session(project, asked.target)
    looked, _ = look(session, asked)
    show(session, looked, asked)
    keep(session, looked)
    return 2 if detailed and looked.drifted else 0


def look(session: Session, asked: Asked) -> tuple[Looked, int]:
    """What there is to find in a tenant, and the number of requests that it took."""
    from tenantctl.workflows.drift import look_for_drift

    environment = session.loaded.environment
    since = asked.since.replace(tzinfo=dt.UTC).isoformat() if asked.since else ""

    async def job() -> tuple[Looked, int]:
        opener = session.opener()
        async with opener(environment, session.vault, "plan") as gateway:
            with terminal.waiting(f"reading {environment.domain}"):
                found = await look_for_drift(
                    session.loaded, gateway, session.receipt, session.vault, since
                )
            return found, gateway.stats.requests

    return asyncio.run(job())


def show(session: Session, looked: Looked, asked: Asked) -> None:
    """Print a look, and write the reports of it."""
    from tenantctl.report.drift_text import drift_text

    report(session, looked, asked)
    if asked.as_json:
        terminal.out_json(document_of(session, looked))
    else:
        view = view_of(session, looked)
        terminal.out(drift_text(view, color=terminal.coloured(), width=terminal.width()))


def report(session: Session, looked: Looked, asked: Asked) -> None:
    """Write the reports of a look."""
    from tenantctl.report.drift_sarif import drift_sarif
    from tenantctl.report.drift_text import drift_markdown, drift_text

    view = view_of(session, looked)
    renderers: dict[str, Render] = {
        ".md": partial(drift_markdown, view),
        ".json": lambda: json_text(document_of(session, looked)),
        ".sarif": lambda: json_text(drift_sarif(view, session.home)),
        ".txt": partial(drift_text, view, color=False, width=120),
    }
    write_reports(asked.reports, renderers)


def document_of(session: Session, looked: Looked) -> Mapping[str, Json]:
    """A look as JSON, with nothing cut short."""
    from tenantctl.report.drift import drift_as_json

    return drift_as_json(view_of(session, looked, full=True))


def view_of(session: Session, looked: Looked, *, full: bool = False) -> DriftView:
    """A look as a view; *full* cuts no field short."""
    from tenantctl.report.drift import Told, places, view_drift
    from tenantctl.workflows.accept import names
    from tenantctl.workflows.drift import author

    environment = looked.loaded.environment
    told = Told(
        author=lambda each: author(each, looked),
        names=names,
        where=places(looked.loaded.desired),
        log=_log(looked),
    )
    return view_drift(
        (environment.tenant, environment.name, environment.domain),
        looked.receipt,
        looked.found,
        told,
        session.vault,
        looked=_now(),
        version=__version__,
        full=full,
    )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _log(looked: Looked) -> str:
    """What keeps anybody from knowing who it was."""
    traced = looked.traced
    if traced.unread:
        said = f"Who changed it is not known: {traced.unread}."
        grant = " Grant read:logs to the client that plans." if "lacks" in traced.unread else ""
        return said + grant
    from tenantctl.workflows.drift import author

    if all(author(each, looked) for each in looked.drifted):
        return ""
    if traced.full:
        return "Some changes are older than the last 1,000 writes, of which alone the log tells."
    return "The log does not tell of some changes: it keeps a few days, and takes a while."


def keep(session: Session, looked: Looked) -> None:
    """Keep the record of a look, and give it to the others; none where nothing was applied."""
    if looked.receipt is None:
        return
    record = _record(session, looked)
    session.ledger.write_record(record)
    session.project.observe(record)
    push(session.project, session.loaded.environment)


def _record(session: Session, looked: Looked) -> DriftReceipt:
    from tenantctl.workflows.drift import drift_receipt

    when = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    return drift_receipt(looked, commit=commit_of(session.project.root), who=who(), when=when)


# --- Watching -----------------------------------------------------------------------------------


def watch_one(
    project: Project, asked: Asked, *, wait: Callable[[float], object] = time.sleep
) -> int:
    """Show what a look finds, again and again, until somebody stops it.

    Files with problems, and a tenant or a remote that does not answer for a while, end nothing.
    """
    seconds, kept = _seconds(asked), ""
    try:
        while True:
            pause = seconds
            try:
                # what others push meanwhile is fetched: what they apply is no drift
                pause, kept = _glance(replace(project, asked={}), asked, kept)
            except (FilesError, Unreachable, Limited) as error:
                terminal.fail(error, as_json=False)
                terminal.say(f"looking again in {pause:.0f} s; Ctrl-C ends it.")
            wait(pause)
    except KeyboardInterrupt:
        terminal.say("")
        return 0


def _glance(project: Project, asked: Asked, kept: str) -> tuple[float, str]:
    """One look, drawn anew: the seconds to the next one, and what a record was *kept* of."""
    session = open_session(project, asked.target)
    looked, requests = look(session, asked)
    pause = max(_seconds(asked), _least(session, requests))
    terminal.out(CLEAR)
    show(session, looked, asked)
    a_minute = 60 * requests / pause
    cost = f"{requests} requests a look, every {pause:.0f} s: {a_minute:.0f} a minute"
    terminal.out(f"\nlooked at {_now()}; {cost}. Ctrl-C ends it.")
    sys.stdout.flush()
    mark = repr((looked.drifted, looked.pending))
    if mark != kept:
        try:
            keep(session, looked)
        except LedgerError as error:
            terminal.note(error.message)
    return pause, mark


def _least(session: Session, requests: int) -> float:
    """The seconds between two looks that leave half of the rate limits to others."""
    rate = rate_of(session.loaded.environment)
    return 2 * requests / rate[1] if rate else 0.0
