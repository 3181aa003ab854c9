"""A view as JSON: everything that the text says, for machines."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from tenantctl.model import Json
from tenantctl.report.view import AppliedView, ReceiptView, View

FORMAT = 1
"""Grows when a field is renamed, goes away or means something else; not when one is added."""


def as_json(view: View | ReceiptView | AppliedView) -> dict[str, Json]:
    """*view* as `{"format": 1, "type": "plan" | "receipt" | "apply", ...}`; keys are its fields.

    Strings are escaped and scrubbed as in the text; a plan says in `outcome` whether it is
    `empty`, `refused` or `ready`.
    """
    if isinstance(view, ReceiptView):
        return {"format": FORMAT, "type": "receipt", **plain(view)}
    if isinstance(view, AppliedView):
        return {"format": FORMAT, "type": "apply", **plain(view)}
    refused = any(not violation.allowed for violation in view.violations)
    outcome = "refused" if refused else "empty" if view.empty else "ready"
    return {"format": FORMAT, "type": "plan", "outcome": outcome, **plain(view)}


def plain(value: Any) -> Any:
    """A view as JSON: dataclasses as objects of their fields, tuples as lists."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value
