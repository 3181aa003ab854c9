"""Judging an environment from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.planning import Session, check, known_of, open_session
from tenantctl.cli.reporting import Render, json_text, write_reports
from tenantctl.cli.showing import REPORT_WIDTH
from tenantctl.cli.wiring import Project
from tenantctl.engine.gates import Stage, stage
from tenantctl.errors import Refused
from tenantctl.ledger import write_atomic
from tenantctl.model import Finding
from tenantctl.report import Style
from tenantctl.report.findings import CheckView, check_as_json, view_check
from tenantctl.report.findings_text import check_text

if TYPE_CHECKING:
    from tenantctl.engine.facts import Facts
    from tenantctl.workflows import Ask


@dataclass(frozen=True, slots=True)
class Asked:
    """What gate is to be judged, and on what day: *today* in the sense of `Ask`."""

    phase: int | None
    milestone: str
    offline: bool
    ask: Ask


@dataclass(frozen=True, slots=True)
class Written:
    """Files that are written beside what is printed."""

    sarif: Path | None = None
    junit: Path | None = None
    reports: tuple[Path, ...] = ()


def check_one(
    project: Project, target: str, asked: Asked, *, full: bool, as_json: bool, files: Written
) -> int:
    """Judge one environment, print and write what was found; 5 where the gate is closed."""
    from tenantctl.workflows.judge import judge

    session = open_session(project, target, offline=asked.offline)
    loaded = session.loaded
    now = stage(loaded.playbook, loaded.environment.phases, asked.phase, asked.milestone)
    facts = _files(session, asked.ask) if asked.offline else _look(session, asked.ask)
    view = _view(session, judge(loaded, facts, now), now, asked)
    _write(view, files, session.home)
    if as_json:
        terminal.out_json(check_as_json(view))
    else:
        style = Style(terminal.coloured(), terminal.width())
        terminal.out(check_text(view, color=style.color, width=style.width, full=full))
    return Refused.exit_code if view.blocked else 0


def _files(session: Session, ask: Ask) -> Facts:
    """What is known without the tenant."""
    return known_of(session, ask)(None, None)


def _look(session: Session, ask: Ask) -> Facts:
    """What is known once the tenant has been read, for what is declared and for what is not."""
    from tenantctl.workflows import prepare
    from tenantctl.workflows.facts import read_more

    check(session, ask)
    loaded, gather = session.loaded, known_of(session, ask)
    environment = loaded.environment
    kept = bool(session.ledger.backups(environment.tenant, environment.name))

    async def job() -> Facts:
        opener = session.opener()
        async with opener(environment, session.vault, "plan") as gateway:
            prepared = await prepare(loaded, gateway, session.receipt, session.vault, ask)
            more = await read_more(loaded, gateway, session.receipt, ask.day, backed_up=kept)
            return gather(prepared.live, gateway.own(), more)

    return asyncio.run(job())


def _view(session: Session, found: Sequence[Finding], now: Stage, asked: Asked) -> CheckView:
    from tenantctl.workflows.facts import outdated_promises
    from tenantctl.workflows.trust import unbelieved

    environment, book = session.loaded.environment, session.loaded.playbook
    numbers = ", ".join(map(str, now.phases)) or "none released"
    named = f"phase{'s' if len(now.phases) > 1 else ''} {numbers}"
    until = [book.phase(n).milestones[index].id for n, index in now.until.items()]
    loaded = session.loaded
    notes = [
        f"{each.where}: {each.message}; {each.help}"
        for each in outdated_promises(loaded.attestations, loaded.waivers, asked.ask.day)
    ]
    if asked.offline:
        notes.append("no tenant was read, so what only it can tell is not evaluated")
    if environment.gates != "enforce":
        notes.append(
            f"{environment.id} has gates: report, so a plan shows what blocks and is not refused"
        )
    notes += filter(None, [unbelieved(session.ledger, loaded)])
    return view_check(
        found,
        environment,
        book,
        phases=now.phases,
        stage=f"{named} until {until[0]}" if until else named,
        vault=session.vault,
        notes=tuple(notes),
    )


def _write(view: CheckView, files: Written, home: str) -> None:
    renderers = check_renderers(view, home)
    for path, form in ((files.sarif, ".sarif"), (files.junit, ".xml")):
        if path is not None:
            write_atomic(path, renderers[form](), "utf-8")
    write_reports(files.reports, renderers)


FORMS = (".md", ".sarif", ".json", ".xml", ".txt")
"""The reports that there are of checks."""


def check_renderers(view: CheckView, home: str = "") -> Mapping[str, Render]:
    """What makes each report of *view*, by the end of its name; *home* is where its tenant is."""
    from tenantctl.report.check_markdown import check_markdown
    from tenantctl.report.junit import cases, junit
    from tenantctl.report.sarif import sarif

    return {
        ".md": lambda: check_markdown(view),
        ".sarif": lambda: json_text(sarif(view, home)),
        ".json": lambda: json_text(check_as_json(view)),
        ".xml": lambda: junit([cases(view)]),
        ".txt": lambda: check_text(view, color=False, width=REPORT_WIDTH, full=True),
    }
