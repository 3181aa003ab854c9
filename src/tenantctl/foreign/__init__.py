"""Configurations that were written for other tools, as drafts of tenants."""

from tenantctl.foreign.item import Item, Made, MadeList, Named, Source
from tenantctl.foreign.resolve import resolve

__all__ = ["Item", "Made", "MadeList", "Named", "Source", "resolve"]
