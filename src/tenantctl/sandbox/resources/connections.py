"""Connections, and the clients that may use them."""

import hashlib
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.associations import unlink
from tenantctl.sandbox.documents import filled, projected
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal, invalid_body, invalid_query
from tenantctl.sandbox.resources import clients
from tenantctl.sandbox.resources.strategies import STRATEGIES, Strategy, completed
from tenantctl.sandbox.service import (
    collection_routes,
    delete_below,
    fetch,
    joined,
    require,
    view,
)
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route, limits

MISSING = ("The connection does not exist", "inexistent_connection")

_CROSS_APP_ACCESS = frozenset({"oidc", "okta"})
# Nulls that a write answers with and that a read no longer knows; other nulls stay.
_PASSING = frozenset({"authorizationURL", "tokenURL"})
_FIELDS = frozenset({"id", "is_domain_connection", "authentication", "connected_accounts"})
_CLIENTS = Paging("clients", "only_checkpoint", maximum=1000)
_CONNECTIONS = Paging("connections", "only_checkpoint")
_LINKS = limits({"": {"maxItems": 50}})
LINKS = "connection_clients"
_DELETIONS = "connection_deletions"
_ENABLED_CLIENTS = "enabled_clients"
_PLAIN = "plain_connections"
_PURPOSES = frozenset({"authentication", "connected_accounts"})
_LATER_OPTIONS = frozenset({"assertion_decryption_settings"})
_BELOW = (
    LINKS,
    "connection_scim_configuration",
    "connection_scim_tokens",
    "connection_directory_provisioning",
    "connection_synchronized_groups",
    "connection_keys",
)


def _check(call: Call, new: Document, old: Document) -> None:
    _check_clients(call)
    requesting = "cross_app_access_requesting_app" in new
    if requesting and new["strategy"] not in _CROSS_APP_ACCESS:
        raise Refusal(
            400,
            "Cross App Access Requesting App is not supported for this connection.",
            "operation_not_supported",
        )
    options = new.get("options", {})
    if "attributes" in options:
        _check_attributes(options, old)


def _check_clients(call: Call) -> None:
    """Tenants of the older sort take the clients of a connection with the connection."""
    if "enabled_clients" not in (call.body or {}):
        return
    if _ENABLED_CLIENTS not in call.tenant.features:
        raise invalid_body("Additional properties not allowed: enabled_clients")
    given = call.body["enabled_clients"]
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise invalid_body("Expected type array of client ids", "enabled_clients")


def _check_attributes(options: Document, old: Document) -> None:
    attributes = options["attributes"]
    for rival in ("requires_username", "validation"):
        if options.get(rival):
            raise _refused(f"Cannot set both options.attributes and options.{rival}")
    if not any(_identifies(item) for item in attributes.values()):
        raise _refused("attributes must contain one active identifier")
    phone = attributes.get("phone_number") or {}
    required = (phone.get("signup") or {}).get("status") == "required"
    if _identifies(phone) and len(attributes) == 1 and not required:
        raise _refused("attribute phone_number must also be required on signup")
    _check_unique_email(old, attributes)


def _identifies(attribute: Document) -> bool:
    return bool((attribute.get("identifier") or {}).get("active"))


def _check_unique_email(old: Document, attributes: Document) -> None:
    """Whether emails are unique is decided once, when the attribute first appears."""
    if not old or "email" not in attributes:
        return
    before = old.get("options", {}).get("attributes", {}).get("email", {}).get("unique", True)
    if before and attributes["email"].get("unique") is False:
        raise _refused("cannot add non-unique email attribute")


def _refused(message: str) -> Refusal:
    return Refusal(400, message, "invalid_body")


def _complete(call: Call, new: Document, old: Document) -> Document:
    options = {**_standing_nulls(call), **new.get("options", {})}
    if old and options == old.get("options"):
        return _linked(call, new)
    options = completed(new["strategy"], options, old.get("options", {}) if old else None)
    new = {**_linked(call, new), "options": options}
    return new if old else filled(new, _server_side(call, new))


def _server_side(call: Call, new: Document) -> Document:
    """What the server says of a connection that is new."""
    strategy, domain = new["strategy"], call.tenant.domain
    facts = STRATEGIES.get(strategy, Strategy())
    server: Document = {
        "is_domain_connection": False,
        "authentication": {"active": True},
        "connected_accounts": {"active": False},
        "realms": [new["name"]],
    }
    plain_waad = strategy == "waad" and _PLAIN in call.tenant.features
    if facts.ticket or plain_waad:
        server["provisioning_ticket_url"] = f"https://{domain}/p/{strategy}/{identity.base62(8)}"
    if plain_waad:
        thumbprint = hashlib.sha1(new["id"].encode(), usedforsecurity=False).hexdigest()
        server["options"] = {"app_domain": domain, "thumbprints": [thumbprint]}
    if facts.enterprise:
        server["show_as_button"] = False
    if facts.named:
        server["display_name"] = new["name"]
    return server


def _standing_nulls(call: Call) -> Document:
    options = (call.body or {}).get("options") or {}
    return {name: None for name, value in options.items() if value is None and name not in _PASSING}


def _linked(call: Call, new: Document) -> Document:
    """The clients that were sent with the connection become links of their own."""
    if "enabled_clients" not in new:
        return new
    store, id = call.tenant.store, new["id"]
    for row in store.rows(LINKS, id):
        store.delete(LINKS, row.id)
    for client in dict.fromkeys(new["enabled_clients"]):
        store.put(LINKS, f"{id}/{client}", {"client_id": client}, id)
    return {name: value for name, value in new.items() if name != "enabled_clients"}


def _show(call: Call, document: Document) -> Document:
    """The clients of a connection are told by every tenant on create, by the older sort always."""
    shown = {name: value for name, value in document.items() if name != "enabled_clients"}
    if _PLAIN in call.tenant.features:
        shown = _plain(shown)
    if call.method == "POST" or _ENABLED_CLIENTS in call.tenant.features:
        links = call.tenant.store.rows(LINKS, document["id"])
        shown["enabled_clients"] = [row.document["client_id"] for row in links]
    if call.method in {"POST", "PATCH"}:
        sent = (call.body or {}).get("options") or {}
        nulls = {name: None for name in _PASSING if name in sent and sent[name] is None}
        shown["options"] = {**nulls, **shown.get("options", {})}
    return shown


def _plain(shown: Document) -> Document:
    """A connection as tenants showed it before it told what it is for."""
    shown = {name: value for name, value in shown.items() if name not in _PURPOSES}
    options = {k: v for k, v in shown.get("options", {}).items() if k not in _LATER_OPTIONS}
    methods = options.get("authentication_methods")
    if isinstance(methods, dict) and isinstance(methods.get("password"), dict):
        enabled = {"enabled": methods["password"].get("enabled", True)}
        options["authentication_methods"] = {**methods, "password": enabled}
    return {**shown, "options": options} if "options" in shown else shown


def _delete(call: Call) -> Answer:
    """Gone at once for every read, while the deletion of its users takes its time."""
    store, id, now = call.tenant.store, call.arguments["id"], call.tenant.clock()
    connection = store.get("connections", id)
    if connection is None:
        running = store.get(_DELETIONS, id)
        if running is None or now >= running["until"]:
            return Answer(204)
        return Answer(202, {"deleted_at": running["deleted_at"]})
    _cascade(call, connection)
    store.delete("connections", id)
    deleted_at = identity.timestamp(now)
    seconds = call.tenant.delays.connection_delete_seconds
    if seconds:
        store.put(_DELETIONS, id, {"deleted_at": deleted_at, "until": now + seconds})
    return Answer(202, {"deleted_at": deleted_at})


def _cascade(call: Call, connection: Document) -> None:
    delete_below(call, _BELOW, connection["id"])
    unlink(call, "connection_id", connection["id"])
    _delete_users(call, connection)


def _delete_users(call: Call, connection: Document, email: str | None = None) -> None:
    """Deletes users whose only identity is of this connection, all or those of an email."""
    for row in call.tenant.store.rows("users"):
        user = row.document
        names = {item.get("connection") for item in user.get("identities", [])}
        if names == {connection["name"]} and email in {None, user.get("email")}:
            call.tenant.store.delete("users", row.id)


def _status(call: Call) -> Answer:
    fetch(CONNECTIONS, call)
    return Answer(200)


def _delete_by_email(call: Call) -> Answer:
    connection = fetch(CONNECTIONS, call)
    email = call.first("email")
    if not email:
        raise invalid_query("Missing required property: email")
    if connection["strategy"] != "auth0":
        raise _refused("Connection must be a database connection")
    _delete_users(call, connection, email)
    return Answer(204)


def _seed_clients(call: Call, body: Any) -> None:
    id = call.arguments["id"]
    if body is None:
        call.tenant.store.delete("connections", id)
        return
    for link in body.get("clients", []):
        client = link["client_id"]
        call.tenant.store.put(LINKS, f"{id}/{client}", {"client_id": client}, id)


def _list_clients(call: Call) -> Answer:
    connection = call.arguments["id"]
    require(call, "connections", connection, Refusal(404, *MISSING))

    def shown(row: Row) -> Document:
        return row.document

    rows = call.tenant.store.rows(LINKS, connection)
    return Answer(200, page(call, _CLIENTS, rows, shown))


def _list_connections(call: Call) -> Answer:
    """The connections that a client may use."""
    client, store = fetch(clients.CLIENTS, call), call.tenant.store
    linked = store.rows(LINKS)
    ids = {row.parent for row in linked if row.document["client_id"] == client["client_id"]}
    wanted = set(call.query.get("strategy", []))
    rows = [row for row in store.rows("connections") if row.id in ids]
    rows = [row for row in rows if not wanted or row.document.get("strategy") in wanted]

    def shown(row: Row) -> Document:
        found = projected(call, view(CONNECTIONS, call, row.document), _FIELDS)
        return {name: value for name, value in found.items() if name != "enabled_clients"}

    return Answer(200, page(call, _CONNECTIONS, rows, shown))


def _update_clients(call: Call) -> Answer:
    connection = call.arguments["id"]
    require(call, "connections", connection, Refusal(404, *MISSING))
    store = call.tenant.store
    for link in call.body:
        client = link["client_id"]
        require(call, "clients", client, Refusal(404, *clients.MISSING))
        id = f"{connection}/{client}"
        if not link["status"]:
            store.delete(LINKS, id)
        elif store.get(LINKS, id) is None:
            store.put(LINKS, id, {"client_id": client}, connection)
    return Answer(204)


CONNECTIONS = Collection(
    name="connections",
    path="/connections",
    mint=identity.prefixed("con_", 16),
    noun="connections",
    paging=Paging("connections", "checkpoint", default=100),
    missing=MISSING,
    filters=(("name", "name"), ("strategy", "strategy")),
    unique=(("name", "A connection with the same name already exists"),),
    limits=limits(
        {
            "name": {"maxLength": 128, "pattern": "^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$"},
            "": {"minProperties": 1},
            "options.signatureMethod": {
                "enum": ("RSA-SHA1", "HMAC-SHA1", "rsa-sha1", "rsa-sha256")
            },
        }
    ),
    # What an issuer says of itself is sent back as it was read.
    open=(
        "ConnectionOptions",
        "UsernameAttributeIdentifier",
        "ConnectionOptionsOidcMetadata",
        "ConnectionsOidcMetadata",
    ),
    extra=("enabled_clients",),
    hidden=(Hidden(("options", "configuration", "*"), "cipher"),),
    merged=("metadata",),
    emptied=("metadata",),
    always=_FIELDS,
    check=_check,
    complete=_complete,
    show=_show,
    cascade=_cascade,
    operations=frozenset({"list", "create", "get", "update"}),
)

_PATH = "/connections/{id}/clients"
ROUTES = joined(
    collection_routes(CONNECTIONS),
    [
        Route("DELETE", "/connections/{id}", ("delete:connections",), _delete),
        Route("GET", "/connections/{id}/status", ("read:connections",), _status),
        Route(
            "DELETE",
            "/connections/{id}/users",
            ("delete:users",),
            _delete_by_email,
            None,
            frozenset({"email"}),
        ),
        Route(
            "GET",
            "/clients/{id}/connections",
            ("read:connections", "read:clients", "read:client_summary"),
            _list_connections,
            None,
            _CONNECTIONS.parameters() | {"strategy", "fields", "include_fields"},
        ),
        Route(
            "GET",
            _PATH,
            ("read:connections",),
            _list_clients,
            None,
            _CLIENTS.parameters(),
            seed=_seed_clients,
        ),
        Route(
            "PATCH",
            _PATH,
            ("update:connections",),
            _update_clients,
            Body("connection_clients", "update", _LINKS),
        ),
    ],
)
