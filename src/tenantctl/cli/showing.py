"""How plans and receipts reach the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.report import as_json as to_document
from tenantctl.report import text, view_plan, view_receipt

if TYPE_CHECKING:
    from tenantctl.model import Plan, Receipt, Vault
    from tenantctl.playbooks import Playbook


def show_plan(
    plan: Plan, playbook: Playbook | None, vault: Vault | None, *, as_json: bool, full: bool
) -> None:
    """Print a plan to stdout, redacted and escaped."""
    view = view_plan(plan, playbook, vault, full=full)
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
