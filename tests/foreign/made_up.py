"""Items as a reader would make them, of configurations that nobody has written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tenantctl.foreign import Item, Source
from tenantctl.model import Origin

DOMAIN = "shop-dev.eu.auth0.com"


def item(kind: str, *names: str, owners: Iterable[str] = (), line: int = 1, **fields: Any) -> Item:
    """An item of *kind*; its first name is its `name`, unless *fields* say another."""
    said = {"name": names[0], **fields} if names else fields
    return Item(kind, said, Origin("tenant.yaml", line, 3), names, tuple(owners))


def source(*items: Item, **variables: Any) -> Source:
    return Source(DOMAIN, items, variables)


WEB = item("clients", "Web")
ORDERS = item("resource_servers", "Orders API", "https://orders", identifier="https://orders")
LOGIN = item(
    "actions", "Login", code="//", supported_triggers=[{"id": "post-login", "version": "v3"}]
)
