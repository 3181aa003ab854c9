"""One order for what has none: tenants list their sets and show their fields as they like."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.kinds.canonical import Lens, element_key
from tenantctl.kinds.kind import Kind
from tenantctl.model import Path, Value

FIRST = (
    "id",
    "name",
    "identifier",
    "display_name",
    "displayName",
    "strategy",
    "app_type",
    "type",
    "description",
    "enabled",
)
"""Fields that tell what something is; people look for them at its head."""


def arranged(kind: Kind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """*fields* in an order that does not depend on who shows them.

    What tells what a structure is comes first, the rest by name; elements of sets and of keyed
    lists by what they are called.
    """
    found = _arranged(Lens(kind, fields), fields, ())
    return {name: found[name] for name in sorted(found, key=lambda name: name not in kind.key)}


def _arranged(lens: Lens, value: Value, path: Path) -> Value:
    if isinstance(value, Mapping):
        return {key: _arranged(lens, value[key], (*path, key)) for key in sorted(value, key=_place)}
    if not isinstance(value, list | tuple):
        return value
    rule = lens.rule(path)
    items = [_arranged(lens, item, (*path, "[]")) for item in value]
    loose = rule.list in {"set", "keyed"}
    return sorted(items, key=lambda item: element_key(item, rule.by)) if loose else items


def _place(name: str) -> tuple[int, str]:
    return FIRST.index(name) if name in FIRST else len(FIRST), name
