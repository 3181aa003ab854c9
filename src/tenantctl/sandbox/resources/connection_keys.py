"""The keys a connection signs its requests to the identity provider with."""

import base64
import hashlib

from tenantctl.sandbox import identity
from tenantctl.sandbox.certificates import issued_certificate
from tenantctl.sandbox.documents import public
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources.provisioning import connection_of
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Route

_KIND = "connection_keys"
_SIGNING = frozenset({"oidc", "okta"})
_ORDER = ("current", "previous", "next")


def _keys(call: Call) -> list[Document]:
    """The keys of the connection in the path: its own from the day it signs with them."""
    connection = connection_of(call)
    rows = call.tenant.store.rows(_KIND, connection["id"])
    signs = (connection.get("options") or {}).get("token_endpoint_auth_method")
    if not rows and signs == "private_key_jwt":
        return _issue_pair(call, connection, "", noted=False)
    keys = [row.document for row in rows]
    return sorted(keys, key=lambda key: [not key.get(state) for state in _ORDER])


def _issue_pair(
    call: Call, connection: Document, algorithm: str, *, noted: bool = True
) -> list[Document]:
    states = ("current", "next")
    return [_issue(call, connection, state, algorithm, noted=noted) for state in states]


def _issue(
    call: Call, connection: Document, state: str, algorithm: str, *, noted: bool = True
) -> Document:
    now = call.tenant.clock()
    made = issued_certificate(connection["name"], now)
    digest = hashlib.sha256(made["cert"].encode()).digest()
    key: Document = {
        "kid": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "algorithm": algorithm or _algorithm(connection),
        "key_use": "signing",
        "subject_dn": f"/CN={connection['name']}",
        "cert": made["cert"],
        "fingerprint": made["fingerprint"],
        "thumbprint": made["thumbprint"],
        "pkcs": made["pkcs7"],
        state: True,
    }
    if state == "current":
        key["current_since"] = identity.timestamp(now)
    call.tenant.store.put(_KIND, key["kid"], key, connection["id"], noted=noted)
    return key


def _algorithm(connection: Document) -> str:
    chosen = (connection.get("options") or {}).get("token_endpoint_auth_signing_alg")
    return chosen if isinstance(chosen, str) else "RS256"


def _requested(call: Call) -> str:
    return (call.body or {}).get("signing_alg") or ""


def _list(call: Call) -> Answer:
    return Answer(200, [public(key) for key in _keys(call)])


def _create(call: Call) -> Answer:
    connection = connection_of(call)
    if connection.get("strategy") not in _SIGNING:
        raise Refusal(400, "The connection does not sign requests", "operation_not_supported")
    if _keys(call):
        raise Refusal(409, "Keys have already been created for this connection.")
    return Answer(201, _issue_pair(call, connection, _requested(call)))


def _rotate(call: Call) -> Answer:
    """The next key signs, the current one becomes the previous one, and there is a new next one."""
    connection, store = connection_of(call), call.tenant.store
    keys = _keys(call)
    if not keys:
        raise Refusal(404, "The connection has no keys")
    now = identity.timestamp(call.tenant.clock())
    for key in keys:
        if key.pop("previous", False):
            store.delete(_KIND, key["kid"])
        elif key.pop("current", False):
            key.pop("current_since", None)
            store.put(_KIND, key["kid"], {**key, "previous": True})
        elif key.pop("next", False):
            store.put(_KIND, key["kid"], {**key, "current": True, "current_since": now})
    made = _issue(call, connection, "next", _requested(call))
    return Answer(201, {"kid": made["kid"], "cert": made["cert"]})


_PATH = "/connections/{id}/keys"
ROUTES = (
    Route("GET", _PATH, ("read:connections_keys",), _list),
    Route("POST", _PATH, ("create:connections_keys",), _create, Body(_KIND, "create")),
    Route(
        "POST",
        f"{_PATH}/rotate",
        ("create:connections_keys", "update:connections_keys"),
        _rotate,
        Body(_KIND, "rotate"),
    ),
)
