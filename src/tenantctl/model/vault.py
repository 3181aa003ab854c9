"""Secret values on their way from where they are kept to the request that needs them."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.model.pem import blocks
from tenantctl.model.value import Ref, Secret, Text, Value, Var

MASK = re.compile(
    r"_+VALUE_NOT_SHOWN_+|\*{3,}|•{3,}|##\w+##|@@\w+@@|<?REDACTED>?|YOUR_\w+|CHANGE_?ME|x{4,}",
    re.IGNORECASE,
)
"""What exporters and people leave in the place of a secret."""


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """The values of secrets by name, their declared versions, and the fingerprint key.

    The one value of ours that holds secrets: files fill it, the gateway spends it, reports redact
    with it. It is never part of a plan, a receipt or an exception, and prints as nothing.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    key: bytes = b""

    def __repr__(self) -> str:
        return f"Vault({len(self.values)} secrets)"

    def seal(self, text: str) -> str:
        """The fingerprint of *text* under the key; empty without a key.

        A key or certificate has one fingerprint, however its lines are broken.
        """
        if not self.key:
            return ""
        if found := blocks(text):
            text = "\n".join(f"{label} {body}" for label, body in found)
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:32]

    def mark(self, value: Value) -> tuple[str, str]:
        """The (version, fingerprint) of a secret, or of a text with secrets; each may be empty.

        References inside a text count by their address, so that the mark is the same before and
        after the address has an id.
        """
        parts = value.parts if isinstance(value, Text) else (value,)
        names = [part.name for part in parts if isinstance(part, Secret)]
        version = "/".join(self.versions.get(name, "") for name in names).strip("/")
        if any(name not in self.values for name in names):
            return version, ""
        return version, self.seal("".join(map(self._shown, parts)))

    def _shown(self, part: str | Ref | Secret | Var) -> str:
        return self.values[part.name] if isinstance(part, Secret) else str(part)
