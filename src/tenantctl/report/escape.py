"""Text of strangers made visible: nothing that a tenant's administrator typed moves a cursor."""

from __future__ import annotations

import re
from typing import Final

INVISIBLE: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by category, blank on the screen."""

ASCII: Final = re.compile(r"[ -~]*")
SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
MARKUP: Final = str.maketrans({c: f"&#{ord(c)};" for c in "\\`*_{}[]()<>#|~&\"'!$^@%"})
"""What means something to Markdown or HTML, and stands for itself as a reference."""
LINKING: Final = re.compile(r"(?i)(?:(?<=www)\.|:(?=/)|(?<=mailto):|(?<=xmpp):)")
"""Where a code host finds an address that nobody wrote as a link."""
LEADING: Final = re.compile(r"^(?:[-+=: ]|[0-9]{1,9}\.)")
"""What makes a list, a heading, a rule or code of a line that begins with it."""
NAMING: Final = re.compile(
    r"[@#!~%$&^](?=[\w\"'({\[])|:(?=//|[\w+-]+:)|(?i:(?<=\bwww)\.|(?<=\bmailto):|(?<=\bgh)-(?=\d))"
)
"""Behind what a code host finds people, issues, labels, emoji and addresses in finished text."""
HALVED: Final = re.compile(r"\\(?:x[0-9a-f]?|u[0-9a-f]{0,3}|U[0-9a-f]{0,7})?$")
"""An escape of which the end is missing."""
APART: Final = "\u200b"


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


def shortened(text: str, limit: int) -> str:
    r"""*text*, which is visible, or as much of it as *limit* characters hold, and how many it has.

    No escape such as `\x1b` is cut in half.
    """
    if len(text) <= limit:
        return text
    kept = HALVED.sub("", text[:limit])
    return f"{kept}... ({len(text)} characters)"


def markdown(text: str) -> str:
    """*text* as text for Markdown on a code host, wherever it stands: also in tables and HTML.

    It is one line, means nothing to Markdown or HTML, and names nobody and nothing: a blank of no
    width stands behind what would begin a mention, a reference, an emoji or a link.
    """
    parts = NAMING.sub(lambda found: f"{found[0]}{APART}", visible(text))
    return _inert(parts).replace(APART, f"&#{ord(APART)};")


def markdown_code(text: str) -> str:
    """*text* in the letters of code for Markdown on a code host, where nothing is looked for.

    It can be copied as it is: nothing stands in it that is not in `visible(text)`.
    """
    return f"<code>{_inert(visible(text))}</code>"


def _inert(text: str) -> str:
    safe = LINKING.sub(lambda found: f"&#{ord(found[0])};", text.translate(MARKUP))
    return LEADING.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", safe)
