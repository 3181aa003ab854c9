"""Files below `phase<N>/`: topic, kind, resource. Each becomes pieces, one for each resource."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tenantctl.files.document import WRONG, Document, ListNode, MapNode, Node, ScalarNode
from tenantctl.files.evaluate import META, Context, evaluate
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder
from tenantctl.files.names import Lookup, Names, Use
from tenantctl.files.tree import Branch, Entry, Items, Leaf, Tree
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Origin
from tenantctl.playbooks import Playbook, Topic

KEY = re.compile(r"[a-z0-9_-]+")
MODES = ("managed", "additive", "exclusive")


@dataclass(frozen=True, slots=True)
class Project:
    """What every fragment is read against."""

    playbook: Playbook
    adopted: Mapping[str, Origin]
    tenant_file: str
    names: Names
    folder: Folder


@dataclass(frozen=True, slots=True)
class Piece:
    """What one topic in one file says about a resource.

    *place* orders pieces: phase, index of the topic, file, line. *meta* are its `$only`, `$was`,
    `$protect`; *mode* that of an association.
    """

    address: Address
    topic: str
    place: tuple[int, int, str, int]
    body: Branch
    meta: Mapping[str, tuple[Origin, Node]]
    mode: tuple[str, Origin] | None
    uses: tuple[Use, ...]

    @property
    def origin(self) -> Origin:
        return self.body.origin


def pieces(document: Document, phase: int, project: Project, findings: Findings) -> list[Piece]:
    """The pieces of a fragment file; what is wrong with it goes to *findings*."""
    found: list[Piece] = []
    for key, node in document.root.entries if document.root else ():
        spot = Origin(document.file, key.line, key.column)
        topic = _topic(key.text, spot, project, findings)
        if topic and _belongs(topic, phase, spot, project, findings):
            if isinstance(node, MapNode) and not node.tag:
                place = project.playbook.place(topic.id)
                walk = _Walk(document.file, topic.id, place, project, findings)
                found.extend(walk.kinds(node))
            elif node.tag != WRONG:
                findings.lose(spot, f"{key.text} must be a map of kinds", "such as clients:")
    return found


def _topic(word: str, at: Origin, project: Project, findings: Findings) -> Topic | None:
    topics = project.playbook.topics
    if word not in topics:
        help = suggestion(word, topics, "a file below phase<N>/ starts with topics")
        findings.lose(at, f"playbook {project.playbook.id} has no topic {word}", help)
    elif word not in project.adopted:
        help = f"write it under adopts in {project.tenant_file}"
        findings.lose(at, f"the topic {word} is not adopted", help)
    return topics.get(word)


def _belongs(topic: Topic, phase: int, at: Origin, project: Project, findings: Findings) -> bool:
    if topic.phase != phase:
        message = f"the topic {topic.id} belongs to phase {topic.phase}"
        findings.lose(at, message, f"move it to phase{topic.phase}/")
        return False
    stem = at.file.rpartition("/")[2].removesuffix(".yaml")
    streams = {each.workstream for each in project.playbook.topics.values()}
    if stem in streams and topic.workstream != stem:
        message = f"the topic {topic.id} belongs to the workstream {topic.workstream}"
        help = f"move it to {topic.workstream}.yaml, or to a file that no workstream is named after"
        findings.add(at, message, help)
    return True


@dataclass(frozen=True, slots=True)
class _Walk:
    """One topic of one file."""

    file: str
    topic: str
    place: tuple[int, int]
    project: Project
    findings: Findings

    def at(self, node: Node) -> Origin:
        return Origin(self.file, node.line, node.column, self.topic)

    def kinds(self, node: MapNode) -> Iterator[Piece]:
        for key, body in node.entries:
            kind = KINDS.get(key.text)
            if kind is None:
                help = suggestion(key.text, KINDS, f"kinds are {', '.join(KINDS)}")
                self.findings.lose(self.at(key), f"there is no kind {key.text}", help)
            elif kind.authored_in:
                parent, name = kind.authored_in
                message = f"{kind.name} are written where people look for them"
                help = f"write {name}: under a resource of {parent}"
                self.findings.lose(self.at(key), message, help)
            elif kind.given:
                message = f"{kind.name} are made by others, not by files"
                self.findings.lose(self.at(key), message, "refer to them by their name")
            else:
                depth = 0 if kind.singleton else max(len(kind.parts), 1)
                yield from self.resources(kind, (), key, body, depth)

    def resources(
        self, kind: Kind, keys: tuple[ScalarNode, ...], key: ScalarNode, node: Node, depth: int
    ) -> Iterator[Piece]:
        """Descends through the parts of a key to the bodies of resources."""
        if not isinstance(node, MapNode) or node.tag:
            what = "a map of fields" if not depth else f"a map of {_part(kind, len(keys))}"
            if node.tag != WRONG:
                self.findings.lose(self.at(key), f"{key.text} must be {what}")
            return
        if not depth:
            yield from self.piece(kind, keys, key, node)
            return
        for inner, body in node.entries:
            if self.is_key(kind, inner, len(keys)):
                yield from self.resources(kind, (*keys, inner), inner, body, depth - 1)

    def is_key(self, kind: Kind, key: ScalarNode, index: int) -> bool:
        text, at = key.text, self.at(key)
        if text.startswith("$"):
            self.findings.lose(at, f"{text} stands directly under a resource", "move it down")
        elif kind.fixed and index == 0 and kind.values and text not in kind.values:
            help = suggestion(text, kind.values, f"there are {', '.join(kind.values)}")
            self.findings.lose(at, f"{kind.name} has no {kind.parts[0]} {text}", help)
        elif self.is_free(kind, index) and (not text or "/" in text):
            self.findings.lose(at, f"{text} is no {kind.parts[index]}")
        elif not self.is_free(kind, index) and not KEY.fullmatch(text):
            help = "keys are made of small letters, digits, - and _; names go into fields"
            self.findings.lose(at, f"{text} is no key", help)
        else:
            return True
        return False

    def is_free(self, kind: Kind, index: int) -> bool:
        """Whether a part of a key is a name of Auth0's or of somebody else, not one of ours."""
        owned = index < len(kind.parents)
        return KINDS[kind.parents[index]].given if owned else kind.fixed

    def piece(
        self, kind: Kind, keys: tuple[ScalarNode, ...], key: ScalarNode, node: MapNode
    ) -> Iterator[Piece]:
        """The piece of a resource, and those of the associations written inside it."""
        uses: list[Use] = []
        lookup = Lookup(self.project.names, self.findings, uses)
        context = Context(self.file, self.topic, "definition", lookup, self.project.folder)
        address = Address(kind.name, "/".join(part.text for part in keys))
        meta, body = _meta(node)
        links = inner_kinds(kind)
        spot = self.at(key)
        place = (*self.place, self.file, key.line)
        for scalar, value in body.entries:
            if scalar.text in links:
                link = links[scalar.text]
                mode, inside = inner_body(context, link, scalar, value)
                target = Address(link.name, address.key)
                yield Piece(target, self.topic, place, inside, {}, mode, tuple(uses))
        rest = evaluate(context, body.without(*links))
        assert isinstance(rest, Branch)
        entries = {**_parts(kind, keys, self.at), **rest.entries}
        marks = {word: (self.at(scalar), value) for word, (scalar, value) in meta.items()}
        branch = Branch(entries, spot)
        yield Piece(address, self.topic, place, branch, marks, None, tuple(uses))


def _part(kind: Kind, index: int) -> str:
    return f"{kind.parts[index]}s" if kind.parts else "keys, each with its fields"


def _parts(kind: Kind, keys: tuple[ScalarNode, ...], at: object) -> dict[str, Entry]:
    """The parts of a key as fields: all of a composite key, of a fixed one what the key names."""
    assert callable(at)
    fields = kind.parts if not kind.fixed else tuple(p for p in kind.parts if p in kind.key)
    return {
        name: Entry(at(key), Leaf(key.text, at(key)))
        for name, key in zip(kind.parts, keys, strict=False)
        if name in fields
    }


def _meta(node: MapNode) -> tuple[Mapping[str, tuple[ScalarNode, Node]], MapNode]:
    """What starts with `$` of a resource's body, and the rest. `$for` and strangers stay in."""
    found = {key.text: (key, value) for key, value in node.entries if key.text in META[:3]}
    return found, node.without(*found)


def inner_kinds(kind: Kind) -> Mapping[str, Kind]:
    """The kinds that are written as a field of *kind*, by the field."""
    inner = (k for k in KINDS.values() if k.authored_in and k.authored_in[0] == kind.name)
    return {k.authored_in[1]: k for k in inner if k.authored_in}


def inner_body(
    context: Context, kind: Kind, key: ScalarNode, node: Node
) -> tuple[tuple[str, Origin] | None, Branch]:
    """The mode and the fields of what is written as a field of its parent, under *key*."""
    at = context.origin(key)
    if kind.members:
        mode, tree = association(context, kind, node)
        return mode, Branch({kind.members: Entry(at, tree)}, at)
    if isinstance(node, MapNode) and not node.tag:
        tree = evaluate(context, node)
        assert isinstance(tree, Branch)
        return None, tree
    if node.tag != WRONG:
        context.findings.add(at, f"{key.text} must be a map of fields", f"such as {key.text}: {{}}")
    return None, Branch({}, at)


def association(context: Context, kind: Kind, node: Node) -> tuple[tuple[str, Origin] | None, Tree]:
    """The mode and the members of an association: a list, or a map that may hold `$mode`."""
    if not isinstance(node, MapNode) or node.tag:
        return None, evaluate(context, node)
    mode: tuple[str, Origin] | None = None
    found = node.get("$mode")
    if found is not None:
        at = context.origin(found)
        word = found.text if isinstance(found, ScalarNode) else ""
        if word not in MODES:
            help = suggestion(word, MODES)
            context.findings.add(at, f"$mode must be one of {', '.join(MODES)}", help)
        mode = (word, at)
    tree = evaluate(context, node.without("$mode"))
    if kind.hooks.unfold or kind.by or not isinstance(tree, Branch):
        return mode, tree
    return mode, Items(tuple(_members(context, tree)), tree.origin)


def _members(context: Context, tree: Branch) -> Iterator[Tree]:
    for key, entry in tree.entries.items():
        empty = entry.tree.entries == {} if isinstance(entry.tree, Branch) else False
        if not empty:
            context.findings.add(entry.key, f"{key} has no attributes here", f"write {key}: {{}}")
        yield Leaf(key, replace(entry.key))


def texts(node: Node) -> tuple[str, ...] | None:
    """A scalar or a list of scalars as texts; None for anything else."""
    items = node.items if isinstance(node, ListNode) else (node,)
    if all(isinstance(item, ScalarNode) and not item.tag for item in items):
        return tuple(item.text for item in items if isinstance(item, ScalarNode))
    return None
