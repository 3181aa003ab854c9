"""What people and machines read: one redacted, escaped view, and thin renderers of it."""

from tenantctl.report.document import as_json
from tenantctl.report.escape import visible
from tenantctl.report.plans import Rate, view_plan
from tenantctl.report.problems import problems_as_json, text_problems
from tenantctl.report.receipts import line_for, view_receipt
from tenantctl.report.redact import Clean, cleaner
from tenantctl.report.style import Style
from tenantctl.report.text import text
from tenantctl.report.view import ReceiptView, View

__all__ = [
    "Clean",
    "Rate",
    "ReceiptView",
    "Style",
    "View",
    "as_json",
    "cleaner",
    "line_for",
    "problems_as_json",
    "text",
    "text_problems",
    "view_plan",
    "view_receipt",
    "visible",
]
