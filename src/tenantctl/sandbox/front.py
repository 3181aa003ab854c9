"""What a tenant answers without a token: its discovery document, its keys, and who may sign in.

Nobody signs in here: a request to authorize that Auth0 would let through leads to a page that says
so, and one that it would refuse is refused.
"""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlencode, urlsplit

from tenantctl.sandbox.resources.keys import signing_keys
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Call, Query, Tenant

DISCOVERY: Final = "/.well-known/openid-configuration"
KEYS: Final = "/.well-known/jwks.json"
AUTHORIZE: Final = "/authorize"
LOGIN: Final = "/u/login"


@dataclass(frozen=True, slots=True)
class Page:
    """An answer to a browser: a page of HTML, or nothing but a place to go to."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str = ""


def front(tenant: Tenant, path: str, query: Query, host: str) -> Answer | Page | None:
    """The answer to a GET below the tenant's own root; None where there is nothing.

    *host* is what the request was sent to.
    """
    page = _PAGES.get(path)
    return page(tenant, query, _base(tenant, host)) if page else None


def _base(tenant: Tenant, host: str) -> str:
    """The URL that whoever asks knows the tenant by."""
    known = [base for base in sorted(tenant.bases) if urlsplit(base).netloc == host]
    return known[0] if known else f"https://{tenant.domain}"


def _discovery(_: Tenant, __: Query, base: str) -> Answer:
    document = {
        "issuer": f"{base}/",
        "authorization_endpoint": f"{base}{AUTHORIZE}",
        "token_endpoint": f"{base}/oauth/token",
        "device_authorization_endpoint": f"{base}/oauth/device/code",
        "userinfo_endpoint": f"{base}/userinfo",
        "mfa_challenge_endpoint": f"{base}/mfa/challenge",
        "jwks_uri": f"{base}{KEYS}",
        "registration_endpoint": f"{base}/oidc/register",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "end_session_endpoint": f"{base}/oidc/logout",
        "response_types_supported": ["code", "token", "id_token", "code token", "code id_token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "code_challenge_methods_supported": ["S256", "plain"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256", "RS256", "PS256"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
            "none",
        ],
        "scopes_supported": ["openid", "profile", "offline_access", "email", "address", "phone"],
    }
    return Answer(200, document)


def _keys(tenant: Tenant, _: Query, __: str) -> Answer:
    with tenant.store.transaction():
        found = signing_keys(Call(tenant, "GET", {}, {}, None, frozenset()))
    return Answer(200, {"keys": [_key(each) for each in found if not each["revoked"]]})


def _key(signing: Document) -> Document:
    """A signing key as a JSON Web Key."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    certificate = x509.load_pem_x509_certificate(signing["cert"].encode())
    public = certificate.public_key()
    assert isinstance(public, RSAPublicKey)
    numbers = public.public_numbers()
    lines = [line for line in signing["cert"].splitlines() if line and "-----" not in line]
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": signing["kid"],
        "n": _encoded(numbers.n),
        "e": _encoded(numbers.e),
        "x5c": ["".join(lines)],
    }


def _encoded(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _authorize(tenant: Tenant, query: Query, base: str) -> Page:
    """To the page where people sign in; to the application, or nowhere, with what is wrong."""
    given = {name: values[0] for name, values in query.items()}
    client = tenant.store.get("clients", given.get("client_id", ""))
    if client is None:
        return _page(400, "invalid_request", f"Unknown client: {given.get('client_id', '')}")
    target = given.get("redirect_uri", "")
    if target not in client.get("callbacks", []):
        told = f"The provided redirect_uri is not in the list of allowed callback URLs: {target}"
        return _page(403, "Callback URL mismatch.", told)
    if refused := _refused(client, given):
        error, description = refused
        said = {"error": error, "error_description": description, "state": given.get("state", "")}
        return _elsewhere(f"{target}{'&' if '?' in target else '?'}{urlencode(said)}")
    page = f"{urlsplit(base).path}{LOGIN}"
    return _elsewhere(f"{page}?{urlencode({'state': secrets.token_urlsafe(24)})}")


def _refused(client: Document, given: dict[str, str]) -> tuple[str, str] | None:
    """Error and description, where the client may not ask what it asks."""
    if "response_type" not in given:
        return "invalid_request", "Missing required parameter: response_type"
    grants = client.get("grant_types", [])
    if given["response_type"] == "code" and "authorization_code" not in grants:
        return "unauthorized_client", (
            "Grant type 'authorization_code' not allowed for the client."
        )
    if client.get("require_pushed_authorization_requests"):
        return "invalid_request", "Pushed authorization requests are required for this client"
    usage, behavior = client.get("organization_usage"), client.get("organization_require_behavior")
    asked = usage == "require" and behavior in {None, "no_prompt"}
    if asked and "organization" not in given:
        return "invalid_request", "parameter organization is required for this client"
    return None


def _login(tenant: Tenant, _: Query, __: str) -> Page:
    told = f"People would sign in to {tenant.domain} here. The sandbox has no login of its own."
    return _page(200, "Sign in", told)


def _elsewhere(place: str) -> Page:
    return Page(302, (("location", place),))


def _page(status: int, title: str, told: str) -> Page:
    body = f"<h1>{escape(title)}</h1><p>{escape(told)}</p>"
    text = f"<!doctype html><title>{escape(title)}</title>{body}\n"
    return Page(status, (("content-type", "text/html; charset=utf-8"),), text)


_PAGES: Final[dict[str, Callable[[Tenant, Query, str], Answer | Page]]] = {
    DISCOVERY: _discovery,
    KEYS: _keys,
    AUTHORIZE: _authorize,
    LOGIN: _login,
}
