"""How long certificates are valid: what they say of themselves."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterable, Iterator

from tenantctl.model import certificates

IN_METADATA = re.compile(r"<(?:\w+:)?X509Certificate>([^<]+)<")


def days_left(texts: Iterable[str], today: dt.date) -> int | None:
    """The days until the first certificate in *texts* expires; None where there is none to read.

    A text is a PEM, a DER in base64, or SAML metadata.
    """
    ends = [end for text in texts for end in _ends(text)]
    return (min(ends) - today).days if ends else None


def _ends(text: str) -> Iterator[dt.date]:
    from cryptography import x509

    inner = IN_METADATA.findall(text) or [text]
    for each in inner:
        for packed in certificates(each.strip()):
            try:
                der = base64.b64decode(packed, validate=True)
                found = x509.load_der_x509_certificate(der)
            except ValueError:
                continue
            yield found.not_valid_after_utc.date()
