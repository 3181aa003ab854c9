"""Whether a tenant, desired or live, is as a test in YAML expects it: pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tenantctl.kinds import KINDS, Lens, element_key, text_of
from tenantctl.model import ABSENT, Case, Expectation, Json, Path, Ref, Tenant, Text, Value, to_json

LONGEST = 200


def unmet(case: Case, tenant: Tenant, counts: Mapping[str, int]) -> Iterator[str]:
    """What *tenant* does not fulfil of *case*, each with the place in the file that asks for it.

    *counts* is how many resources there are of the kinds that the case counts.
    """
    for expectation in case.expect:
        value = _at(expectation, tenant)
        for operator, operand in expectation.says:
            if said := CHECKS[operator](value, operand):
                yield f"{expectation.at}: {named(expectation)} {said}"
    for kind, count in sorted(case.counts.items()):
        if (found := counts.get(kind, 0)) != count:
            yield f"{case.at.file}:{case.at.line}: there are {found} {kind}, not {count}"


def named(expectation: Expectation) -> str:
    """The place that an expectation is about, as it is written in the file."""
    return ".".join((str(expectation.address), *expectation.path))


def _at(expectation: Expectation, tenant: Tenant) -> Any:
    """The value at a place, as people write it; ABSENT where there is none."""
    resource = tenant.get(expectation.address)
    if resource is None:
        return ABSENT
    lens = Lens(KINDS[expectation.address.kind], resource.fields)
    value: Any = resource.fields
    ruled: Path = ()
    for part in expectation.path:
        value, ruled = _step(lens, value, part, ruled)
    return _shown(lens, value, ruled)


def _step(lens: Lens, value: Any, part: str, ruled: Path) -> tuple[Any, Path]:
    """What stands at *part* inside *value*, and the path by which rules know it."""
    if isinstance(value, Mapping):
        return value.get(part, ABSENT), (*ruled, part)
    if isinstance(value, list | tuple):
        rule, inner = lens.rule(ruled), (*ruled, "[]")
        for index, item in enumerate(value):
            if part == (_bare(item, rule.by) if rule.by else str(index)):
                pair = (
                    rule.value and isinstance(item, Mapping) and set(item) <= {rule.by, rule.value}
                )
                return (
                    (item.get(rule.value, ABSENT), (*inner, rule.value)) if pair else (item, inner)
                )
    return ABSENT, (*ruled, part)


def _bare(item: Value, by: str) -> str:
    """What an element of a keyed list is called in the files."""
    key = item.get(by) if isinstance(item, Mapping) else None
    return key.address.key if isinstance(key, Ref) else element_key(item, by)


def _shown(lens: Lens, value: Value, ruled: Path) -> Any:
    """*value* as JSON in the words of the files: a usual reference is the bare key."""
    if isinstance(value, Mapping):
        return {k: _shown(lens, v, (*ruled, k)) for k, v in value.items()}
    if isinstance(value, list | tuple):
        members = [_shown(lens, item, (*ruled, "[]")) for item in value]
        is_set = lens.rule(ruled).list == "set"
        return _Set(members) if is_set else members
    if isinstance(value, Ref):
        rule = lens.rule(ruled)
        usual = rule.ref is not None and rule.ref.via == value.field
        return value.address.key if usual else f"${{{value}}}"
    if isinstance(value, Text):
        return "".join(p if isinstance(p, str) else f"${{{p}}}" for p in value.parts)
    return value if value is ABSENT else to_json(value)


class _Set(list[Any]):
    """A list whose order means nothing."""


def _tell(value: Any) -> str:
    text = "not there" if value is ABSENT else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _equals(value: Any, operand: Json) -> str:
    return "" if _alike(value, operand) else f"is {_tell(value)}, not {_tell(operand)}"


def _alike(value: Any, operand: Json) -> bool:
    """Whether two values are equal; true is no number, and the order of a set means nothing."""
    if isinstance(value, Mapping) and isinstance(operand, Mapping):
        return value.keys() == operand.keys() and all(
            _alike(v, operand[k]) for k, v in value.items()
        )
    if isinstance(value, list) and isinstance(operand, list):
        if isinstance(value, _Set):
            value, operand = _sorted(value), _sorted(operand)
        pairs = zip(value, operand, strict=False)
        return len(value) == len(operand) and all(_alike(*pair) for pair in pairs)
    return isinstance(value, bool) is isinstance(operand, bool) and bool(value == operand)


def _sorted(value: list[Any]) -> list[Any]:
    return sorted(value, key=text_of)


def _contains(value: Any, operand: Json) -> str:
    if isinstance(value, list | str | dict) and operand in value:
        return ""
    return f"does not contain {_tell(operand)}: it is {_tell(value)}"


def _lacks(value: Any, operand: Json) -> str:
    if not isinstance(value, list | str | dict) or operand not in value:
        return ""
    return f"contains {_tell(operand)}: it is {_tell(value)}"


def _matches(value: Any, operand: Json) -> str:
    if isinstance(value, str) and re.search(str(operand), value):
        return ""
    return f"does not match {operand}: it is {_tell(value)}"


def _bounded(word: str, holds: Callable[[Any, Any], bool]) -> Callable[[Any, Json], str]:
    def check(value: Any, operand: Json) -> str:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if number and holds(value, operand) else f"is {_tell(value)}, {word} {operand}"

    return check


def _length(value: Any, operand: Json) -> str:
    if isinstance(value, list | str | dict) and len(value) == operand:
        return ""
    size = len(value) if isinstance(value, list | str | dict) else _tell(value)
    return f"has length {size}, not {operand}"


def _present(value: Any, operand: Json) -> str:
    there = value is not ABSENT and value is not None
    if there is operand:
        return ""
    return f"is {_tell(value)}" if there else "is not there"


def _absent(value: Any, operand: Json) -> str:
    return _present(value, not operand)


CHECKS: Mapping[str, Callable[[Any, Json], str]] = {
    "$equals": _equals,
    "$contains": _contains,
    "$lacks": _lacks,
    "$matches": _matches,
    "$at_least": _bounded("less than", lambda a, b: a >= b),
    "$at_most": _bounded("more than", lambda a, b: a <= b),
    "$length": _length,
    "$present": _present,
    "$absent": _absent,
}
"""What an operator says of a value that does not fulfil it; nothing of one that does."""
