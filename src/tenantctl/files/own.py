"""A team's own playbook: a file in the form of `b2c.yaml`, read with the lines of what is wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tenantctl.errors import PlaybookError
from tenantctl.files.document import Document, ListNode, MapNode, Node
from tenantctl.files.environments import open_document
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder
from tenantctl.kinds.faults import Fault, faults
from tenantctl.model import Json, Origin
from tenantctl.playbooks import Playbook, load, shipped_topics

OWN = re.compile(r"^\./(.+\.yaml)$")
"""What stands for a file where the name of a playbook may stand."""
FORM = re.compile(r"(playbook|checks)[^:;]*: (not the form of a \w+: )?")


def read_playbook(path: str) -> Playbook:
    """The playbook in the file *path*. Raises FilesError with everything that is wrong."""
    findings = Findings()
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - paths are text here
    label = Path(path).parent.as_posix()
    book = own_playbook(Folder(os.path.realpath(folder), label), name, findings)
    findings.stop()
    assert book is not None
    return book


def own_playbook(folder: Folder, relative: str, findings: Findings) -> Playbook | None:
    """The playbook in a file of *folder*; None, with problems, where it is none."""
    document = open_document(folder, relative, findings)
    if document.root is None or document.problems:
        return None
    value = _plain(document.root, document, findings)
    wrong = list(faults(value, _schema(), _schema(), complete=True))
    for fault in wrong:
        _tell(fault, document, findings)
    if wrong or findings.problems:
        return None
    try:
        return load(value, shipped_topics())
    except PlaybookError as error:
        for said in FORM.sub("", str(error), count=1).split("; "):
            findings.add(_spot(said, document), said)
        return None


def _schema() -> dict[str, Json]:
    from tenantctl.playbooks.form import SCHEMA

    return SCHEMA


def _plain(node: Node, document: Document, findings: Findings) -> Json:
    """A value without tags; `${` is text here."""
    if node.tag:
        at = Origin(document.file, node.line, node.column)
        findings.add(at, f"!{node.tag} means nothing here", "write the value itself")
        return None
    if isinstance(node, ListNode):
        return [_plain(item, document, findings) for item in node.items]
    if isinstance(node, MapNode):
        return {key.text: _plain(value, document, findings) for key, value in node.entries}
    return node.value


def _tell(fault: Fault, document: Document, findings: Findings) -> None:
    node = _at(document.root, fault.path)
    at = Origin(document.file, node.line, node.column) if node else Origin(document.file, 0, 0)
    where = f" in {'.'.join(fault.path)}" if fault.path else ""
    if fault.kind == "unknown":
        key = _key(node, fault.word)
        at = Origin(document.file, key.line, key.column) if key else at
        help = suggestion(fault.word, fault.known, f"known are {', '.join(fault.known)}")
        findings.add(at, f"unknown key {fault.word}{where}", help)
    elif fault.kind == "missing":
        name = ".".join(fault.path) or "the playbook"
        findings.add(at, f"{name} has no {fault.word}", f"write {fault.word}: as b2c.yaml does")
    else:
        help = fault.help or (suggestion(fault.given, fault.known) if fault.given else "")
        findings.add(at, f"{'.'.join(fault.path) or 'the playbook'} {fault.word}", help)


def _at(node: Node | None, path: tuple[str, ...]) -> Node | None:
    for part in path:
        inner: Node | None = None
        if isinstance(node, MapNode):
            inner = node.get(part)
        elif isinstance(node, ListNode):
            inner = node.items[int(part)]
        if inner is None:
            return node
        node = inner
    return node


def _key(node: Node | None, word: str) -> Node | None:
    entries = node.entries if isinstance(node, MapNode) else ()
    return next((key for key, _ in entries if key.text == word), None)


def _spot(said: str, document: Document) -> Origin:
    """Where the first thing that a sentence names is described; the file where nothing is."""
    described = dict(_described(document.root))
    words = re.findall(r"[A-Za-z0-9_.-]+", said)
    found = next((described[word] for word in words if word in described), None)
    line, column = (found.line, found.column) if found else (0, 0)
    return Origin(document.file, line, column)


def _described(node: Node | None) -> Iterator[tuple[str, Node]]:
    """What has an `id`, and checks by theirs; what stands there last counts."""
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _described(item)
    elif isinstance(node, MapNode):
        for key, value in node.entries:
            if key.text == "id" and not isinstance(value, (ListNode, MapNode)):
                yield value.text, value
            elif key.text == "checks" and isinstance(value, MapNode):
                yield from ((check.text, check) for check, _ in value.entries)
            else:
                yield from _described(value)
