"""YAML and JSON as values that know where they stand, read as auth0-deploy-cli reads them."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from json.decoder import JSONDecoder
from typing import Any

import yaml
from yaml._yaml import CParser

from tenantctl.model import Json

DEEPEST = 100
LARGEST = 500_000
IMPLICIT = "?"
STANDARD = "tag:yaml.org,2002:"
WORDS: Mapping[str, Json] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
INTEGER = re.compile(r"[-+]?[0-9]+")
BASED = re.compile(r"[-+]?(0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)")
FLOAT = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
BLANK = re.compile(r"[ \t\r\n]*")
STRING = JSONDecoder().raw_decode
WORD = re.compile(r"[-+.0-9A-Za-z]+")


class Unparsable(Exception):
    """A text that is not what it should be: why, and where; lines and columns count from 1."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar, a list of nodes or a map of nodes. What has a key stands where its key stands.

    *doubles* are keys that a map has more than once; the last one counts.
    """

    line: int
    column: int
    value: Any
    doubles: tuple[tuple[str, int, int], ...] = ()


def plain(node: Node) -> Json:
    """The value alone."""
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    if type(node.value) is list:
        return [plain(item) for item in node.value]
    return node.value


def nearest(node: Node, path: tuple[str, ...]) -> Node:
    """The node at *path*, or the last one on the way there."""
    for part in path:
        if isinstance(node.value, dict) and part in node.value:
            node = node.value[part]
        elif type(node.value) is list and part.isdigit() and int(part) < len(node.value):
            node = node.value[int(part)]
        else:
            break
    return node


def doubles(node: Node) -> Iterator[tuple[str, int, int]]:
    """Every key that stands twice in one map, with the place of the one that counts."""
    yield from node.doubles
    children = node.value.values() if isinstance(node.value, dict) else node.value
    if isinstance(node.value, dict) or type(node.value) is list:
        for child in children:
            yield from doubles(child)


def of_yaml(text: str) -> Node:
    """The node of a YAML document; of an empty one an empty map. Raises Unparsable."""
    try:
        _check_depth(text)
        root = _Composer(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        at = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise Unparsable(f"this is not YAML: {_unquoted(error)}", *at) from None
    except yaml.YAMLError as error:
        reason = getattr(error, "reason", None) or "it cannot be read"
        raise Unparsable(f"this is not YAML: {reason}") from None
    return _Reading().node(root) if root is not None else Node(1, 1, {})


def _unquoted(error: yaml.MarkedYAMLError) -> str:
    """What is wrong, without what the text says there, which may be a secret."""
    return re.sub(r"(['\"]).{2,}\1", "...", str(error.problem or error.context), flags=re.DOTALL)


class _Composer(CParser):
    """Composes nodes and leaves tags alone."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:  # noqa: ARG002
        return IMPLICIT

    def descend_resolver(self, parent: Any, index: Any) -> None:
        """Nothing hangs on where a node stands."""

    def ascend_resolver(self) -> None:
        """As above."""


def _check_depth(text: str) -> None:
    """Composing recurses on the C stack."""
    parser, depth = _Composer(text), 0
    while not parser.check_event(yaml.StreamEndEvent):
        event = parser.get_event()
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                mark: Any = event.start_mark
                message = f"nested more than {DEEPEST} levels deep"
                raise Unparsable(message, mark.line + 1, mark.column + 1)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


@dataclass(slots=True)
class _Reading:
    """libyaml's nodes on their way to ours; aliases are written out, up to a size."""

    open: set[int] = field(default_factory=set)
    size: int = 0

    def node(self, raw: Any) -> Node:
        line, column = raw.start_mark.line + 1, raw.start_mark.column + 1
        self.size += 1
        if id(raw) in self.open:
            raise Unparsable("an anchor contains itself", line, column)
        if self.size > LARGEST:
            raise Unparsable(f"aliases make more than {LARGEST:,} values", line, column)
        if isinstance(raw, yaml.ScalarNode):
            return Node(line, column, _scalar(raw, line, column))
        if raw.tag not in {IMPLICIT, "!", f"{STANDARD}map", f"{STANDARD}seq"}:
            raise Unparsable("a tag means nothing here", line, column)
        self.open.add(id(raw))
        if isinstance(raw, yaml.SequenceNode):
            found = Node(line, column, [self.node(item) for item in raw.value])
        else:
            found = self.map(raw, line, column)
        self.open.remove(id(raw))
        return found

    def map(self, raw: Any, line: int, column: int) -> Node:
        merged: dict[str, Node] = {}
        own: dict[str, Node] = {}
        twice = []
        for key, item in raw.value:
            at = (key.start_mark.line + 1, key.start_mark.column + 1)
            if not isinstance(key, yaml.ScalarNode):
                raise Unparsable("a key must be text", *at)
            if key.value == "<<" and key.tag == IMPLICIT and not key.style:
                merged = {**self.merge(item, *at), **merged}
                continue
            if key.value in own:
                twice.append((key.value, *at))
            own[key.value] = replace(self.node(item), line=at[0], column=at[1])
        return Node(line, column, {**merged, **own}, tuple(twice))

    def merge(self, raw: Any, line: int, column: int) -> dict[str, Node]:
        """What `<<` brings into a map: of several maps the first one that has a key."""
        found = self.node(raw)
        maps = found.value if type(found.value) is list else [found]
        if not all(isinstance(each.value, dict) for each in maps):
            raise Unparsable("<< takes a map, or a list of maps", line, column)
        return {k: v for each in reversed(maps) for k, v in each.value.items()}


def _scalar(raw: Any, line: int, column: int) -> Json:
    if raw.tag not in {IMPLICIT, "!"}:
        kind = raw.tag.removeprefix(STANDARD)
        if kind not in {"str", "int", "float", "bool", "null"}:
            raise Unparsable("a tag means nothing here", line, column)
        return raw.value if kind == "str" else resolved(raw.value)
    return raw.value if raw.style or raw.tag == "!" else resolved(raw.value)


def resolved(text: str) -> Json:
    """The value of a plain scalar: the core schema; what it does not know, dates too, is text."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text) if len(text) < DEEPEST else text
    if BASED.fullmatch(text):
        return int(text, 0)
    return float(text) if FLOAT.fullmatch(text) else text


def of_json(text: str) -> Node:
    """The node of a JSON document. Raises Unparsable."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise Unparsable(f"this is not JSON: {error.msg}", error.lineno, error.colno) from None
    except (RecursionError, ValueError):
        raise Unparsable(f"nested more than {DEEPEST} levels deep, or not to be read") from None
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return _Json(text, starts).value(0, 0)[0]


@dataclass(frozen=True, slots=True)
class _Json:
    """A text that is JSON; *starts* are the offsets of its lines."""

    text: str
    starts: list[int]

    def skip(self, index: int) -> int:
        found = BLANK.match(self.text, index)
        return found.end() if found else index

    def place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def value(self, index: int, depth: int) -> tuple[Node, int]:
        """The node that starts at *index*, and where it ends."""
        index = self.skip(index)
        at = self.place(index)
        if depth > DEEPEST:
            raise Unparsable(f"nested more than {DEEPEST} levels deep", *at)
        first = self.text[index]
        if first == "{":
            return self.map(index, depth)
        if first == "[":
            return self.list(index, depth)
        if first == '"':
            text, end = STRING(self.text, index)
            return Node(*at, text), end
        word = WORD.match(self.text, index)
        assert word is not None, "the text was parsed before"
        return Node(*at, json.loads(word[0])), word.end()

    def map(self, start: int, depth: int) -> tuple[Node, int]:
        found: dict[str, Node] = {}
        twice = []
        index = self.skip(start + 1)
        while self.text[index] != "}":
            at = self.place(index)
            key, index = STRING(self.text, index)
            item, index = self.value(self.skip(index) + 1, depth + 1)
            if key in found:
                twice.append((key, *at))
            found[key] = replace(item, line=at[0], column=at[1])
            index = self.after(index)
        return Node(*self.place(start), found, tuple(twice)), index + 1

    def list(self, start: int, depth: int) -> tuple[Node, int]:
        found = []
        index = self.skip(start + 1)
        while self.text[index] != "]":
            item, index = self.value(index, depth + 1)
            found.append(item)
            index = self.after(index)
        return Node(*self.place(start), found), index + 1

    def after(self, index: int) -> int:
        """Where the next element, or the end, is."""
        index = self.skip(index)
        return self.skip(index + 1) if self.text[index] == "," else index
