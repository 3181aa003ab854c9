"""What Auth0 shows of a key or certificate that it does not show."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509


@lru_cache(maxsize=1024)
def shown(pem: str) -> Mapping[str, str]:
    """The fields that Auth0 works out of a PEM, by name; none where it is no key or certificate.

    `kid` is the thumbprint of the key as a JWK (RFC 7638), `thumbprint_sha256` that of the
    certificate, both in base64url; `subject_dn` has a line for each part of the subject (recorded
    traffic: each of the nine keys and certificates there gives what was answered).
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    data = pem.replace("\\n", "\n").encode()
    try:
        if b"-----BEGIN CERTIFICATE-----" not in data:
            return _key(load_pem_public_key(data))
        certificate = x509.load_pem_x509_certificate(data)
        return {**_key(certificate.public_key()), **_certificate(certificate)}
    except (ValueError, UnsupportedAlgorithm):
        return {}


def _certificate(certificate: x509.Certificate) -> Mapping[str, str]:
    from cryptography.hazmat.primitives.hashes import SHA256

    parts = (f"{part.rfc4514_attribute_name}={part.value!s}" for part in certificate.subject)
    return {
        "thumbprint_sha256": _text(certificate.fingerprint(SHA256())),
        "subject_dn": "\n".join(parts),
    }


def _key(key: Any) -> Mapping[str, str]:
    """The key id of an RSA key; Auth0 takes no other."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    if not isinstance(key, rsa.RSAPublicKey):
        return {}
    numbers = key.public_numbers()
    jwk = {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}
    text = json.dumps(jwk, separators=(",", ":"))
    return {"kid": _text(hashlib.sha256(text.encode()).digest())}


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
