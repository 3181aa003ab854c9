"""Whether a tenant works: what applications and people ask of it first, asked of the tenant itself.

Nothing is written, and reading scopes are enough.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tenantctl.engine.plan import identity_of
from tenantctl.errors import GatewayError
from tenantctl.files import Loaded
from tenantctl.gateway.looks import Look
from tenantctl.kinds import KINDS
from tenantctl.model import (
    FAILED,
    PASSED,
    SKIPPED,
    Address,
    Receipt,
    Scope,
    Shown,
    Tested,
)
from tenantctl.workflows.prepare import Gateway
from tenantctl.workflows.testing import receipt_of

DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ASKED = (
    "status",
    "grant_types",
    "callbacks",
    "organization_usage",
    "organization_require_behavior",
    "require_pushed_authorization_requests",
)
"""The fields that tell whether something works, or can be tried at all."""
SAID = 200


async def live_tests(loaded: Loaded, gateway: Gateway, receipt: Receipt | None) -> Shown:
    """What the tenant of an environment shows of itself, with the receipt of it."""
    tests = tuple([test async for test in _tests(loaded, gateway, receipt)])
    return Shown(tests, receipts=(receipt_of(loaded, "integration", tests, {}),))


async def _tests(
    loaded: Loaded, gateway: Gateway, receipt: Receipt | None
) -> AsyncIterator[Tested]:
    name = loaded.environment.name
    document: Mapping[str, Any] = {}
    try:
        document, wrong = await _discovery(gateway)
        yield _tested(name, "the discovery document is of this tenant", wrong)
        wrong = await _keys(gateway, document)
        yield _tested(name, "the keys that tokens are signed with can be read", wrong)
        wrong = await _token(gateway)
        yield _tested(name, "client credentials give a token for the Management API", wrong)
        async for test in _resources(loaded, gateway, receipt):
            yield test
    except GatewayError as error:
        yield _tested(name, "the tenant answers", error.message)


def _tested(environment: str, name: str, wrong: str, *, skipped: str = "") -> Tested:
    status = FAILED if wrong else SKIPPED if skipped else PASSED
    return Tested("integration", name, status, environment=environment, detail=wrong or skipped)


async def _discovery(gateway: Gateway) -> tuple[Mapping[str, Any], str]:
    """The discovery document, and what is wrong with it."""
    found = await gateway.look(DISCOVERY)
    document = found.document
    if found.status != 200 or not isinstance(document, dict):
        return {}, f"{DISCOVERY} answers {found.status}, and not with a document"
    issuer = f"https://{gateway.domain}/"
    if document.get("issuer") != issuer:
        return document, f"its issuer is {document.get('issuer')!r}, not {issuer!r}"
    for name in ENDPOINTS:
        if urlsplit(str(document.get(name))).scheme != "https":
            return document, f"its {name} is {document.get(name)!r}, not an https URL"
    return document, ""


async def _keys(gateway: Gateway, document: Mapping[str, Any]) -> str:
    """What is wrong with the keys that the discovery document leads to."""
    place = urlsplit(str(document.get("jwks_uri", "")))
    if place.netloc != gateway.domain:
        return f"jwks_uri leads to {place.netloc or 'nowhere'}, not to {gateway.domain}"
    found = await gateway.look(place.path)
    keys = found.document.get("keys") if isinstance(found.document, dict) else None
    if found.status != 200 or not isinstance(keys, list):
        return f"{place.path} answers {found.status}, and not with keys"
    if not any(isinstance(key, dict) and key.get("kid") and key.get("kty") for key in keys):
        return f"{place.path} holds no key"
    return ""


async def _token(gateway: Gateway) -> str:
    try:
        await gateway.scopes()
    except GatewayError as error:
        return error.message
    return ""


async def _resources(
    loaded: Loaded, gateway: Gateway, receipt: Receipt | None
) -> AsyncIterator[Tested]:
    """What is declared and can be seen to work, one test each."""
    addresses = sorted(a for a in loaded.desired.tenant.resources if KINDS[a.kind].smoke)
    live = await gateway.read(_scope(loaded, addresses, receipt))
    for address in addresses:
        resource = live.get(address)
        found = resource.fields if resource else {}
        fields = {name: gateway.value(found[name]) for name in ASKED if name in found}
        smoke = KINDS[address.kind].smoke
        what = "people can ask to sign in" if smoke == "authorize" else "its status is active"
        wrong = skipped = ""
        if resource is None:
            wrong = f"it is not in the tenant: tenantctl apply {loaded.environment.id}"
        elif smoke == "active":
            status = fields.get("status")
            wrong = "" if status == "active" else f"its status is {status!r}"
        elif not (skipped := _left_out(fields)):
            wrong = await _authorize(gateway, gateway.id_of(address), _callback(fields))
        yield _tested(loaded.environment.name, f"{address}: {what}", wrong, skipped=skipped)


def _scope(loaded: Loaded, addresses: list[Address], receipt: Receipt | None) -> Scope:
    entries = receipt.entries if receipt else {}
    identities = {a: identity_of(a, loaded.desired, entries) for a in addresses}
    hints = {a: entries[a].id for a in addresses if a in entries and entries[a].id}
    return Scope(identities, loaded.desired.tenant, hints)


def _callback(fields: Mapping[str, Any]) -> str:
    """A place that people can be sent back to; one without a wildcard."""
    listed = fields.get("callbacks") or []
    return next((url for url in listed if isinstance(url, str) and "*" not in url), "")


def _left_out(fields: Mapping[str, Any]) -> str:
    """Why nobody can ask for sign-in with a client alone, if that is so."""
    if "authorization_code" not in (fields.get("grant_types") or []) or not _callback(fields):
        return "nobody signs in with it: it has no authorization_code grant or no callback"
    if fields.get("require_pushed_authorization_requests") is True:
        return "its requests have to be pushed, which takes its own credentials"
    behavior = fields.get("organization_require_behavior")
    if fields.get("organization_usage") == "require" and behavior in {None, "no_prompt"}:
        return "its requests have to name an organization"
    return ""


async def _authorize(gateway: Gateway, client_id: str, callback: str) -> str:
    """What is wrong with the answer to a client that asks for sign-in; nobody signs in."""
    challenge = hashlib.sha256(secrets.token_bytes(32)).digest()
    query = {
        "client_id": client_id,
        "redirect_uri": callback,
        "response_type": "code",
        "scope": "openid",
        "state": secrets.token_urlsafe(16),
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    return _refusal(await gateway.look("/authorize", query))


def _refusal(found: Look) -> str:
    place = urlsplit(found.location)
    told = parse_qs(place.query) | parse_qs(place.fragment)
    if error := told.get("error"):
        why = told.get("error_description", [""])[0]
        return f"/authorize refuses it: {error[0]}: {why}"[:SAID]
    redirected = 300 <= found.status < 400 and bool(found.location)
    return "" if found.status == 200 or redirected else f"/authorize answers {found.status}"
