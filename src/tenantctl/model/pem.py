"""Certificates and keys in text: what they say, however their lines are broken."""

from __future__ import annotations

import base64
import binascii
import re

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+=*\s*")


def blocks(text: str) -> tuple[tuple[str, str], ...]:
    r"""The (label, base64 without white space) of each block of a PEM; none where it is no PEM.

    Line breaks written as `\n` count as line breaks: that is how they come out of variables.
    """
    if "-----BEGIN " not in text:
        return ()
    plain = text.replace("\\r", "").replace("\\n", "\n")
    return tuple((label, "".join(body.split())) for label, body in _BLOCK.findall(plain))


def certificates(text: str) -> tuple[str, ...]:
    """The base64 of each certificate or key in *text*; none where there is no telling.

    *text* is a PEM, a PEM once more in base64, or the base64 of a DER, with line breaks or
    without: Auth0 takes and shows all of them (recorded traffic 6).
    """
    if found := blocks(text):
        return tuple(body for _, body in found)
    if not _BASE64.fullmatch(text):
        return ()
    packed = "".join(text.split())
    try:
        inner = base64.b64decode(packed, validate=True)
    except binascii.Error:
        return ()
    if inner.startswith(b"-----BEGIN "):
        return certificates(inner.decode("ascii", "replace"))
    return (packed,) if inner[:1] == b"\x30" else ()
