"""`apply --report FILE`: what was done, written when the run is over, however it ended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.events import told
from tenantctl.cli.reporting import Render, json_text, write_reports
from tenantctl.cli.run import End, Run, Seen
from tenantctl.errors import TenantctlError
from tenantctl.model import Event, Lacking, Noted, Plan, Receipt, StepId
from tenantctl.report.applied import Ran, view_applied

if TYPE_CHECKING:
    from pathlib import Path

    from tenantctl.report.view import AppliedView


class Reported:
    """Gathers what a run tells, and writes its reports at the end.

    One that cannot be written is said, and changes nothing of how the run ended.
    """

    def __init__(self, run: Run, root: Path) -> None:
        self._run = run
        self._root = root
        self._began = time.time()
        self._plan: Plan | None = None
        self._receipt: Receipt | None = None
        self._events: dict[StepId, Event] = {}
        self._took: dict[StepId, float] = {}
        self._lacking: list[Lacking] = []

    def note(self, noted: Noted, seen: Seen) -> None:
        """Keep what there is to say of *noted*."""
        match noted:
            case Plan():
                self._plan = noted
            case Receipt():
                self._receipt = noted
            case Lacking():
                self._lacking.append(noted)
            case Event():
                self._events[noted.step] = noted
                self._took[noted.step] = seen.account.seconds(noted.step, seen.now)

    def finish(self, end: End, seen: Seen) -> None:
        """Write the reports."""
        error = told(end.error, seen.clean) if end.error else {}
        ran = Ran(
            target=self._run.target,
            exit_code=end.code,
            seconds=seen.now - self._began,
            account=seen.account,
            error=error.get("message", ""),
            help=error.get("help", ""),
            plan=self._plan,
            receipt=self._receipt,
            events=self._events,
            took=self._took,
            lacking=tuple(self._lacking),
        )
        view = view_applied(ran, seen.clean)
        try:
            write_reports(self._run.reports, applied_renderers(view, self._root))
        except TenantctlError as wrong:
            terminal.warn(f"no report of this run: {wrong.message}")


def applied_renderers(view: AppliedView, root: Path) -> Mapping[str, Render]:
    """What makes each report of a run in the project *root*, by the end of its name."""

    def markdown() -> str:
        from tenantctl.report.applied_markdown import applied_markdown

        return applied_markdown(view)

    def html() -> str:
        from tenantctl.report.html import applied_html

        return applied_html(view)

    def document() -> str:
        from tenantctl.report.document import as_json

        return json_text(as_json(view))

    def sarif() -> str:
        from tenantctl.cli.showing import home_here
        from tenantctl.report.plan_sarif import applied_sarif

        return json_text(applied_sarif(view, home_here(view.tenant, root)))

    def junit() -> str:
        from tenantctl.report.plan_junit import applied_junit

        return applied_junit(view)

    def plainly() -> str:
        from tenantctl.report.applied_text import applied_text

        return applied_text(view, color=False)

    return {
        ".md": markdown,
        ".html": html,
        ".json": document,
        ".sarif": sarif,
        ".xml": junit,
        ".txt": plainly,
    }
