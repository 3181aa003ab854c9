"""What a resource, a part of it and a field of it are called in every environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str, ...]
"""Where a field stands in a resource. Never dotted text: metadata keys contain dots."""


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """A kind and a key; singletons have no key, composite keys are joined with `/`."""

    kind: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind}.{self.key}" if self.key else self.kind

    @classmethod
    def parse(cls, text: str) -> Address:
        """The inverse of `str`. A key may itself contain dots; a kind may not."""
        kind, _, key = text.partition(".")
        return cls(kind, key)


@dataclass(frozen=True, order=True, slots=True)
class StepId:
    """An address, and which part of its change.

    *part*: `` (all of it, or the most of it), `late`: what must wait for what other steps bring,
    or `early`: what clears the way for this and other addresses, such as the delete that comes
    before a create of the same address.
    """

    address: Address
    part: str = ""

    def __str__(self) -> str:
        return f"{self.address}#{self.part}" if self.part else str(self.address)

    @classmethod
    def parse(cls, text: str) -> StepId:
        """The inverse of `str`."""
        address, mark, part = text.rpartition("#")
        return cls(Address.parse(address), part) if mark else cls(Address.parse(text))


def dotted(path: Path) -> str:
    """*path* for people; keys that would be ambiguous are quoted."""
    return ".".join(f'"{key}"' if not key or "." in key or '"' in key else key for key in path)
