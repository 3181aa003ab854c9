r"""`dotenv:FILE#NAME`: values of a `.env` file, for development.

One `NAME=value` a line, `export` before it or not; `#` begins a comment at the start of a line or
after a blank. A value in single quotes stands as it is; in double quotes `\n`, `\"`, `\\` and `\$`
mean what they do in most readers. Nothing is interpolated, and a quoted value may have several
lines. Of a name that stands twice, the last one counts.
"""

from __future__ import annotations

import re

ENTRY = re.compile(
    r"""
    ^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*
    (?:'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|(?P<plain>[^'"\r\n][^\r\n]*)?)
    [ \t]*(?:\#[^\r\n]*)?\r?$
    """,
    re.MULTILINE | re.VERBOSE | re.DOTALL,
)
COMMENT = re.compile(r"(?:^|[ \t]+)#.*$")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def values(text: str) -> dict[str, str]:
    """The values of a `.env` file by name; lines that are no entry say nothing."""
    return {found["name"]: _value(found) for found in ENTRY.finditer(text)}


def _value(found: re.Match[str]) -> str:
    if found["single"] is not None:
        return found["single"]
    if found["double"] is not None:
        return ESCAPED.sub(lambda each: ESCAPES.get(each[1], each[1]), found["double"])
    return COMMENT.sub("", found["plain"] or "").strip()
