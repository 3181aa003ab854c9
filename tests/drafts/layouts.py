"""YAML as many hands write it: the same data in any layout that the files may have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from tenantctl.files.scalars import resolve

COMMENTS = ("", "", "", "  # said behind", " # 'odd\" one, ]}: {[")
BETWEEN = ("# above", "# at: the edge - of [it", "")


def laid_out(data: Mapping[str, Any], random: Random) -> str:
    """*data* in a layout drawn from *random*; with or without a newline at the end."""
    text = "\n".join(_block(data, 0, random))
    head = random.choice(("", "", "---\n", "# top\n\n"))
    ends = ["\n", "\n", "\n# end\n", "\n...\n", *[""] * ("|" not in text), "\n# end"]
    return head + text + random.choice(ends)


def _block(value: Any, column: int, random: Random) -> Iterator[str]:
    """The lines of a map or list, one for each entry or element at least."""
    pad = " " * column
    for item in value:
        while random.random() < 0.15:
            between = random.choice(BETWEEN)
            yield pad + between if between else ""
        if isinstance(value, Mapping):
            colon = random.choice((":", ":", " :"))
            yield from _entry(f"{pad}{_scalar(item, random)}{colon}", value[item], column, random)
        else:
            yield from _entry(f"{pad}-", item, column, random)


def _entry(head: str, value: Any, column: int, random: Random) -> Iterator[str]:
    comment = random.choice(COMMENTS)
    if isinstance(value, dict | list) and value and random.random() < 0.7:
        dash = head.endswith("-")
        inner = column + random.choice((2, 2, 3, 4))
        inner = column if isinstance(value, list) and not dash and random.random() < 0.5 else inner
        first, *rest = _block(value, inner, random)
        if dash and random.random() < 0.6 and first.lstrip()[:1] not in {"", "#"}:
            yield f"{head}{first[column + 1 :]}"
        else:
            yield from (head + comment, first)
        yield from rest
    elif isinstance(value, str) and "\n" in value and _fits_block(value) and random.random() < 0.7:
        yield f"{head} {'|' if value.endswith(chr(10)) else '|-'}{comment}"
        pad = " " * (column + random.choice((1, 2, 4)))
        yield from (pad + line if line else "" for line in value.removesuffix("\n").split("\n"))
    else:
        below = f"{comment}\n{' ' * (column + 2)}"
        gap = random.choice((" ", " ", "   ", below))
        said = f"{head}{gap}{_flow(value, column + 2, random)}{random.choice(COMMENTS)}"
        yield from said.split("\n")


def _fits_block(text: str) -> bool:
    lines = text.removesuffix("\n").split("\n")
    return text.isascii() and all(line == line.strip() for line in lines) and all(lines[:1])


def _flow(value: Any, column: int, random: Random) -> str:
    """*value* in brackets, on one line or on several."""
    if not isinstance(value, dict | list):
        return _scalar(value, random)
    broken = random.random() < 0.4

    def gap() -> str:
        if broken and random.random() < 0.5:
            return f"{random.choice(COMMENTS)}\n{' ' * (column + random.randrange(4))}"
        return random.choice(("", " "))

    opened, closed = "{}" if isinstance(value, dict) else "[]"
    if not value:
        return opened + closed
    items = [
        f"{_scalar(item, random)}{random.choice((': ', ' : '))}{_flow(value[item], column, random)}"
        if isinstance(value, dict)
        else _flow(item, column, random)
        for item in value
    ]
    last = random.choice(("", "", ","))
    joined = "".join(f"{random.choice(('', ' '))},{gap() or ' '}{item}" for item in items[1:])
    return f"{opened}{gap()}{items[0]}{joined}{last}{gap()}{closed}"


def _scalar(value: Any, random: Random) -> str:
    """*value* plain, in single or in double quotes, where it can be."""
    if not isinstance(value, str):
        return json.dumps(value)
    plain = value.isalnum() and resolve(value) == value
    found = [json.dumps(value), *[value] * 2 * plain]
    if value.isprintable() and value.isascii():
        found.append("'" + value.replace("'", "''") + "'")
    return random.choice(found)
