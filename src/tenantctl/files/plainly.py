"""Nodes of files that are read without variables: `tenant.yaml` and the environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.files.document import WRONG, Document, ListNode, MapNode, Node, ScalarNode
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.rows import Row
from tenantctl.model import Json, Origin


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the nodes of one file as what they should be; what is not goes to the findings.

    A name such as `policy.delete` in a problem says where in the file it stands. *via* are the
    cells that nodes were made of, by line and column, and *row* is the row that these stand in.
    """

    document: Document
    findings: Findings
    via: Mapping[tuple[int, int], tuple[Origin, ...]] = field(default_factory=dict)
    row: Row | None = None

    def origin(self, node: Node | None) -> Origin:
        """Where *node* stands; the file as a whole without one."""
        line, column = (node.line, node.column) if node else (0, 0)
        return Origin(self.document.file, line, column, via=self.via.get((line, column), ()))

    def add(self, node: Node | None, message: str, help: str = "", *, show: bool = True) -> None:
        if node is None or node.tag != WRONG:
            self.findings.add(self.origin(node), message, help, show=show)

    def entries(self, node: Node | None, name: str) -> Iterator[tuple[ScalarNode, Node]]:
        """The entries of a map; none of anything else, with a problem."""
        if node is None or (isinstance(node, ScalarNode) and node.value is None):
            return
        if isinstance(node, MapNode) and not node.tag:
            yield from node.entries
        else:
            self.add(node, f"{name} must be a map of keys and values")

    def known(
        self, node: Node | None, name: str, keys: Iterable[str]
    ) -> Iterator[tuple[str, ScalarNode, Node]]:
        """The entries of a map that has *keys* only."""
        allowed = tuple(keys)
        for key, value in self.entries(node, name):
            if key.text in allowed:
                yield key.text, key, value
            else:
                inside = f" in {name}" if name else ""
                help = suggestion(key.text, allowed, f"known are {', '.join(allowed)}")
                self.add(key, f"unknown key {key.text}{inside}", help)

    def literal(self, node: Node) -> Json:
        """A value without tags and without `${`."""
        if node.tag:
            self.add(node, f"!{node.tag} means nothing here", "write the value itself")
            return None
        if isinstance(node, ListNode):
            return [self.literal(item) for item in node.items]
        if isinstance(node, MapNode):
            return {key.text: self.literal(value) for key, value in node.entries}
        made = (node.line, node.column) in self.via
        if isinstance(node.value, str) and "${" in node.value and not made:
            self.add(node, "${...} means nothing here", "write the value itself")
        return node.value

    def text(self, node: Node, name: str) -> str:
        """A string; empty, with a problem, for anything else."""
        value = self.literal(node)
        if isinstance(value, str) and value:
            return value
        if isinstance(node, ScalarNode) and not node.tag and value is not None and value != "":
            self.add(node, f"{name} must be text", f'quote it: "{node.text}"')
        else:
            self.add(node, f"{name} must be text")
        return ""

    def choice(self, node: Node, name: str, known: Iterable[str]) -> str:
        """One of *known*; the first of them, with a problem, for anything else."""
        allowed = tuple(known)
        word = node.text if isinstance(node, ScalarNode) and not node.tag else ""
        if word in allowed:
            return word
        self.add(node, f"{name} must be one of {', '.join(allowed)}", suggestion(word, allowed))
        return allowed[0]

    def texts(self, node: Node, name: str) -> tuple[str, ...]:
        """A list of strings."""
        return tuple(self.text(item, f"an element of {name}") for item in self.items(node, name))

    def items(self, node: Node, name: str) -> tuple[Node, ...]:
        """The elements of a list; none of anything else, with a problem."""
        if isinstance(node, ListNode) and not node.tag:
            return node.items
        self.add(node, f"{name} must be a list")
        return ()
