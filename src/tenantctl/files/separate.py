"""The separate tenants that connect to a tenant, as its checks read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from tenantctl.errors import FilesError
from tenantctl.files.findings import Findings
from tenantctl.files.home import Home, home_of, homes
from tenantctl.files.load import load
from tenantctl.model import Environment
from tenantctl.playbooks.separate import separate_tenant


def fleet_of(
    root: Path, tenant: str, env: str, connections: Collection[str] | None = None
) -> tuple[Mapping[str, Any], ...]:
    """The scope `fleet` of *tenant*/*env*: a document for each tenant that connects to it.

    A connection that is not among *connections*, the keys that *tenant* declares, is none. Brand
    and custom domain are those of the environment of the same name, else of the same kind; of one
    whose files are wrong there are none.
    """
    members = [home for home in homes(root) if home.member and home.member.fleet.target == tenant]
    if not members:
        return ()
    kind = home_of(root, tenant).environment(env, Findings()).environment.kind
    return tuple(_document(root, home, env, kind, connections) for home in members)


def _document(
    root: Path, home: Home, env: str, kind: str, connections: Collection[str] | None
) -> Mapping[str, Any]:
    assert home.member is not None
    found = [home.environment(name, Findings()).environment for name in home.names]
    same = [each for each in found if each.name == env]
    alike = [each for each in found if each.kind == kind]
    resources: Mapping[str, Mapping[str, Any]] = {}
    for each in (same or alike)[:1]:
        resources = _declared(root, home.tenant, each.name)
    connection = home.member.connection
    if connections is not None and connection not in connections:
        connection = ""
    return separate_tenant(home.tenant, connection, _told(found), resources)


def _told(found: list[Environment]) -> Iterator[Mapping[str, Any]]:
    for each in found:
        yield {"name": each.name, "kind": each.kind, "domain": each.domain}


def _declared(root: Path, tenant: str, env: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        desired = load(root, tenant, env).desired
    except FilesError:
        return {}
    return {str(address): each.fields for address, each in desired.tenant.resources.items()}
