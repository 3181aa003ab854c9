"""How plans and receipts reach the terminal."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.reporting import Render, json_text, write_reports
from tenantctl.cli.wiring import rate_of
from tenantctl.errors import TenantctlError
from tenantctl.playbooks import NAMES, nameless, playbook
from tenantctl.report import as_json as to_document
from tenantctl.report import view_plan, view_receipt
from tenantctl.report.text import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from tenantctl.model import Environment, Plan, Receipt, Vault
    from tenantctl.playbooks import Playbook
    from tenantctl.report import ReceiptView, View

REPORT_WIDTH = 100
"""Columns of a text that is written into a file."""


def show_plan(
    plan: Plan,
    vault: Vault | None = None,
    *,
    as_json: bool,
    full: bool,
    environment: Environment | None = None,
    file: str = "",
    notes: tuple[str, ...] = (),
    book: Playbook | None = None,
    reports: Iterable[Path] | None = None,
    commit: str = "",
    home: str = "",
    going: bool = False,
) -> None:
    """Print a plan to stdout, redacted and escaped, and write *reports* of it.

    The rate limits of *environment* turn its requests into seconds; *file* is where it was saved.
    *notes* are shown with it. *book* is the playbook, for names; where it is not at hand and none
    of ours, as for a saved plan, ids stand for names. *commit* is told in a page; *home* is where
    the tenant is written. Where it is *going* to be carried out, no command is told that does so.
    """
    rate = rate_of(environment) if environment else None
    book = book or (playbook(plan.playbook) if plan.playbook in NAMES else nameless(plan.playbook))
    see = partial(view_plan, plan, book, vault, rate=rate, file=file, notes=notes)
    if reports:
        write_reports(reports, plan_renderers(plan, see, commit, home))
    view = replace(see(full=full), next="") if going else see(full=full)
    if as_json:
        terminal.out_json(to_document(view))
    else:
        terminal.out(text(view, color=terminal.coloured(), width=terminal.width()))


def plan_renderers(
    plan: Plan, see: Callable[..., View], commit: str = "", home: str = ""
) -> Mapping[str, Render]:
    """What makes each report of *plan*, by the end of its name; *see* makes its view."""

    def markdown() -> str:
        from tenantctl.report.markdown import plan_markdown

        return plan_markdown(see(full=False))

    def html() -> str:
        from tenantctl import __version__
        from tenantctl.ledger.codec import checksum_of
        from tenantctl.report.html import plan_html

        known = (("Commit", commit), ("Checksum", checksum_of(plan)))
        facts = (*(each for each in known if each[1]), ("tenantctl", plan.version or __version__))
        return plan_html(see(full=True), facts)

    def sarif() -> str:
        from tenantctl.report.plan_sarif import plan_sarif

        return json_text(plan_sarif(see(full=False), home))

    def junit() -> str:
        from tenantctl.report.plan_junit import plan_junit

        return plan_junit(see(full=False))

    def plainly() -> str:
        return text(see(full=True), color=False, width=REPORT_WIDTH)

    return {
        ".md": markdown,
        ".html": html,
        ".json": lambda: json_text(to_document(see(full=True))),
        ".sarif": sarif,
        ".xml": junit,
        ".txt": plainly,
    }


def home_here(tenant: str, folder: Path | None) -> str:
    """Where *tenant* is written in the project that *folder* is in; empty where it is not."""
    from contextlib import suppress

    from tenantctl.cli.wiring import project
    from tenantctl.files import home_of

    with suppress(TenantctlError):
        return home_of(project(folder).root, tenant).place if tenant else ""
    return ""


RECEIPTS = (".md", ".html", ".json", ".xml", ".txt")
"""The reports that there are of a receipt."""


def show_receipt(
    receipt: Receipt,
    vault: Vault | None,
    *,
    as_json: bool,
    reports: Iterable[Path] | None = None,
) -> None:
    """Print a receipt to stdout, redacted and escaped, and write *reports* of it."""
    view = view_receipt(receipt, vault)
    if reports:
        write_reports(reports, receipt_renderers(view))
    if as_json:
        terminal.out_json(to_document(view))
    else:
        terminal.out(text(view, color=terminal.coloured(), width=terminal.width()))


def receipt_renderers(view: ReceiptView) -> Mapping[str, Render]:
    """What makes each report of a receipt, by the end of its name."""

    def junit() -> str:
        from tenantctl.report.plan_junit import receipt_junit

        return receipt_junit(view)

    def markdown() -> str:
        from tenantctl.report.receipt_markdown import receipt_markdown

        return receipt_markdown(view)

    def html() -> str:
        from tenantctl.report.html import receipt_html

        return receipt_html(view)

    return {
        ".md": markdown,
        ".html": html,
        ".json": lambda: json_text(to_document(view)),
        ".xml": junit,
        ".txt": lambda: text(view, color=False, width=REPORT_WIDTH),
    }
