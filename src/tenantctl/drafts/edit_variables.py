"""Which variable would have to be another so that the files ask for what a tenant has."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tenantctl.drafts.edit_apply import variable_texts
from tenantctl.drafts.edit_desk import Desk, Index
from tenantctl.drafts.edit_values import Wanted, ops
from tenantctl.files.names import parts, shown
from tenantctl.model import Address, Json, Value, same, walk
from tenantctl.model.value import Special


def guesses(
    desk: Desk, index: Index, work: Mapping[Address, Wanted], values: Mapping[str, Json]
) -> list[tuple[str, Json]]:
    """Variables and what their values may be instead, what would set most right first."""
    votes: Counter[tuple[str, str]] = Counter()
    for address, each in work.items():
        for op in ops(each):
            for node, new in variable_texts(desk, index, address, op):
                for name, value in _guessed(desk, node, new, values):
                    if not same(value, values[name]):
                        votes[name, json.dumps(value, sort_keys=True)] += 1
    return [(name, json.loads(value)) for (name, value), _ in votes.most_common()]


def _guessed(
    desk: Desk, node: Any, new: Value, values: Mapping[str, Json]
) -> Iterator[tuple[str, Json]]:
    """What each variable of one text would have to be, if it alone were another."""
    if node.tag == "!var" and node.value in values:
        if not any(isinstance(leaf, Special) for _, leaf in walk(new)) and _is_value(new):
            yield node.value, new
    elif node.tag in {"?", "!template"} and isinstance(new, str):
        template = node.value
        if node.tag == "!template":
            template = desk.text(f"tenants/{desk.tenant}/{node.value}")
        yield from _in_text(template, new, values)


def _is_value(new: Value) -> bool:
    return new is None or isinstance(new, str | bool | int | float | list | tuple | Mapping)


def _in_text(template: str, text: str, values: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    pieces = list(parts(template))
    words = [inner or "" for _, inner, _ in pieces]
    names = {word.removeprefix("var.") for word in words if word.startswith("var.")}
    if any(word and not word.startswith("var.") for word in words) or not names <= values.keys():
        return
    for name in sorted(names):
        pattern, seen = "", False
        for _, inner, piece in pieces:
            if inner is None:
                pattern += re.escape(piece)
            elif inner.removeprefix("var.") != name:
                pattern += re.escape(shown(values[inner.removeprefix("var.")]))
            else:
                pattern += "(?P=it)" if seen else "(?P<it>.+)"
                seen = True
        if match := re.fullmatch(pattern, text, re.DOTALL):
            value = _typed(match["it"], values[name])
            if value is not None:
                yield name, value


def _typed(text: str, before: Json) -> Json:
    """*text* as a value of the type that the variable has; None where it is none."""
    if isinstance(before, str):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return None
    number = isinstance(value, int | float) and isinstance(before, int | float)
    return value if isinstance(value, bool) is isinstance(before, bool) and number else None
