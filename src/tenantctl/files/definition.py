"""`tenant.yaml`: the playbook, what of it is adopted, and what the files may name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.files.document import Document, MapNode, Node, ScalarNode
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder
from tenantctl.files.own import OWN, own_playbook
from tenantctl.files.plainly import Reader
from tenantctl.files.promises import library, read_parameters, read_waivers
from tenantctl.model import Json, Origin, Waiver
from tenantctl.playbooks import NAMES as PLAYBOOKS
from tenantctl.playbooks import Playbook, playbook

KEYS = ("playbook", "adopts", "declines", "variables", "secrets", "parameters", "waivers")
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "map": (dict,),
}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Definition:
    """What `tenant.yaml` says. Declared names are with where they are declared.

    *reasons* are those for declining topics, *library* the actions that no trigger has on purpose.
    """

    file: str
    playbook: Playbook | None
    adopted: Mapping[str, Origin]
    declined: Mapping[str, Origin]
    variables: Mapping[str, tuple[str, Origin]]
    secrets: Mapping[str, Origin]
    parameters: Mapping[str, Json] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    library: Mapping[str, Origin] = field(default_factory=dict)


def read_definition(document: Document, folder: Folder, findings: Findings) -> Definition:
    """The definition that *document*, of *folder*, holds; what is wrong goes to *findings*."""
    reader = Reader(document, findings)
    found = {key: node for key, _, node in reader.known(document.root, "", KEYS) if document.root}
    book = _playbook(reader, found.get("playbook"), document.root, folder)
    adopted = _topics(reader, "adopts", found.get("adopts"), book)
    declined, reasons = _declines(reader, found.get("declines"), book)
    for topic in adopted.keys() & declined.keys():
        findings.add(declined[topic], f"{topic} is adopted at line {adopted[topic].line}")
    return Definition(
        file=document.file,
        playbook=book,
        adopted=adopted,
        declined=declined,
        variables=_variables(reader, found.get("variables")),
        secrets=_secrets(reader, found.get("secrets")),
        parameters=read_parameters(reader, found.get("parameters"), book),
        waivers=read_waivers(reader, found.get("waivers"), book),
        reasons=reasons,
        library=library(reader, found.get("parameters")),
    )


def fits(value: Json, type: str) -> bool:
    """Whether *value* is of a declared type; true is no integer."""
    return isinstance(value, TYPES[type]) and (type == "boolean" or not isinstance(value, bool))


def _playbook(
    reader: Reader, node: Node | None, root: MapNode | None, folder: Folder
) -> Playbook | None:
    if node is None:
        if root is not None:
            reader.add(None, "playbook is missing", f"write playbook: {PLAYBOOKS[0]}")
        return None
    name = node.text if isinstance(node, ScalarNode) else ""
    if name in PLAYBOOKS:
        return playbook(name)
    if own := OWN.fullmatch(name):
        return _own(reader, node, own[1], folder)
    known = f"there is {', '.join(PLAYBOOKS)}, or a file of your own: ./playbook.yaml"
    reader.add(node, f"there is no playbook {name}", suggestion(name, PLAYBOOKS, known))
    return None


def _own(reader: Reader, node: Node, file: str, folder: Folder) -> Playbook | None:
    """The team's own playbook; not under a name that others mean something else by."""
    book = own_playbook(folder, file, reader.findings)
    if book is not None and book.id in PLAYBOOKS:
        message = f"{folder.name(file)} calls itself {book.id}, as one that comes with tenantctl"
        reader.add(node, message, "write another id: into it")
        return None
    return book


def _topics(
    reader: Reader, name: str, node: Node | None, book: Playbook | None
) -> Mapping[str, Origin]:
    found: dict[str, Origin] = {}
    for item in reader.items(node, name) if node is not None else ():
        topic = reader.text(item, f"an element of {name}")
        if topic in found:
            reader.add(item, f"{topic} is already adopted at line {found[topic].line}")
        elif topic and _is_topic(reader, item, topic, book):
            found[topic] = reader.origin(item)
    return found


def _is_topic(reader: Reader, node: Node, topic: str, book: Playbook | None) -> bool:
    if book is None or topic in book.topics:
        return True
    help = suggestion(topic, book.topics, f"its topics are {', '.join(book.topics)}")
    reader.add(node, f"playbook {book.id} has no topic {topic}", help)
    return False


def _declines(
    reader: Reader, node: Node | None, book: Playbook | None
) -> tuple[Mapping[str, Origin], Mapping[str, str]]:
    """The declined topics, with where and why."""
    found: dict[str, Origin] = {}
    reasons: dict[str, str] = {}
    for key, value in reader.entries(node, "declines"):
        if _is_topic(reader, key, key.text, book):
            found[key.text] = reader.origin(key)
        reasons[key.text] = reader.text(value, f"the reason for declining {key.text}")
    return found, reasons


def _variables(reader: Reader, node: Node | None) -> Mapping[str, tuple[str, Origin]]:
    found: dict[str, tuple[str, Origin]] = {}
    for key, value in reader.entries(node, "variables"):
        _check_name(reader, key)
        type = "string"
        for word, _, inner in reader.known(value, f"variable {key.text}", ("type", "description")):
            if word == "type":
                type = reader.choice(inner, "type", TYPES)
            else:
                reader.text(inner, "description")
        found[key.text] = (type, reader.origin(key))
    return found


def _secrets(reader: Reader, node: Node | None) -> Mapping[str, Origin]:
    found: dict[str, Origin] = {}
    for key, value in reader.entries(node, "secrets"):
        _check_name(reader, key)
        for _, _, inner in reader.known(value, f"secret {key.text}", ("description",)):
            reader.text(inner, "description")
        found[key.text] = reader.origin(key)
    return found


def _check_name(reader: Reader, key: ScalarNode) -> None:
    if not NAME.fullmatch(key.text):
        reader.add(key, f"{key.text} is no name", "use letters, digits and underscores")
