"""What Auth0 fills in of a client, by what the client is (recorded traffic 6)."""

from typing import Any, Final

from tenantctl.sandbox.documents import filled
from tenantctl.sandbox.store import Document

_INTERACTIVE: Final = ("authorization_code", "implicit", "refresh_token")
_GRANT_TYPES: Final = {
    "spa": _INTERACTIVE,
    "native": _INTERACTIVE,
    "resource_server": (),
    "express_configuration": ("authorization_code", "client_credentials"),
}
_DEFAULTS: Final[Document] = {
    "global": False,
    "is_first_party": True,
    "is_token_endpoint_ip_header_trusted": False,
    "oidc_conformant": False,
    "sso_disabled": False,
    "cross_origin_auth": False,
    "cross_origin_authentication": False,
    "custom_login_page_on": True,
    "callback_url_template": False,
}
_GLOBAL: Final[Document] = {
    "name": "All Applications",
    "oidc_conformant": True,
    "callbacks": [],
    "jwt_configuration": {"alg": "RS256"},
    "sso": False,
}
_EXPRESS: Final[Document] = {
    "oidc_conformant": True,
    "callbacks": ["https://system-admin.okta.com/admin/app/generic/oauth20redirect"],
    "jwt_configuration": {"alg": "RS256"},
    "organization_usage": "require",
    "organization_require_behavior": "pre_login_prompt",
    "client_authentication_methods": {"private_key_jwt": {"credentials": []}},
}
_STRICT: Final[Document] = {
    "grant_types": ["authorization_code"],
    "jwt_configuration": {"alg": "RS256", "lifetime_in_seconds": 3600},
}
_SESSION_TRANSFER: Final[Document] = {
    "can_create_session_transfer_token": False,
    "allowed_authentication_methods": [],
    "enforce_device_binding": "ip",
    "allow_refresh_token": False,
    "enforce_online_refresh_tokens": True,
    "enforce_cascade_revocation": True,
}


def completed(client: Document) -> Document:
    """A new client with the defaults of its sort; what it says itself stands."""
    for defaults in (_by_sort(client), _by_party(client)):
        client = filled(client, defaults)
    jwt = {"lifetime_in_seconds": 36000} if "jwt_configuration" not in client else {}
    grants = _GRANT_TYPES.get(_text(client, "app_type"), (*_INTERACTIVE, "client_credentials"))
    common: Document = {
        "grant_types": list(grants),
        "jwt_configuration": {**jwt, "secret_encoded": False},
        "refresh_token": _refresh_token(client),
    }
    return filled(filled(client, common), _DEFAULTS)


def adjusted(client: Document) -> Document:
    """What follows from other members after every write."""
    transfer = client.get("session_transfer")
    if isinstance(transfer, dict):
        client = {**client, "session_transfer": {**_SESSION_TRANSFER, **transfer}}
    logout = client.get("oidc_logout")
    if isinstance(logout, dict) and "backchannel_logout_urls" in logout:
        urls = {"backchannel_logout_urls": logout["backchannel_logout_urls"]}
        client = {**client, "oidc_backchannel_logout": urls}
    return client


def is_strict(client: Document) -> bool:
    """Whether a client is a third party's and held to the stricter rules."""
    return client.get("third_party_security_mode") == "strict"


def _by_sort(client: Document) -> Document:
    if client.get("global"):
        return _GLOBAL
    return {
        "express_configuration": _EXPRESS,
        "resource_server": {"jwt_configuration": {"alg": "RS256"}},
    }.get(_text(client, "app_type"), {})


def _by_party(client: Document) -> Document:
    if client.get("is_first_party", True):
        return {}
    base: Document = {"oidc_conformant": True, "third_party_security_mode": "permissive"}
    return {**base, **_STRICT} if is_strict(client) else base


def _refresh_token(client: Document) -> Document:
    """Lifetimes are long where a secret protects them; a third party's tokens expire."""
    method = _text(client, "token_endpoint_auth_method")
    protected = method in {"client_secret_post", "client_secret_basic"}
    given = client.get("refresh_token") or {}
    ours = client.get("is_first_party", True)
    expiring = (
        not ours if "expiration_type" not in given else given["expiration_type"] == "expiring"
    )
    public = not ours and method == "none"
    return {
        "rotation_type": "rotating" if public else "non-rotating",
        "expiration_type": "expiring" if expiring else "non-expiring",
        "leeway": 0,
        "infinite_token_lifetime": not expiring or (not ours and not public),
        "infinite_idle_token_lifetime": not expiring,
        "token_lifetime": 31557600 if protected else 2592000,
        "idle_token_lifetime": 2592000 if protected else 1296000,
    }


def _text(client: Document, name: str) -> str:
    value: Any = client.get(name)
    return value if isinstance(value, str) else ""
