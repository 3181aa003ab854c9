"""From nodes to values: variables, secrets, references, files and texts with `${...}` inside."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tenantctl.files.document import WRONG, ListNode, MapNode, Node, ScalarNode
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder, Unreadable
from tenantctl.files.names import MISSING, Lookup, Variable, joined, parts, shown
from tenantctl.files.tree import Branch, Entry, Items, Leaf, Patch, Tree
from tenantctl.kinds import KINDS
from tenantctl.model import ABSENT, Json, Origin, Value

META = ("$only", "$was", "$protect", "$at", "$mode", "$for")
WEIGHT = "$at"
TEXT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Context:
    """Where a node stands: its file, topic and layer, and what it may name."""

    file: str
    topic: str
    layer: str
    lookup: Lookup
    folder: Folder

    @property
    def findings(self) -> Findings:
        return self.lookup.findings

    def origin(self, node: Node) -> Origin:
        return Origin(self.file, node.line, node.column, self.topic, self.layer)


def evaluate(context: Context, node: Node) -> Tree:
    """The value of *node* with its origins. What is wrong goes to the context's findings."""
    at = context.origin(node)
    if node.tag == WRONG:
        return Leaf(MISSING, at)
    if node.tag:
        return _tagged(context, node)
    if isinstance(node, ScalarNode):
        if isinstance(node.value, str) and "${" in node.value:
            return _text(context, node.value, at)
        return Leaf(node.value, at)
    if isinstance(node, ListNode):
        return Items(tuple(evaluate(context, item) for item in node.items), at)
    return _branch(context, node, at)


def _branch(context: Context, node: MapNode, at: Origin) -> Branch:
    entries: dict[str, Entry] = {}
    for scalar, value in node.entries:
        key = scalar.text
        spot = context.origin(scalar)
        if "${" in key:
            context.findings.add(spot, "a key cannot be made of ${...}", "write it out")
        elif key.startswith("$") and key != WEIGHT:
            context.findings.add(spot, *_stray(key))
        else:
            entries[key] = Entry(spot, evaluate(context, value))
    return Branch(entries, at)


def _stray(key: str) -> tuple[str, str]:
    if key == "$for":
        return "$for is not supported yet", "write the resources out"
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
    match node.tag:
        case "var":
            return _variable(context, node.text, at)
        case "secret":
            return Leaf(context.lookup.secret(node.text, at), at)
        case "ref":
            return Leaf(context.lookup.reference(node.text, at) or MISSING, at)
        case "file":
            text, via = _read(context, node.text, at)
            return Leaf(text, replace(at, via=via))
    return _template(context, node.text, at)


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
    return (replace(variable.given, layer="variable", name=name),)


def _variable(context: Context, name: str, at: Origin) -> Tree:
    variable = context.lookup.variable(name, at)
    if variable is None or variable.value is ABSENT:
        return Leaf(MISSING, at)
    return grown(variable.value, replace(at, via=_via(name, variable)))


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
        return data.decode("utf-8"), (Origin(name, 0, 0, context.topic, context.layer),)
    except Unreadable as problem:
        context.findings.add(at, problem.message, problem.help)
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8: byte 0x{error.object[error.start]:02x}"
        context.findings.add(at, message, "save the file as UTF-8")
    return "", ()


def _template(context: Context, path: str, at: Origin) -> Tree:
    text, via = _read(context, path, at)
    if "${" not in text:
        return Leaf(text, replace(at, via=via))
    name = context.folder.name(path)
    context.findings.lines.setdefault(name, tuple(text.splitlines()))
    inside = Context(name, context.topic, context.layer, context.lookup, context.folder)
    found = _text(inside, text, Origin(name, 1, 1, context.topic, context.layer), moving=True)
    assert isinstance(found, Leaf)
    return Leaf(found.value, replace(at, via=(*via, *found.origin.via)))


def _text(context: Context, text: str, at: Origin, *, moving: bool = False) -> Tree:
    """*text* with its `${...}` resolved; *moving*: *at* is the start of the text, not a node."""
    pieces: list[Value] = []
    via: dict[str, Origin] = {}
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
        via.update({origin.name: origin for origin in origins})
    whole = MISSING if any(piece is MISSING for piece in pieces) else joined(pieces)
    return Leaf(whole, replace(at, via=tuple(via.values())))


def _named(context: Context, inner: str, at: Origin) -> tuple[Value, tuple[Origin, ...]]:
    """What `${inner}` stands for inside a string."""
    word, _, rest = inner.partition(".")
    if word == "secret" and rest:
        return context.lookup.secret(rest, at), ()
    if word == "var" and rest:
        return _inlined(context, rest, at)
    if "." in inner and word in KINDS:
        return context.lookup.reference(inner, at) or MISSING, ()
    if inner == "{":
        context.findings.add(at, "${ is not closed on its line", "write $${ for a literal ${")
    else:
        meant = suggestion(word, KINDS) if rest else f"write ${{var.{inner or 'name'}}}"
        help = f"{meant or 'write ${kind.key.field}'}, or $${{ for a literal ${{"
        context.findings.add(at, f"${{{inner}}} names nothing", help)
    return MISSING, ()


def _inlined(context: Context, name: str, at: Origin) -> tuple[Value, tuple[Origin, ...]]:
    variable = context.lookup.variable(name, at)
    if variable is None or variable.value is ABSENT:
        return MISSING, ()
    if isinstance(variable.value, list | dict):
        what = "list" if isinstance(variable.value, list) else "map"
        help = f"write !var {name} as the whole value"
        context.findings.add(at, f"{name} is a {what} and cannot stand inside a string", help)
        return MISSING, ()
    return shown(variable.value), _via(name, variable)
