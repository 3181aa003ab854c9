"""The credentials of clients: public keys and certificates, and what Auth0 reads out of them."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import concealed
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.service import collection_routes
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Collection, Hidden, Paging

_MOST: Final = 4
_MOST_OF_A_METHOD: Final = 2
# Members of a client under which credentials are attached; the first has a level of methods.
_METHODS: Final = "client_authentication_methods"
_ATTACHING: Final = ("signed_request_object", "token_vault_privileged_access")


def attach(call: Call, client: Document) -> Document:
    """The client with its inline credentials made into objects of their own, known by their ids.

    Raises Refusal 400 where an id names no credential of this client, or there are too many.
    """
    methods = client.get(_METHODS)
    if isinstance(methods, dict):
        told = {name: _attached(call, client, method) for name, method in methods.items()}
        client = {**client, _METHODS: told}
    for name in _ATTACHING:
        if isinstance(client.get(name), dict):
            client = {**client, name: _attached(call, client, client[name])}
    return client


def whole(call: Call, client: Document) -> Document:
    """The client with its credentials as they are shown by the answer to its create."""
    store = call.tenant.store
    for holder in holders(client):
        stored = [store.get(CREDENTIALS.name, item["id"]) for item in holder["credentials"]]
        holder["credentials"] = [concealed(item, CREDENTIALS.hidden) for item in stored if item]
    return client


def holders(client: Document) -> Iterable[Document]:
    """The members of a client that have a list of credentials."""
    methods = client.get(_METHODS)
    found = list(methods.values()) if isinstance(methods, dict) else []
    found += [client.get(name) for name in _ATTACHING]
    return (item for item in found if isinstance(item, dict) and "credentials" in item)


def _attached(call: Call, client: Document, holder: Document) -> Document:
    given = holder.get("credentials")
    if not given:
        return holder
    if len(given) > _MOST_OF_A_METHOD:
        raise invalid_body(f"Array is too long ({len(given)}), maximum {_MOST_OF_A_METHOD}")
    return {**holder, "credentials": [_known(call, client, item) for item in given]}


def _known(call: Call, client: Document, item: Document) -> Document:
    store, parent = call.tenant.store, client["client_id"]
    if "credential_type" in item:
        made = _made(call, {"id": CREDENTIALS.mint(), **item}, parent)
        store.put(CREDENTIALS.name, made["id"], made, parent)
        return {"id": made["id"]}
    found = {row.id for row in store.rows(CREDENTIALS.name, parent)}
    if item.get("id") not in found:
        raise invalid_body(f"Credential not found: {item.get('id')}")
    return {"id": item["id"]}


def _made(call: Call, new: Document, parent: str) -> Document:
    others = [row.document for row in call.tenant.store.rows(CREDENTIALS.name, parent)]
    if len(others) >= _MOST:
        raise Refusal(400, "A client can have a maximum of 4 credentials.", "invalid_body")
    made = {**new, **facts(new)}
    fingerprint = ("kid", "thumbprint_sha256")
    for name in fingerprint:
        if name in made and made[name] in [other.get(name) for other in others]:
            message = "credentials contains public keys that already exist in client"
            raise Refusal(400, message, "invalid_body")
    return {**made, **_times(call, {})}


def facts(given: Document) -> Document:
    """What is worked out of a credential. Raises Refusal 400 where it is no key or certificate."""
    pem, sort = given.get("pem"), given["credential_type"]
    expiry = {"expires_at": moment(given["expires_at"])} if given.get("expires_at") else {}
    if sort == "cert_subject_dn":
        subject = given.get("subject_dn") or _subject(_certificate(pem))
        return {"subject_dn": subject, **expiry}
    if sort == "x509_cert":
        certificate = _certificate(pem)
        return {"thumbprint_sha256": _thumbprint(certificate), "expires_at": _expiry(certificate)}
    if given.get("parse_expiry_from_cert") and not expiry:
        expiry = {"expires_at": _expiry(_certificate(pem))}
    kid = given.get("kid") or key_id(pem)
    return {"kid": kid, "alg": given.get("alg", "RS256"), **expiry}


def moment(text: Any) -> str:
    """A time as Auth0 writes it: UTC, milliseconds. Raises Refusal 400 where it is none."""
    try:
        found = datetime.fromisoformat(str(text))
        return identity.timestamp(found.replace(tzinfo=found.tzinfo or UTC).timestamp())
    except (ValueError, OverflowError):
        problem = f"Object didn't pass validation for format date-time: {text}"
        raise invalid_body(problem, "expires_at") from None


def _certificate(pem: Any) -> Any:
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(str(pem).encode())
    except ValueError:
        raise Refusal(400, "The pem is not a valid certificate", "invalid_body") from None


def key_id(pem: Any) -> str:
    """The thumbprint of the key as a JWK (RFC 7638). Raises Refusal 400 where it is none."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    key = _public_key(str(pem))
    if isinstance(key, rsa.RSAPublicKey):
        rsa_numbers = key.public_numbers()
        members = {"e": _integer(rsa_numbers.e), "kty": "RSA", "n": _integer(rsa_numbers.n)}
    elif isinstance(key, ec.EllipticCurvePublicKey):
        ec_numbers, size = key.public_numbers(), (key.curve.key_size + 7) // 8
        curve = {256: "P-256", 384: "P-384", 521: "P-521"}.get(key.curve.key_size, "P-256")
        x, y = _integer(ec_numbers.x, size), _integer(ec_numbers.y, size)
        members = {"crv": curve, "kty": "EC", "x": x, "y": y}
    else:
        raise Refusal(400, "The pem is not a supported public key", "invalid_body")
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return _base64url(hashlib.sha256(canonical.encode()).digest())


def _public_key(pem: str) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if "BEGIN CERTIFICATE" in pem:
        return _certificate(pem).public_key()
    try:
        return load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm, binascii.Error):
        raise Refusal(400, "The pem is not a valid public key", "invalid_body") from None


def _integer(value: int, size: int = 0) -> str:
    return _base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _thumbprint(certificate: Any) -> str:
    from cryptography.hazmat.primitives.hashes import SHA256

    return _base64url(certificate.fingerprint(SHA256()))


def _subject(certificate: Any) -> str:
    return "\n".join(f"{item.rfc4514_attribute_name}={item.value}" for item in certificate.subject)


def _expiry(certificate: Any) -> str:
    return identity.timestamp(certificate.not_valid_after_utc.timestamp())


def _times(call: Call, old: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    return {"created_at": old.get("created_at", now), "updated_at": now}


def _complete(call: Call, new: Document, old: Document) -> Document:
    if not old:
        return _made(call, new, call.arguments.get("client_id", ""))
    if new.get("expires_at"):
        new = {**new, "expires_at": moment(new["expires_at"])}
    return {**new, **_times(call, old)}


def _keep_attached(call: Call, credential: Document) -> None:
    client = call.tenant.store.get("clients", call.arguments.get("client_id", "")) or {}
    used = [item["id"] for holder in holders(client) for item in holder["credentials"]]
    if credential["id"] in used:
        raise Refusal(400, "Cannot delete a credential that is still associated with a client")


CREDENTIALS = Collection(
    name="client_credentials",
    path="/clients/{client_id}/credentials",
    mint=identity.prefixed("cred_", 22),
    noun="client_credentials",
    paging=Paging("credentials", "array"),
    missing=("Credential not found", None),
    parent=("clients", "client_id"),
    orphan=("The client does not exist", "inexistent_client"),
    query=("include_totals", "per_page", "page"),
    hidden=(Hidden(("pem",)), Hidden(("parse_expiry_from_cert",))),
    complete=_complete,
    cascade=_keep_attached,
)
ROUTES = collection_routes(CREDENTIALS)
