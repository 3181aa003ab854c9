"""Clients (applications) and their credentials."""

import base64
import hashlib
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import concealed, filled, projected, public
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.service import collection_routes, fetch, joined, view
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Call, Collection, Hidden, Paging, Route, limits

MISSING = ("The client does not exist", "inexistent_client")
KEY_SCOPES = frozenset({"read:client_keys", "read:client_credentials"})

_READ = ("read:clients", "read:client_keys", "read:client_credentials", "read:client_summary")
_UPDATE = (
    "update:clients",
    "update:client_keys",
    "update:client_credentials",
    "update:client_token_vault_privileged_access",
)
_INTERACTIVE = ("authorization_code", "implicit", "refresh_token")
_GRANT_TYPES = {
    "spa": _INTERACTIVE,
    "native": _INTERACTIVE,
    "resource_server": (),
    "express_configuration": ("authorization_code", "client_credentials"),
}
_CONNECTIONS = Paging("connections", "only_checkpoint")
_LONG_LIVED = ("regular_web", "non_interactive")
_BINDINGS = ("none", "ip", "asn", None)  # the SDK does not know asn, the API does
_DEFAULTS: Document = {
    "global": False,
    "is_first_party": True,
    "is_token_endpoint_ip_header_trusted": False,
    "oidc_conformant": False,
    "sso_disabled": False,
    "cross_origin_auth": False,
    "cross_origin_authentication": False,
    "custom_login_page_on": True,
    "callback_url_template": False,
    "jwt_configuration": {"lifetime_in_seconds": 36000, "secret_encoded": False},
    "refresh_token": {
        "rotation_type": "non-rotating",
        "expiration_type": "non-expiring",
        "leeway": 0,
    },
}
_OPEN_ADDONS = tuple(
    f"ClientAddon{name}"
    for name in (
        "Aws",
        "AzureBlob",
        "AzureSb",
        "EchoSign",
        "Egnyte",
        "Firebase",
        "Layer",
        "Mscrm",
        "NewRelic",
        "Office365",
        "Rms",
        "Salesforce",
        "SalesforceApi",
        "SalesforceSandboxApi",
        "Saml",
        "Sapapi",
        "Sentry",
        "SharePoint",
        "Slack",
        "SpringCm",
        "SsoIntegration",
        "Wams",
        "Zendesk",
        "Zoom",
    )
)


def _check(_call: Call, new: Document, _old: Document) -> None:
    methods = new.get("client_authentication_methods")
    if methods and new.get("token_endpoint_auth_method"):
        raise Refusal(
            400,
            "client_authentication_methods and token_endpoint_auth_method are mutually exclusive",
            "invalid_body",
        )


def _complete(call: Call, new: Document, old: Document) -> Document:
    new = _with_credentials(call, new)
    if old:
        return new
    app_type = new.get("app_type")
    long_lived = app_type in _LONG_LIVED
    endless = (new.get("refresh_token") or {}).get("expiration_type") != "expiring"
    lifetimes = {
        "infinite_token_lifetime": endless,
        "infinite_idle_token_lifetime": endless,
        "token_lifetime": 31557600 if long_lived else 2592000,
        "idle_token_lifetime": 2592000 if long_lived else 1296000,
    }
    grants = _GRANT_TYPES.get(str(app_type), (*_INTERACTIVE, "client_credentials"))
    server: Document = {
        "tenant": call.tenant.name,
        "client_secret": identity.secret(),
        "grant_types": list(grants),
        "signing_keys": [{"cert": "-----BEGIN CERTIFICATE-----\r\n-----END CERTIFICATE-----"}],
        "refresh_token": lifetimes,
    }
    return filled(filled(new, server), _DEFAULTS)


def _with_credentials(call: Call, new: Document) -> Document:
    """Inline credentials become objects of their own; the client keeps their ids."""
    methods: Document = {}
    for name, method in (new.get("client_authentication_methods") or {}).items():
        given = method.get("credentials", [])
        methods[name] = {**method, "credentials": [_attached(call, new, item) for item in given]}
    return {**new, "client_authentication_methods": methods} if methods else new


def _attached(call: Call, client: Document, item: Document) -> Document:
    store, parent = call.tenant.store, client["client_id"]
    if "pem" in item:
        minted = {"id": CREDENTIALS.mint(), **item}
        credential = _complete_credential(call, minted, {})
        store.put("client_credentials", credential["id"], credential, parent)
        return {"id": credential["id"]}
    found = store.get("client_credentials", str(item.get("id")))
    if found is None:
        raise invalid_body(f"Credential not found: {item.get('id')}")
    return {"id": found["id"]}


def _show(call: Call, document: Document) -> Document:
    """The secret is for those who create it or may read keys; credentials show their id only."""
    if call.method == "POST":
        return _with_whole_credentials(call, document)
    if KEY_SCOPES & call.scopes:
        return document
    return {name: value for name, value in document.items() if name != "client_secret"}


def _with_whole_credentials(call: Call, document: Document) -> Document:
    for method in (document.get("client_authentication_methods") or {}).values():
        stored = [call.tenant.store.get(CREDENTIALS.name, c["id"]) for c in method["credentials"]]
        method["credentials"] = [concealed(item, CREDENTIALS.hidden) for item in stored if item]
    return document


def _cascade(call: Call, client: Document) -> None:
    if client.get("global"):
        raise Refusal(400, "The global client cannot be deleted", "operation_not_supported")
    store, id = call.tenant.store, client["client_id"]
    for row in store.rows("client_credentials", id):
        store.delete("client_credentials", row.id)
    for kind in ("client_grants", "connection_clients"):
        for row in store.rows(kind):
            if row.document.get("client_id") == id:
                store.delete(kind, row.id)


def _rotate_secret(call: Call) -> Answer:
    client = fetch(CLIENTS, call)
    client["client_secret"] = identity.secret()
    call.tenant.store.put("clients", client["client_id"], client)
    return Answer(200, view(CLIENTS, call, client))


def _list_connections(call: Call) -> Answer:
    client, store = fetch(CLIENTS, call), call.tenant.store
    links = store.rows("connection_clients")
    ids = {row.parent for row in links if row.document["client_id"] == client["client_id"]}
    rows = [row for row in store.rows("connections") if row.id in ids]

    def shown(row: Row) -> Document:
        return projected(call, public(row.document))

    return Answer(200, page(call, _CONNECTIONS, rows, shown))


def _complete_credential(call: Call, new: Document, old: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    if old:
        return {**new, "updated_at": now}
    if new.get("credential_type") == "cert_subject_dn":
        return {**new, "created_at": now, "updated_at": now}
    digest = hashlib.sha256(str(new.get("pem")).encode()).digest()
    server = {
        "alg": "RS256",
        "kid": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "created_at": now,
        "updated_at": now,
    }
    return filled(new, server)


def _keep_attached(call: Call, credential: Document) -> None:
    client: Any = call.tenant.store.get("clients", call.arguments["client_id"]) or {}
    methods = client.get("client_authentication_methods") or {}
    used = [item["id"] for method in methods.values() for item in method["credentials"]]
    if credential["id"] in used:
        raise Refusal(400, "Cannot delete a credential that is still associated with a client")


CLIENTS = Collection(
    name="clients",
    path="/clients",
    id="client_id",
    mint=identity.alphanumeric,
    noun="clients",
    paging=Paging("clients", "checkpoint"),
    missing=MISSING,
    filters=(
        ("app_type", "app_type"),
        ("is_global", "global"),
        ("is_first_party", "is_first_party"),
        ("external_client_id", "external_client_id"),
    ),
    query=("q",),
    scopes=(("read", _READ), ("update", _UPDATE)),
    merged=(
        "client_metadata", "jwt_configuration", "mobile", "native_social_login", "refresh_token",
        "session_transfer", "signed_request_object", "addons",
    ),
    emptied=("client_metadata",),
    always=frozenset({"tenant"}),
    limits=limits(
        {
            "name": {"minLength": 1, "pattern": "^[^<>]+$"},
            "description": {"maxLength": 140},
            "async_approval_notification_channels": {"minItems": 1},
            "organization_discovery_methods": {"minItems": 1},
            "refresh_token.policies": {"minItems": 1},
            "refresh_token.leeway": {"minimum": 0},
            "refresh_token.token_lifetime": {"minimum": 1, "maximum": 157788000},
            "client_metadata": {"maxProperties": 10},
            "session_transfer.delegation.enforce_device_binding": {"enum": _BINDINGS},
        }
    ),
    open=(
        "ClientEncryptionKey",
        "ClientJwtConfiguration",
        "ClientMobile",
        "ClientOidcBackchannelLogoutSettings",
        *_OPEN_ADDONS,
    ),
    check=_check,
    complete=_complete,
    show=_show,
    cascade=_cascade,
)  # fmt: skip

CREDENTIALS = Collection(
    name="client_credentials",
    path="/clients/{client_id}/credentials",
    mint=identity.prefixed("cred_", 22),
    noun="client_credentials",
    paging=Paging("credentials", "array"),
    missing=("Credential not found", None),
    parent=("clients", "client_id"),
    query=("include_totals", "per_page", "page"),
    hidden=(Hidden(("pem",)), Hidden(("parse_expiry_from_cert",))),
    complete=_complete_credential,
    cascade=_keep_attached,
)

ROUTES = joined(
    [
        Route("POST", "/clients/{id}/rotate-secret", ("update:client_keys",), _rotate_secret),
        Route(
            "GET",
            "/clients/{id}/connections",
            ("read:connections",),
            _list_connections,
            None,
            _CONNECTIONS.parameters() | {"strategy", "fields", "include_fields"},
        ),
    ],
    collection_routes(CLIENTS),
    collection_routes(CREDENTIALS),
)
