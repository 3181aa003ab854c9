"""Searches in the query syntax of users and logs: terms of fields, joined by AND, OR and NOT.

The part of Lucene's syntax that Auth0 documents: `name:Jane*`, phrases in quotes, `_exists_:field`,
`_missing_:field`, ranges in brackets, parentheses, `type:(s OR f)`, and bare words, which any field
may match.
"""

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.store import Document

Test = Callable[[Document], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<paren>[()])|(?P<word>AND|OR|NOT)(?=[\s(]|$)|(?P<sign>[-!+])(?=\S)
    |(?:(?P<field>[\w.\-@]+):)?
     (?:(?P<range>[\[{][^\]}]*[\]}])|"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<group>\()|(?P<term>(?:\\.|[^\s()"\[\]{}\\])+)))
    """,
    re.VERBOSE,
)
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?", re.ASCII)
_DEPTH = 20
_LONGEST = 1000


@lru_cache(maxsize=64)
def compiled(query: str) -> Test:
    """Whether a document is what a query looks for. Raises Refusal 400 where it is malformed."""
    tokens = _tokens(query)
    if not tokens:
        return lambda _document: True
    test, rest = _either(tokens, 0)
    if rest:
        raise _malformed()
    return test


def _tokens(query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    place = 0
    text = query.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.end() == place or len(found) == _LONGEST:
            raise _malformed()
        found.append(match.groupdict())
        place = match.end()
    return found


def _either(tokens: list[dict[str, Any]], depth: int) -> tuple[Test, list[dict[str, Any]]]:
    """Alternatives: the loosest operator. Terms without an operator are alternatives, too."""
    if depth > _DEPTH:
        raise _malformed()
    tests = []
    while True:
        test, tokens = _both(tokens, depth)
        tests.append(test)
        if not tokens or tokens[0]["paren"] == ")":
            return (lambda document: any(test(document) for test in tests)), tokens
        if tokens[0]["word"] == "OR":
            tokens = tokens[1:]


def _both(tokens: list[dict[str, Any]], depth: int) -> tuple[Test, list[dict[str, Any]]]:
    test, tokens = _single(tokens, depth)
    tests = [test]
    while tokens and tokens[0]["word"] in {"AND", "NOT"}:
        test, tokens = _single(tokens[1:] if tokens[0]["word"] == "AND" else tokens, depth)
        tests.append(test)
    return (lambda document: all(test(document) for test in tests)), tokens


def _single(tokens: list[dict[str, Any]], depth: int) -> tuple[Test, list[dict[str, Any]]]:
    if not tokens or depth > _DEPTH:
        raise _malformed()
    token, rest = tokens[0], tokens[1:]
    if token["word"] == "NOT" or token["sign"] in {"-", "!"}:
        test, rest = _single(rest, depth + 1)
        return (lambda document: not test(document)), rest
    if token["sign"] == "+":
        return _single(rest, depth + 1)
    if token["paren"] == "(" or token["group"]:
        rest = _scoped(rest, token["field"]) if token["group"] else rest
        test, rest = _either(rest, depth + 1)
        if not rest or rest[0]["paren"] != ")":
            raise _malformed()
        return test, rest[1:]
    if token["paren"] or token["word"]:
        raise _malformed()
    return _term(token), rest


def _scoped(tokens: list[dict[str, Any]], field: str | None) -> list[dict[str, Any]]:
    """`type:(s OR f)` says the field once for every term within the parentheses."""
    scoped, level = [], 1
    for token in tokens:
        level += (token["paren"] == "(" or bool(token["group"])) - (token["paren"] == ")")
        scoped.append({**token, "field": token["field"] or field} if level > 0 else token)
    return scoped


def _term(token: dict[str, Any]) -> Test:
    field, phrase = token["field"], token["phrase"]
    if token["range"]:
        return _range(field, token["range"])
    wanted = re.sub(r"\\(.)", r"\1", phrase if phrase is not None else token["term"])
    if field in {"_exists_", "_missing_"}:
        return lambda document: (
            any(True for _ in _values(document, wanted)) is (field == "_exists_")
        )
    pattern = re.sub(r"([\[\]])", r"[\1]", wanted.lower())
    if phrase is not None:
        pattern = pattern.replace("*", "[*]").replace("?", "[?]")
    return lambda document: any(
        fnmatchcase(value.lower(), pattern) for value in _values(document, field)
    )


def _range(field: str | None, text: str) -> Test:
    ends = re.fullmatch(r"([\[{])\s*(\S+)\s+TO\s+(\S+)\s*([\]}])", text)
    if field is None or ends is None:
        raise _malformed()
    opening, low, high, closing = ends.groups()

    def test(document: Document) -> bool:
        return any(
            (low == "*" or value > low or (value == low and opening == "["))
            and (high == "*" or value < high or (_reaches(value, high) and closing == "]"))
            for value in _values(document, field)
        )

    return test


def _reaches(value: str, end: str) -> bool:
    """Whether a value is the end of a range; a day as the end lasts until midnight."""
    return value == end or (_DAY.fullmatch(end) is not None and value.startswith(end))


def _values(document: Any, field: str | None) -> Iterator[str]:
    """The texts at a dotted field, or anywhere, through lists."""
    if isinstance(document, list):
        for item in document:
            yield from _values(item, field)
    elif isinstance(document, dict):
        step, _, rest = (field or "").partition(".")
        for name, value in document.items():
            if field is None or field == "":
                yield from _values(value, field)
            elif name == step:
                yield from _values(value, rest)
    elif document is not None and not field:
        yield str(document).lower() if isinstance(document, bool) else str(document)


def _malformed() -> Refusal:
    return Refusal(400, "Failed to parse the query", "invalid_query_string")
