"""What people and machines read: one redacted, escaped view, and thin renderers of it."""

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
from tenantctl.report.takeover_text import takeover_markdown, takeover_text, unmanaged_text
from tenantctl.report.text import text
from tenantctl.report.view import ReceiptView, View

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
    "takeover_text",
    "text",
    "text_problems",
    "unmanaged_text",
    "view_kind",
    "view_kinds",
    "view_plan",
    "view_receipt",
    "visible",
]
