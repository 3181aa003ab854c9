"""The form in which two equivalent values are equal: sets and keyed lists become mappings."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tenantctl.kinds.kind import Kind
from tenantctl.model import Path, Ref, Value, to_json


def canonical(kind: Kind, value: Value, path: Path, fields: Mapping[str, Value]) -> Value:
    """*value*, which stands at *path* of a resource with *fields*, in canonical form."""
    if isinstance(value, Mapping):
        return {k: canonical(kind, v, (*path, k), fields) for k, v in value.items()}
    if not isinstance(value, list | tuple):
        return value
    rule = kind.rule(path, fields)
    inner = (*path, "[]")
    members = [canonical(kind, item, inner, fields) for item in value]
    if rule.list == "set":
        return {text_of(member): member for member in members}
    if rule.list == "keyed":
        return {element_key(item, rule.by): m for item, m in zip(value, members, strict=True)}
    return members


def element_key(element: Value, by: str = "") -> str:
    """What an element of a keyed list, of a sequence or of a set is called, in text."""
    named = element.get(by) if by and isinstance(element, Mapping) else element
    if isinstance(named, Ref):
        return str(named.address)
    return named if isinstance(named, str) else text_of(named)


def text_of(value: Value) -> str:
    """*value* as canonical JSON text: sorted keys, no spaces, specials as marked objects."""
    return json.dumps(to_json(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
