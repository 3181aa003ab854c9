"""Tables that resources are stamped from: CSV with a header, or a YAML list of maps.

See docs/decisions/0008. A cell is text in CSV and what YAML says in YAML. What is wrong with a
row names its line and its column, and leaves that row out; the others are read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.files.document import (
    WRONG,
    Document,
    ListNode,
    MapNode,
    Node,
    ScalarNode,
    not_utf8,
    parse,
)
from tenantctl.files.findings import ROW, Findings
from tenantctl.model import Json, Origin

CELL = re.compile(r'(?:^|,)("(?:[^"]|"")*(?:"|$)|[^,]*)')


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and where it stands: the *name* of its origin is that of the column."""

    value: Json
    origin: Origin


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column. *typed*: they are JSON; else they are text, and an empty one is nothing."""

    origin: Origin
    cells: Mapping[str, Cell]
    typed: bool


@dataclass(slots=True)
class Table:
    """The rows of a file. *used* are the columns that some template names, so far.

    There are no columns where the file could not be read.
    """

    file: str
    columns: Mapping[str, Origin]
    rows: tuple[Row, ...]
    used: set[str] = field(default_factory=set)

    def unused(self, findings: Findings) -> None:
        """A warning for each column that nothing names."""
        for name in self.columns.keys() - self.used:
            findings.warn(self.columns[name], f"nothing uses the column {name}")


def read_table(file: str, data: bytes, findings: Findings) -> Table:
    """The table that *data* holds; *file* is what problems call it."""
    findings.tables.add(file)
    if file.endswith(".yaml"):
        return _of_yaml(file, data, findings)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.know(Document(file, (), None, (not_utf8(file, data, error),)))
        return Table(file, {}, ())
    lines = list(io.StringIO(text, newline=""))
    findings.lines[file] = tuple(line.rstrip("\r\n") for line in lines)
    return _of_csv(file, lines, findings)


# --- CSV --------------------------------------------------------------------------------------


def _of_csv(file: str, lines: list[str], findings: Findings) -> Table:
    records = _records(file, lines, findings)
    line, names = next(records, (0, []))
    if not names:
        findings.lose(
            Origin(file, 0, 0), "there is no header", "name the columns in the first line"
        )
        return Table(file, {}, ())
    columns = _header(file, line, names, lines, findings)
    if len(columns) < len(names):
        return Table(file, {}, ())
    found = [
        row
        for line, record in records
        if (row := _row(file, line, record, (lines, columns), findings)) is not None
    ]
    return Table(file, columns, tuple(found))


def _records(file: str, lines: list[str], findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """The records that are not empty, each with the line it starts at."""
    reader = csv.reader(lines, strict=True)
    line = 1
    try:
        for record in reader:
            if record:
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        help = 'a text with " or , in it stands in "...", and each " in it is written ""'
        findings.lose(Origin(file, line, 1), f"not CSV: {error}", help)


def _header(
    file: str, line: int, names: list[str], lines: list[str], findings: Findings
) -> Mapping[str, Origin]:
    """The columns by name; fewer than *names* where some are no names."""
    places = _places(lines[line - 1], len(names))
    found: dict[str, Origin] = {}
    for name, column in zip(map(str.strip, names), places, strict=True):
        at = Origin(file, line, column)
        if not name or set("{}\n") & set(name):
            findings.lose(at, f"{name or 'an empty text'} is no name of a column", "name it")
        elif len(names) == 1 and (";" in name or "\t" in name):
            mark = "semicolons" if ";" in name else "tabs"
            findings.lose(at, f"the columns are separated by {mark}", "separate them by commas")
            return {}
        elif name in found:
            message = f"the column {name} already stands at column {found[name].column}"
            findings.lose(at, message, "name each column differently")
        else:
            found[name] = at
    return found


def _row(
    file: str,
    line: int,
    record: list[str],
    beside: tuple[list[str], Mapping[str, Origin]],
    findings: Findings,
) -> Row | None:
    lines, columns = beside
    at = Origin(file, line, 1, layer=ROW)
    if len(record) != len(columns):
        message = f"the row has {len(record)} cells, and the header names {len(columns)} columns"
        help = 'a text with a comma in it stands in "..."' if len(record) > len(columns) else ""
        findings.lose(at, message, help)
        return None
    cells: dict[str, Cell] = {}
    for name, text, column in zip(
        columns, record, _places(lines[line - 1], len(record)), strict=True
    ):
        cells[name] = Cell(text, Origin(file, line, column, layer=ROW, name=name))
    return Row(at, cells, typed=False)


def _places(line: str, size: int) -> list[int]:
    """The columns that *size* cells start at; the last one's for those on further lines."""
    found = [match.start(1) + 1 for match in CELL.finditer(line)][:size]
    return [*found, *[found[-1]] * (size - len(found))]


# --- YAML -------------------------------------------------------------------------------------


def _of_yaml(file: str, data: bytes, findings: Findings) -> Table:
    document = parse(file, data, rows=True)
    findings.know(document)
    items = document.root.entries[0][1] if document.root else None
    return listed(file, items.items if isinstance(items, ListNode) else (), findings)


def listed(file: str, items: Iterable[Node], findings: Findings) -> Table:
    """The table that maps in a list are; *file* is where the list stands."""
    columns: dict[str, Origin] = {}
    found: list[Row] = []
    for node in items:
        at = Origin(file, node.line, node.column, layer=ROW)
        if not isinstance(node, MapNode) or node.tag:
            findings.lose(at, "a row must be a map of columns")
            continue
        cells: dict[str, Cell] = {}
        for key, value in node.entries:
            columns.setdefault(key.text, Origin(file, key.line, key.column))
            spot = Origin(file, value.line, value.column, layer=ROW, name=key.text)
            cells[key.text] = Cell(_plain(value, spot, findings), spot)
        found.append(Row(at, cells, typed=True))
    return Table(file, columns, tuple(found))


def _plain(node: Node, at: Origin, findings: Findings) -> Json:
    if node.tag:
        if node.tag != WRONG:
            findings.lose(at, f"!{node.tag} means nothing in a table", "write the value itself")
        return None
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, ListNode):
        return [_plain(item, at, findings) for item in node.items]
    return {key.text: _plain(value, at, findings) for key, value in node.entries}
