"""Keywords in texts: put in as auth0-deploy-cli does, and found again in what comes out.

`@@K@@` becomes JSON, and takes quotes around it along; after that `##K##` becomes the plain text.
Both happen before anything is parsed, so a value may be a list, a part of a word, or more lines of
a file. Which of the values that come out are made of keywords is found by a second pass, with
marks in place of the values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tenantctl.foreign.deploy_cli.nodes import Node, Unparsable, plain
from tenantctl.foreign.item import Made, MadeList
from tenantctl.model import Json, Text, Value, Var, same

MARKER = re.compile(r"##([A-Z][A-Z0-9_]*)##|@@([A-Z][A-Z0-9_]*)@@")
"""What looks like a keyword: Auth0's own `@@password@@` and Liquid do not."""
WHOLE = re.compile(r"##[A-Z0-9_]+##|@@[A-Z0-9_]+@@")
HALF = re.compile(r"(?<![#@\w])(##|@@)([A-Z][A-Z0-9_]*)(?![\w])")
BARE = re.compile(r"(?<=[\s\[,:])@@([A-Z][A-Z0-9_]*)@@(?=[ \t]*([,\]}\r\n]|\Z))")

OPEN, CLOSE, PAD, FIRST = "\U00100000", "\U00100001", "\U00100002", 0x100010
MARK = re.compile(f"{OPEN}(.){PAD}*{CLOSE}")
ANY_MARK = re.compile("[\U00100000-\U00100fff]")


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword and its value, and what the variables are called that stand for it.

    A value that is no text is another one where it is put in as text.
    """

    name: str
    value: Json
    variable: str

    @property
    def text(self) -> str:
        return _as_text(self.value)

    @property
    def json(self) -> str:
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":"))

    @property
    def text_variable(self) -> str:
        return self.variable if isinstance(self.value, str) else f"{self.variable}_text"

    @property
    def quotable(self) -> bool:
        """Whether the value as JSON is itself between quotes."""
        return isinstance(self.value, str) and self.json == f'"{self.value}"'


def _as_text(value: Json) -> str:
    """*value* where JavaScript makes a string of it."""
    if isinstance(value, list):
        return ",".join("" if each is None else _as_text(each) for each in value)
    if isinstance(value, Mapping):
        return "[object Object]"
    return value if isinstance(value, str) else json.dumps(value)


Keywords = Mapping[str, Keyword]


def variable_names(keywords: Iterable[str]) -> dict[str, str]:
    """What the variable of each keyword is called: in small letters, all different."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for keyword in sorted(set(keywords)):
        stem = re.sub(r"[^a-z0-9]+", "_", _apart(keyword).lower()).strip("_") or "keyword"
        stem = f"_{stem}" if stem[0].isdigit() else stem
        name, number = stem, 2
        while {name, f"{name}_text"} & taken:
            name, number = f"{stem}_{number}", number + 1
        names[keyword] = name
        taken |= {name, f"{name}_text"}
    return names


def _apart(name: str) -> str:
    """*name* with its words apart, where capitals start them."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)


def replaced(text: str, keywords: Keywords) -> str:
    """*text* with the values of *keywords*."""
    return _marked(text, keywords, ())


def _marked(text: str, keywords: Keywords, chosen: Sequence[str]) -> str:
    """As `replaced`, but with marks for the *chosen* keywords, as long as what they replace."""
    marks = {name: FIRST + 2 * index for index, name in enumerate(chosen)}
    for keyword in keywords.values():
        marker = f"@@{keyword.name}@@"
        if marker in text:
            pattern = "|".join(map(re.escape, (f"'{marker}'", f'"{marker}"', marker)))
            text = re.sub(pattern, partial(_json_form, keyword, marks), text)
    for keyword in keywords.values():
        marker = f"##{keyword.name}##"
        mark = marks.get(keyword.name)
        text = text.replace(marker, _mark(mark, len(marker)) if mark else keyword.text)
    return text


def _json_form(keyword: Keyword, marks: Mapping[str, int], found: re.Match[str]) -> str:
    mark = marks.get(keyword.name)
    return f'"{_mark(mark + 1, len(found[0]) - 2)}"' if mark else keyword.json


def _mark(number: int, length: int) -> str:
    return OPEN + chr(number) + PAD * (length - 3) + CLOSE


def traced(text: str, keywords: Keywords, parse: Callable[[str], Node]) -> Node:
    """*text* with the values of *keywords*, parsed; what they make up is Made or MadeList.

    Places are those in *text*. A keyword without which the text would be of another structure (it
    makes a list longer, or is no text) stays what it is. Raises Unparsable.
    """
    real = parse(replaced(text, keywords))
    there = used(text, keywords)
    if not there or ANY_MARK.search(text):
        return real
    tracing = _Tracing(text, keywords, parse, real)
    chosen = there
    marked = tracing.attempt(chosen)
    if marked is None:
        chosen = [name for name in there if tracing.attempt([name]) is not None]
        marked = tracing.attempt(chosen) if chosen else None
    return tracing.merged(real, marked, chosen) if marked is not None else real


def used(text: str, keywords: Keywords) -> list[str]:
    """The names of those *keywords* that stand in *text*."""
    return [name for name in keywords if f"##{name}##" in text or f"@@{name}@@" in text]


@dataclass(frozen=True, slots=True)
class _Tracing:
    """One text, and the node that it really is."""

    text: str
    keywords: Keywords
    parse: Callable[[str], Node]
    real: Node

    def attempt(self, chosen: Sequence[str]) -> Node | None:
        """The text with marks for *chosen*; None if that is of another structure."""
        try:
            marked = self.parse(_marked(self.text, self.keywords, chosen))
        except Unparsable:
            return None
        return marked if self.fits(self.real, marked, chosen) else None

    def fits(self, real: Node, marked: Node, chosen: Sequence[str]) -> bool:
        if isinstance(marked.value, str) and MARK.search(marked.value):
            return True
        if isinstance(real.value, dict) and isinstance(marked.value, dict):
            pairs = self.pairs(marked, chosen)
            return list(pairs) == list(real.value) and all(
                self.fits(real.value[key], item, chosen) for key, item in pairs.items()
            )
        if type(real.value) is list and type(marked.value) is list:
            return len(real.value) == len(marked.value) and all(
                self.fits(one, other, chosen)
                for one, other in zip(real.value, marked.value, strict=True)
            )
        return bool(real.value == marked.value)

    def pairs(self, marked: Node, chosen: Sequence[str]) -> dict[str, Node]:
        """The entries of a map, with the keys that they really have."""
        return {self.joined(key, chosen): item for key, item in marked.value.items()}

    def joined(self, text: str, chosen: Sequence[str]) -> str:
        return "".join(part for part, _ in self.parts(text, chosen))

    def parts(self, text: str, chosen: Sequence[str]) -> Iterator[tuple[str, Var | None]]:
        """The parts of a marked text as they really are, and the variables among them."""
        end = 0
        for found in MARK.finditer(text):
            yield text[end : found.start()], None
            number = ord(found[1]) - FIRST
            keyword = self.keywords[chosen[number // 2]]
            if number % 2:
                yield keyword.json[1:-1], Var(keyword.variable) if keyword.quotable else None
            else:
                yield keyword.text, Var(keyword.text_variable)
            end = found.end()
        yield text[end:], None

    def merged(self, real: Node, marked: Node, chosen: Sequence[str]) -> Node:
        """The *real* node with the places of the *marked* one, and what is made of keywords."""
        value = real.value
        if isinstance(marked.value, str):
            value = self.made(real, marked.value, chosen)
        elif isinstance(value, dict):
            pairs = self.pairs(marked, chosen)
            value = {k: self.merged(v, pairs[k], chosen) for k, v in value.items()}
        elif type(value) is list:
            both = zip(value, marked.value, strict=True)
            value = [self.merged(one, other, chosen) for one, other in both]
        return Node(marked.line, marked.column, value, real.doubles)

    def made(self, real: Node, marked: str, chosen: Sequence[str]) -> Json:
        whole = MARK.fullmatch(marked)
        number = ord(whole[1]) - FIRST if whole else 0
        if whole and number % 2:
            keyword = self.keywords[chosen[number // 2]]
            value = plain(real)
            if _simple(keyword.value) and same(value, keyword.value):
                return MadeList.of(value, Var(keyword.variable))
            if isinstance(keyword.value, str) and value == keyword.value:
                return Made.of(value, Var(keyword.variable))
            return real.value
        if not isinstance(real.value, str):
            return real.value
        return _made(real.value, list(self.parts(marked, chosen)))


def _simple(value: Json) -> bool:
    """Whether this is a list that a variable may be."""
    return isinstance(value, list) and not any(isinstance(each, list | dict) for each in value)


def _made(real: str, parts: Sequence[tuple[str, Var | None]]) -> str:
    """*real* with what it is made of, if those are its *parts*."""
    if "".join(part for part, _ in parts) != real or not any(var for _, var in parts):
        return real
    sources = tuple(var or part for part, var in parts if var or part)
    return Made.of(real, sources[0] if len(sources) == 1 else Text(adjacent(sources)))


def adjacent(parts: Sequence[Value]) -> tuple[Value, ...]:
    """*parts* with plain neighbours joined."""
    found: list[Value] = []
    for part in parts:
        if found and isinstance(part, str) and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return tuple(found)


def traced_text(text: str, keywords: Keywords) -> str:
    """A text that is not parsed, such as code, with the values of *keywords*; Made of them."""
    real = replaced(text, keywords)
    chosen = [
        name
        for name in used(text, keywords)
        if keywords[name].quotable or f"@@{name}@@" not in text
    ]
    if not chosen or ANY_MARK.search(text):
        return real
    tracing = _Tracing(text, keywords, lambda _: Node(0, 0, None), Node(0, 0, None))
    return _made(real, list(tracing.parts(_marked(text, keywords, chosen), chosen)))


def unresolved(text: str, keywords: Keywords, *, comments: bool) -> Iterator[tuple[str, int, int]]:
    """The markers in *text* that no keyword resolves, with line and column.

    With *comments*, what YAML takes for one is skipped, unless the marker itself makes it one.
    """
    for number, line in enumerate(text.split("\n"), 1):
        for found in MARKER.finditer(line):
            if (found[1] or found[2]) in keywords:
                continue
            if comments and _commented(line[: found.start()]):
                break
            yield found[0], number, found.start() + 1


def _commented(before: str) -> bool:
    """Whether what stands *before* on the line starts a comment."""
    return bool(re.search(r"(^|\s)#", MARKER.sub("", before)))


def quoted(text: str, keywords: Keywords) -> str:
    """*text* with quotes around bare `@@K@@` that no keyword resolves, which nothing parses."""
    return BARE.sub(lambda found: found[0] if found[1] in keywords else f'"{found[0]}"', text)


def half_open(text: str, keywords: Keywords) -> Iterator[tuple[str, int, int]]:
    """Markers of *keywords* that have a start and no end, with line and column."""
    for number, line in enumerate(text.split("\n"), 1):
        for found in HALF.finditer(line):
            if found[2] in keywords and not line.startswith(found[1], found.end()):
                yield found[0], number, found.start() + 1
