"""`tenants/fleet.yaml`: tenants that are made of one template, one for each row. See docs/fleet.md.

What is wrong with a row leaves that row out; what is wrong with a fleet is wrong with all its
tenants.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tenantctl.files.cells import Via, columns, filled
from tenantctl.files.document import Document, ListNode, MapNode, Node, ScalarNode, parse
from tenantctl.files.environments import LAID, Layer, names
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder, Unreadable
from tenantctl.files.plainly import Reader
from tenantctl.files.rows import Cell, Row, Table, listed, read_table
from tenantctl.model import Origin

FILE = "fleet.yaml"
TENANT_FILE = "tenant.yaml"
KEYS = ("template", "rows", "environments", "overlay", "connects_to")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
TENANT = "tenant"
ENVIRONMENT = "environment"
"""The column that every row has without writing it: the name of the environment."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The tenants of one template.

    *environments* are with what is said over each alone; *target* is the tenant that these connect
    to, *connection* how it calls the connection.
    """

    name: str
    template: str
    environments: Mapping[str, MapNode | None]
    overlay: MapNode | None = None
    target: str = ""
    connection: Node | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A tenant of a fleet: its *row*."""

    name: str
    fleet: Fleet
    row: Row

    @property
    def connection(self) -> str:
        """How the tenant that this one connects to calls the connection; empty for not yet."""
        node = self.fleet.connection
        made = filled(node, self.row, {}, Findings()) if node is not None else None
        return made.text if isinstance(made, ScalarNode) else ""

    def content(self) -> bytes:
        """What makes this tenant of its template, in every environment alike."""
        cells = {name: cell.value for name, cell in sorted(self.row.cells.items())}
        told = [self.fleet.template, cells, _plain(self.fleet.overlay)]
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Fleets:
    """All fleets of a project.

    *findings* are what is wrong with whole fleets, *lost* what is wrong with rows that are left
    out.
    """

    document: Document
    members: Mapping[str, Member] = field(default_factory=dict)
    templates: frozenset[str] = frozenset()
    findings: Findings = field(default_factory=Findings)
    lost: Findings = field(default_factory=Findings)

    def layers(self, member: Member, env: str, findings: Findings) -> Iterator[Layer]:
        """What the fleet says over the environment file *env* of its template."""
        alone = member.fleet.environments.get(env)
        at = Origin(self.document.file, 0, 0, layer=ENVIRONMENT, name=ENVIRONMENT)
        cells = {**member.row.cells, ENVIRONMENT: Cell(env, at)}
        row = replace(member.row, cells=cells)
        for node in (member.fleet.overlay, alone):
            if node is not None:
                via: Via = {}
                over = tuple(entry for entry in node.entries if entry[0].text == "overrides")
                made = filled(node.without("overrides"), row, via, findings)
                assert isinstance(made, MapNode)
                whole = replace(made, entries=(*made.entries, *over))
                yield Layer(Reader(self.document, findings, via, row), whole)

    def tell(self, findings: Findings) -> None:
        """What is wrong with whole fleets, and the lines that problems show."""
        findings.problems.extend(self.findings.problems)
        for own in (self.findings, self.lost):
            findings.lines.update(own.lines)
            findings.tables |= own.tables


def read_fleets(root: Path, *, texts: Mapping[str, str] | None = None) -> Fleets | None:
    """The fleets of a project; None where it has none."""
    folder = Folder.of(root, "tenants", texts=texts)
    if not folder.has(FILE):
        return None
    findings, lost = Findings(), Findings()
    file = folder.name(FILE)
    try:
        document = parse(file, folder.read(FILE))
    except Unreadable as problem:
        findings.add(Origin(file, 0, 0), problem.message, problem.help)
        return Fleets(Document(file, (), None), findings=findings)
    findings.know(document)
    lost.lines[file] = document.lines
    reading = _Reading(root, folder, Reader(document, findings), lost)
    fleets = [
        found
        for key, node in reading.reader.entries(document.root, "the file")
        if (found := reading.fleet(key, node))
    ]
    members: dict[str, Member] = {}
    templates = frozenset(fleet.template for fleet, _ in fleets)
    for fleet, table in fleets:
        reading.enlist(fleet, table, members, templates)
    _check_targets(reading, members, templates)
    return Fleets(document, members, templates, findings, lost)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The file on its way to fleets; problems with rows go to *lost*."""

    root: Path
    folder: Folder
    reader: Reader
    lost: Findings
    targets: dict[str, Node] = field(default_factory=dict)

    def fleet(self, key: ScalarNode, node: Node) -> tuple[Fleet, Table] | None:
        """A fleet with its rows; None, with a problem, where it cannot be one."""
        found = {word: value for word, _, value in self.reader.known(node, key.text, KEYS)}
        if not isinstance(node, MapNode):
            return None
        for word in ("template", "rows"):
            if word not in found:
                self.reader.add(key, f"the fleet {key.text} has no {word}", _SUCH[word])
        template = self.template(found.get("template"))
        table = self.table(found.get("rows"))
        if not template or table is None:
            return None
        environments = self.environments(found.get("environments"), template)
        overlay = self.overlay(found.get("overlay"), "overlay")
        target, connection = self.connects_to(key.text, found.get("connects_to"))
        fleet = Fleet(key.text, template, environments, overlay, target, connection)
        self.check_columns((overlay, connection, *environments.values()), table)
        return fleet, table

    def template(self, node: Node | None) -> str:
        name = self.reader.text(node, "template") if node is not None else ""
        if name and not (self.root / "tenants" / name / TENANT_FILE).is_file():
            known = sorted(p.parent.name for p in self.root.glob(f"tenants/*/{TENANT_FILE}"))
            help = suggestion(name, known, f"write tenants/{name}/{TENANT_FILE}")
            self.reader.add(node, f"there is no tenants/{name}/{TENANT_FILE}", help)
            return ""
        return name

    def table(self, node: Node | None) -> Table | None:
        """The rows, of a file or as they stand here."""
        if isinstance(node, ListNode) and not node.tag:
            return listed(self.reader.document.file, node.items, self.lost)
        if node is None:
            return None
        if not isinstance(node, ScalarNode) or node.tag != "file":
            self.reader.add(node, "rows takes a list of maps, or a file of rows", _SUCH["rows"])
            return None
        if not node.text.endswith((".csv", ".yaml")):
            help = "a .csv with a header, or a .yaml with a list of maps"
            self.reader.add(node, f"{node.text} is no table", help)
            return None
        try:
            data = self.folder.read(node.text)
        except Unreadable as problem:
            self.reader.add(node, problem.message, problem.help)
            return None
        own = Findings()
        table = read_table(self.folder.name(node.text), data, own)
        for each in (self.lost, self.reader.findings):
            each.lines.update(own.lines)
            each.tables |= own.tables
        (self.lost if table.columns else self.reader.findings).problems.extend(own.problems)
        return table if table.columns else None

    def environments(self, node: Node | None, template: str) -> Mapping[str, MapNode | None]:
        """The environments of every tenant of a fleet, with what is said over each alone."""
        known = names(Folder.of(self.root, "environments", template))
        if node is None:
            return dict.fromkeys(known)
        found: dict[str, MapNode | None] = {}
        pairs: Iterable[tuple[Node, Node | None]]
        if isinstance(node, MapNode) and not node.tag:
            pairs = self.reader.entries(node, "environments")
        else:
            pairs = ((item, None) for item in self.reader.items(node, "environments"))
        for key, value in pairs:
            name = key.text if isinstance(key, ScalarNode) else ""
            if name in known:
                found[name] = self.overlay(value, f"environments.{name}")
            else:
                message = f"there is no environments/{template}/{name}.yaml"
                self.reader.add(key, message, suggestion(name, known, "write it"))
        return found

    def overlay(self, node: Node | None, name: str) -> MapNode | None:
        """What is said over environment files; its keys are checked here, once."""
        for _ in self.reader.known(node, name, LAID):
            pass
        if not isinstance(node, MapNode) or node.tag:
            return None
        kept = tuple(entry for entry in node.entries if entry[0].text in LAID)
        return replace(node, entries=kept)

    def connects_to(self, fleet: str, node: Node | None) -> tuple[str, Node | None]:
        target, connection = "", None
        for word, _, value in self.reader.known(node, "connects_to", (TENANT, "connection")):
            if word == TENANT:
                target = self.reader.text(value, "connects_to.tenant")
                self.targets[fleet] = value
            elif isinstance(value, ScalarNode):
                connection = value
            else:
                self.reader.add(value, "connects_to.connection must be text")
        if node is not None and not target:
            self.reader.add(node, "connects_to names no tenant", "write tenant: NAME")
        return target, connection

    def check_columns(self, nodes: Iterable[Node | None], table: Table) -> None:
        known = (*table.columns, ENVIRONMENT)
        used = [pair for node in nodes for pair in columns(node)]
        for name, scalar in used:
            if name not in known:
                help = suggestion(name, known, f"they have {', '.join(known)}")
                self.reader.add(scalar, f"the rows have no column {name}", help)

    def enlist(
        self, fleet: Fleet, table: Table, members: dict[str, Member], templates: frozenset[str]
    ) -> None:
        """Add the tenants of *fleet* to *members*."""
        if TENANT not in table.columns:
            at = next(iter(table.columns.values()), Origin(table.file, 0, 0))
            help = "each row names its tenant there"
            self.reader.findings.add(replace(at, via=()), f"there is no column {TENANT}", help)
            return
        for row in table.rows:
            cell = row.cells.get(TENANT)
            name = cell.value if cell else None
            problem = self.problem(name, members, templates)
            if problem:
                self.lost.lose(cell.origin if cell else row.origin, *problem)
            else:
                members[str(name)] = Member(str(name), fleet, row)

    def problem(
        self, name: object, members: Mapping[str, Member], templates: frozenset[str]
    ) -> tuple[str, str] | None:
        """What is wrong with *name* as that of a tenant."""
        if not isinstance(name, str) or not NAME.fullmatch(name):
            return f"{name or 'nothing'} is no name", "use small letters, digits, - and _"
        if name in members:
            return f"{name} already stands at {members[name].row.origin}", "keep one of them"
        if name in templates:
            return f"{name} is a template and no tenant", "give the tenant another name"
        if (self.root / "tenants" / name / TENANT_FILE).exists():
            message = f"{name} has a definition of its own, tenants/{name}/{TENANT_FILE}"
            return message, "take out that file, or this row"
        return None


_SUCH = {
    "template": "write template: NAME, where tenants/NAME is",
    "rows": "write rows: !file rows.csv",
}


def _check_targets(
    reading: _Reading, members: Mapping[str, Member], templates: frozenset[str]
) -> None:
    """What tenants connect to is there, and does not connect to them in turn."""
    fleets = {member.fleet.name: member.fleet for member in members.values()}
    own = {path.parent.name for path in reading.root.glob(f"tenants/*/{TENANT_FILE}")}
    known = sorted({*own, *members} - templates)
    for name, node in reading.targets.items():
        if name not in fleets:
            continue
        target = fleets[name].target
        seen = [name]
        while target in members and members[target].fleet.name not in seen:
            seen.append(members[target].fleet.name)
            target = members[target].fleet.target
        if target in members:
            reading.reader.add(node, f"{' connects to '.join([*seen, seen[0]])}: a circle")
        elif fleets[name].target not in known and fleets[name].target:
            help = suggestion(fleets[name].target, known, f"there is {', '.join(known)}")
            reading.reader.add(node, f"there is no tenant {fleets[name].target}", help)


def _plain(node: Node | None) -> object:
    """What a node says, without where."""
    if node is None:
        return None
    if isinstance(node, ScalarNode):
        return [node.tag, node.value]
    if isinstance(node, ListNode):
        return [node.tag, [_plain(item) for item in node.items]]
    return [node.tag, {key.text: _plain(value) for key, value in node.entries}]
