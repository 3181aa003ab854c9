"""The form in which a playbook is written, as a JSON Schema; what it means `load` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tenantctl.playbooks.check import EVIDENCE, LEVELS, SEVERITIES
from tenantctl.playbooks.grammar import ENVIRONMENT_KINDS, OPERATORS
from tenantctl.playbooks.playbook import REQUIREMENTS
from tenantctl.playbooks.problems import MILESTONE_KINDS, TOPIC_KINDS

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
TEXTS: Final[Schema] = {"type": "array", "items": TEXT}


def _closed(required: str, optional: Mapping[str, Schema], **given: Schema) -> Schema:
    """An object with the *required* words, which are text unless *given*, and the *optional*."""
    words = required.split()
    properties = {**{word: given.get(word, TEXT) for word in words}, **optional}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": words,
    }


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _map(value: Schema) -> Schema:
    return {"type": "object", "additionalProperties": value}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


FIELDS: Final = {
    "name": TEXT,
    "kind": {"enum": list(TOPIC_KINDS)},
    "homes": TEXTS,
    "where": _map(_map({"type": "array"})),
    "owns": _map(TEXTS),
    "extends": _map(TEXTS),
}
"""What a topic configures."""
READ: Final = {"summary": TEXT, "docs": TEXTS, "example": TEXT}
REQUIREMENT: Final = {"enum": list(REQUIREMENTS)}
ASKED: Final = {"audience": TEXT, "condition": TEXT}

TOPIC = _closed(
    "id requirement milestone",
    {**ASKED, "follows": TEXTS, "after": TEXTS, **FIELDS},
    requirement=REQUIREMENT,
)
AGAIN = _closed("id requirement milestone", ASKED, requirement=REQUIREMENT)
WORKSTREAM = _closed(
    "id name audience follows parallel topics",
    {
        "optional": {"type": "boolean"},
        "condition": TEXT,
        "after": TEXTS,
        "again": _list(_ref("again")),
    },
    follows=TEXTS,
    parallel=TEXTS,
    topics=_list(_ref("topic")),
)
MILESTONE = _closed(
    "id name kind workstreams", {}, kind={"enum": list(MILESTONE_KINDS)}, workstreams=TEXTS
)
PHASE = _closed(
    "number name requires milestones workstreams sequence",
    {"gates": _list(_closed("id text", {"checks": TEXTS}))},
    number={"type": "integer", "minimum": 1},
    requires=_list({"type": "integer"}),
    milestones=_list(_ref("milestone")),
    workstreams=_list(_ref("workstream")),
    sequence=TEXTS,
)

PREDICATE: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "path": TEXT,
        "op": {"enum": sorted(OPERATORS)},
        "value": {},
        "all": _list(_ref("predicate")),
        "any": _list(_ref("predicate")),
        "not": _ref("predicate"),
    },
}
NODE: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "scope": TEXT,
        "quantifier": {"enum": ["each", "any", "none", "count"]},
        "where": _ref("predicate"),
        "assert": _ref("predicate"),
        "min": {"type": "integer"},
        "max": {"type": "integer"},
        "unique": TEXT,
        "path": TEXT,
        "attestation": TEXT,
        "max_age_days": {"type": "integer"},
        "adopted": TEXT,
        "all": _list(_ref("node")),
        "any": _list(_ref("node")),
        "not": _ref("node"),
    },
}
CHECK = _closed(
    "title severity levels topics evidence evaluate",
    {
        "when": _ref("node"),
        "plan": TEXT,
        "order": {"type": "boolean"},
        "why": TEXT,
        "mend": TEXT,
        "see": TEXTS,
    },
    severity={"enum": list(SEVERITIES)},
    levels=_closed(
        " ".join(ENVIRONMENT_KINDS),
        {},
        **{kind: {"enum": list(LEVELS)} for kind in ENVIRONMENT_KINDS},
    ),
    topics=TEXTS,
    evidence={"enum": list(EVIDENCE)},
    evaluate=_ref("node"),
)
SCHEMA: Final[Schema] = {
    **_closed(
        "id name phases",
        {
            "topics": _map(
                {"type": "object", "additionalProperties": False, "properties": {**FIELDS, **READ}}
            ),
            "checks": _map(_ref("check")),
            "values": {"type": "object"},
        },
        phases=_list(_ref("phase")),
    ),
    "$defs": {
        "phase": PHASE,
        "workstream": WORKSTREAM,
        "topic": TOPIC,
        "again": AGAIN,
        "milestone": MILESTONE,
        "check": CHECK,
        "node": NODE,
        "predicate": PREDICATE,
    },
}
"""The form of `b2c.yaml`, with what a team may add: topics, checks, values that these name."""
