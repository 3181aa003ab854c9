"""A live tenant over HTTP: ids, secrets, rate limits and merges exist only in here."""

from tenantctl.gateway.access import Access, Patience, Stats
from tenantctl.gateway.gateway import Gateway, open_gateway
from tenantctl.gateway.limits import LIMITS, Bucket, Limits, limits_of
from tenantctl.gateway.surveyed import Survey

__all__ = [
    "LIMITS",
    "Access",
    "Bucket",
    "Gateway",
    "Limits",
    "Patience",
    "Stats",
    "Survey",
    "limits_of",
    "open_gateway",
]
