"""What goes without saying: what Auth0 gives to whoever says nothing of it.

See docs/decisions/0016.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tenantctl.kinds.bodies import refused
from tenantctl.kinds.canonical import Lens, canonical
from tenantctl.kinds.kind import Kind
from tenantctl.model import ABSENT, Path, Value, same

_FIELD = re.compile(r"\{(\w+(?:\.\w+)*)\}")


def said(kind: Kind, key: str, fields: Mapping[str, Value]) -> dict[str, Value]:
    """*fields* without what the resource under *key* would have if nobody said it.

    Structures of which nothing is left go as well; what a create demands in those that stay, stays.
    Elements of lists stay, each with what it has to say.
    """
    there = kind.fresh.get(key, {})
    found = _said(Lens(kind, fields), fields, (), there)
    words = dict(found) if isinstance(found, Mapping) else {}
    return words if kind.members or kind.given else _demanded(kind, key, fields, words)


def unsaid(kind: Kind, key: str, fields: Mapping[str, Value], path: Path) -> Value:
    """What Auth0 gives the field at *path* where nobody says it; ABSENT where that is not known.

    *fields* are those of the resource under *key*; elements of lists are `[]`.
    """
    there: Value = kind.fresh.get(key, {})
    for part in path:
        there = there.get(part, ABSENT) if isinstance(there, Mapping) else ABSENT
    return _unsaid(Lens(kind, fields), path, there)


def _demanded(
    kind: Kind, key: str, fields: Mapping[str, Value], words: dict[str, Value]
) -> dict[str, Value]:
    """*words* with those of *fields* without which nobody could create the resource."""
    for fault in refused(
        kind, key, words, creates=bool(kind.wire.create) and key not in kind.system
    ):
        path = (*fault.path, fault.word)
        value = _at(fields, path) if fault.kind == "missing" else ABSENT
        if value is not ABSENT:
            words = _with(words, path, value)
    return words


def _at(value: Value, path: Path) -> Value:
    """What stands at *path*; elements of lists are named by their index."""
    for part in path:
        if isinstance(value, list | tuple):
            value = value[int(part)]
        else:
            value = value.get(part, ABSENT) if isinstance(value, Mapping) else ABSENT
    return value


def _with(tree: Value, path: Path, value: Value) -> Value:
    """*tree* with *value* at *path*."""
    if not path:
        return value
    if isinstance(tree, list):
        index = int(path[0])
        return [*tree[:index], _with(tree[index], path[1:], value), *tree[index + 1 :]]
    return {**tree, path[0]: _with(tree.get(path[0], {}), path[1:], value)}


def _unsaid(lens: Lens, path: Path, there: Value) -> Value:
    if there is not ABSENT and (not there or not isinstance(there, Mapping)):
        return there
    rule = lens.rule(path)
    return _filled(lens, rule.default if rule.initial is ABSENT else rule.initial)


def _filled(lens: Lens, value: Value) -> Value:
    """*value* with other fields of the resource for `{field}`."""
    if isinstance(value, str) and (found := _FIELD.fullmatch(value)):
        return _at(lens.fields, tuple(found[1].split(".")))
    return [_filled(lens, item) for item in value] if isinstance(value, tuple) else value


def _said(lens: Lens, value: Value, path: Path, there: Value) -> Value:
    """What has to be said of *value*, ABSENT for nothing; *there* is what a new tenant has."""
    makers = lens.rule(path).made_of
    if any(_at(lens.fields, (*path[:-1], each)) not in (ABSENT, "") for each in makers):
        return ABSENT
    given = _unsaid(lens, path, there)
    if given is not ABSENT and same(canonical(lens, value, path), canonical(lens, given, path)):
        return ABSENT
    if given is ABSENT and lens.rule(path).unset == "empty" and value in ("", []):
        return ABSENT
    if isinstance(value, list | tuple):
        return [_element(lens, item, (*path, "[]")) for item in value]
    if not isinstance(value, Mapping) or not value or lens.rule(path).map == "open":
        return value
    return _members(lens, value, path, there) or ({} if _tells(lens, path) else ABSENT)


def _members(lens: Lens, value: Mapping[str, Value], path: Path, there: Value) -> dict[str, Value]:
    inner = there if isinstance(there, Mapping) else {}
    found = ((k, _said(lens, v, (*path, k), inner.get(k, ABSENT))) for k, v in value.items())
    return {key: item for key, item in found if item is not ABSENT}


def _element(lens: Lens, item: Value, path: Path) -> Value:
    return _members(lens, item, path, ABSENT) if isinstance(item, Mapping) else item


def _tells(lens: Lens, path: Path) -> bool:
    """Whether it means something that the structure at *path* is there, however empty.

    So it is in structures that are renewed member by member.
    """
    return bool(path) and lens.rule(path[:-1]).write == "renew"
