"""A change of a text side by side: what it was on the left, what it becomes on the right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from tenantctl.report.view import Line

if TYPE_CHECKING:
    from pygments.lexer import Lexer

LANGUAGES = {"code": "javascript", "html": "html", "liquid": "html", "json": "json"}
"""What a text is, and what it is coloured as."""
COLOURS = {
    **dict.fromkeys(("k", "kd", "kr", "kc", "kn", "kt", "kp", "nt", "ow"), "k"),
    **dict.fromkeys(("s", "s1", "s2", "sb", "sd", "se", "si", "sx", "sr", "na"), "s"),
    **dict.fromkeys(("m", "mi", "mf", "mh", "mb", "mo"), "m"),
    **dict.fromkeys(("c", "c1", "cm", "cp", "ch"), "c"),
}
"""The colours that there are, by the short names of kinds of tokens."""
WORDS = re.compile(r"\w+|\s+|[^\w\s]")
AT = re.compile(r"-(\d+)(?:,\d+)? \+(\d+)")
ALIKE = 0.35
"""How alike two lines have to be for their words to be compared."""
LONG = 2000
"""Characters of a line beyond which words are not compared."""

Span = tuple[str, str, bool]
"""A piece of a line: its text, the class of its colour, and whether it differs."""


@dataclass(frozen=True, slots=True)
class Side:
    """A line of one side: its *number*, its *sign* (`+`, `-` or a space), and its pieces."""

    number: int
    sign: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of either side, or a *heading* over what follows."""

    before: Side | None = None
    after: Side | None = None
    heading: str = ""


def side_by_side(lines: Iterable[Line], language: str = "") -> tuple[Pair, ...]:
    """*lines* of a unified diff as pairs; *language* is what the text is, as in `Row`."""
    return tuple(pair for hunk in _hunks(lines) for pair in _pairs(hunk, language))


@dataclass(frozen=True, slots=True)
class _Hunk:
    heading: str
    lines: tuple[Line, ...]


def _hunks(lines: Iterable[Line]) -> Iterator[_Hunk]:
    heading, inside = "", list[Line]()
    for line in lines:
        if line.sign == "@":
            if inside:
                yield _Hunk(heading, tuple(inside))
            heading, inside = line.text, []
        else:
            inside.append(line)
    if inside:
        yield _Hunk(heading, tuple(inside))


def _pairs(hunk: _Hunk, language: str) -> Iterator[Pair]:
    found = AT.search(hunk.heading)
    old_number, new_number = (int(found[1]), int(found[2])) if found else (1, 1)
    if hunk.heading:
        yield Pair(heading=hunk.heading)
    old = iter(_coloured([x.text for x in hunk.lines if x.sign != "+"], language))
    new = iter(_coloured([x.text for x in hunk.lines if x.sign != "-"], language))
    for gone, come in _runs(hunk.lines):
        if gone is come:
            yield Pair(
                Side(old_number, " ", _merged(next(old), ())),
                Side(new_number, " ", _merged(next(new), ())),
            )
            old_number, new_number = old_number + 1, new_number + 1
            continue
        for one, other in zip_longest(gone, come):
            marks, others = _differing(one, other)
            left = Side(old_number, "-", _merged(next(old), marks)) if one else None
            right = Side(new_number, "+", _merged(next(new), others)) if other else None
            old_number, new_number = old_number + bool(left), new_number + bool(right)
            yield Pair(left, right)


def _runs(lines: Sequence[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """What goes and what comes in its place; a line that stays is both at once."""
    gone, come = list[Line](), list[Line]()
    for line in lines:
        if line.sign == "-" and not come:
            gone.append(line)
        elif line.sign == "+":
            come.append(line)
        else:
            if gone or come:
                yield gone, come
            gone, come = [], []
            if line.sign == "-":
                gone.append(line)
            else:
                same = [line]
                yield same, same
    if gone or come:
        yield gone, come


Marks = Sequence[tuple[int, int]]


def _differing(one: Line | None, other: Line | None) -> tuple[Marks, Marks]:
    """Where two lines differ, if they are alike at all; of a line alone nothing is marked."""
    if one is None or other is None or max(len(one.text), len(other.text)) > LONG:
        return (), ()
    left, right = WORDS.findall(one.text), WORDS.findall(other.text)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < ALIKE:
        return (), ()
    changed = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        [_extent(left, code[1], code[2]) for code in changed if code[1] < code[2]],
        [_extent(right, code[3], code[4]) for code in changed if code[3] < code[4]],
    )


def _extent(words: Sequence[str], first: int, end: int) -> tuple[int, int]:
    start = sum(map(len, words[:first]))
    return start, start + sum(map(len, words[first:end]))


def _coloured(lines: Sequence[str], language: str) -> list[list[tuple[str, str]]]:
    """Each line in pieces with the classes of their colours."""
    lexer = _lexer(language)
    if lexer is None or not lines:
        return [[("", line)] for line in lines]
    from pygments.token import STANDARD_TYPES

    found: list[list[tuple[str, str]]] = [[]]
    for kind, text in lexer.get_tokens("\n".join(lines)):
        name = COLOURS.get(STANDARD_TYPES.get(kind, "")[:2]) or ""
        for index, piece in enumerate(text.split("\n")):
            if index:
                found.append([])
            if piece:
                found[-1].append((name[:1], piece))
    return found[: len(lines)]


@cache
def _lexer(language: str) -> Lexer | None:
    """What colours *language*; it changes no character."""
    if language not in LANGUAGES:
        return None
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(LANGUAGES[language], stripnl=False, ensurenl=False)


def _merged(pieces: Iterable[tuple[str, str]], marks: Marks) -> tuple[Span, ...]:
    """*pieces* cut where *marks* begin and end; neighbours that look alike are one."""
    edges = sorted({edge for mark in marks for edge in mark})
    found, position = list[Span](), 0
    for name, text in pieces:
        cuts = [edge - position for edge in edges if position < edge < position + len(text)]
        for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            inside = any(a <= position + start < b for a, b in marks)
            last = found[-1] if found else None
            if last and last[1:] == (name, inside):
                found[-1] = (last[0] + text[start:end], name, inside)
            elif start < end:
                found.append((text[start:end], name, inside))
        position += len(text)
    return tuple(found)
