"""Signatures of receipts: Ed25519 over their canonical text, in the same file.

A signature beside its receipt could be lost, or put beside another one; in the file it travels with
what it signs, and whoever knows of none reads the receipt all the same.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

from tenantctl.errors import LedgerError
from tenantctl.ledger.codec import Sign, unsigned

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PUBLIC: Final = "ed25519:"
ABOUT: Final = b"tenantctl receipt 1\n"
"""Stands before every text that is signed: a key that signs other things too signs no receipt."""


def make_pair() -> tuple[str, str]:
    """A new private key as PEM (PKCS 8), and its public key as `ed25519:` and base64."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode("ascii"), _public(key)


def signer(pem: str) -> Sign:
    """What signs with the private key *pem*; raises LedgerError on a text that is no such key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _no_key() from None  # what was read is never shown
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key()
    by = _public(key)

    def sign(text: str) -> dict[str, str]:
        value = key.sign(ABOUT + text.encode("ascii"))
        return {"by": by, "value": base64.b64encode(value).decode("ascii")}

    return sign


def signed_by(text: str) -> str:
    """The public key that signed *text*, a receipt that was read; empty where nobody did.

    Raises ValueError on a signature that does not fit.
    """
    if '"signature"' not in text:
        return ""
    said, signature = unsigned(text)
    if signature is None:
        return ""
    if not isinstance(signature, dict) or not _fits(said, signature):
        raise ValueError("its signature does not fit, it was changed since it was signed")
    return str(signature["by"])


def _fits(text: str, signature: dict[str, object]) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    by, value = signature.get("by"), signature.get("value")
    if not isinstance(by, str) or not isinstance(value, str) or not by.startswith(PUBLIC):
        return False
    try:
        raw = base64.b64decode(by.removeprefix(PUBLIC), validate=True)
        if by != PUBLIC + base64.b64encode(raw).decode("ascii"):
            return False  # one key has one name
        key = Ed25519PublicKey.from_public_bytes(raw)
        key.verify(base64.b64decode(value, validate=True), ABOUT + text.encode("ascii"))
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def _public(key: Ed25519PrivateKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return PUBLIC + base64.b64encode(raw).decode("ascii")


def _no_key() -> LedgerError:
    return LedgerError(
        "what receipts.sign names is no private key for Ed25519 in PEM without a password",
        help="tenantctl receipts key --out FILE makes one",
    )
