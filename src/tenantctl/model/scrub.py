"""Text without the values of secrets, however they are encoded in it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus

from tenantctl.model.vault import Vault

SHORTEST = 6
"""Shorter values occur by chance all over a text, so they are not looked for."""
LONG_LINE = 16
"""A line of a key this long gives the key away."""


def forms(value: str) -> Iterator[str]:
    """The ways in which *value* may stand in a text.

    As it is, in base64 wherever it begins, percent-encoded, in JSON, in hexadecimal, and by the
    lines of a value that has several.
    """
    data = value.encode("utf-8", "surrogatepass")
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(data, safe="")
    yield quote(data)
    yield quote_plus(data)
    yield data.hex()
    yield from _base64(data)
    yield from (line for line in value.splitlines() if len(line.strip()) >= LONG_LINE)


def scrubber(vault: Vault, forms: Callable[[str], Iterable[str]] = forms) -> Callable[[str], str]:
    """A function that puts `(secret NAME)` wherever a form of a value of *vault* stands."""
    names = {
        form: name
        for name, value in vault.values.items()
        if len(value) >= SHORTEST
        for form in forms(value)
    }
    if not names:
        return str
    starts: dict[str, list[str]] = {}
    for form in sorted(names, key=len, reverse=True):
        starts.setdefault(form[:SHORTEST], []).append(form)
    # Of each form only what it begins with: an expression of all of them takes longer to compile
    # than whatever it is tried on.
    start = re.compile("|".join(map(re.escape, starts)))
    shortest = min(map(len, names))

    def scrub(text: str) -> str:
        if len(text) < shortest:
            return text
        parts: list[str] = []
        kept = looked = 0
        while found := start.search(text, looked):
            at = found.start()
            form = next((each for each in starts[found[0]] if text.startswith(each, at)), "")
            looked = at + (len(form) or 1)
            if form:
                parts += text[kept:at], f"(secret {names[form]})"
                kept = looked
        return "".join((*parts, text[kept:]))

    return scrub


def _base64(data: bytes) -> Iterator[str]:
    """What base64 of anything around *data* has in common, for each of three alignments."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + data).decode("ascii").rstrip("=")
        first = -(-8 * offset // 6)
        last = 8 * (offset + len(data)) // 6
        core = encoded[first:last]
        yield core
        yield core.replace("+", "-").replace("/", "_")
