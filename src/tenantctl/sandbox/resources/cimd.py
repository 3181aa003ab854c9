"""Clients described by a document of their own at an address (CIMD).

The real API fetches the document; here it is what a client that was registered from it says, or
what follows from its address.
"""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from tenantctl.sandbox import identity
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources.clients import CLIENTS
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Route

_MAPPED: Final = (
    "name", "callbacks", "logo_uri", "grant_types", "app_type", "token_endpoint_auth_method",
)  # fmt: skip
_WARNING: Final = (
    "Ignoring unsupported properties: client_uri. These properties are not validated or mapped"
    " to the Auth0 client configuration."
)
_VALIDATION: Final[Document] = {"valid": True, "violations": [], "warnings": [_WARNING]}
_REGISTERED: Final[Document] = {
    "is_first_party": False,
    "oidc_conformant": True,
    "jwt_configuration": {"alg": "RS256", "lifetime_in_seconds": 3600},
    "external_metadata_type": "cimd",
    "external_metadata_created_by": "admin",
}


def _address(call: Call) -> tuple[str, SplitResult]:
    """The address of the document. Raises Refusal 400 where it cannot be one."""
    url = call.body["external_client_id"]
    refusal = Refusal(400, f"Invalid external_client_id: {url}", "invalid_body")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise refusal from None
    if parts.scheme != "https" or not parts.hostname or parts.path in {"", "/"}:
        raise refusal
    return url, parts


def _mapped(url: str, parts: SplitResult, known: Document) -> Document:
    """The members of a client that its document gives."""
    server, labels = f"https://{parts.netloc}", str(parts.hostname).split(".")
    derived = {
        "name": labels[-2 if len(labels) > 1 else 0].capitalize(),
        "callbacks": [f"{server}/"],
        "logo_uri": f"{server}/logo.png",
        "grant_types": ["authorization_code"],
        "app_type": "native",
        "token_endpoint_auth_method": "none",
    }
    stated = {name: known.get(f"_{name}", known.get(name)) for name in _MAPPED}
    told = {name: value for name, value in stated.items() if value is not None}
    return {"external_client_id": url, **derived, **told}


def _registered(call: Call, url: str) -> Document:
    row = call.tenant.store.find("clients", "external_client_id", url)
    return row.document if row else {}


def _preview(call: Call) -> Answer:
    url, parts = _address(call)
    known = _registered(call, url)
    answer = {"mapped_fields": _mapped(url, parts, known), "validation": _VALIDATION}
    if known:
        answer["client_id"] = known["client_id"]
    return Answer(200, answer)


def _register(call: Call) -> Answer:
    """A new client, or the one of this document brought up to date: registering twice is safe."""
    url, parts = _address(call)
    known = _registered(call, url)
    mapped = _mapped(url, parts, known)
    # What the document said stays known beside what an update of the client makes of it.
    said = {f"_{name}": mapped[name] for name in _MAPPED}
    if known:
        client = {**known, **mapped, **said}
        call.tenant.store.put("clients", client["client_id"], client)
    else:
        given = {"client_id": identity.prefixed("tpc_", 22)(), **mapped, **_REGISTERED}
        client = {**CLIENTS.complete(call, given, {}), **said}
        call.tenant.store.put("clients", client["client_id"], client)
    answer = {
        "client_id": client["client_id"],
        "mapped_fields": mapped,
        "validation": _VALIDATION,
    }
    return Answer(200 if known else 201, answer)


ROUTES = (
    Route(
        "POST",
        "/clients/cimd/preview",
        ("read:clients",),
        _preview,
        Body("clients", "cimd_preview"),
    ),
    Route(
        "POST",
        "/clients/cimd/register",
        ("create:clients", "update:clients"),
        _register,
        Body("clients", "cimd_register"),
    ),
)
