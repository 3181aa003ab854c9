"""Stable keys for things that have only names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

LONGEST = 60


def stable_keys(
    names: Sequence[str], *, taken: Collection[str] = (), otherwise: str = "unnamed"
) -> list[str]:
    """A stable key for each of *names*, all different, none of them *taken*.

    A key is made of small letters, digits, `-` and `_`, whatever the name is made of. Of names
    that make the same key, all but the first get a number, in their order; a name of which nothing
    is left becomes *otherwise*. Nothing but *names* and *taken* decides.
    """
    used = set(taken)
    found = []
    for name in names:
        stem = _slug(name) or otherwise
        key, number = stem, 2
        while key in used:
            key, number = f"{stem}-{number}", number + 1
        used.add(key)
        found.append(key)
    return found


def _slug(name: str) -> str:
    """*name* as a key: accents taken off, URLs without scheme, anything else a dash."""
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    text = re.sub(r"^[a-z]+://", "", text)
    text = re.sub(r"[^a-z0-9_]+", "-", text)
    return text[:LONGEST].strip("-")
