"""The whole API: every route, and the descriptions behind them by name."""

import re
from collections.abc import Iterable

from tenantctl.sandbox.resources import (
    access,
    actions,
    branding,
    clients,
    connections,
    domains,
    emails,
    network,
    prompts,
    protection,
    tenants,
    triggers,
)
from tenantctl.sandbox.service import joined
from tenantctl.sandbox.wire import Collection, Route, Singleton

_MODULES = (
    access,
    actions,
    branding,
    clients,
    connections,
    domains,
    emails,
    network,
    prompts,
    protection,
    tenants,
    triggers,
)


def _descriptions() -> Iterable[Collection | Singleton]:
    for module in _MODULES:
        for value in vars(module).values():
            if isinstance(value, Collection | Singleton):
                yield value


COLLECTIONS: dict[str, Collection] = {
    item.name: item for item in _descriptions() if isinstance(item, Collection)
}
SINGLETONS: dict[str, Singleton] = {
    item.name: item for item in _descriptions() if isinstance(item, Singleton)
}

# Paths without arguments first: `/custom-domains/default` is no id.
_ROUTES: tuple[tuple[re.Pattern[str], Route], ...] = tuple(
    (route.pattern(), route)
    for route in sorted(
        joined(*(module.ROUTES for module in _MODULES)), key=lambda route: route.path.count("{")
    )
)


def match(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request and the arguments in its path, still encoded."""
    for pattern, route in _ROUTES:
        if route.method == method:
            found = pattern.fullmatch(path)
            if found:
                return route, found.groupdict()
    return None
