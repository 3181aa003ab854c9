"""Playbooks as machines read them, and in the form in which a team can keep its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tenantctl.model import Json
from tenantctl.playbooks import (
    Again,
    Phase,
    Playbook,
    Topic,
    Workstream,
    checks,
    shipped_topics,
    texts_of,
    written,
)
from tenantctl.report.escape import visible

FORMAT = 1
"""Grows when a key is renamed, goes away or means something else; not when one is added."""
LINE = 100
"""Lists and maps that fit into so many columns stand on one line."""


def playbooks_as_json(books: Iterable[Playbook], topic: str = "") -> dict[str, Json]:
    """All of *books*, or what they say of one topic."""
    return {
        "format": FORMAT,
        "type": "playbooks",
        "playbooks": [_book(book, topic) for book in books],
    }


def _book(book: Playbook, only: str) -> dict[str, Json]:
    topics: list[Json] = [
        _topic(topic, book) for topic in book.topics.values() if only in ("", topic.id)
    ]
    if only:
        return {"id": book.id, "name": book.name, "topics": topics}
    phases: list[Json] = [_phase(phase) for phase in book.phases]
    return {"id": book.id, "name": book.name, "phases": phases, "topics": topics}


def _phase(phase: Phase) -> dict[str, Json]:
    return {
        "number": phase.number,
        "name": phase.name,
        "requires": list(phase.requires),
        "milestones": [
            {"id": m.id, "name": m.name, "kind": m.kind, "workstreams": list(m.workstreams)}
            for m in phase.milestones
        ],
        "gates": [{"id": g.id, "text": g.text, "checks": list(g.checks)} for g in phase.gates],
        "workstreams": [_workstream(stream) for stream in phase.workstreams],
        "sequence": list(phase.sequence),
    }


def _workstream(stream: Workstream) -> dict[str, Json]:
    return {
        "id": stream.id,
        "name": stream.name,
        "audience": stream.audience,
        "optional": stream.optional,
        "condition": stream.condition,
        "follows": list(stream.follows),
        "after": list(stream.after),
        "parallel": list(stream.parallel),
        "topics": [_asked(topic, again=False) for topic in stream.topics]
        + [_asked(topic, again=True) for topic in stream.again],
    }


def _asked(asked: Topic | Again, *, again: bool) -> Json:
    return {
        "id": asked.id,
        "requirement": asked.requirement,
        "milestone": asked.milestone,
        "audience": asked.audience,
        "condition": asked.condition,
        "again": again,
    }


def _topic(topic: Topic, book: Playbook) -> dict[str, Json]:
    said = texts_of(book)["topics"].get(topic.id, {})
    return {
        "id": topic.id,
        "name": topic.name,
        "kind": topic.kind,
        "phase": topic.phase,
        "workstream": topic.workstream,
        "requirement": topic.requirement,
        "milestone": topic.milestone,
        "audience": topic.audience,
        "condition": topic.condition,
        "follows": list(topic.follows),
        "after": list(topic.after),
        "summary": said.get("summary", ""),
        "homes": list(topic.homes),
        "owns": {kind: list(paths) for kind, paths in topic.owns.items()},
        "extends": {kind: list(paths) for kind, paths in topic.extends.items()},
        "where": {
            kind: {path: sorted(values, key=str) for path, values in conditions.items()}
            for kind, conditions in topic.where.items()
        },
        "example": said.get("example", ""),
        "docs": list(said.get("docs", ())),
        "checks": [
            {"id": c.id, "title": c.title, "severity": c.severity, "levels": dict(c.levels)}
            for c in checks(book)
            if topic.id in c.topics
        ],
    }


def playbook_as_yaml(book: Playbook) -> str:
    """The source of *book*, which a team can save, change, and name in its `tenant.yaml`."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
            super().increase_indent(flow, indentless=False)

        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
            return True

    def mapping(dumper: yaml.SafeDumper, value: Mapping[str, Any]) -> yaml.Node:
        flow = len(str(value)) < LINE - 40
        return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=flow)

    def sequence(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
        flow = not any(isinstance(each, dict | list) for each in value)
        return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flow)

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(dict, mapping)
    Dumper.add_representer(list, sequence)
    Dumper.add_representer(str, text)

    def dumped(*, unicode: bool) -> str:
        document = written(book, shipped_topics())
        found: str = yaml.dump(
            document, Dumper=Dumper, sort_keys=False, allow_unicode=unicode, width=LINE
        )
        return found

    source = dumped(unicode=True)
    shown = all(visible(line) == line for line in source.splitlines())
    return source if shown else dumped(unicode=False)
