"""Where in a project something belongs: phase, workstream and topic, by the playbook's lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenantctl.drafts.written import Body
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Note
from tenantctl.playbooks import Playbook

USUAL = "application_integration"
"""The topic of what no topic owns, in the playbooks that come with the package."""
MANY = 50
"""Resources of one kind in one file from which they get a file of their own."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """What one topic says of one resource."""

    topic: str
    address: Address
    body: Body


def place(bodies: Mapping[Address, Body], playbook: Playbook) -> tuple[Fragment, ...]:
    """*bodies* taken apart by topic, in the order of the playbook, then of *bodies*.

    The topic that owns a resource's natural key is its home and comes first; fields that another
    topic owns stand there, and what no topic owns stands at home.
    """
    found = [
        Fragment(topic, address, body)
        for address, whole in bodies.items()
        for topic, body in _parted(address, whole, playbook).items()
    ]
    return tuple(sorted(found, key=lambda fragment: playbook.place(fragment.topic)))


def home(address: Address, body: Body, playbook: Playbook) -> str:
    """The topic that a resource belongs to."""
    return playbook.home(address.kind, _known(address, body)) or otherwise(playbook)


def otherwise(playbook: Playbook) -> str:
    """The topic of what no topic owns; in a team's own playbook the first that writes anything."""
    if USUAL in playbook.topics:
        return USUAL
    writers = (topic.id for topic in playbook.topics.values() if topic.owns)
    return next(writers, next(iter(playbook.topics)))


def unplaced(bodies: Mapping[Address, Body], playbook: Playbook) -> tuple[Note, ...]:
    """A note for each kind that no topic owns."""
    lost: dict[str, int] = {}
    for address, body in bodies.items():
        if not playbook.home(address.kind, _known(address, body)):
            lost[address.kind] = lost.get(address.kind, 0) + 1
    return tuple(
        Note(
            "guess",
            f"no topic of the playbook {playbook.id} owns {kind} ({count} here): "
            f"written under {otherwise(playbook)}",
        )
        for kind, count in sorted(lost.items())
    )


def fragment_file(topic: str, playbook: Playbook, kind: str = "") -> str:
    """The file of a topic's fragments, or of the many of one *kind*, below the tenant's folder."""
    found = playbook.topic(topic)
    return f"phase{found.phase}/{kind or found.workstream}.yaml"


def nested(address: Address, body: Body) -> dict[str, Any]:
    """`{kind: {key: body}}`, as a topic has it; composite keys as maps in maps."""
    kind = KINDS[address.kind]
    inside: Any = body
    for part in reversed(_parts(kind, address.key)):
        inside = {part: inside}
    return {kind.name: inside}


def _known(address: Address, body: Body) -> dict[str, Any]:
    """What a topic is chosen by: the fields of a resource, and the parts of its key."""
    kind = KINDS[address.kind]
    return {**dict(zip(kind.parts, _parts(kind, address.key), strict=False)), **body}


def _parts(kind: Kind, key: str) -> list[str]:
    if kind.singleton:
        return []
    return key.split("/", len(kind.parts) - 1) if kind.parts else [key]


def _parted(address: Address, body: Body, playbook: Playbook) -> dict[str, dict[str, Any]]:
    """The body of a resource by topic, that of its home first."""
    kind = KINDS[address.kind]
    at_home = home(address, body, playbook)
    parted: dict[str, dict[str, Any]] = {at_home: {}}
    named = len(kind.key) == 1 and not kind.parts
    if (kind.parts and not kind.fixed) or ("$only" in body and not named):
        return {at_home: dict(body)}
    prefix = (address.key,) if "{key}" in kind.shape else ()
    known = _known(address, body)
    for name, value in body.items():
        for topic, path, leaf in _owned(kind, playbook, known, (*prefix, name), value):
            _put(parted.setdefault(topic or at_home, {}), path[len(prefix) :], leaf)
    if len(parted) > 1 and named and kind.key[0] not in body and address.key not in kind.system:
        parted[at_home] = {kind.key[0]: address.key, **parted[at_home]}
    said = {topic: each for topic, each in parted.items() if each}
    return said or {at_home: {}}


def _owned(
    kind: Kind, playbook: Playbook, body: Body, path: tuple[str, ...], value: Any
) -> list[tuple[str, tuple[str, ...], Any]]:
    """The pieces of a field with the topics that own them; several where they differ inside."""
    if isinstance(value, Mapping) and value and kind.rule(path, body).map != "open":
        inner = [
            piece
            for key, item in value.items()
            for piece in _owned(kind, playbook, body, (*path, key), item)
        ]
        if len({topic for topic, _, _ in inner}) > 1:
            return inner
        return [(inner[0][0], path, value)]
    return [(playbook.topic_of(kind.name, path, body), path, value)]


def _put(into: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        into = into.setdefault(part, {})
    into[path[-1]] = value
