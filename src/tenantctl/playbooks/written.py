"""A playbook in the form in which it is written: the inverse of `load`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.playbooks.check import Check
from tenantctl.playbooks.playbook import Again, Phase, Playbook, Topic, Workstream

Entry = dict[str, Any]


def written(book: Playbook, shipped: Mapping[str, Mapping[str, Any]]) -> Entry:
    """A document of which `load` makes *book* again; the form is that of `b2c.yaml`.

    What *shipped* says of a topic, in the form of `topics.yaml`, is left out.
    """
    texts = book.texts.get("topics", {})
    topics = {
        topic.id: {**_differing(topic, shipped.get(topic.id, {})), **texts.get(topic.id, {})}
        for topic in book.topics.values()
    }
    return _filled(
        {
            "id": book.id,
            "name": book.name,
            "phases": [_phase(phase) for phase in book.phases],
            "topics": {id: entry for id, entry in topics.items() if entry},
            "checks": {check.id: _check(check, book) for check in book.checks},
        }
    )


def _filled(entry: Mapping[str, Any]) -> Entry:
    """*entry* without what says nothing."""
    return {key: value for key, value in entry.items() if value not in ("", [], {}, None, False)}


def _phase(phase: Phase) -> Entry:
    return {
        "number": phase.number,
        "name": phase.name,
        "requires": list(phase.requires),
        "milestones": [
            {
                "id": each.id,
                "name": each.name,
                "kind": each.kind,
                "workstreams": list(each.workstreams),
            }
            for each in phase.milestones
        ],
        "gates": [
            _filled({"id": each.id, "text": each.text, "checks": list(each.checks)})
            for each in phase.gates
        ],
        "workstreams": [_workstream(each) for each in phase.workstreams],
        "sequence": list(phase.sequence),
    }


def _workstream(stream: Workstream) -> Entry:
    entry = {
        "id": stream.id,
        "name": stream.name,
        "audience": stream.audience,
        "optional": stream.optional,
        "condition": stream.condition,
    }
    after = {"after": list(stream.after)} if stream.after else {}
    again = {"again": [_asked(each, stream) for each in stream.again]} if stream.again else {}
    return {
        **_filled(entry),
        "follows": list(stream.follows),
        **after,
        "parallel": list(stream.parallel),
        "topics": [_asked(each, stream) for each in stream.topics],
        **again,
    }


def _asked(asked: Topic | Again, stream: Workstream) -> Entry:
    first = asked if isinstance(asked, Topic) else None
    return _filled(
        {
            "id": asked.id,
            "requirement": asked.requirement,
            "milestone": asked.milestone,
            "audience": asked.audience if asked.audience != stream.audience else "",
            "condition": asked.condition,
            "follows": list(first.follows) if first else [],
            "after": list(first.after) if first else [],
        }
    )


def _differing(topic: Topic, shipped: Mapping[str, Any]) -> Entry:
    """What a topic configures, as far as *shipped* does not say the same."""
    entry: Entry = {
        "name": topic.name,
        "kind": topic.kind,
        "homes": list(topic.homes),
        "where": {
            kind: {path: sorted(values, key=str) for path, values in conditions.items()}
            for kind, conditions in topic.where.items()
        },
        "owns": {kind: list(paths) for kind, paths in topic.owns.items()},
        "extends": {kind: list(paths) for kind, paths in topic.extends.items()},
    }
    said = {key: shipped[key] for key in entry.keys() & shipped.keys()}
    if where := said.get("where"):
        said["where"] = {
            kind: {path: sorted(values, key=str) for path, values in conditions.items()}
            for kind, conditions in where.items()
        }
    return {
        key: value for key, value in entry.items() if (value != said[key] if key in said else value)
    }


def _check(check: Check, book: Playbook) -> Entry:
    entry = {
        "title": check.title,
        "severity": check.severity,
        "levels": dict(check.levels),
        "topics": list(check.topics),
        "evidence": check.evidence,
        "plan": check.plan,
        "order": check.order,
        "when": check.when,
        "evaluate": check.evaluate,
    }
    return {**_filled(entry), **book.texts.get("checks", {}).get(check.id, {})}
