"""`/oauth/token` and the access tokens it gives: client credentials, by secret or by assertion."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, unquote

from tenantctl.sandbox import events
from tenantctl.sandbox.permissions import MANAGEMENT_SCOPES
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Tenant

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# The claim of tokens that people are handed: all scopes by name take six thousand characters.
EVERY_SCOPE = "*"
_ALGORITHMS = ["RS256", "RS384", "PS256"]
_HEADER = {"alg": "HS256", "typ": "JWT"}


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who calls, and what the token permits."""

    client_id: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Claims:
    bearer: Bearer
    audience: str
    expires: int


@dataclass(slots=True)
class _Denied(Exception):
    status: int
    error: str
    description: str


def exchange(tenant: Tenant, key: bytes, headers: dict[str, str], body: bytes) -> Answer:
    """The answer of the token endpoint, in OAuth's form where it refuses."""
    given: dict[str, str] = {}
    try:
        given = {**_basic(headers), **_fields(headers.get("content-type", ""), body)}
        granted = _grant(tenant, key, given)
    except _Denied as denied:
        problem = {"error": denied.error, "error_description": denied.description}
        events.add_token(tenant, given.get("client_id", ""), denied.description)
        return Answer(denied.status, problem)
    client_id = given.get("client_id") or _subject(given.get("client_assertion"))
    events.add_token(tenant, client_id, None, granted["scope"])
    return Answer(200, granted)


def authenticate(tenant: Tenant, key: bytes, header: str | None) -> Bearer:
    """The bearer of an Authorization header. Raises Refusal 401."""
    kind, _, token = (header or "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Refusal(401, "Missing authentication")
    claims = _claims(key, token)
    if claims is None or claims.audience not in tenant.audiences:
        raise Refusal(401, "Invalid token", "invalid_token")
    if claims.expires <= tenant.clock():
        raise Refusal(401, "Expired token received for JSON Web Token validation", "invalid_token")
    return claims.bearer


def _grant(tenant: Tenant, key: bytes, given: dict[str, str]) -> Document:
    if given.get("grant_type") != "client_credentials":
        raise _Denied(403, "unsupported_grant_type", "Unsupported grant type")
    client = _client(tenant, given)
    if "client_credentials" not in client.get("grant_types", []):
        raise _Denied(
            403,
            "unauthorized_client",
            "Grant type 'client_credentials' not allowed for the client.",
        )
    audience = given.get("audience")
    if not audience:
        raise _Denied(403, "access_denied", "No audience parameter was provided")
    name = tenant.audience if audience in tenant.audiences else audience
    server = tenant.store.find("resource_servers", "identifier", name)
    if server is None:
        raise _Denied(403, "access_denied", f"Service not found: {audience}")
    scopes = _granted(tenant, client["client_id"], server.document)
    asked = given.get("scope", "").split()
    scope = " ".join(name for name in scopes if not asked or name in asked)
    lifetime = int(server.document.get("token_lifetime", 86400))
    token = issue(
        tenant, key, client["client_id"], audience=audience, scope=scope, lifetime=lifetime
    )
    return {
        "access_token": token,
        "scope": scope,
        "expires_in": lifetime,
        "token_type": "Bearer",
    }


def issue(
    tenant: Tenant, key: bytes, client_id: str, *, audience: str, scope: str, lifetime: int
) -> str:
    """An access token, signed; `scope` as words, `lifetime` in seconds."""
    now = int(tenant.clock())
    claims = {
        "iss": f"https://{tenant.domain}/",
        "sub": f"{client_id}@clients",
        "aud": audience,
        "iat": now,
        "exp": now + lifetime,
        "scope": scope,
        "gty": "client-credentials",
        "azp": client_id,
    }
    return _signed(key, claims)


def _granted(tenant: Tenant, client_id: str, server: Document) -> list[str]:
    for row in tenant.store.rows("client_grants"):
        grant = row.document
        same = grant.get("client_id") == client_id and grant["audience"] == server["identifier"]
        if same and grant.get("subject_type", "client") == "client":
            if grant.get("allow_all_scopes"):
                return [scope["value"] for scope in server.get("scopes", [])]
            return list(grant["scope"])
    raise _Denied(
        403,
        "access_denied",
        f'Client is not authorized to access "{server["identifier"]}". You need to create a'
        ' "client-grant" associated to this API.',
    )


def _client(tenant: Tenant, given: dict[str, str]) -> Document:
    assertion = given.get("client_assertion")
    client_id = given.get("client_id") or _subject(assertion)
    client = tenant.store.get("clients", client_id)
    if client is None:
        raise _Denied(401, "access_denied", "Unauthorized")
    keys = _keys(tenant, client)
    if assertion:
        if given.get("client_assertion_type") != ASSERTION or not keys:
            raise _Denied(401, "invalid_client", "Client assertion is not allowed for the client.")
        _verify(tenant, client_id, assertion, keys)
        return client
    secret = str(client.get("client_secret", ""))
    if keys or not hmac.compare_digest(secret, given.get("client_secret", "")):
        raise _Denied(401, "access_denied", "Unauthorized")
    return client


def _keys(tenant: Tenant, client: Document) -> list[str]:
    method = (client.get("client_authentication_methods") or {}).get("private_key_jwt", {})
    ids = [item["id"] for item in method.get("credentials", [])]
    found = [tenant.store.get("client_credentials", id) for id in ids]
    return [credential["pem"] for credential in found if credential]


def _verify(tenant: Tenant, client_id: str, assertion: str, keys: list[str]) -> None:
    import jwt

    bases = (f"https://{tenant.domain}", *tenant.bases)
    audiences = [f"{base}{end}" for base in bases for end in ("", "/", "/oauth/token")]
    # The sandbox has a clock of its own, so expiry is compared below.
    options: Any = {"require": ["exp", "aud", "iss", "sub"], "verify_exp": False}
    options |= {"verify_iat": False, "verify_nbf": False}
    for key in keys:
        try:
            claims = jwt.decode(
                assertion, key, algorithms=_ALGORITHMS, audience=audiences, options=options
            )
        except (jwt.PyJWTError, ValueError):
            continue
        if claims["exp"] <= tenant.clock():
            raise _Denied(401, "invalid_client", "Client assertion has expired")
        if claims["iss"] == client_id == claims["sub"]:
            return
    raise _Denied(401, "invalid_client", "Failed to verify client assertion")


def _subject(assertion: str | None) -> str:
    try:
        claims = json.loads(_decode((assertion or "").split(".")[1]))
        return str(claims.get("sub", ""))
    except (IndexError, ValueError):
        return ""


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    try:
        text = body.decode()
        if "json" in content_type:
            found = json.loads(text)
            return {name: str(value) for name, value in found.items()}
        return {name: values[0] for name, values in parse_qs(text).items()}
    except (ValueError, AttributeError):
        raise _Denied(400, "invalid_request", "The request body cannot be read") from None


def _basic(headers: dict[str, str]) -> dict[str, str]:
    kind, _, encoded = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, ValueError):
        return {}
    return {"client_id": unquote(client_id), "client_secret": unquote(secret)}


def _signed(key: bytes, claims: Document) -> str:
    text = f"{_encode(json.dumps(_HEADER).encode())}.{_encode(json.dumps(claims).encode())}"
    return f"{text}.{_signature(key, text)}"


@lru_cache(maxsize=256)
def _claims(key: bytes, token: str) -> _Claims | None:
    """What a token says, None where the signature is not ours; clients send the same one often."""
    text, _, signature = token.rpartition(".")
    if not hmac.compare_digest(_signature(key, text).encode(), signature.encode()):
        return None
    told = json.loads(_decode(text.partition(".")[2]))
    scopes = MANAGEMENT_SCOPES if told["scope"] == EVERY_SCOPE else told["scope"].split()
    bearer = Bearer(told["azp"], frozenset(scopes))
    return _Claims(bearer, told["aud"], told["exp"])


def _signature(key: bytes, text: str) -> str:
    return _encode(hmac.new(key, text.encode(), hashlib.sha256).digest())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
