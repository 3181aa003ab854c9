"""What Auth0 reads out of a certificate it is given, and the certificates and keys it makes."""

import base64
import binascii
import hashlib
import textwrap
from datetime import UTC, datetime, timedelta
from typing import Any

_NAMES = {
    "2.5.4.3": "commonName",
    "2.5.4.6": "countryName",
    "2.5.4.7": "localityName",
    "2.5.4.8": "stateOrProvinceName",
    "2.5.4.10": "organizationName",
}


def certificate_facts(given: str) -> dict[str, Any]:
    """Certificate, thumbprints, subject and expiry; nothing where it is no certificate.

    `given` is a PEM, or a PEM once more in base64.
    """
    from cryptography import x509

    pem = given if "BEGIN" in given else _decoded(given)
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return {}
    names = {_NAMES.get(item.oid.dotted_string): item.value for item in certificate.subject}
    fingerprint = hashlib.sha1(_der(pem), usedforsecurity=False).hexdigest()
    return {
        "cert": pem,
        "thumbprints": [fingerprint],
        "subject": {name: value for name, value in names.items() if name},
        "expires": certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }


def _decoded(given: str) -> str:
    try:
        return base64.b64decode(given).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _der(pem: str) -> bytes:
    lines = [line for line in pem.splitlines() if line and "-----" not in line]
    return base64.b64decode("".join(lines))


def issued_certificate(name: str, now: float) -> dict[str, Any]:
    """A new key's self-signed certificate, as Auth0 shows those it signs tokens with.

    `now` is in seconds since the epoch; the certificate is good for about 13 years, as Auth0's are.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import pkcs7
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    since = datetime.fromtimestamp(now, UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=5000))
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    digest = certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - what Auth0 shows
    return {
        "cert": certificate.public_bytes(encoding).decode().replace("\n", "\r\n"),
        "pkcs7": pkcs7.serialize_certificates([certificate], encoding).decode(),
        "fingerprint": ":".join(textwrap.wrap(digest, 2)),
        "thumbprint": digest,
    }


def wrapping_key() -> str:
    """The public half of a new key of 3072 bits, PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(encoding, form).decode()
