"""Filters in the syntax of SCIM (RFC 7644, 3.4.2.2): comparisons joined by `and` and `or`."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.store import Document

Test = Callable[[Document], bool]

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)')
_COMPARISONS: Final[dict[str, Callable[[str, str], bool]]] = {
    "eq": lambda found, wanted: found == wanted,
    "ne": lambda found, wanted: found != wanted,
    "sw": lambda found, wanted: found.startswith(wanted),
    "ew": lambda found, wanted: found.endswith(wanted),
    "co": lambda found, wanted: wanted in found,
    "gt": lambda found, wanted: found > wanted,
    "ge": lambda found, wanted: found >= wanted,
    "lt": lambda found, wanted: found < wanted,
    "le": lambda found, wanted: found <= wanted,
}
_DEPTH = 20


def compiled(query: str) -> Test:
    """Whether a document passes a filter. Raises Refusal 400 where it is malformed."""
    test, rest = _alternatives(_tokens(query), 0)
    if rest:
        raise _malformed()
    return test


def _tokens(query: str) -> list[str]:
    found, place, text = [], 0, query.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _malformed()
        found.append(match[1])
        place = match.end()
    return found


def _alternatives(tokens: list[str], depth: int) -> tuple[Test, list[str]]:
    tests, word = [], "or"
    while word == "or":
        test, tokens = _conditions(tokens, depth)
        tests.append(test)
        word = tokens[0].lower() if tokens else ""
        tokens = tokens[1:] if word == "or" else tokens
    return (lambda document: any(test(document) for test in tests)), tokens


def _conditions(tokens: list[str], depth: int) -> tuple[Test, list[str]]:
    tests, word = [], "and"
    while word == "and":
        test, tokens = _condition(tokens, depth)
        tests.append(test)
        word = tokens[0].lower() if tokens else ""
        tokens = tokens[1:] if word == "and" else tokens
    return (lambda document: all(test(document) for test in tests)), tokens


def _condition(tokens: list[str], depth: int) -> tuple[Test, list[str]]:
    if depth > _DEPTH or len(tokens) < 2:
        raise _malformed()
    if tokens[0] == "(":
        test, rest = _alternatives(tokens[1:], depth + 1)
        if not rest or rest[0] != ")":
            raise _malformed()
        return test, rest[1:]
    path, operator = tokens[0], tokens[1].lower()
    if operator == "pr":
        return (lambda document: _value(document, path) is not None), tokens[2:]
    compare = _COMPARISONS.get(operator)
    if compare is None or len(tokens) < 3:
        raise _malformed()
    wanted = _literal(tokens[2])
    return (lambda document: _compared(compare, document, path, wanted)), tokens[3:]


def _compared(
    compare: Callable[[str, str], bool], document: Document, path: str, wanted: str
) -> bool:
    found = _value(document, path)
    return compare("" if found is None else found, wanted)


def _literal(token: str) -> str:
    """A value as text, in lower case: comparisons take no notice of case."""
    try:
        value = json.loads(token)
    except ValueError:
        raise _malformed() from None
    return _text(value)


def _value(document: Any, path: str) -> str | None:
    for step in path.split("."):
        document = document.get(step) if isinstance(document, dict) else None
    return None if document is None else _text(document)


def _text(value: Any) -> str:
    return str(value).lower()


def _malformed() -> Refusal:
    return Refusal(400, "Failed to parse the query", "invalid_query_string")
