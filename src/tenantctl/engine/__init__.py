"""The functional core: what differs, what to do about it, in which order, and whether it may."""

from tenantctl.engine.departures import candidates
from tenantctl.engine.diff import Known, diff
from tenantctl.engine.edges import written
from tenantctl.engine.plan import Wish, closure, departed, make_plan, without_known_secrets
from tenantctl.engine.settled import unsettled
from tenantctl.engine.walk import Walk

__all__ = [
    "Known",
    "Walk",
    "Wish",
    "candidates",
    "closure",
    "departed",
    "diff",
    "make_plan",
    "unsettled",
    "without_known_secrets",
    "written",
]
