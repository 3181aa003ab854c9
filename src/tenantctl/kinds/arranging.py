"""One order for what has none: tenants list their sets as they like."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.kinds.canonical import Lens, element_key
from tenantctl.kinds.kind import Kind
from tenantctl.model import Path, Value


def arranged(kind: Kind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """*fields* with the elements of every set, and of every keyed list, by what they are called."""
    lens = Lens(kind, fields)
    return {name: _arranged(lens, value, (name,)) for name, value in fields.items()}


def _arranged(lens: Lens, value: Value, path: Path) -> Value:
    if isinstance(value, Mapping):
        return {key: _arranged(lens, item, (*path, key)) for key, item in value.items()}
    if not isinstance(value, list | tuple):
        return value
    rule = lens.rule(path)
    items = [_arranged(lens, item, (*path, "[]")) for item in value]
    loose = rule.list in {"set", "keyed"}
    return sorted(items, key=lambda item: element_key(item, rule.by)) if loose else items
