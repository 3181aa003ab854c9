"""Whether a text can be JavaScript at all: its brackets balance outside strings and comments."""

import re
from typing import Final

_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_SKIPPED = r"""\s+|//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?"""
# Bounded, so that a text of nothing but slashes and brackets takes no longer than others.
_REGEX = r"/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n]){0,300}\]|[^/\\\[\n]){1,1000}/"
_AFTER_VALUE = re.compile(rf"{_SKIPPED}|/\*|[\w$]+|.", re.DOTALL)
_ELSEWHERE = re.compile(rf"{_SKIPPED}|/\*|{_REGEX}|[\w$]+|.", re.DOTALL)
_TEMPLATE = re.compile(r"(?:\\.|\$(?!\{)|[^`\\$])+|\$\{|.", re.DOTALL)
# After these words a slash begins a regular expression.
_OPERATORS: Final = frozenset(
    {"await", "case", "delete", "do", "else", "in", "of", "return", "throw", "typeof", "void"}
)


def is_plausible(code: str) -> bool:
    """False for code that no reading makes JavaScript.

    Auth0 builds an action whose last line has a string without an end (recorded traffic), so
    strings end with their line here. After a bracket a slash may divide or begin a regular
    expression; one reading that balances is enough.
    """
    return any(_balances(code, closing) for closing in ("])}", "]"))


def _balances(code: str, closing: str) -> bool:
    """`closing` are the brackets after which a slash divides."""
    open_: list[str] = []
    value = False
    at = 0
    while at < len(code):
        piece = _token(code, at, value, inside="`" in open_[-1:])
        at += len(piece)
        if not _tracks(open_, piece):
            return False
        if not piece.isspace() and not piece.startswith(("//", "/*")):
            value = _is_value(piece, closing)
    return not open_


def _token(code: str, at: int, value: bool, *, inside: bool) -> str:
    pattern = _TEMPLATE if inside else _AFTER_VALUE if value else _ELSEWHERE
    found = pattern.match(code, at)
    return found.group() if found else code[at]


def _tracks(open_: list[str], piece: str) -> bool:
    """Opens or closes what the piece opens or closes; False where that does not fit."""
    if "`" in open_[-1:]:
        if piece == "`":
            open_.pop()
        elif piece == "${":
            open_.append("{")
    elif piece in {"(", "[", "{", "`"}:
        open_.append(piece)
    elif piece in _PAIRS:
        return bool(open_) and open_.pop() == _PAIRS[piece]
    return piece != "/*"


def _is_value(piece: str, closing: str) -> bool:
    """Whether a slash after the piece divides."""
    last = piece[-1]
    if piece[0] in "'\"`" or (piece[0] == "/" and len(piece) > 1):
        return True
    return piece not in _OPERATORS and (last.isalnum() or last in "_$" or last in closing)
