"""The last line of defence: no string that is shown contains the value of a secret."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

from tenantctl.model import Vault
from tenantctl.report.escape import visible

Clean = Callable[[str], str]
"""Makes one string fit to be shown."""

SHORTEST = 6
"""Shorter values occur by chance all over a text, so they are not looked for."""
LONG_LINE = 16
"""A line of a key this long gives the key away."""

T = TypeVar("T")


def scrubber(vault: Vault | None) -> Clean:
    """A function that puts `(secret NAME)` wherever a value of *vault* stands.

    Values are also found in base64, wherever they begin, percent-encoded, in JSON, in hexadecimal,
    and by the lines of those that have several.
    """
    names = {
        form: name
        for name, value in (vault.values.items() if vault else ())
        if len(value) >= SHORTEST
        for form in _forms(value)
    }
    if not names:
        return str
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return lambda text: pattern.sub(lambda found: f"(secret {names[found[0]]})", text)


def cleaner(vault: Vault | None) -> Clean:
    """A function that scrubs and then makes visible."""
    scrub = scrubber(vault)
    return lru_cache(4096)(lambda text: visible(scrub(text)))


def cleaned(value: T, clean: Clean) -> T:
    """*value* with *clean* applied to every string in it, through tuples and dataclasses."""
    found: Any = value
    if isinstance(value, str):
        found = clean(value)
    elif isinstance(value, tuple):
        found = tuple([cleaned(item, clean) for item in value])
    elif is_dataclass(value) and not isinstance(value, type):
        inner = {name: cleaned(getattr(value, name), clean) for name in _names(type(value))}
        found = type(value)(**inner)
    result: T = found
    return result


@cache
def _names(type: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(type))


def _forms(value: str) -> Iterator[str]:
    data = value.encode("utf-8", "surrogatepass")
    yield value
    yield visible(value)
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(data, safe="")
    yield quote(data)
    yield quote_plus(data)
    yield data.hex()
    yield from _base64(data)
    yield from (line for line in value.splitlines() if len(line.strip()) >= LONG_LINE)


def _base64(data: bytes) -> Iterator[str]:
    """What base64 of anything around *data* has in common, for each of three alignments."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + data).decode("ascii").rstrip("=")
        first = -(-8 * offset // 6)
        last = 8 * (offset + len(data)) // 6
        core = encoded[first:last]
        yield core
        yield core.replace("+", "-").replace("/", "_")
