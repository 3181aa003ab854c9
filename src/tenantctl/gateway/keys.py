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
def shown(pem: str) -> Mapping[str, tuple[str, ...]]:
    """What the fields that Auth0 works out of a PEM may say; none where it is nothing of the sort.

    `kid` is the thumbprint of the key as a JWK (RFC 7638), `thumbprint_sha256` that or the one of
    the certificate, both SHA-256 in base64url; `subject_dn` has a line for each part of the subject
    (recorded traffic: each of the ten keys and certificates there gives what was answered).
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    data = pem.replace("\\n", "\n").encode()
    try:
        if b"-----BEGIN CERTIFICATE-----" not in data:
            return _key(load_pem_public_key(data))
        certificate = x509.load_pem_x509_certificate(data)
    except (ValueError, UnsupportedAlgorithm):
        return {}
    return _certificate(certificate)


def _certificate(certificate: x509.Certificate) -> Mapping[str, tuple[str, ...]]:
    from cryptography.hazmat.primitives.hashes import SHA256

    parts = (f"{part.rfc4514_attribute_name}={part.value!s}" for part in certificate.subject)
    key = _key(certificate.public_key())
    own = _text(certificate.fingerprint(SHA256()))
    return {
        **key,
        "thumbprint_sha256": (own, *key.get("kid", ())),
        "subject_dn": ("\n".join(parts),),
    }


def _key(key: Any) -> Mapping[str, tuple[str, ...]]:
    """The thumbprint of an RSA key; Auth0 takes no other."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    if not isinstance(key, rsa.RSAPublicKey):
        return {}
    numbers = key.public_numbers()
    jwk = {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}
    text = json.dumps(jwk, separators=(",", ":"))
    thumbprint = _text(hashlib.sha256(text.encode()).digest())
    return {"kid": (thumbprint,), "thumbprint_sha256": (thumbprint,)}


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
