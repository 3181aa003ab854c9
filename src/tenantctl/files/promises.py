"""What people state, take upon them and say of their project: attestations, waivers, parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from tenantctl.errors import Problem
from tenantctl.files.document import ListNode, MapNode, Node, ScalarNode
from tenantctl.files.environments import DAYS, RESERVED, open_document
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder
from tenantctl.files.plainly import Reader
from tenantctl.files.told import entries, is_date
from tenantctl.model import Address, Attestation, Json, Origin, Waiver
from tenantctl.playbooks import Playbook, checks, read_by, scopes

ATTESTATIONS = f"{RESERVED[0]}.yaml"
STATED = ("by", "on", "until", "environments", "link")
WAIVED = ("check", "reason", "owner", "expires", "environments")
PARAMS = "params"
LIBRARY = "library_actions"
Words: TypeAlias = dict[str, str]


def parameter_schemas(book: Playbook | None) -> Mapping[str, Mapping[str, Any]]:
    """The parameters that checks may read, each with what it may be.

    Those that only a playbook's own checks read may be anything.
    """
    own = read_by(book.checks) if book else ()
    more = {path.partition(".")[0] for scope, path in own if scope == PARAMS and path}
    return {**{name: {} for name in sorted(more)}, **scopes()["parameters"]}


def read_parameters(reader: Reader, node: Node | None, book: Playbook | None) -> Mapping[str, Json]:
    """`parameters` of tenant.yaml."""
    if node is None:
        return {}
    return entries(reader, node, parameter_schemas(book), "parameters")


def library(reader: Reader, node: Node | None) -> Mapping[str, Origin]:
    """The keys that parameters name as what is bound nowhere on purpose, each with its place."""
    listed = node.get(LIBRARY) if isinstance(node, MapNode) else None
    items = listed.items if isinstance(listed, ListNode) else ()
    return {item.text: reader.origin(item) for item in items if isinstance(item, ScalarNode)}


def check_library(
    named: Mapping[str, Origin], declared: Collection[Address], findings: Findings
) -> None:
    """Whether each key of the library is one that the definition declares."""
    kind = scopes()["scopes"][scopes()["relations"]["action"]["scope"]]["kind"]
    known = sorted(address.key for address in declared if address.kind == kind)
    for key, at in named.items():
        if key not in known:
            findings.add(at, f"there is no {kind}.{key}", suggestion(key, known))


def read_waivers(reader: Reader, node: Node | None, book: Playbook | None) -> tuple[Waiver, ...]:
    """`waivers` of tenant.yaml: each is of a check that the playbook has."""
    if node is None:
        return ()
    known = [check.id for check in checks(book)] if book else []
    found = (_waiver(reader, item, known) for item in reader.items(node, "waivers"))
    return tuple(waiver for waiver in found if waiver is not None)


def _waiver(reader: Reader, node: Node, known: Collection[str]) -> Waiver | None:
    words, places = _entry(reader, node, "a waiver", WAIVED, WAIVED[:4])
    check = words.get("check", "")
    if check and known and check not in known:
        reader.add(places["check"], f"there is no check {check}", suggestion(check, known))
        return None
    expires = _day(reader, words, places, "expires")
    if expires is None or not check:
        return None
    return Waiver(
        check=check,
        reason=words.get("reason", ""),
        owner=words.get("owner", ""),
        expires=expires,
        environments=_names(reader, places.get("environments")),
        origin=reader.origin(places["check"]),
    )


def attestation_names(book: Playbook) -> tuple[str, ...]:
    """What may be attested: what some check asks for."""
    read = read_by(checks(book))
    return tuple(sorted({path for scope, path in read if scope == RESERVED[0]}))


def read_attestations(
    folder: Folder, book: Playbook, environments: Collection[str], findings: Findings
) -> tuple[Attestation, ...]:
    """`attestations.yaml` beside the environments; none where there is no such file."""
    if not folder.has(ATTESTATIONS):
        return ()
    reader = Reader(open_document(folder, ATTESTATIONS, findings, DAYS), findings)
    known = attestation_names(book)
    found: list[Attestation] = []
    for key, node in reader.entries(reader.document.root, "attestations"):
        if key.text not in known:
            help = suggestion(key.text, known, f"there are {', '.join(known)}")
            reader.add(key, f"no check asks for {key.text}", help)
            continue
        stated = node.items if isinstance(node, ListNode) and not node.tag else (node,)
        mine = (_attestation(reader, key.text, item) for item in stated)
        found += [attestation for attestation in mine if attestation is not None]
        check_names(reader, stated, environments)
    return tuple(found)


def check_names(reader: Reader, nodes: Iterable[Node], environments: Collection[str]) -> None:
    """Whether `environments` of each of *nodes* names some that are there."""
    for node in nodes:
        listed = node.get("environments") if isinstance(node, MapNode) else None
        for item in listed.items if isinstance(listed, ListNode) else ():
            if isinstance(item, ScalarNode) and item.text not in environments:
                help = suggestion(item.text, environments, f"there is {', '.join(environments)}")
                reader.add(item, f"there is no environment {item.text}", help)


def _attestation(reader: Reader, name: str, node: Node) -> Attestation | None:
    words, places = _entry(reader, node, name, STATED, STATED[:2])
    on = _day(reader, words, places, "on")
    until = _day(reader, words, places, "until")
    if on is None:
        return None
    if until is not None and until < on:
        reader.add(places["until"], f"{until} is before {on}, when it was stated")
    link = words.get("link", "")
    if link and not link.startswith("https://"):
        reader.add(places["link"], f"{link} is no link", "write an address with https://")
    return Attestation(
        name=name,
        by=words.get("by", ""),
        on=on,
        until=until,
        environments=_names(reader, places.get("environments")),
        link=link,
        origin=reader.origin(node),
    )


def _entry(
    reader: Reader, node: Node, name: str, known: tuple[str, ...], needed: tuple[str, ...]
) -> tuple[Words, Mapping[str, Node]]:
    """The texts of a map and where they stand; one that is *needed* and is not there is said."""
    words: Words = {}
    places: dict[str, Node] = {}
    for key, _, value in reader.known(node, name, known):
        places[key] = value
        if key != "environments":
            words[key] = reader.text(value, f"{key} of {name}")
    if missing := [word for word in needed if word not in places]:
        reader.add(node, f"{name} has no {' and no '.join(missing)}", _SUCH[missing[0]])
    return words, places


_SUCH = {
    "by": "say who stands for it, such as by: ops@shop.example",
    "on": 'say when, such as on: "2030-12-31"',
    "check": "write check: and the id that `tenantctl check` shows",
    "reason": "say why, in a sentence",
    "owner": "say who sees to it",
    "expires": 'say until when, such as expires: "2030-12-31"',
}


def _day(reader: Reader, words: Words, places: Mapping[str, Node], word: str) -> dt.date | None:
    text = words.get(word, "")
    if text and not is_date(text):
        reader.add(places[word], f"{text} is no day", f'such as {word}: "2030-12-31"')
    return dt.date.fromisoformat(text) if is_date(text) else None


def _names(reader: Reader, node: Node | None) -> tuple[str, ...]:
    return reader.texts(node, "environments") if node is not None else ()


def outdated(
    attestations: Iterable[Attestation], waivers: Iterable[Waiver], today: dt.date
) -> Iterator[Problem]:
    """What is no longer, or not yet, worth what it says, as warnings."""
    for waiver in waivers:
        if waiver.expires < today and waiver.origin:
            at, message = waiver.origin, f"the waiver of {waiver.check} expired {waiver.expires}"
            help = "see to the check, or take the waiver out"
            yield Problem(at.file, at.line, at.column, message, help)
    for each in attestations:
        if each.on > today and each.origin:
            at, message = each.origin, f"{each.name} is attested as of {each.on}, which is to come"
            yield Problem(at.file, at.line, at.column, message, "it does not count before that day")
        elif each.until is not None and each.until < today and each.origin:
            at, message = each.origin, f"the attestation of {each.name} ended {each.until}"
            yield Problem(at.file, at.line, at.column, message, "renew it, or take it out")
