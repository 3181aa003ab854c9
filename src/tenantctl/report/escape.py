"""Text of strangers made visible: nothing that a tenant's administrator typed moves a cursor."""

from __future__ import annotations

import re
from typing import Final

INVISIBLE: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by category, blank on the screen."""

ASCII: Final = re.compile(r"[ -~]*")
SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    r"""*text* on one line, with an escape such as `\x1b` for whatever would not show as itself.

    That is: control characters (C0, C1), format characters (bidi and zero-width among them), line
    separators, surrogates, private and unassigned characters, and blanks other than the space.
    """
    if ASCII.fullmatch(text):
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable() and character not in INVISIBLE:
        return character
    if character in SHORT:
        return SHORT[character]
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
