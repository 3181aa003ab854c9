"""The whole API: every route, and the descriptions behind them by name."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from tenantctl.sandbox.associations import LINKS
from tenantctl.sandbox.resources import (
    access,
    actions,
    authentication,
    branding,
    cimd,
    clients,
    connection_keys,
    connections,
    credentials,
    domains,
    emails,
    event_streams,
    experiments,
    flags,
    flows,
    guardian,
    jobs,
    keys,
    legacy,
    logs,
    modules,
    network,
    organization_links,
    organization_members,
    organizations,
    phone,
    profiles,
    prompts,
    protection,
    provisioning,
    rendering,
    risk,
    roles,
    self_service,
    sessions,
    tenants,
    triggers,
    user_links,
    users,
    verifiable,
)
from tenantctl.sandbox.service import joined
from tenantctl.sandbox.wire import Collection, Route, Singleton

_MODULES = (
    access,
    actions,
    authentication,
    branding,
    cimd,
    clients,
    connection_keys,
    connections,
    credentials,
    domains,
    emails,
    event_streams,
    experiments,
    flags,
    flows,
    guardian,
    jobs,
    keys,
    legacy,
    logs,
    modules,
    network,
    organization_links,
    organization_members,
    organizations,
    phone,
    profiles,
    prompts,
    protection,
    provisioning,
    rendering,
    risk,
    roles,
    self_service,
    sessions,
    tenants,
    triggers,
    user_links,
    users,
    verifiable,
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


def _indexed(routes: Iterable[Route]) -> dict[tuple[str, str, int], list[Route]]:
    """Routes by method, first part and length: a request is compared with the few it could be."""
    found: dict[tuple[str, str, int], list[Route]] = {}
    # Paths without arguments first: `/custom-domains/default` is no id.
    for route in sorted(routes, key=lambda route: route.path.count("{")):
        found.setdefault(_key(route.method, route.path), []).append(route)
    return found


def _key(method: str, path: str) -> tuple[str, str, int]:
    parts = path.strip("/").split("/")
    return method, parts[0], len(parts)


ROUTES: tuple[Route, ...] = joined(*(module.ROUTES for module in _MODULES))
_INDEX = _indexed(ROUTES)


def match(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request and the arguments in its path, still encoded."""
    for route in _INDEX.get(_key(method, path), ()):
        arguments = route.arguments(path)
        if arguments is not None:
            return route, arguments
    return None


@cache
def kinds() -> frozenset[str]:
    """The names of everything that can be stored: the resources of the API, and their links."""
    shapes = files("tenantctl").joinpath("shapes").iterdir()
    named = {item.name.removesuffix(".json") for item in shapes if item.name.endswith(".json")}
    return frozenset({*named, *COLLECTIONS, *SINGLETONS, *LINKS})
