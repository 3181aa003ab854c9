"""How many there may be of what, by subscription: Auth0's entity limits (ux.md 6.2, 2026)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tenantctl.kinds.kind import Kind

SELF_SERVICE = frozenset({"essentials", "professional", "b2b"})

OBJECTS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "clients": {"free": 10, "self-service": 100, "enterprise": 100_000},
        "resource_servers": {"free": 10, "self-service": 100, "enterprise": 100_000},
        "client_grants": {"enterprise": 100_000},
        "connections": {"self-service": 100},
    }
)
"""Most objects of a kind, where that depends on the family of the subscription."""

ELEMENTS: Mapping[tuple[str, str], int] = MappingProxyType(
    {
        ("actions", "secrets"): 30,
        ("actions", "dependencies"): 10,
        ("actions", "modules"): 3,
        ("trigger_bindings", "bindings"): 20,
        ("resource_servers", "scopes"): 1_000,
        ("role_permissions", "permissions"): 1_000,
        ("organization_enabled_connections", "connections"): 10,
        ("organization_client_grants", "grants"): 100,
        ("organization_discovery_domains", "domains"): 100,
        ("organization_clients", "clients"): 100,
    }
)
"""Most elements that a list field of a kind may have."""


def family(subscription: str) -> str:
    """`free`, `self-service` or `enterprise`; empty where no subscription is named."""
    if subscription in SELF_SERVICE:
        return "self-service"
    if subscription in {"", "unlimited"}:
        return ""
    return "free" if subscription == "free" else "enterprise"


def most(kind: Kind, subscription: str) -> int | None:
    """The most objects of *kind* that a tenant of *subscription* may have; None: no limit known."""
    return OBJECTS.get(kind.name, {}).get(family(subscription)) or kind.limit or None
