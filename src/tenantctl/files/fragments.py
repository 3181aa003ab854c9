"""Files below `phase<N>/`: topic, kind, resource. Each becomes pieces, one for each resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenantctl.files.document import WRONG, Document, ListNode, MapNode, Node, ScalarNode
from tenantctl.files.evaluate import META, Context, evaluate, rowless, varies
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder
from tenantctl.files.inner import KEY, PLAIN_KEYS, inner_bodies, inner_kinds
from tenantctl.files.names import Lookup, Names, Use
from tenantctl.files.rows import Table
from tenantctl.files.stamp import FOR, Stamped, filled, stamp
from tenantctl.files.tree import Branch, Entry, Leaf
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Origin
from tenantctl.playbooks import Playbook, Topic


@dataclass(frozen=True, slots=True)
class Project:
    """What every fragment is read against. *tables* are those that were read so far."""

    playbook: Playbook
    adopted: Mapping[str, Origin]
    tenant_file: str
    names: Names
    folder: Folder
    tables: dict[str, Table] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one topic in one file says about a resource.

    *place* orders pieces: phase of the file, index of the topic in its own phase, file, line.
    *meta* are its `$only`, `$was`, `$protect`; *mode* that of an association.
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
                place = (phase, project.playbook.place(topic.id)[1])
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
    numbers = [each.number for each in project.playbook.phases]
    if phase not in numbers or topic.phase > phase:
        message = f"the topic {topic.id} is not of phase {phase}"
        there = [f"phase{number}/" for number in numbers if number >= topic.phase]
        findings.lose(at, message, f"move it to {' or '.join(there)}")
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
            what = f"a map of {_part(kind, len(keys))}" if depth else "a map of fields"
            help = f"such as {kind.members}: [...]" if kind.members and not depth else ""
            if node.tag != WRONG:
                self.findings.lose(self.at(key), f"{key.text} must be {what}", help)
            return
        if not depth:
            yield from self.leaf(kind, keys, key, node)
            return
        for inner, body in node.entries:
            if varies(inner) or self.is_key(kind, inner.text, len(keys), self.at(inner)):
                yield from self.resources(kind, (*keys, inner), inner, body, depth - 1)

    def leaf(
        self, kind: Kind, keys: tuple[ScalarNode, ...], key: ScalarNode, node: MapNode
    ) -> Iterator[Piece]:
        """The pieces of one resource, or of as many as the table of a template has rows."""
        shared: list[Use] = []
        context = self.context(shared)
        if node.get(FOR) is None:
            if made := [each for each in keys if varies(each)]:
                self.findings.lose(self.at(made[0]), *rowless(made[0].text))
            else:
                stamped = Stamped(context, keys, tuple(map(self.at, keys)))
                yield from self.piece(kind, stamped, self.at(key), node)
        elif not keys:
            self.findings.lose(self.at(key), f"there is one {kind.name}, and not one for each row")
        else:
            body = node.without(FOR)
            for each in stamp(context, keys, node, self.project.tables):
                found = replace(each, context=replace(each.context, lookup=self.lookup(shared)))
                if self.are_keys(kind, found):
                    yield from self.piece(kind, found, found.origins[-1], body)

    def lookup(self, uses: list[Use]) -> Lookup:
        return Lookup(self.project.names, self.findings, [*uses])

    def context(self, uses: list[Use]) -> Context:
        lookup = Lookup(self.project.names, self.findings, uses)
        return Context(self.file, self.topic, "definition", lookup, self.project.folder)

    def are_keys(self, kind: Kind, found: Stamped) -> bool:
        pairs = enumerate(zip(found.keys, found.origins, strict=True))
        return all(self.is_key(kind, key.text, index, at) for index, (key, at) in pairs)

    def is_key(self, kind: Kind, text: str, index: int, at: Origin) -> bool:
        if text.startswith("$"):
            self.findings.lose(at, f"{text} stands directly under a resource", "move it down")
        elif kind.fixed and index == 0 and kind.values and text not in kind.values:
            help = suggestion(text, kind.values, f"there are {', '.join(kind.values)}")
            self.findings.lose(at, f"{kind.name} has no {kind.parts[0]} {text}", help)
        elif self.is_free(kind, index) and (not text or "/" in text):
            self.findings.lose(at, f"{text or 'an empty text'} is no {kind.parts[index]}")
        elif not self.is_free(kind, index) and not KEY.fullmatch(text):
            self.findings.lose(at, f"{text} is no key", PLAIN_KEYS)
        else:
            return True
        return False

    def is_free(self, kind: Kind, index: int) -> bool:
        """Whether a part of a key is a name of Auth0's or of somebody else, not one of ours."""
        owned = index < len(kind.parents)
        return KINDS[kind.parents[index]].given if owned else kind.fixed

    def piece(self, kind: Kind, stamped: Stamped, spot: Origin, node: MapNode) -> Iterator[Piece]:
        """The piece of a resource, and those of the associations written inside it."""
        context, uses = stamped.context, stamped.context.lookup.uses
        address = Address(kind.name, "/".join(part.text for part in stamped.keys))
        meta, body = _meta(node)
        links = inner_kinds(kind)
        place = (*self.place, self.file, spot.line)
        for scalar, value in body.entries:
            if scalar.text in links:
                link = links[scalar.text]
                for target, mode, inside in inner_bodies(context, link, address, scalar, value):
                    yield Piece(target, self.topic, place, inside, {}, mode, tuple(uses))
        rest = evaluate(context, body.without(*links))
        assert isinstance(rest, Branch)
        entries = {**_parts(kind, stamped), **rest.entries}
        marks = {
            word: (replace(self.at(scalar), via=via), inner)
            for word, (scalar, value) in meta.items()
            for inner, via in [filled(context, value)]
            if inner is not None
        }
        branch = Branch(entries, spot)
        yield Piece(address, self.topic, place, branch, marks, None, tuple(uses))


def _part(kind: Kind, index: int) -> str:
    return f"{kind.parts[index]}s" if kind.parts else "keys, each with its fields"


def _parts(kind: Kind, stamped: Stamped) -> dict[str, Entry]:
    """The parts of a key as fields: all of a composite key, of a fixed one what the key names."""
    fields = kind.parts if not kind.fixed else tuple(p for p in kind.parts if p in kind.key)
    return {
        name: Entry(at, Leaf(key.text, at))
        for name, key, at in zip(kind.parts, stamped.keys, stamped.origins, strict=False)
        if name in fields
    }


def _meta(node: MapNode) -> tuple[Mapping[str, tuple[ScalarNode, Node]], MapNode]:
    """What starts with `$` of a resource's body, and the rest. `$for` and strangers stay in."""
    found = {key.text: (key, value) for key, value in node.entries if key.text in META[:3]}
    return found, node.without(*found)


def texts(node: Node) -> tuple[str, ...] | None:
    """A scalar or a list of scalars as texts; None for anything else."""
    items = node.items if isinstance(node, ListNode) else (node,)
    if all(isinstance(item, ScalarNode) and not item.tag for item in items):
        return tuple(item.text for item in items if isinstance(item, ScalarNode))
    return None
