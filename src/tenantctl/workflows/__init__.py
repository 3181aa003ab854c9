"""The jobs, each a short function over the packages below; all of them plan in one way."""

from tenantctl.workflows.apply import Notify, Result, apply
from tenantctl.workflows.prepare import Ask, Gateway, Gather, Opener, Prepared, notes, prepare

__all__ = [
    "Ask",
    "Gateway",
    "Gather",
    "Notify",
    "Opener",
    "Prepared",
    "Result",
    "apply",
    "notes",
    "prepare",
]
