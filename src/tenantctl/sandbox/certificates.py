"""What Auth0 reads out of a certificate that a connection is given."""

import base64
import binascii
import hashlib
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
    thumbprint = hashlib.sha1(_der(pem), usedforsecurity=False).hexdigest()
    return {
        "cert": pem,
        "thumbprints": [thumbprint],
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
