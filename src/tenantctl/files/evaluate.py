"""From nodes to values: variables, secrets, references, files and texts with `${...}` inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tenantctl.files.document import WRONG, ListNode, MapNode, Node, ScalarNode
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder, Unreadable
from tenantctl.files.names import MISSING, Lookup, Variable, joined, parts, read_key, shown
from tenantctl.files.rows import Cell, Row
from tenantctl.files.scalars import Surprise, resolve
from tenantctl.files.tree import Branch, Entry, Items, Leaf, Patch, Tree
from tenantctl.kinds import KINDS
from tenantctl.model import ABSENT, Json, Origin, Value

META = ("$only", "$was", "$protect", "$at", "$mode", "$for")
WEIGHT = "\0at"
"""What `$at` is called among keys, of which no file can hold this one."""
TEXT_BYTES = 1_000_000
KEYWORD = re.compile(r"##([A-Z][A-Z0-9_]*)##")
"""What auth0-deploy-cli puts a value in the place of. Its `@@NAME@@` is Auth0's own, too."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a node stands: its file, topic and layer, and what it may name.

    Of a template: the *row* to stamp it with, the columns *used* so far, and the trees of nodes
    (by their `id`) that are the *same* in every row.
    """

    file: str
    topic: str
    layer: str
    lookup: Lookup
    folder: Folder
    row: Row | None = None
    used: set[str] = field(default_factory=set)
    same: Mapping[int, Tree] = field(default_factory=dict)

    @property
    def findings(self) -> Findings:
        return self.lookup.findings

    def origin(self, node: Node) -> Origin:
        return Origin(self.file, node.line, node.column, self.topic, self.layer)


def evaluate(context: Context, node: Node) -> Tree:
    """The value of *node* with its origins; ABSENT for an empty cell.

    What is wrong goes to the context's findings.
    """
    if id(node) in context.same:
        return context.same[id(node)]
    at = context.origin(node)
    if node.tag == WRONG:
        return Leaf(MISSING, at)
    if node.tag:
        return _tagged(context, node)
    if isinstance(node, ScalarNode):
        if isinstance(node.value, str):
            _warn_of_keywords(context, node.value, at)
            if "${" in node.value:
                return _text(context, node.value, at)
        return Leaf(node.value, at)
    if isinstance(node, ListNode):
        found = (evaluate(context, item) for item in node.items)
        return Items(tuple(item for item in found if not is_absent(item)), at)
    return _branch(context, node, at)


def _warn_of_keywords(context: Context, text: str, at: Origin) -> None:
    """Say where a keyword of auth0-deploy-cli was left: Auth0 would get it as it stands."""
    if "##" in text and (found := KEYWORD.search(text)):
        message = f"nobody replaces {found[0]} here: it is a keyword of auth0-deploy-cli"
        help = f'write "${{var.{found[1].lower()}}}", and its value into each environment file'
        context.findings.warn(at, message, help)


def is_absent(tree: Tree) -> bool:
    """Whether there is nothing, because a cell is empty."""
    return isinstance(tree, Leaf) and tree.value is ABSENT


def _branch(context: Context, node: MapNode, at: Origin) -> Branch:
    entries: dict[str, Entry] = {}
    for scalar, value in node.entries:
        made = made_key(context, scalar)
        if made is None:
            continue
        key, spot = made
        if key in entries:
            context.findings.add(spot, f"the key {key} stands here twice", "make each another")
        elif key.startswith("$") and not scalar.text.startswith("$$"):
            context.findings.add(spot, *_stray(key))
        elif not is_absent(tree := evaluate(context, value)):
            entries[key] = Entry(spot, tree)
    return Branch(entries, at)


def made_key(context: Context, scalar: ScalarNode) -> tuple[str, Origin] | None:
    """A key as it is written, or as the cells of a row make it; None for none, or a problem."""
    spot = context.origin(scalar)
    if scalar.tag == WRONG:
        return None
    if not varies(scalar):
        text = WEIGHT if scalar.text == "$at" else read_key(scalar.text)
        if text is None:
            help = "write it out; a literal ${ is $${"
            context.findings.add(spot, "a key cannot be made of ${...}", help)
            return None
        return text, spot
    if context.row is None:
        context.findings.add(spot, *rowless(scalar.text))
        return None
    text = f"${{row.{scalar.text}}}" if scalar.tag else scalar.text
    tree = _text(context, text, spot)
    if tree.value is MISSING or (scalar.tag and not tree.value):
        return None
    if isinstance(tree.value, str) and tree.value:
        return tree.value, tree.origin
    help = "an entry under the key !row column is left out where the cell is empty"
    context.findings.add(tree.origin, f"{text} makes no key", help)
    return None


def varies(node: Node) -> bool:
    """Whether *node* can be another in each row; what stands in a template file may name any."""
    if isinstance(node, ScalarNode):
        return node.tag in {"row", "template"} or "${row." in node.text
    if isinstance(node, ListNode):
        return any(map(varies, node.items))
    return any(varies(key) or varies(value) for key, value in node.entries)


def rowless(text: str) -> tuple[str, str]:
    return f"there is no row here: {text}", "it stands under a resource with $for: !file rows.csv"


def _stray(key: str) -> tuple[str, str]:
    if key in META:
        return f"{key} means nothing here", "it stands directly under a resource"
    return f"unknown key {key}", suggestion(key, META, "keys that start with $ are tenantctl's own")


def _tagged(context: Context, node: Node) -> Tree:
    at = context.origin(node)
    if node.tag in {"append", "without", "unmanaged"}:
        return _patch(context, node, at)
    if not isinstance(node, ScalarNode):
        context.findings.add(at, f"!{node.tag} takes a name, not a list or a map")
        return Leaf(MISSING, at)
    name = node.text
    if "${row." in name:
        made = _text(context, name, at)
        if not isinstance(made.value, str):
            return Leaf(MISSING, at)
        name, at = made.value, made.origin
    return _of_name(context, node.tag, name, at)


def _of_name(context: Context, tag: str, name: str, at: Origin) -> Tree:
    match tag:
        case "var":
            return _variable(context, name, at)
        case "secret":
            return Leaf(context.lookup.secret(name, at), at)
        case "ref":
            return Leaf(context.lookup.reference(name, at) or MISSING, at)
        case "row":
            return _typed(context, name, at)
        case "file":
            text, via = _read(context, name, at)
            return Leaf(text, replace(at, via=(*at.via, *via)))
    return _template(context, name, at)


def _patch(context: Context, node: Node, at: Origin) -> Tree:
    if context.layer != "override":
        help = "it changes what a definition says, under overrides in an environment"
        context.findings.add(at, f"!{node.tag} means nothing in a definition", help)
        return Leaf(MISSING, at)
    bare = isinstance(node, ScalarNode) and not node.text
    if (node.tag == "unmanaged") != bare or not (bare or isinstance(node, ListNode)):
        form = "stands alone" if node.tag == "unmanaged" else "takes a list"
        context.findings.add(at, f"!{node.tag} {form}")
        return Leaf(MISSING, at)
    items = node.items if isinstance(node, ListNode) else ()
    return Patch(node.tag, tuple(evaluate(context, item) for item in items), at)


def _via(name: str, variable: Variable) -> tuple[Origin, ...]:
    if variable.given is None:
        return ()
    return (replace(variable.given, layer="variable", name=name, via=()), *variable.given.via)


def _variable(context: Context, name: str, at: Origin) -> Tree:
    variable = context.lookup.variable(name, at)
    if variable is None or variable.value is ABSENT:
        return Leaf(MISSING, at)
    return grown(variable.value, replace(at, via=(*at.via, *_via(name, variable))))


def _cell(context: Context, name: str, at: Origin) -> Cell | None:
    """The cell in the column *name*; None, with a problem, where there is none."""
    if context.row is None:
        context.findings.add(at, *rowless(name))
    elif name not in context.row.cells:
        help = suggestion(name, context.row.cells, f"it has {', '.join(context.row.cells)}")
        problem = replace(at, via=(context.row.origin,))
        context.findings.add(problem, f"the row has no {name}", help)
    else:
        context.used.add(name)
        return context.row.cells[name]
    return None


def _typed(context: Context, name: str, at: Origin) -> Tree:
    """A whole cell: in CSV what YAML would make of its text, and an empty one is ABSENT."""
    if context.row and context.row.typed and name not in context.row.cells:
        return Leaf(ABSENT, at)
    cell = _cell(context, name, at)
    if cell is None:
        return Leaf(MISSING, at)
    origin = replace(at, via=(cell.origin,))
    if not isinstance(cell.value, str) or (context.row and context.row.typed):
        return grown(cell.value, origin)
    if not cell.value:
        return Leaf(ABSENT, origin)
    value = resolve(cell.value)
    if isinstance(value, Surprise):
        context.findings.add(origin, value.message, f'"${{row.{name}}}" is always text')
        return Leaf(MISSING, origin)
    return Leaf(value, origin)


def grown(value: Json, origin: Origin) -> Tree:
    """Plain JSON as a tree, all of it from one place."""
    if isinstance(value, list):
        return Items(tuple(grown(item, origin) for item in value), origin)
    if isinstance(value, dict):
        entries = {key: Entry(origin, grown(item, origin)) for key, item in value.items()}
        return Branch(entries, origin)
    return Leaf(value, origin)


def _read(context: Context, path: str, at: Origin) -> tuple[str, tuple[Origin, ...]]:
    """The text of a file, and its origin; empty, with a problem, where it is not read."""
    try:
        data = context.folder.read(path, largest=TEXT_BYTES)
        name = context.folder.name(path)
        text = data.decode("utf-8")
    except Unreadable as problem:
        context.findings.add(at, problem.message, problem.help)
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8: byte 0x{error.object[error.start]:02x}"
        context.findings.add(at, message, "save the file as UTF-8")
    else:
        place = Origin(name, 0, 0, context.topic, context.layer)
        _warn_of_keywords(context, text, place)
        return text, (place,)
    return "", ()


def _template(context: Context, path: str, at: Origin) -> Tree:
    text, via = _read(context, path, at)
    if "${" not in text:
        return Leaf(text, replace(at, via=(*at.via, *via)))
    name = context.folder.name(path)
    context.findings.lines.setdefault(name, tuple(text.splitlines()))
    inside = replace(context, file=name)
    found = _text(inside, text, Origin(name, 1, 1, context.topic, context.layer), moving=True)
    return Leaf(found.value, replace(at, via=(*at.via, *via, *found.origin.via)))


def _text(context: Context, text: str, at: Origin, *, moving: bool = False) -> Leaf:
    """*text* with its `${...}` resolved; *moving*: *at* is the start of the text, not a node."""
    pieces: list[Value] = []
    via: dict[tuple[str, str], Origin] = {}
    line, column, seen = at.line, at.column, 0
    for offset, inner, piece in parts(text):
        if inner is None:
            pieces.append(piece)
            continue
        spot = at
        if moving:
            line += text.count("\n", seen, offset)
            start = text.rfind("\n", 0, offset) + 1
            column, seen = offset - start + 1, offset
            spot = replace(at, line=line, column=column)
        value, origins = _named(context, inner, spot)
        pieces.append(value)
        via.update({(origin.layer, origin.name): origin for origin in origins})
    whole = MISSING if any(piece is MISSING for piece in pieces) else joined(pieces)
    return Leaf(whole, replace(at, via=tuple(via.values())) if via else at)


def _named(context: Context, inner: str, at: Origin) -> tuple[Value, tuple[Origin, ...]]:
    """What `${inner}` stands for inside a string."""
    word, _, rest = inner.partition(".")
    if word == "secret" and rest:
        return context.lookup.secret(rest, at), ()
    if word == "var" and rest:
        return _inlined(context, rest, at)
    if word == "row" and rest:
        return _celled(context, rest, at)
    if "." in inner and word in KINDS:
        return context.lookup.reference(inner, at) or MISSING, ()
    if inner == "{":
        context.findings.add(at, "${ is not closed on its line", "write $${ for a literal ${")
    else:
        meant = suggestion(word, KINDS, near=0.8) if rest else f"write ${{var.{inner or 'name'}}}"
        help = f"{meant or 'write ${kind.key.field}'}, or $${{ for a literal ${{"
        context.findings.add(at, f"${{{inner}}} names nothing", help)
    return MISSING, ()


def _inlined(context: Context, name: str, at: Origin) -> tuple[Value, tuple[Origin, ...]]:
    variable = context.lookup.variable(name, at)
    if variable is None or variable.value is ABSENT:
        return MISSING, ()
    return _inside(context, variable.value, f"!var {name}", at), _via(name, variable)


def _celled(context: Context, name: str, at: Origin) -> tuple[Value, tuple[Origin, ...]]:
    cell = _cell(context, name, at)
    if cell is None:
        return MISSING, ()
    if isinstance(cell.value, str):
        return cell.value, (cell.origin,)
    at = replace(at, via=(cell.origin,))
    return _inside(context, cell.value, f"!row {name}", at), (cell.origin,)


def _inside(context: Context, value: Json, tag: str, at: Origin) -> Value:
    """*value* as it stands inside a string; *tag* is how it is written alone."""
    if isinstance(value, list | dict):
        what = "list" if isinstance(value, list) else "map"
        name = tag.partition(" ")[2]
        help = f"write {tag} as the whole value"
        context.findings.add(at, f"{name} is a {what} and cannot stand inside a string", help)
        return MISSING
    return shown(value)
