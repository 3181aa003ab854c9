"""Permissions of APIs that roles and users have: sets that are listed, extended and cut."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.service import require
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Paging, Route

_PAGING = Paging("permissions")
_NAMING = ("resource_server_identifier", "permission_name")
_DIRECT = {"source_id": "", "source_name": "", "source_type": "DIRECT"}


@dataclass(frozen=True, slots=True)
class ScopeGrants:
    """The permissions of one sort of owner: store kind, path of the owner, and what its 404 says.

    `roles` are those through which an owner has more permissions; where there may be some, a list
    tells the sources of each permission.
    """

    kind: str
    path: str
    owner: str
    missing: tuple[str, str | None]
    read: tuple[str, ...]
    write: tuple[str, ...]
    roles: Callable[[Call, str], list[str]] | None = None


def scope_grant_routes(grants: ScopeGrants) -> tuple[Route, ...]:
    """The list, the POST and the DELETE of permissions."""
    added, deleted = Body(grants.kind, "add"), Body(grants.kind, "remove")
    parameters, seed = _PAGING.parameters(), partial(_seed, grants)
    listed = partial(_list, grants)
    return (
        Route("GET", grants.path, grants.read, listed, None, parameters, _PAGING.items, seed=seed),
        Route("POST", grants.path, grants.write, partial(_add, grants), added),
        Route("DELETE", grants.path, grants.write, partial(_delete, grants), deleted),
    )


def described(call: Call, permission: Document) -> Document:
    """A permission with the words of the API that it belongs to."""
    identifier = permission["resource_server_identifier"]
    row = call.tenant.store.find("resource_servers", "identifier", identifier)
    server = row.document if row else {}
    scopes = {scope["value"]: scope for scope in server.get("scopes", [])}
    return {
        "permission_name": permission["permission_name"],
        "description": scopes.get(permission["permission_name"], {}).get("description", ""),
        "resource_server_name": server.get("name", ""),
        "resource_server_identifier": identifier,
    }


def permission_id(owner: str, permission: Document) -> str:
    parts = permission["resource_server_identifier"], permission["permission_name"]
    return "|".join((owner, *parts))


def _list(grants: ScopeGrants, call: Call) -> Answer:
    owner = _owner(grants, call)
    rows = call.tenant.store.rows(grants.kind, owner)
    if grants.roles is None:
        return Answer(200, page(call, _PAGING, rows, lambda row: described(call, row.document)))
    sources = {permission_id("", row.document): [_DIRECT] for row in rows}
    for role in grants.roles(call, owner):
        for row in call.tenant.store.rows("role_permissions", role):
            key = permission_id("", row.document)
            rows = rows if key in sources else [*rows, row]
            sources.setdefault(key, []).append(_through(call, role))

    def shown(row: Row) -> Document:
        told = sources[permission_id("", row.document)]
        return {**described(call, row.document), "sources": told}

    return Answer(200, page(call, _PAGING, rows, shown))


def _through(call: Call, role: str) -> Document:
    name = (call.tenant.store.get("roles", role) or {}).get("name", "")
    return {"source_id": role, "source_name": name, "source_type": "ROLE"}


def _add(grants: ScopeGrants, call: Call) -> Answer:
    owner = _owner(grants, call)
    for permission in call.body["permissions"]:
        _check(call, permission)
        id = permission_id(owner, permission)
        call.tenant.store.put(grants.kind, id, permission, owner)
    return Answer(201, {})


def _delete(grants: ScopeGrants, call: Call) -> Answer:
    owner = _owner(grants, call)
    for permission in call.body["permissions"]:
        call.tenant.store.delete(grants.kind, permission_id(owner, permission))
    return Answer(204)


def _seed(grants: ScopeGrants, call: Call, body: Any) -> None:
    """Permissions that a list showed; the owner exists, and what it has through roles is theirs."""
    owner, store = call.arguments["id"], call.tenant.store
    if body is not None and store.get(grants.owner, owner) is None:
        store.put(grants.owner, owner, {"id": owner, "name": owner})
    items = body.get(_PAGING.items, []) if isinstance(body, dict) else body or []
    for item in items:
        if "sources" not in item or _DIRECT in item["sources"]:
            named = {name: item[name] for name in _NAMING}
            store.put(grants.kind, permission_id(owner, named), named, owner)


def _owner(grants: ScopeGrants, call: Call) -> str:
    id = call.arguments["id"]
    require(call, grants.owner, id, Refusal(404, *grants.missing))
    return id


def _check(call: Call, permission: Document) -> None:
    identifier, name = permission["resource_server_identifier"], permission["permission_name"]
    server = call.tenant.store.find("resource_servers", "identifier", identifier)
    if server is None:
        raise Refusal(404, f"Resource server not found: {identifier}")
    if name not in {scope["value"] for scope in server.document.get("scopes", [])}:
        raise Refusal(404, f"The permission {name} does not exist in {identifier}")
