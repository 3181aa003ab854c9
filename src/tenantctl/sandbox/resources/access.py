"""Resource servers (APIs), and client grants."""

import re
from typing import Any
from urllib.parse import unquote

from tenantctl.sandbox import identity
from tenantctl.sandbox.associations import unlink
from tenantctl.sandbox.documents import filled
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.resources import clients
from tenantctl.sandbox.resources.credentials import key_id
from tenantctl.sandbox.searches import search_route
from tenantctl.sandbox.service import collection_routes, joined, require
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Collection, Hidden, Paging, limits

_SERVER_DEFAULTS: Document = {
    "allow_offline_access": False,
    "signing_alg": "RS256",
    "skip_consent_for_verifiable_first_party_clients": False,
    "token_lifetime": 86400,
    "token_lifetime_for_web": 7200,
}
_SUBJECT_TYPES: Document = {
    "client": {"policy": "require_client_grant"},
    "user": {"policy": "allow_all"},
}
# Auth0's own API for users: who asks for its identifier gets it, with what it always is. Its first
# answer shows the scopes at the front, the others follow (recorded traffic).
_ACCOUNT_API = re.compile(r"https://[^/]+/me/")
_ACCOUNT_FIRST = 3
_ACCOUNT_SCOPES = (
    "create:me:connected_accounts", "read:me:connected_accounts", "delete:me:connected_accounts",
    "read:me:authentication_methods", "delete:me:authentication_methods",
    "update:me:authentication_methods", "read:me:factors", "create:me:authentication_methods",
)  # fmt: skip
_ACCOUNT: Document = {
    "name": "Auth0 My Account API",
    "is_system": True,
    "allow_offline_access": True,
    "skip_consent_for_verifiable_first_party_clients": True,
    "subject_type_authorization": {
        "client": {"policy": "deny_all"},
        "user": {"policy": "require_client_grant"},
    },
    "proof_of_possession": {"mechanism": "dpop", "required": False},
    "signing_alg": "RS256",
    "token_lifetime": 600,
    "token_lifetime_for_web": 600,
}
# What Auth0 lets a client change of an API that is its own.
_SYSTEM_WRITABLE = frozenset(
    {
        "token_lifetime",
        "skip_consent_for_verifiable_first_party_clients",
        "subject_type_authorization",
    }
)
_SERVER_MISSING = ("The resource server does not exist", "inexistent_resource_server")


def _locate_server(call: Call, given: str) -> str:
    """By id, or by identifier, which clients encode once or twice."""
    for name in (given, unquote(given)):
        row = call.tenant.store.find("resource_servers", "identifier", name)
        if row is not None:
            return row.id
    return given


def _check_server(_call: Call, new: Document, old: Document) -> None:
    """The Management API lets little be changed; the name of users' own API is fixed."""
    if not old.get("is_system"):
        return
    if not old["identifier"].endswith("/api/v2/"):
        new["name"] = old.get("name")
        return
    changed = {name for name, value in new.items() if value != old.get(name)} - {"_writes"}
    refused = sorted(changed - _SYSTEM_WRITABLE)
    if refused:
        raise Refusal(
            400, f"System resource server cannot be modified: {', '.join(refused)}", "invalid_body"
        )


def _complete_server(call: Call, new: Document, old: Document) -> Document:
    if old:
        _forget_permissions(call, new)
    elif _ACCOUNT_API.fullmatch(new["identifier"]):
        new = {**new, **_ACCOUNT, "scopes": [_account_scope(name) for name in _ACCOUNT_SCOPES]}
    else:
        new = filled(new, _SERVER_DEFAULTS)
    if new.get("signing_alg") == "HS256" and "signing_secret" not in new:
        new = {**new, "signing_secret": identity.secret(32)}
    return _with_thumbprint(_described(new))


def _account_scope(name: str) -> Document:
    verb, _, noun = name.split(":")
    return {"value": name, "description": f"{verb} {noun.replace('_', ' ')}".title()}


def _with_thumbprint(server: Document) -> Document:
    """The key that tokens are encrypted for is told by its thumbprint."""
    encryption = server.get("token_encryption") or {}
    key = encryption.get("encryption_key")
    if not key or "pem" not in key:
        return server
    key = {**key, "thumbprint_sha256": key_id(key["pem"])}
    return {**server, "token_encryption": {**encryption, "encryption_key": key}}


def _show_server(call: Call, document: Document) -> Document:
    """An API that is a client, too, tells which; its own API's scopes come little by little.

    Older tenants do not tell for which subjects it gives tokens until somebody says so.
    """
    if "implied_subject_types" not in call.tenant.features:
        document = {"subject_type_authorization": _SUBJECT_TYPES, **document}
    if call.method == "POST" and document.get("is_system"):
        return {**document, "scopes": document["scopes"][:_ACCOUNT_FIRST]}
    identifier = document["identifier"]
    row = call.tenant.store.find("clients", "resource_server_identifier", identifier)
    return {**document, "client_id": row.id} if row else document


def _described(server: Document) -> Document:
    """Every scope has a description, if an empty one; a server may have no list of scopes."""
    if "scopes" not in server:
        return server
    return {**server, "scopes": [{"description": "", **scope} for scope in server["scopes"]]}


def _forget_permissions(call: Call, server: Document) -> None:
    """Roles and users lose the permissions whose scope the server no longer has."""
    kept = {scope["value"] for scope in server.get("scopes", [])}
    for kind in ("role_permissions", "user_permissions"):
        for row in call.tenant.store.rows(kind):
            link = row.document
            own = link["resource_server_identifier"] == server["identifier"]
            if own and link["permission_name"] not in kept:
                call.tenant.store.delete(kind, row.id)


def _cascade_server(call: Call, server: Document) -> None:
    if server["identifier"] in call.tenant.audiences:
        raise Refusal(400, "System resource servers cannot be deleted", "operation_not_supported")
    store = call.tenant.store
    for row in store.rows("client_grants"):
        if row.document.get("audience") == server["identifier"]:
            unlink(call, "grant_id", row.id)
            store.delete("client_grants", row.id)
    _forget_permissions(call, {**server, "scopes": []})


def _check_grant(call: Call, new: Document, old: Document) -> None:
    if old:
        return
    store = call.tenant.store
    if not {"client_id", "default_for"} & new.keys():
        raise invalid_body("Missing required property: client_id")
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
    """A grant of all scopes names none of them."""
    new = filled(new, {"subject_type": "client"})
    if new.get("allow_all_scopes"):
        return {name: value for name, value in new.items() if name != "scope"}
    return filled(new, {"scope": []})


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
            "name": {"minLength": 1},
            "identifier": {"minLength": 1, "maxLength": 600},
        }
    ),
    extra=("token_lifetime_for_web",),
    hidden=(Hidden(("token_encryption", "encryption_key", "pem")),),
    check=_check_server,
    complete=_complete_server,
    show=_show_server,
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
    limits=limits({"": {"minProperties": 1}}),
    check=_check_grant,
    complete=_complete_grant,
    cascade=lambda call, grant: unlink(call, "grant_id", grant["id"]),
)

ROUTES = joined(
    [
        search_route(RESOURCE_SERVERS, ("identifier", "name", "updated_at"), "signing_secret"),
        search_route(CLIENT_GRANTS, ("audience", "updated_at")),
    ],
    collection_routes(RESOURCE_SERVERS),
    collection_routes(CLIENT_GRANTS),
)
