"""The check language: what a check may look like. What it means stands in `engine.checks`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tenantctl.playbooks.check import EVIDENCE, LEVELS, SEVERITIES, Check

ENVIRONMENT_KINDS = ("development", "qa", "production")
OPERATORS = frozenset(
    {
        *("present", "absent", "eq", "in", "gt", "gte", "lt", "lte", "len_gte", "len_lte"),
        *("values_len_lte", "contains", "contains_any", "subset_of", "is_https"),
        *("matches", "any_match", "all_match", "none_match"),
    }
)
LEAVES = ({"unique", "path"}, {"adopted"}, {"attestation", "max_age_days"})
BESIDE = {
    "each": {"scope", "where", "quantifier", "assert"},
    "any": {"scope", "where", "quantifier", "assert"},
    "none": {"scope", "where", "quantifier", "assert"},
    "count": {"scope", "where", "quantifier", "min", "max"},
}
"""What may stand beside each quantifier."""


def check_problems(check: Check) -> Iterator[str]:
    """What is wrong with a check, each in a sentence."""
    for word, value, known in (
        ("severity", check.severity, SEVERITIES),
        ("evidence", check.evidence, EVIDENCE),
    ):
        if value not in known:
            yield f"{check.id}: {word} {value} is none of {', '.join(known)}"
    if sorted(check.levels) != sorted(ENVIRONMENT_KINDS):
        yield f"{check.id}: levels must be for {', '.join(ENVIRONMENT_KINDS)}"
    for level in check.levels.values():
        if level not in LEVELS:
            yield f"{check.id}: level {level} is none of {', '.join(LEVELS)}"
    if not check.topics:
        yield f"{check.id} has no topic"
    for node in (check.when, check.evaluate):
        if node is not None:
            yield from (f"{check.id}: {problem}" for problem in _node(node))


def _inner(node: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """What *node* combines; None where it is no combination."""
    if set(node) in ({"all"}, {"any"}):
        return list(next(iter(node.values())))
    return [node["not"]] if set(node) == {"not"} else None


def _node(node: Mapping[str, Any]) -> Iterator[str]:
    inner = _inner(node)
    if inner is not None:
        for each in inner:
            yield from _node(each)
    elif "scope" in node and node.get("quantifier") in BESIDE:
        yield from _scoped(node)
    elif set(node) not in LEAVES:
        yield f"{', '.join(sorted(node))}: no form of the check language"


def _scoped(node: Mapping[str, Any]) -> Iterator[str]:
    quantifier = node["quantifier"]
    if extra := sorted(node.keys() - BESIDE[quantifier]):
        yield f"{', '.join(extra)} cannot stand beside quantifier {quantifier}"
    if "assert" in BESIDE[quantifier] and "assert" not in node:
        yield f"quantifier {quantifier} needs assert"
    for key in node.keys() & {"where", "assert"}:
        yield from _predicate(node[key])


def _predicate(node: Mapping[str, Any]) -> Iterator[str]:
    inner = _inner(node)
    if inner is not None:
        for each in inner:
            yield from _predicate(each)
    elif not {"path", "op"} <= node.keys() <= {"path", "op", "value"}:
        yield f"{', '.join(sorted(node))}: no form of a predicate"
    elif node["op"] not in OPERATORS:
        yield f"there is no operator {node['op']}"


def read_by(checks: Iterable[Check]) -> Iterator[tuple[str, str]]:
    """What *checks* read, as (scope, path); of attestations and topics the name is the path.

    A path is empty where it matters only how many there are.
    """
    for check in checks:
        for node in (check.when, check.evaluate):
            if node is not None:
                yield from _read(node)


def _read(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    inner = _inner(node)
    if inner is not None:
        for each in inner:
            yield from _read(each)
    elif "attestation" in node:
        yield "attestations", node["attestation"]
    elif "adopted" in node:
        yield "adopted", node["adopted"]
    elif "unique" in node:
        yield node["unique"], node["path"]
    else:
        yield node["scope"], ""
        for key in node.keys() & {"where", "assert"}:
            yield from _asked(node["scope"], node[key])


def _asked(scope: str, node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    inner = _inner(node)
    if inner is not None:
        for each in inner:
            yield from _asked(scope, each)
        return
    yield scope, node["path"]
    value = node.get("value")
    if isinstance(value, Mapping) and set(value) == {"ref"}:
        other, _, path = value["ref"].removeprefix("$.").partition(".")
        yield other, path
