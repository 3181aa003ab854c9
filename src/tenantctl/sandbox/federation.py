"""What Auth0 learns from the metadata an identity provider publishes, without fetching any.

The real API fetches a discovery document; here it follows from its address by the conventions of
the provider that publishes there. Metadata that is sent along is read.
"""

import base64
import textwrap
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit
from xml.etree import ElementTree as ET

from tenantctl.sandbox.refusal import Refusal

_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_SPACES: Final = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "fed": "http://docs.oasis-open.org/wsfed/federation/200706",
    "wsa": "http://www.w3.org/2005/08/addressing",
}
# The endpoints an option may leave to discovery, all by the names of OpenID Connect Discovery.
ENDPOINTS: Final[tuple[str, ...]] = (
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "issuer",
    "jwks_uri",
)
# What OpenID Connect Discovery says a document means that leaves these out.
_ASSUMED: Final = {
    "claims_parameter_supported": False,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "require_request_uri_registration": False,
}
_SIGNATURES: Final = (
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
)  # fmt: skip
_SECRETS: Final = ("client_secret_basic", "client_secret_post")
_GENERIC: Final[dict[str, Any]] = {
    "response_types_supported": ["code", "id_token", "code id_token"],
    "response_modes_supported": ["query", "fragment", "form_post"],
    "grant_types_supported": ["authorization_code", "implicit", "refresh_token"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "scopes_supported": ["openid", "profile", "email"],
    "token_endpoint_auth_methods_supported": list(_SECRETS),
    "claims_supported": ["sub", "iss", "aud", "exp", "iat", "name", "email"],
    "code_challenge_methods_supported": ["S256"],
}
_METHODS: Final = [*_SECRETS, "client_secret_jwt", "private_key_jwt", "none"]
_OKTA: Final[dict[str, Any]] = {
    "response_types_supported": [
        "code", "id_token", "code id_token", "code token", "id_token token", "code id_token token",
    ],
    "response_modes_supported": ["query", "fragment", "form_post", "okta_post_message"],
    "grant_types_supported": [
        "authorization_code", "implicit", "refresh_token", "password",
        "urn:ietf:params:oauth:grant-type:device_code", "urn:openid:params:grant-type:ciba",
    ],
    "id_token_encryption_alg_values_supported": ["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"],
    "id_token_encryption_enc_values_supported": ["A256GCM"],
    "scopes_supported": [
        "openid", "email", "profile", "address", "phone", "offline_access", "groups",
    ],
    "token_endpoint_auth_methods_supported": _METHODS,
    "introspection_endpoint_auth_methods_supported": _METHODS,
    "revocation_endpoint_auth_methods_supported": _METHODS,
    "claims_supported": [
        "iss", "ver", "sub", "aud", "iat", "exp", "jti", "auth_time", "amr", "idp", "nonce",
        "name", "nickname", "preferred_username", "given_name", "family_name", "email",
    ],
    "request_parameter_supported": True,
    "request_object_signing_alg_values_supported": list(_SIGNATURES),
    "backchannel_token_delivery_modes_supported": ["poll"],
    "backchannel_authentication_request_signing_alg_values_supported": list(_SIGNATURES),
    "dpop_signing_alg_values_supported": ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
}  # fmt: skip
_GENERIC_PATHS: Final = {
    "authorization_endpoint": "/authorize",
    "token_endpoint": "/oauth/token",
    "userinfo_endpoint": "/userinfo",
    "jwks_uri": "/.well-known/jwks.json",
    "registration_endpoint": "/oidc/register",
    "revocation_endpoint": "/oauth/revoke",
}
_OKTA_PATHS: Final = {
    "authorization_endpoint": "/v1/authorize",
    "token_endpoint": "/v1/token",
    "userinfo_endpoint": "/v1/userinfo",
    "jwks_uri": "/v1/keys",
    "registration_endpoint": "/v1/clients",
    "introspection_endpoint": "/v1/introspect",
    "revocation_endpoint": "/v1/revoke",
    "end_session_endpoint": "/v1/logout",
    "device_authorization_endpoint": "/v1/device/authorize",
    "pushed_authorization_request_endpoint": "/v1/par",
}
# Public providers whose endpoints lie elsewhere than their discovery document.
_PUBLIC: Final[dict[str, dict[str, str]]] = {
    "accounts.google.com": {
        "issuer": "https://accounts.google.com",
        "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
        "token_endpoint": "https://oauth2.googleapis.com/token",
        "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo",
        "jwks_uri": "https://www.googleapis.com/oauth2/v3/certs",
        "revocation_endpoint": "https://oauth2.googleapis.com/revoke",
    },
    "www.paypalobjects.com": {
        "issuer": "https://www.paypal.com",
        "authorization_endpoint": "https://www.paypal.com/signin/authorize",
        "token_endpoint": "https://api.paypal.com/v1/oauth2/token",
        "userinfo_endpoint": "https://api.paypal.com/v1/oauth2/token/userinfo",
        "jwks_uri": "https://api.paypal.com/v1/oauth2/certs",
        "registration_endpoint": "https://api.paypal.com/v1/oauth2/applications",
        "revocation_endpoint": "https://api.paypal.com/v1/oauth2/revoke",
    },
    "api.login.yahoo.com": {
        "issuer": "https://api.login.yahoo.com",
        "authorization_endpoint": "https://api.login.yahoo.com/oauth2/request_auth",
        "token_endpoint": "https://api.login.yahoo.com/oauth2/get_token",
        "userinfo_endpoint": "https://api.login.yahoo.com/openid/v1/userinfo",
        "jwks_uri": "https://api.login.yahoo.com/openid/v1/certs",
        "introspection_endpoint": "https://api.login.yahoo.com/oauth2/introspect",
        "revocation_endpoint": "https://api.login.yahoo.com/oauth2/revoke",
        "token_revocation_endpoint": "https://api.login.yahoo.com/oauth2/revoke",
    },
}
_PUBLIC_FACTS: Final[dict[str, dict[str, Any]]] = {
    "api.login.yahoo.com": {
        "acr_values_supported": ["AAL1", "AAL2"],
        "display_values_supported": ["page"],
    },
}


def discovered(url: str) -> dict[str, Any]:
    """The discovery document that stands at an address.

    Shape: members of OpenID Connect Discovery 1.0, with what it says missing ones mean.
    """
    base = url.removesuffix(_WELL_KNOWN).rstrip("/")
    parts = _address(base)
    if parts.netloc in _PUBLIC:
        facts = _PUBLIC_FACTS.get(parts.netloc, {})
        return {**_ASSUMED, **_GENERIC, **facts, **_PUBLIC[parts.netloc]}
    if parts.netloc.endswith((".okta.com", ".oktapreview.com")):
        server = base if parts.path.startswith("/oauth2") else f"{base}/oauth2"
        paths = {name: server + path for name, path in _OKTA_PATHS.items()}
        return {**_ASSUMED, **_GENERIC, **_OKTA, "issuer": base, **paths}
    if parts.netloc == "login.microsoftonline.com":
        server = base.removesuffix("/v2.0") + "/oauth2/v2.0"
        paths = {
            "authorization_endpoint": f"{server}/authorize",
            "token_endpoint": f"{server}/token",
            "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
            "jwks_uri": base.removesuffix("/v2.0") + "/discovery/v2.0/keys",
        }
        return {**_ASSUMED, **_GENERIC, "issuer": base, **paths}
    paths = {name: base + path for name, path in _GENERIC_PATHS.items()}
    return {**_ASSUMED, **_GENERIC, "issuer": base, **paths}


def completed(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata that was sent along, with what is assumed of members it leaves out."""
    return {**_ASSUMED, **metadata}


def saml_metadata(text: str) -> dict[str, Any]:
    """Signing certificate and endpoints out of an identity provider's SAML metadata.

    Members by the names of connection options; `signingCert` is the PEM once more in base64.
    Raises Refusal 400 where the text is not XML, or declares entities.
    """
    root = _parsed(text, "metadataXml")
    found: dict[str, Any] = {}
    certificate = _first(root, ".//md:KeyDescriptor[@use='signing']//ds:X509Certificate")
    certificate = certificate or _first(root, ".//ds:X509Certificate")
    if certificate:
        found["signingCert"] = base64.b64encode(_pem(certificate).encode()).decode()
    for option, service in (
        ("signInEndpoint", "SingleSignOnService"),
        ("signOutEndpoint", "SingleLogoutService"),
    ):
        chosen = _preferred(root.findall(f".//md:{service}", _SPACES))
        if chosen is not None:
            found[option] = chosen.get("Location", "")
            if service == "SingleSignOnService":
                found["bindingMethod"] = chosen.get("Binding", _REDIRECT)
    return found


def saml_at(url: str) -> dict[str, Any]:
    """What metadata at an address would say: endpoints beside it; no certificate."""
    parts = _address(url)
    server = f"{parts.scheme}://{parts.netloc}"
    return {
        "signInEndpoint": f"{server}/saml/login",
        "signOutEndpoint": f"{server}/saml/logout",
        "bindingMethod": _REDIRECT,
    }


def federation_metadata(text: str) -> dict[str, Any]:
    """The sign-in endpoint out of the WS-Federation metadata of an ADFS server.

    Raises Refusal 400 where the text is not XML, or declares entities.
    """
    root = _parsed(text, "fedMetadataXml")
    address = _first(root, ".//fed:PassiveRequestorEndpoint//wsa:Address")
    return {"signInEndpoint": address} if address else {}


def _address(url: str) -> SplitResult:
    """The parts of an address. Raises Refusal 400 where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        raise Refusal(400, f"{url} is not a valid URL", "invalid_body") from None


def _parsed(text: str, option: str) -> ET.Element:
    refusal = Refusal(400, f"options.{option} is not valid metadata", "invalid_body")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise refusal
    try:
        return ET.fromstring(text.strip())  # noqa: S314 - no declarations, hence no entities
    except (ET.ParseError, ValueError, LookupError):
        raise refusal from None


def _first(root: ET.Element, path: str) -> str:
    found = root.find(path, _SPACES)
    return (found.text or "").strip() if found is not None else ""


def _preferred(services: list[ET.Element]) -> ET.Element | None:
    """The service with the redirect binding, else the first."""
    redirecting = (item for item in services if item.get("Binding") == _REDIRECT)
    return next(redirecting, services[0] if services else None)


def _pem(certificate: str) -> str:
    lines = textwrap.wrap("".join(certificate.split()), 64)
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])
