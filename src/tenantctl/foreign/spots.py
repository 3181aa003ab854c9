"""Places in foreign fields, and what is said about them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tenantctl.foreign.item import Item
from tenantctl.model import Address, Note, Path, dotted

INDEX = re.compile(r"\.(\d+)(?=\.|$)")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the fields of an item: as people call it, as rules have it, and by indices."""

    said: Path
    ruled: Path
    indexed: Path

    @classmethod
    def top(cls, name: str) -> Spot:
        return cls((name,), (name,), (name,))

    def key(self, name: str) -> Spot:
        return replace(
            self,
            said=(*self.said, name),
            ruled=(*self.ruled, name),
            indexed=(*self.indexed, name),
        )

    def element(self, index: int, name: str = "") -> Spot:
        """The element at *index*, which people call *name*."""
        return replace(
            self,
            said=(*self.said, name or str(index)),
            ruled=(*self.ruled, "[]"),
            indexed=(*self.indexed, str(index)),
        )

    def __str__(self) -> str:
        return place(self.said)


def place(path: Path) -> str:
    """*path* for people; an element of a list without a name is `[2]`."""
    return INDEX.sub(r"[\1]", dotted(path))


def note(
    item: Item, level: str, message: str, help: str, *, of: Address | str = "", path: Path = ()
) -> Note:
    """A note about the resource *of* an item, or about what stands at an indexed *path* of it."""
    at = item.where(path) if path else item.at
    return Note(level, message, at.file, at.line, at.column, help, str(of))
