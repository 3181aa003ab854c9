"""One YAML file as nodes with marks, and everything that is wrong with it as YAML.

`parse` is a pure function of the bytes. Keys are always text. Values follow the core schema of
YAML 1.2; what other readers of YAML take for something else has to be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeAlias

import yaml
from yaml import nodes as raw
from yaml.reader import Reader

from tenantctl.errors import FilesError, Problem
from tenantctl.files.scalars import DATE, IMPLICIT, Surprise, resolve
from tenantctl.model import Json

FILE_BYTES = 5_000_000
SCALAR_CHARACTERS = 1_000_000
SHOWN_CHARACTERS = 200
DEPTH = 100
EXPANSION = 10_000
UNPRINTABLE = Reader.NON_PRINTABLE
"""What YAML has no place for: all but tab, line ends and what can be printed, from U+0020 on."""
TAGS = ("var", "secret", "ref", "row", "file", "template", "append", "without", "unmanaged")
BARE = ("unmanaged",)
KEYS = ("row",)
"""The tags that a key may have."""
WRONG = "?"
"""The tag of a node that has been complained about: whatever it is, say no more."""


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A scalar: its *text* as written, its *value* as JSON, its *tag* without the `!`."""

    line: int
    column: int
    tag: str
    text: str
    value: Json


@dataclass(frozen=True, slots=True)
class ListNode:
    """A sequence of nodes."""

    line: int
    column: int
    tag: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping with its keys in order of writing; no key stands in it twice."""

    line: int
    column: int
    tag: str
    entries: tuple[tuple[ScalarNode, Node], ...]

    def get(self, key: str) -> Node | None:
        return next((node for scalar, node in self.entries if scalar.text == key), None)

    def without(self, *keys: str) -> MapNode:
        kept = tuple(entry for entry in self.entries if entry[0].text not in keys)
        return self if len(kept) == len(self.entries) else replace(self, entries=kept)


Node: TypeAlias = ScalarNode | ListNode | MapNode


KEPT = 65_536
"""Bytes of a file up to which what it holds is kept for the next time that it is read."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as nodes. *root* is None where the file is no map; *problems* then say why."""

    file: str
    lines: tuple[str, ...]
    root: MapNode | None
    problems: tuple[Problem, ...] = ()


def parse(file: str, data: bytes, *, rows: bool = False, days: Collection[str] = ()) -> Document:
    """*data* as nodes; *file* is what problems call it.

    With *rows* the file is a list, which then stands in the root under one empty key. *days* are
    keys whose values are days: nobody has to quote these.
    """
    if len(data) <= KEPT:
        return _kept(file, data, rows=rows, days=frozenset(days))
    return _parsed(file, data, rows=rows, days=days)


@lru_cache(maxsize=256)
def _kept(file: str, data: bytes, *, rows: bool, days: frozenset[str]) -> Document:
    """The files of a tenant are read again for each of its environments."""
    return _parsed(file, data, rows=rows, days=days)


def _parsed(file: str, data: bytes, *, rows: bool, days: Collection[str]) -> Document:
    if not yaml.__with_libyaml__:
        message = "PyYAML was built without libyaml, which reads the files"
        raise FilesError([Problem(file, 0, 0, message, help="install a wheel of PyYAML 6")])
    from tenantctl.files.composer import compose

    if len(data) > FILE_BYTES:
        message = f"the file has {len(data):,} bytes; at most {FILE_BYTES:,} are read"
        return Document(file, (), None, (Problem(file, 0, 0, message, help="split it"),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Document(file, (), None, (not_utf8(file, data, error),))
    lines = tuple(text.splitlines())
    if problem := _depth_problem(file, lines, text):
        return Document(file, lines, None, (problem,))
    try:
        node = compose(text)
    except yaml.YAMLError as error:
        return Document(file, lines, None, (_syntax(file, lines, text, error),))
    return _document(file, lines, node, rows=rows, days=days)


def _document(
    file: str, lines: tuple[str, ...], node: Any, *, rows: bool, days: Collection[str] = ()
) -> Document:
    if node is None:
        problem = Problem(
            file, 0, 0, f"the file is empty; it must be a {'list' if rows else 'map'}"
        )
        return Document(file, lines, None, (problem,))
    reading = _Reading(file, lines, [], {}, days)
    root = reading.node(node, 1)[0]
    if rows and isinstance(root, ListNode):
        root = MapNode(1, 1, "", ((ScalarNode(1, 1, "", "", ""), root),))
    elif rows:
        reading.add(node, "the file must be a list of rows, each a map of columns", "")
        return Document(file, lines, None, tuple(reading.problems))
    if not isinstance(root, MapNode):
        reading.add(node, "the file must be a map of keys and values", "")
        return Document(file, lines, None, tuple(reading.problems))
    return Document(file, lines, root, tuple(reading.problems))


@dataclass(slots=True)
class _Reading:
    """libyaml's nodes on their way to ours; an aliased node is read once."""

    file: str
    lines: tuple[str, ...]
    problems: list[Problem]
    known: dict[int, tuple[Node, int] | None]
    days: Collection[str] = ()

    def add(self, node: Any, message: str, help: str) -> None:
        mark = node.start_mark
        self.problems.append(_problem(self.file, self.lines, mark, message, help))

    def node(self, node: Any, depth: int) -> tuple[Node, int]:
        """Our node, and how many nodes it is with aliases written out."""
        if id(node) in self.known:
            found = self.known[id(node)]
            if found is None:
                self.add(node, "the anchor contains itself", "write the values out")
                return _blank(node), 1
            return found
        self.known[id(node)] = None
        found = self._fresh(node, depth)
        self.known[id(node)] = found
        return found

    def _fresh(self, node: Any, depth: int) -> tuple[Node, int]:
        if depth > DEPTH:
            self.add(node, f"nested more than {DEPTH} levels deep", "")
            return _blank(node), 1
        tag = self._tag(node)
        if isinstance(node, raw.ScalarNode):
            return self._scalar(node, tag), 1
        found, size = self._collection(node, tag, depth)
        if size > EXPANSION + len(self.known):
            self.add(node, f"aliases make {size:,} nodes of {len(self.known):,}", "write less")
            return _blank(node), 1
        return found, size

    def _collection(self, node: Any, tag: str, depth: int) -> tuple[Node, int]:
        at = (node.start_mark.line + 1, node.start_mark.column + 1, tag)
        if isinstance(node, raw.SequenceNode):
            pairs = [self.node(item, depth + 1) for item in node.value]
            items = tuple(item for item, _ in pairs)
            return ListNode(*at, items), 1 + sum(size for _, size in pairs)
        entries = list(self._entries(node, depth))
        pairs_of = tuple((key, value) for key, value, _ in entries)
        return MapNode(*at, pairs_of), 1 + sum(size for _, _, size in entries)

    def _entries(self, node: Any, depth: int) -> Iterator[tuple[ScalarNode, Node, int]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, raw.ScalarNode):
                self.add(key, "a key must be text", "")
            elif key.tag == IMPLICIT and key.value == "<<" and not key.style:
                self.add(key, "merge keys (<<) are not supported", "write the fields out")
            elif key.value in seen:
                message = f'the key "{key.value}" already stands at line {seen[key.value]}'
                self.add(key, message, "keep one of them")
            else:
                seen[key.value] = line
                tag = self._key_tag(key)
                scalar = ScalarNode(line, key.start_mark.column + 1, tag, key.value, key.value)
                day = self._day(value) if key.value in self.days else None
                yield scalar, *(day or self.node(value, depth + 1))

    def _day(self, node: Any) -> tuple[Node, int] | None:
        """A day that stands there without quotes, as text."""
        if not isinstance(node, raw.ScalarNode) or node.style or node.tag != IMPLICIT:
            return None
        if not DATE.fullmatch(node.value):
            return None
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        return ScalarNode(line, column, "", node.value, node.value), 1

    def _key_tag(self, key: Any) -> str:
        tag = self._tag(key)
        if not tag or tag in {*KEYS, WRONG}:
            return tag
        self.add(key, f"a key cannot be made by !{tag}", "write it out")
        return WRONG

    def _tag(self, node: Any) -> str:
        if node.tag == IMPLICIT:
            return ""
        name = node.tag.removeprefix("!")
        if name in TAGS:
            return str(name)
        if node.tag.startswith("tag:yaml.org,2002:"):
            name = "!" + node.tag.removeprefix("tag:yaml.org,2002:")
            self.add(node, f"the tag !{name} is not supported", "quote the value to make it text")
        else:
            close = get_close_matches(name, TAGS, n=1)
            known = ", ".join(f"!{tag}" for tag in TAGS)
            help = f"did you mean !{close[0]}?" if close else f"there are {known}"
            self.add(node, f"unknown tag !{name}", help)
        return WRONG

    def _scalar(self, node: Any, tag: str) -> ScalarNode:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        text: str = node.value
        if len(text) > SCALAR_CHARACTERS:
            self.add(node, f"a value of {len(text):,} characters; at most 1,000,000", "")
            return _blank(node)
        if tag or node.style or node.tag != IMPLICIT:
            if tag in TAGS and tag not in BARE and not text:
                self.add(node, f"!{tag} needs an argument", f"such as !{tag} name")
                tag = WRONG
            return ScalarNode(line, column, tag, text, text)
        value = resolve(text)
        if isinstance(value, Surprise):
            self.add(node, value.message, value.help)
            return ScalarNode(line, column, WRONG, text, text)
        return ScalarNode(line, column, tag, text, value)


def _blank(node: Any) -> ScalarNode:
    return ScalarNode(node.start_mark.line + 1, node.start_mark.column + 1, WRONG, "", "")


def line_at(lines: tuple[str, ...], line: int) -> str:
    """The source line to show with a problem; empty where it is too long to help."""
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    return source if len(source) <= SHOWN_CHARACTERS else ""


def _problem(file: str, lines: tuple[str, ...], mark: Any, message: str, help: str = "") -> Problem:
    source = line_at(lines, mark.line + 1)
    return Problem(file, mark.line + 1, mark.column + 1, message, help, source)


@dataclass(frozen=True, slots=True)
class _Spot:
    line: int
    column: int


def not_utf8(file: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    before = data[: error.start]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    message = f"byte 0x{data[error.start]:02x} is not UTF-8"
    return Problem(file, line, column, message, help="save the file as UTF-8")


def _depth_problem(file: str, lines: tuple[str, ...], text: str) -> Problem | None:
    """Too deep for libyaml, which recurses on the C stack. Only suspects are parsed for it."""
    if not _suspect(lines, text):
        return None
    from tenantctl.files.composer import depths

    try:
        for depth, mark in depths(text):
            if depth > DEPTH:
                return _problem(file, lines, mark, f"nested more than {DEPTH} levels deep")
    except yaml.YAMLError:
        return None
    return None


def _suspect(lines: tuple[str, ...], text: str) -> bool:
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest > DEPTH or any(
        len(line) > DEPTH and len(line) - len(line.lstrip(" -?")) > DEPTH for line in lines
    )


def _syntax(file: str, lines: tuple[str, ...], text: str, error: yaml.YAMLError) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        found = UNPRINTABLE.search(text)
        before = text[: found.start()] if found else text
        spot = _Spot(before.count("\n"), len(before) - before.rfind("\n") - 1)
        message = f"U+{ord(found[0]):04X} may not stand in YAML" if found else "unreadable YAML"
        return _problem(file, lines, spot, message)
    mark = getattr(error, "problem_mark", None) or _Spot(0, 0)
    said = getattr(error, "problem", None) or str(error)
    line = lines[mark.line] if mark.line < len(lines) else ""
    for known in _KNOWN:
        if explained := known(line, mark.column, said):
            message, help, column = explained
            return _problem(file, lines, _Spot(mark.line, column), message, help)
    context = getattr(error, "context", None)
    message = f"not YAML: {context}, {said}" if context else f"not YAML: {said}"
    return _problem(file, lines, mark, message)


_Explained: TypeAlias = tuple[str, str, int] | None


def _marker(line: str, column: int, said: str) -> _Explained:
    if not said.startswith("did not find expected ','") or line[max(column - 1, 0) :][:2] != "${":
        return None
    message = "inside [ ] and { } YAML reads ${ as the start of a map"
    return message, 'quote the whole text: "${...}"', column - 1


def _tab(line: str, column: int, said: str) -> _Explained:
    if said != "found character that cannot start any token" or line[column : column + 1] != "\t":
        return None
    return "a tab cannot indent", "use spaces", column


def _bare_tag(line: str, column: int, said: str) -> _Explained:
    if said != "did not find expected whitespace or line break":
        return None
    start = line.rfind("!", 0, column)
    return "inside [ ] and { } a tag needs an argument", "write the map in block style", start


def _documents(_: str, column: int, said: str) -> _Explained:
    if said != "but found another document":
        return None
    return "a second document starts here", "one file is one document", column


def _column(_: str, column: int, said: str) -> _Explained:
    if said not in {"did not find expected key", "mapping values are not allowed in this context"}:
        return None
    help = "begin what belongs together in the same column, and quote a text with a colon in it"
    return f"not YAML: {said}", help, column


_KNOWN: tuple[Callable[[str, int, str], _Explained], ...] = (
    _marker,
    _tab,
    _bare_tag,
    _documents,
    _column,
)
