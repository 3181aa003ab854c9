"""A plain document becomes a playbook, or is refused because it contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tenantctl.errors import PlaybookError
from tenantctl.playbooks.check import Check
from tenantctl.playbooks.grammar import check_problems
from tenantctl.playbooks.playbook import (
    Again,
    Fields,
    Gate,
    Milestone,
    Phase,
    Playbook,
    Topic,
    Workstream,
)
from tenantctl.playbooks.problems import problems

Document = Mapping[str, Any]

READ: Mapping[str, tuple[str, ...]] = {
    "topics": ("summary", "docs", "example"),
    "checks": ("why", "mend", "see"),
}
"""What only people read, and no plan needs."""


def load(document: Document, topics: Mapping[str, Document] | None = None) -> Playbook:
    """The playbook that *document* describes; the form is that of `b2c.yaml`.

    *topics* say what is not said of a topic in the document itself, in the form of `topics.yaml`.
    Raises PlaybookError, with everything that is wrong, on a missing or unknown word, a duplicate
    id, an unknown predecessor, or a sequence that is incomplete or disagrees with `follows` and
    `after`.
    """
    try:
        playbook = _playbook(document, _known(document.get("topics", {}), topics or {}))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise PlaybookError(f"playbook: not the form of a playbook: {said}") from error
    if found := list(problems(playbook)):
        raise PlaybookError(f"playbook {playbook.id}: {'; '.join(found)}")
    return playbook


def _known(own: Mapping[str, Document], others: Mapping[str, Document]) -> dict[str, Document]:
    """What is said of every topic, word by word: what the document says counts first."""
    return {**others, **{id: {**others.get(id, {}), **said} for id, said in own.items()}}


def load_checks(document: Mapping[str, Document], values: Document) -> tuple[Check, ...]:
    """The checks of *document* by their ids; the form is that of `checks/*.yaml`.

    *values* are what `{is: NAME}` stands for. Raises PlaybookError with everything wrong.
    """
    try:
        checks = tuple(_check(id, entry, values) for id, entry in document.items())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise PlaybookError(f"checks: not the form of a check: {said}") from error
    if found := [problem for check in checks for problem in check_problems(check)]:
        raise PlaybookError(f"checks: {'; '.join(found)}")
    return checks


def _check(id: str, entry: Document, values: Document) -> Check:
    return Check(
        id=id,
        title=entry["title"],
        severity=entry["severity"],
        levels=entry["levels"],
        topics=tuple(entry["topics"]),
        evidence=entry["evidence"],
        evaluate=named(entry["evaluate"], values),
        when=named(entry["when"], values) if "when" in entry else None,
        plan=entry.get("plan", ""),
        order=entry.get("order", False),
    )


def named(node: Any, values: Document) -> Any:
    """*node* with every `{is: NAME}` replaced by what it stands for; KeyError on a strange one."""
    if isinstance(node, Mapping):
        if set(node) == {"is"}:
            return values[node["is"]]
        return {key: named(inner, values) for key, inner in node.items()}
    if isinstance(node, list):
        return [named(inner, values) for inner in node]
    return node


def _playbook(document: Document, topics: Mapping[str, Document]) -> Playbook:
    phases = tuple(_phase(entry, topics) for entry in document["phases"])
    by_id = {topic.id: topic for phase in phases for topic in phase.topics}
    order = [topic_id for phase in phases for topic_id in phase.sequence]
    ordered = {topic_id: by_id[topic_id] for topic_id in order if topic_id in by_id}
    return Playbook(
        id=document["id"],
        name=document["name"],
        phases=phases,
        topics=ordered,
        places={
            topic_id: (phase.number, index)
            for phase in phases
            for index, topic_id in enumerate(phase.sequence)
        },
        owning=_owning(ordered.values()),
        checks=load_checks(document.get("checks", {}), document.get("values", {})),
        texts={
            word: read
            for word, keys in READ.items()
            if (read := _read(document.get(word, {}), keys))
        },
    )


def _read(entries: Mapping[str, Document], keys: tuple[str, ...]) -> dict[str, Document]:
    found = {id: {key: said[key] for key in keys if key in said} for id, said in entries.items()}
    return {id: texts for id, texts in found.items() if texts}


def _owning(topics: Iterable[Topic]) -> Mapping[str, tuple[Topic, ...]]:
    found: dict[str, list[Topic]] = {}
    for topic in topics:
        for kind in topic.owns:
            found.setdefault(kind, []).append(topic)
    return {kind: tuple(owning) for kind, owning in found.items()}


def _phase(entry: Document, topics: Mapping[str, Document]) -> Phase:
    number = int(entry["number"])
    return Phase(
        number=number,
        name=entry["name"],
        requires=tuple(entry["requires"]),
        workstreams=tuple(_workstream(one, number, topics) for one in entry["workstreams"]),
        sequence=tuple(entry["sequence"]),
        milestones=tuple(
            Milestone(one["id"], one["name"], one["kind"], tuple(one["workstreams"]))
            for one in entry["milestones"]
        ),
        gates=tuple(
            Gate(one["id"], one["text"], tuple(one.get("checks", ())))
            for one in entry.get("gates", ())
        ),
    )


def _workstream(entry: Document, phase: int, topics: Mapping[str, Document]) -> Workstream:
    id, audience = entry["id"], entry["audience"]
    return Workstream(
        id=id,
        name=entry["name"],
        audience=audience,
        follows=tuple(entry["follows"]),
        after=tuple(entry.get("after", ())),
        parallel=tuple(entry["parallel"]),
        optional=bool(entry.get("optional", False)),
        condition=entry.get("condition", ""),
        topics=tuple(
            _topic({"audience": audience, **topics.get(one["id"], {}), **one}, id, phase)
            for one in entry["topics"]
        ),
        again=tuple(
            Again(
                one["id"],
                one["requirement"],
                one["milestone"],
                one.get("audience", audience),
                one.get("condition", ""),
            )
            for one in entry.get("again", ())
        ),
    )


def _topic(entry: Document, workstream: str, phase: int) -> Topic:
    missing = [word for word in ("name", "kind", "requirement", "milestone") if word not in entry]
    if missing:
        raise ValueError(f"topic {entry['id']} has no {' and no '.join(missing)}")
    return Topic(
        id=entry["id"],
        name=entry["name"],
        workstream=workstream,
        phase=phase,
        kind=entry["kind"],
        requirement=entry["requirement"],
        milestone=entry["milestone"],
        audience=entry["audience"],
        owns=_fields(entry.get("owns", {})),
        extends=_fields(entry.get("extends", {})),
        follows=tuple(entry.get("follows", ())),
        after=tuple(entry.get("after", ())),
        condition=entry.get("condition", ""),
        where={
            kind: {path: frozenset(values) for path, values in conditions.items()}
            for kind, conditions in entry.get("where", {}).items()
        },
        homes=tuple(entry.get("homes", ())),
    )


def _fields(entry: Mapping[str, Any]) -> Fields:
    return {kind: tuple(paths) for kind, paths in entry.items()}
