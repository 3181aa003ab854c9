"""Clients (applications)."""

from tenantctl.sandbox import identity
from tenantctl.sandbox.associations import unlink
from tenantctl.sandbox.documents import filled, projected, public
from tenantctl.sandbox.pages import ordered, page
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources.applications import adjusted, completed, is_strict
from tenantctl.sandbox.resources.credentials import attach, whole
from tenantctl.sandbox.resources.express import grant_express
from tenantctl.sandbox.service import (
    collection_routes,
    delete_below,
    delete_referring,
    fetch,
    joined,
    require,
    view,
)
from tenantctl.sandbox.shapes import query_parameters
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Call, Collection, Paging, Route, limits

MISSING = ("The client does not exist", "inexistent_client")
KEY_SCOPES = frozenset({"read:client_keys", "read:client_credentials"})

_READ = ("read:clients", "read:client_keys", "read:client_credentials", "read:client_summary")
_UPDATE = (
    "update:clients",
    "update:client_keys",
    "update:client_credentials",
    "update:client_token_vault_privileged_access",
)
_BINDINGS = ("none", "ip", "asn", None)  # the SDK does not know asn, the API does
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


def _check(call: Call, new: Document, old: Document) -> None:
    methods = new.get("client_authentication_methods")
    if methods and new.get("token_endpoint_auth_method"):
        raise Refusal(
            400,
            "client_authentication_methods and token_endpoint_auth_method are mutually exclusive",
            "invalid_body",
        )
    for path, kind, refusal in _REFERENCES:
        id = _at(new, path)
        if id is not None and id != _at(old, path):
            require(call, kind, id, refusal)


def _at(document: Document, path: tuple[str, str]) -> str | None:
    inner = document.get(path[0])
    found = inner.get(path[1]) if isinstance(inner, dict) else None
    return found if isinstance(found, str) else None


def _complete(call: Call, new: Document, old: Document) -> Document:
    if old:
        return attach(call, adjusted({**new, **_addons(call, new, old)}))
    if is_strict(new):
        new = {**new, "client_id": identity.prefixed("tpc_", 22)()}
    grant_express(call, new)
    server: Document = {
        "tenant": call.tenant.name,
        "client_secret": identity.secret(),
        "signing_keys": [{"cert": "-----BEGIN CERTIFICATE-----\r\n-----END CERTIFICATE-----"}],
    }
    return filled(adjusted(completed(attach(call, new))), server)


def _addons(call: Call, new: Document, old: Document) -> Document:
    """Add-ons that an update does not mention stay; one that it does is replaced as a whole."""
    sent = (call.body or {}).get("addons")
    if not sent:
        return {}
    kept = {name: addon for name, addon in old.get("addons", {}).items() if name not in sent}
    return {"addons": {**kept, **new["addons"]}}


def _show(call: Call, document: Document) -> Document:
    """The secret is for those who create it or may read keys; credentials show their id only."""
    if call.method == "POST":
        return whole(call, document)
    if KEY_SCOPES & call.scopes:
        return document
    return {name: value for name, value in document.items() if name != "client_secret"}


def _cascade(call: Call, client: Document) -> None:
    if client.get("global"):
        raise Refusal(400, "The global client cannot be deleted", "operation_not_supported")
    id = client["client_id"]
    delete_below(call, ("client_credentials",), id)
    for row in call.tenant.store.rows("client_grants"):
        if row.document.get("client_id") == id:
            unlink(call, "grant_id", row.id)
            call.tenant.store.delete("client_grants", row.id)
    delete_referring(call, ("connection_clients", "agents"), "client_id", id)
    unlink(call, "client_id", id)


def _rotate_secret(call: Call) -> Answer:
    client = fetch(CLIENTS, call)
    client["client_secret"] = identity.secret()
    call.tenant.store.put("clients", client["client_id"], client)
    return Answer(200, view(CLIENTS, call, client))


def _search(call: Call) -> Answer:
    """Clients by `field:value` pairs, without what the search never tells."""
    terms = [term.partition(":") for term in (call.first("q") or "").split()]
    rows = [row for row in call.tenant.store.rows("clients") if _matches(row.document, terms)]

    def shown(row: Row) -> Document:
        told = {k: v for k, v in public(row.document).items() if k not in _NEVER_FOUND}
        return projected(call, told)

    return Answer(200, page(call, _SEARCH_PAGES, ordered(call, rows), shown))


def _matches(client: Document, terms: list[tuple[str, str, str]]) -> bool:
    return all(
        str(client.get(field, "")).lower() == value.strip('"').lower()
        for field, _, value in terms
        if value
    )


_NEVER_FOUND = frozenset({"client_secret", "encryption_key", "signing_keys", "owners", "addons"})
_SEARCH_PAGES = Paging("clients", "only_checkpoint")
_NO_CONNECTION_PROFILE = Refusal(400, "The connection profile does not exist", "invalid_body")
_NO_USER_PROFILE = Refusal(400, "The user attribute profile does not exist", "invalid_body")
_NO_CLIENT = Refusal(404, "The Client ID for Invitations could not be found.")
_REFERENCES = (
    (
        ("express_configuration", "connection_profile_id"),
        "connection_profiles",
        _NO_CONNECTION_PROFILE,
    ),
    (
        ("express_configuration", "user_attribute_profile_id"),
        "user_attribute_profiles",
        _NO_USER_PROFILE,
    ),
    (("express_configuration", "okta_oin_client_id"), "clients", Refusal(400, *MISSING)),
    (
        ("my_organization_configuration", "connection_profile_id"),
        "connection_profiles",
        _NO_CONNECTION_PROFILE,
    ),
    (
        ("my_organization_configuration", "user_attribute_profile_id"),
        "user_attribute_profiles",
        _NO_USER_PROFILE,
    ),
    (("my_organization_configuration", "invitation_landing_client_id"), "clients", _NO_CLIENT),
)
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
        "session_transfer", "signed_request_object",
    ),
    emptied=("client_metadata",),
    always=frozenset({"tenant"}),
    limits=limits(
        {
            "name": {"minLength": 1},
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

ROUTES = joined(
    [
        Route("POST", "/clients/{id}/rotate-secret", ("update:client_keys",), _rotate_secret),
        Route(
            "GET",
            "/clients/search",
            ("read:clients", "read:client_summary"),
            _search,
            query=query_parameters("clients", "search"),
        ),
    ],
    collection_routes(CLIENTS),
)
