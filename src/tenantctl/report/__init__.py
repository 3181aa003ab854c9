"""What people and machines read: one redacted, escaped view, and thin renderers of it.

What is here is loaded where it is used: most commands render one thing or none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenantctl.report.document import as_json
    from tenantctl.report.escape import visible
    from tenantctl.report.kinds import KindView, kinds_as_json, view_kind, view_kinds
    from tenantctl.report.kinds_text import kind_page, kinds_table
    from tenantctl.report.plans import Rate, view_plan
    from tenantctl.report.problems import problems_as_json, text_problems
    from tenantctl.report.receipts import line_for, view_receipt
    from tenantctl.report.redact import Clean, cleaner
    from tenantctl.report.style import Style
    from tenantctl.report.takeover import Supply, Takeover, takeover_as_json
    from tenantctl.report.takeover_text import takeover_markdown, unmanaged_text
    from tenantctl.report.view import ReceiptView, View

PLACES = {
    "Clean": "redact",
    "KindView": "kinds",
    "Rate": "plans",
    "ReceiptView": "view",
    "Style": "style",
    "Supply": "takeover",
    "Takeover": "takeover",
    "View": "view",
    "as_json": "document",
    "cleaner": "redact",
    "kind_page": "kinds_text",
    "kinds_as_json": "kinds",
    "kinds_table": "kinds_text",
    "line_for": "receipts",
    "problems_as_json": "problems",
    "takeover_as_json": "takeover",
    "takeover_markdown": "takeover_text",
    "text_problems": "problems",
    "unmanaged_text": "takeover_text",
    "view_kind": "kinds",
    "view_kinds": "kinds",
    "view_plan": "plans",
    "view_receipt": "receipts",
    "visible": "escape",
}
"""Names by the module of this package that has them."""

__all__ = [
    "Clean",
    "KindView",
    "Rate",
    "ReceiptView",
    "Style",
    "Supply",
    "Takeover",
    "View",
    "as_json",
    "cleaner",
    "kind_page",
    "kinds_as_json",
    "kinds_table",
    "line_for",
    "problems_as_json",
    "takeover_as_json",
    "takeover_markdown",
    "text_problems",
    "unmanaged_text",
    "view_kind",
    "view_kinds",
    "view_plan",
    "view_receipt",
    "visible",
]


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"{__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
