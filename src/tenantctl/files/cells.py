"""Nodes that name cells of a row, `${row.column}` and `!row column`, with the cells filled in.

For files that are read without variables; what is evaluated reads cells by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tenantctl.files.document import WRONG, ListNode, MapNode, Node, ScalarNode
from tenantctl.files.evaluate import varies
from tenantctl.files.findings import Findings
from tenantctl.files.rows import Cell, Row
from tenantctl.files.scalars import Surprise, resolve
from tenantctl.model import Json, Origin

NAMED = re.compile(r"\$\{row\.([^{}\n]+)\}")
Via = dict[tuple[int, int], tuple[Origin, ...]]
"""The cells that nodes were made of, by line and column."""


def columns(node: Node | None) -> Iterator[tuple[str, ScalarNode]]:
    """The columns that *node* names, and where."""
    if isinstance(node, ListNode):
        for item in node.items:
            yield from columns(item)
    elif isinstance(node, MapNode):
        for key, value in node.entries:
            yield from columns(key)
            yield from columns(value)
    elif node is not None and node.tag == "row":
        yield node.text, node
    elif node is not None:
        for found in NAMED.finditer(node.text):
            yield found[1], node


def filled(node: Node, row: Row, via: Via, findings: Findings) -> Node | None:
    """*node* with the cells of *row* in their places, which *via* then knows.

    None where all there is is an empty cell, or none in a row that is a map.
    """
    if not varies(node):
        return node
    if isinstance(node, ListNode):
        items = (filled(item, row, via, findings) for item in node.items)
        return replace(node, items=tuple(item for item in items if item is not None))
    if isinstance(node, ScalarNode):
        return _whole(node, row, via, findings) if node.tag == "row" else _inside(node, row, via)
    entries = [(key, filled(value, row, via, findings)) for key, value in node.entries]
    for key, value in entries:
        if value is not None and (found := via.get((value.line, value.column))):
            via[key.line, key.column] = found
    return replace(node, entries=tuple((key, value) for key, value in entries if value is not None))


def _inside(node: ScalarNode, row: Row, via: Via) -> ScalarNode:
    """A text with cells inside it."""
    cells = [row.cells[found[1]] for found in NAMED.finditer(node.text) if found[1] in row.cells]
    if "${" not in NAMED.sub("", node.text):  # whatever else is named there is told by the reader
        _know(via, node, *cells)
    text = NAMED.sub(lambda found: _shown(row.cells, found[1]), node.text)
    return replace(node, text=text, value=text)


def _shown(cells: Mapping[str, Cell], name: str) -> str:
    value = cells[name].value if name in cells else ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _whole(node: ScalarNode, row: Row, via: Via, findings: Findings) -> Node | None:
    """A cell alone: in CSV what YAML would make of its text."""
    cell = row.cells.get(node.text)
    if cell is None or (cell.value == "" and not row.typed):
        return None
    _know(via, node, cell)
    value = resolve(cell.value) if isinstance(cell.value, str) and not row.typed else cell.value
    if isinstance(value, Surprise):
        findings.lose(cell.origin, value.message, f'"${{row.{node.text}}}" is always text')
        return replace(node, tag=WRONG)
    return _node(node, value)


def _know(via: Via, node: ScalarNode, *cells: Cell) -> None:
    if cells:
        via[node.line, node.column] = tuple(c.origin for c in cells if c.origin.line)


def _node(at: ScalarNode, value: Json) -> Node:
    """*value* as a node that stands where *at* does."""
    if isinstance(value, list):
        return ListNode(at.line, at.column, "", tuple(_node(at, item) for item in value))
    if isinstance(value, dict):
        keys = {key: ScalarNode(at.line, at.column, "", key, key) for key in value}
        entries = tuple((keys[key], _node(at, item)) for key, item in value.items())
        return MapNode(at.line, at.column, "", entries)
    text = value if isinstance(value, str) else json.dumps(value)
    return ScalarNode(at.line, at.column, "", text, value)
