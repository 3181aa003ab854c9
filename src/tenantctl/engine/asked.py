"""A check in words: how it is evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenantctl.engine.predicates import SAID
from tenantctl.playbooks import Node

QUANTIFIED = {"each": "each of", "any": "at least one of", "none": "none of"}


def asked(node: Node, indent: str = "") -> Iterator[str]:
    """*node* as lines, one a question; what is combined stands indented below."""
    if "all" in node or "any" in node:
        yield f"{indent}{'all of' if 'all' in node else 'one of'} these:"
        for inner in node["all"] if "all" in node else node["any"]:
            yield from asked(inner, f"{indent}  ")
    elif "not" in node:
        yield f"{indent}not:"
        yield from asked(node["not"], f"{indent}  ")
    elif "adopted" in node:
        yield f"{indent}the topic {node['adopted']} is adopted"
    elif "attestation" in node:
        days = node["max_age_days"]
        yield f"{indent}{node['attestation']} was attested at most {days} days ago"
    elif "unique" in node:
        yield f"{indent}no two of {node['unique']} have the same {node['path']}"
    else:
        yield f"{indent}{_scoped(node)}"


def _scoped(node: Node) -> str:
    where = f" where {_predicate(node['where'])}" if "where" in node else ""
    scope = f"{node['scope']}{where}"
    if node["quantifier"] == "count":
        least, most = node.get("min"), node.get("max")
        limits = [f"at least {least}"] if least is not None else []
        limits += [f"at most {most}"] if most is not None else []
        return f"there are {' and '.join(limits)} of {scope}"
    return f"{QUANTIFIED[node['quantifier']]} {scope}: {_predicate(node['assert'])}"


def _predicate(node: Node) -> str:
    for key, word in (("all", " and "), ("any", " or ")):
        if key in node:
            parts = [_predicate(inner) for inner in node[key]]
            return parts[0] if len(parts) == 1 else f"({word.join(parts)})"
    if "not" in node:
        return f"not ({_predicate(node['not'])})"
    return f"{node['path']} {SAID[node['op']][0].format(_value(node.get('value')))}"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value["ref"]).removeprefix("$.")
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    words = {True: "true", False: "false", None: "not set"}
    return words[value] if isinstance(value, bool | None) else str(value)
