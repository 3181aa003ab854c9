"""A plain document becomes a playbook, or is refused because it contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tenantctl.errors import PlaybookError
from tenantctl.playbooks.playbook import (
    Fields,
    Gate,
    Milestone,
    Phase,
    Playbook,
    Topic,
    Workstream,
)
from tenantctl.playbooks.problems import problems


def load(document: Mapping[str, Any]) -> Playbook:
    """The playbook that *document* describes; the form is that of `b2c.yaml`.

    Raises PlaybookError, with everything that is wrong, on a missing or unknown word, a duplicate
    id, an unknown predecessor, or a sequence that is incomplete or disagrees with `follows`.
    """
    try:
        playbook = _playbook(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise PlaybookError(f"playbook: not the form of a playbook: {said}") from error
    if found := list(problems(playbook)):
        raise PlaybookError(f"playbook {playbook.id}: {'; '.join(found)}")
    return playbook


def _playbook(document: Mapping[str, Any]) -> Playbook:
    phases = tuple(_phase(entry) for entry in document["phases"])
    by_id = {topic.id: topic for phase in phases for topic in phase.topics}
    order = [topic_id for phase in phases for topic_id in phase.sequence]
    topics = {topic_id: by_id[topic_id] for topic_id in order if topic_id in by_id}
    return Playbook(
        id=document["id"],
        name=document["name"],
        phases=phases,
        topics=topics,
        places={
            topic_id: (phase.number, index)
            for phase in phases
            for index, topic_id in enumerate(phase.sequence)
        },
        owning=_owning(topics.values()),
    )


def _owning(topics: Iterable[Topic]) -> Mapping[str, tuple[Topic, ...]]:
    found: dict[str, list[Topic]] = {}
    for topic in topics:
        for kind in topic.owns:
            found.setdefault(kind, []).append(topic)
    return {kind: tuple(owning) for kind, owning in found.items()}


def _phase(entry: Mapping[str, Any]) -> Phase:
    number = int(entry["number"])
    return Phase(
        number=number,
        name=entry["name"],
        requires=tuple(entry["requires"]),
        workstreams=tuple(_workstream(stream, number) for stream in entry["workstreams"]),
        sequence=tuple(entry["sequence"]),
        milestones=tuple(
            Milestone(one["id"], one["name"], tuple(one["workstreams"]))
            for one in entry.get("milestones", ())
        ),
        gates=tuple(Gate(one["id"], one["text"]) for one in entry.get("gates", ())),
    )


def _workstream(entry: Mapping[str, Any], phase: int) -> Workstream:
    return Workstream(
        id=entry["id"],
        name=entry["name"],
        follows=tuple(entry["follows"]),
        parallel=tuple(entry["parallel"]),
        topics=tuple(_topic(topic, entry["id"], phase) for topic in entry["topics"]),
        again=tuple(entry.get("again", ())),
    )


def _topic(entry: Mapping[str, Any], workstream: str, phase: int) -> Topic:
    return Topic(
        id=entry["id"],
        name=entry["name"],
        workstream=workstream,
        phase=phase,
        kind=entry["kind"],
        owns=_fields(entry.get("owns", {})),
        extends=_fields(entry.get("extends", {})),
        follows=tuple(entry["follows"]),
        adopts=entry.get("adopts", "default"),
        where={
            kind: {path: frozenset(values) for path, values in conditions.items()}
            for kind, conditions in entry.get("where", {}).items()
        },
        homes=tuple(entry.get("homes", ())),
    )


def _fields(entry: Mapping[str, Any]) -> Fields:
    return {kind: tuple(paths) for kind, paths in entry.items()}
