"""Resource servers (APIs), client grants, roles and their permissions."""

from typing import Any
from urllib.parse import unquote

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import filled
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources import clients
from tenantctl.sandbox.service import collection_routes, joined, require
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route, limits

_SERVER_DEFAULTS: Document = {
    "allow_offline_access": False,
    "signing_alg": "RS256",
    "skip_consent_for_verifiable_first_party_clients": False,
    "subject_type_authorization": {
        "client": {"policy": "require_client_grant"},
        "user": {"policy": "allow_all"},
    },
    "token_lifetime": 86400,
    "token_lifetime_for_web": 7200,
}
# What Auth0 lets a client change of an API that is its own.
_SYSTEM_WRITABLE = frozenset(
    {
        "token_lifetime",
        "skip_consent_for_verifiable_first_party_clients",
        "subject_type_authorization",
    }
)
_LIFETIME = {"minimum": 0, "maximum": 2592000}
_SERVER_MISSING = ("The resource server does not exist", "inexistent_resource_server")
_ROLE_MISSING = ("The role does not exist.", None)
_PERMISSIONS = Paging("permissions")


def _locate_server(call: Call, given: str) -> str:
    """By id, or by identifier, which clients encode once or twice."""
    for name in (given, unquote(given)):
        row = call.tenant.store.find("resource_servers", "identifier", name)
        if row is not None:
            return row.id
    return given


def _check_server(_call: Call, new: Document, old: Document) -> None:
    if not old.get("is_system"):
        return
    changed = {name for name, value in new.items() if value != old.get(name)} - {"_writes"}
    refused = sorted(changed - _SYSTEM_WRITABLE)
    if refused:
        raise Refusal(
            400, f"System resource server cannot be modified: {', '.join(refused)}", "invalid_body"
        )


def _complete_server(call: Call, new: Document, old: Document) -> Document:
    if not old:
        new = filled(new, _SERVER_DEFAULTS)
        if new["signing_alg"] == "HS256" and "signing_secret" not in new:
            new = {**new, "signing_secret": identity.secret(32)}
    else:
        _forget_permissions(call, new)
    return _described(new)


def _described(server: Document) -> Document:
    """Every scope has a description, if an empty one; a server may have no list of scopes."""
    if "scopes" not in server:
        return server
    return {**server, "scopes": [{"description": "", **scope} for scope in server["scopes"]]}


def _forget_permissions(call: Call, server: Document) -> None:
    """Roles lose the permissions whose scope the server no longer has."""
    kept = {scope["value"] for scope in server.get("scopes", [])}
    for row in call.tenant.store.rows("role_permissions"):
        link = row.document
        own = link["resource_server_identifier"] == server["identifier"]
        if own and link["permission_name"] not in kept:
            call.tenant.store.delete("role_permissions", row.id)


def _cascade_server(call: Call, server: Document) -> None:
    if server.get("is_system"):
        raise Refusal(400, "System resource servers cannot be deleted", "operation_not_supported")
    store = call.tenant.store
    for row in store.rows("client_grants"):
        if row.document.get("audience") == server["identifier"]:
            store.delete("client_grants", row.id)
    _forget_permissions(call, {**server, "scopes": []})


def _check_grant(call: Call, new: Document, old: Document) -> None:
    if old:
        return
    store = call.tenant.store
    if "client_id" in new:
        client = require(call, "clients", new["client_id"], Refusal(404, *clients.MISSING))
        if client.get("app_type") == "express_configuration":
            raise Refusal(
                400, "Client of type express_configuration cannot be used", "validation_error"
            )
    if store.find("resource_servers", "identifier", new["audience"]) is None:
        raise Refusal(404, f"Resource server not found: {new['audience']}", _SERVER_MISSING[1])
    key = _grant_key(new)
    if any(_grant_key(row.document) == key for row in store.rows("client_grants")):
        holder = new.get("client_id", new.get("default_for"))
        raise Refusal(409, f"A client grant already exists between {holder} and {new['audience']}")


def _grant_key(grant: Document) -> tuple[Any, ...]:
    subject = grant.get("subject_type", "client")
    return grant.get("client_id"), grant.get("default_for"), grant["audience"], subject


def _complete_grant(_call: Call, new: Document, _old: Document) -> Document:
    if new.get("allow_all_scopes"):
        new = {**new, "scope": []}
    return {"subject_type": "client", "scope": [], **new}


def _show_role(call: Call, document: Document) -> Document:
    return document if call.method == "POST" else {"description": "", **document}


def _cascade_role(call: Call, role: Document) -> None:
    for row in call.tenant.store.rows("role_permissions", role["id"]):
        call.tenant.store.delete("role_permissions", row.id)


def _list_permissions(call: Call) -> Answer:
    role = call.arguments["id"]
    require(call, "roles", role, Refusal(404, *_ROLE_MISSING))
    servers = {
        row.document["identifier"]: row.document
        for row in call.tenant.store.rows("resource_servers")
    }

    def shown(row: Row) -> Document:
        link = row.document
        server = servers.get(link["resource_server_identifier"], {})
        scopes = {scope["value"]: scope for scope in server.get("scopes", [])}
        scope = scopes.get(link["permission_name"], {})
        return {
            **link,
            "description": scope.get("description", ""),
            "resource_server_name": server.get("name", ""),
        }

    rows = call.tenant.store.rows("role_permissions", role)
    return Answer(200, page(call, _PERMISSIONS, rows, shown))


def _add_permissions(call: Call) -> Answer:
    role = call.arguments["id"]
    require(call, "roles", role, Refusal(404, *_ROLE_MISSING))
    for link in call.body["permissions"]:
        _check_permission(call, link)
        call.tenant.store.put("role_permissions", _permission_id(role, link), link, role)
    return Answer(201, {})


def _delete_permissions(call: Call) -> Answer:
    role = call.arguments["id"]
    require(call, "roles", role, Refusal(404, *_ROLE_MISSING))
    for link in call.body["permissions"]:
        call.tenant.store.delete("role_permissions", _permission_id(role, link))
    return Answer(204)


def _check_permission(call: Call, link: Document) -> None:
    identifier, name = link["resource_server_identifier"], link["permission_name"]
    server = call.tenant.store.find("resource_servers", "identifier", identifier)
    if server is None:
        raise Refusal(404, f"Resource server not found: {identifier}")
    if name not in {scope["value"] for scope in server.document.get("scopes", [])}:
        raise Refusal(404, f"The permission {name} does not exist in {identifier}")


def _permission_id(role: str, link: Document) -> str:
    return "|".join((role, link["resource_server_identifier"], link["permission_name"]))


RESOURCE_SERVERS = Collection(
    name="resource_servers",
    path="/resource-servers",
    mint=identity.object_id,
    noun="resource_servers",
    paging=Paging("resource_servers"),
    missing=_SERVER_MISSING,
    filters=(("identifiers", "identifier"),),
    query=("fields", "include_fields"),
    unique=(("identifier", "A resource server with identifier {identifier} already exists"),),
    limits=limits(
        {
            "name": {"minLength": 1, "maxLength": 200, "pattern": "^[^<>]+$"},
            "identifier": {"minLength": 1, "maxLength": 600},
            "token_lifetime": _LIFETIME,
            "scopes.[].value": {"minLength": 1, "maxLength": 280},
            "scopes.[].description": {"maxLength": 500},
            "signing_secret": {"minLength": 16},
        }
    ),
    extra=("token_lifetime_for_web",),
    hidden=(Hidden(("token_encryption", "encryption_key", "pem")),),
    check=_check_server,
    complete=_complete_server,
    cascade=_cascade_server,
    locate=_locate_server,
)

CLIENT_GRANTS = Collection(
    name="client_grants",
    path="/client-grants",
    mint=identity.prefixed("cgr_", 16),
    noun="client_grants",
    paging=Paging("client_grants", "checkpoint"),
    missing=("The grant does not exist.", "inexistent_client_grant"),
    filters=(
        ("client_id", "client_id"),
        ("audience", "audience"),
        ("subject_type", "subject_type"),
        ("default_for", "default_for"),
        ("allow_any_organization", "allow_any_organization"),
    ),
    limits=limits({"": {"minProperties": 1}, "scope.[]": {"minLength": 1, "maxLength": 280}}),
    check=_check_grant,
    complete=_complete_grant,
)

ROLES = Collection(
    name="roles",
    path="/roles",
    mint=identity.prefixed("rol_", 16),
    noun="roles",
    paging=Paging("roles"),
    missing=_ROLE_MISSING,
    create_status=200,
    delete_missing=True,
    deleted=lambda _call: Answer(200, {}),
    query=("name_filter",),
    matches=lambda call, role: (call.first("name_filter") or "").lower() in role["name"].lower(),
    unique=(("name", "The role name {name} is already in use"),),
    limits=limits({"name": {"minLength": 1}}),
    show=_show_role,
    cascade=_cascade_role,
)

_PATH = "/roles/{id}/permissions"
_SOME = limits({"permissions": {"minItems": 1}})
ROUTES = joined(
    collection_routes(RESOURCE_SERVERS),
    collection_routes(CLIENT_GRANTS),
    collection_routes(ROLES),
    [
        Route("GET", _PATH, ("read:roles",), _list_permissions, None, _PERMISSIONS.parameters()),
        Route(
            "POST",
            _PATH,
            ("update:roles",),
            _add_permissions,
            Body("role_permissions", "add", _SOME),
        ),
        Route(
            "DELETE",
            _PATH,
            ("update:roles",),
            _delete_permissions,
            Body("role_permissions", "remove", _SOME),
        ),
    ],
)
