"""`$for: !file rows.csv`: one resource for each row of a table. See docs/decisions/0008.

A template is read once: what is the same in every row is evaluated once, and a column that the
table does not have is one problem. Everything else that is wrong is wrong with a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tenantctl.files.document import WRONG, ListNode, MapNode, Node, ScalarNode
from tenantctl.files.evaluate import Context, evaluate, is_absent, made_key, varies
from tenantctl.files.findings import suggestion
from tenantctl.files.folder import LARGEST, Unreadable
from tenantctl.files.names import parts
from tenantctl.files.rows import Row, Table, read_table
from tenantctl.files.tree import Leaf, Tree
from tenantctl.model import Origin

FOR = "$for"


@dataclass(frozen=True, slots=True)
class Stamped:
    """A row of a template: the context to evaluate it in, its keys, and where each is written."""

    context: Context
    keys: tuple[ScalarNode, ...]
    origins: tuple[Origin, ...]


def stamp(
    context: Context, keys: tuple[ScalarNode, ...], body: MapNode, tables: dict[str, Table]
) -> Iterator[Stamped]:
    """One for each row of the table that `$for` of *body* names; *tables* are those read so far.

    Problems go to the context's findings; a row that has one in its keys is left out.
    """
    at = context.origin(keys[-1])
    table = _table(context, body.get(FOR), tables)
    if table is None or not _fits(context, (*keys, body.without(FOR)), table):
        context.findings.incomplete = True
    elif not any(map(varies, keys)):
        help = 'make the key of a column, such as "${row.key}"'
        context.findings.lose(at, "every row would be the same resource", help)
    else:
        context.findings.templates |= set(_spots(context, body))
        same = _same(context, body.without(FOR))
        first: dict[tuple[str, ...], Row] = {}
        for row in table.rows:
            found = _keys(replace(context, row=row, used=table.used, same=same), keys)
            if found is not None and _is_new(found, row, first):
                yield found


def filled(context: Context, node: Node) -> tuple[Node | None, tuple[Origin, ...]]:
    """*node*, which is read as a node, with its cells filled in, and where these stand.

    None where all there is is an empty cell.
    """
    if not varies(node) or not isinstance(node, ScalarNode | ListNode):
        return node, ()
    if isinstance(node, ListNode):
        pairs = [filled(context, item) for item in node.items]
        via = tuple(origin for _, origins in pairs for origin in origins)
        return replace(node, items=tuple(item for item, _ in pairs if item is not None)), via
    tree = evaluate(context, node)
    if is_absent(tree):
        return None, ()
    value = tree.value if isinstance(tree, Leaf) else None
    if not isinstance(value, str | bool | int | float):
        return replace(node, tag=WRONG), ()
    return ScalarNode(node.line, node.column, "", str(value), value), tree.origin.via


def _table(context: Context, node: Node | None, tables: dict[str, Table]) -> Table | None:
    assert node is not None
    at = context.origin(node)
    if not isinstance(node, ScalarNode) or node.tag != "file":
        if node.tag != WRONG:
            context.findings.add(at, "$for takes a file of rows", "write $for: !file rows.csv")
        return None
    if not node.text.endswith((".csv", ".yaml")):
        help = "a .csv with a header, or a .yaml with a list of maps"
        context.findings.add(at, f"{node.text} is no table", help)
        return None
    name = context.folder.name(node.text)
    if name not in tables:
        try:
            data = context.folder.read(node.text, largest=LARGEST)
        except Unreadable as problem:
            context.findings.add(at, problem.message, problem.help)
            return None
        tables[name] = read_table(name, data, context.findings)
        if not tables[name].rows:
            context.findings.warn(at, f"{name} has no rows: it makes nothing")
    return tables[name] if tables[name].columns else None


def _fits(context: Context, nodes: tuple[Node, ...], table: Table) -> bool:
    """Whether the table has all columns that the template names."""
    good = True
    for node in nodes:
        for name, scalar in _named(node):
            table.used.add(name)
            if name not in table.columns:
                good = False
                help = suggestion(name, table.columns, f"it has {', '.join(table.columns)}")
                message = f"{table.file} has no column {name}"
                context.findings.add(context.origin(scalar), message, help)
    return good


def _named(node: Node) -> Iterator[tuple[str, ScalarNode]]:
    """The columns that *node* names, and where."""
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _named(item)
    elif isinstance(node, MapNode):
        for key, value in node.entries:
            yield from _named(key)
            yield from _named(value)
    elif node.tag == "row":
        yield node.text, node
    elif "${row." in node.text:
        for _, inner, _ in parts(node.text):
            if inner and inner.startswith("row."):
                yield inner.removeprefix("row."), node


def _same(context: Context, body: MapNode) -> Mapping[int, Tree]:
    """The trees of the largest nodes that are the same in every row, by the node's `id`.

    A map directly under the resource is not one of them: it may be an association, with keys of
    its own meaning.
    """
    found: dict[int, Tree] = {}
    for node in _fields(body):
        for inner in _fields(node) if isinstance(node, MapNode) else (node,):
            found.update(_constants(context, inner))
    return found


def _fields(node: MapNode) -> Iterator[Node]:
    return (value for key, value in node.entries if not key.text.startswith("$"))


def _spots(context: Context, node: Node) -> Iterator[tuple[str, int, int]]:
    """Where all of a template stands."""
    yield context.file, node.line, node.column
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _spots(context, item)
    elif isinstance(node, MapNode):
        for key, value in node.entries:
            yield context.file, key.line, key.column
            yield from _spots(context, value)


def _constants(context: Context, node: Node) -> Iterator[tuple[int, Tree]]:
    if not varies(node):
        yield id(node), evaluate(context, node)
        return
    inner = node.items if isinstance(node, ListNode) else ()
    for each in _fields(node) if isinstance(node, MapNode) else inner:
        yield from _constants(context, each)


def _keys(context: Context, keys: tuple[ScalarNode, ...]) -> Stamped | None:
    made: list[ScalarNode] = []
    origins: list[Origin] = []
    for key in keys:
        if _has_gap(context, key):
            return None
        found = made_key(context, key)
        if found is None:
            return None
        made.append(replace(key, text=found[0], value=found[0]))
        origins.append(found[1])
    return Stamped(context, tuple(made), tuple(origins))


def _has_gap(context: Context, key: ScalarNode) -> bool:
    """Whether a cell that *key* is made of is empty; a key that is only a cell may be."""
    assert context.row is not None
    for name, _ in _named(key):
        cell = context.row.cells.get(name)
        if cell and cell.value == "" and not key.tag:
            at = replace(context.origin(key), via=(cell.origin,))
            context.findings.lose(at, "the key is made of this cell, which is empty", "fill it in")
            return True
    return False


def _is_new(found: Stamped, row: Row, first: dict[tuple[str, ...], Row]) -> bool:
    names = tuple(key.text for key in found.keys)
    before = first.setdefault(names, row)
    if before is row:
        return True
    message = f"the key {'/'.join(names)} already stands in line {before.origin.line}"
    at = next((each for each in found.origins if each.via), row.origin)
    found.context.findings.lose(at, message, "give each row a key of its own")
    return False
