"""How text looks: a few colours, which never carry meaning alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

COLOURS: Final[Mapping[str, str]] = {
    "+": "32",
    "✓": "32",
    "-": "31",
    "~": "33",
    "!": "1;31",
    "=": "36",
    "@": "36",
    "title": "1",
    "dim": "2",
}
"""By sign or role, the numbers of the ANSI sequence."""


@dataclass(frozen=True, slots=True)
class Style:
    """Whether to colour, and how many columns there are. Whether NO_COLOR is set, callers know."""

    color: bool = False
    width: int = 100

    def paint(self, role: str, text: str) -> str:
        """*text* in the colour of *role*; as it is without colour or for an unknown role."""
        code = COLOURS.get(role)
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code and text else text
