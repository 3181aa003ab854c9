"""How plans and receipts reach the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.wiring import rate_of
from tenantctl.playbooks import NAMES, nameless, playbook
from tenantctl.report import as_json as to_document
from tenantctl.report import text, view_plan, view_receipt

if TYPE_CHECKING:
    from tenantctl.model import Environment, Plan, Receipt, Vault
    from tenantctl.playbooks import Playbook


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
) -> None:
    """Print a plan to stdout, redacted and escaped.

    The rate limits of *environment* turn its requests into seconds; *file* is where it was saved.
    *notes* are shown with it. *book* is the playbook, for names; where it is not at hand and none
    of ours, as for a saved plan, ids stand for names.
    """
    rate = rate_of(environment) if environment else None
    book = book or (playbook(plan.playbook) if plan.playbook in NAMES else nameless(plan.playbook))
    view = view_plan(plan, book, vault, full=full, rate=rate, file=file, notes=notes)
    if as_json:
        terminal.out_json(to_document(view))
    else:
        terminal.out(text(view, color=terminal.coloured(), width=terminal.width()))


def show_receipt(receipt: Receipt, vault: Vault | None, *, as_json: bool) -> None:
    """Print a receipt to stdout, redacted and escaped."""
    view = view_receipt(receipt, vault)
    if as_json:
        terminal.out_json(to_document(view))
    else:
        terminal.out(text(view, color=terminal.coloured(), width=terminal.width()))
