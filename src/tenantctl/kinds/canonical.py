"""The form in which two equivalent values are equal: sets and keyed lists become mappings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from tenantctl.kinds.kind import Kind
from tenantctl.model import ABSENT, Path, Ref, Sealed, Value, is_secret, same, to_json

Mark = Callable[[Value], tuple[str, str]]
"""What a vault says of a secret: (version, fingerprint), each may be empty."""


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


def holds(
    kind: Kind,
    want: Value,
    have: Value,
    path: Path,
    fields: Mapping[str, Value],
    mark: Mark | None = None,
) -> bool:
    """Whether a live value *have* is what *want* asks for at *path* of a resource with *fields*.

    Structs are partial, in lists too: what *want* does not mention is not compared. Absence
    equals the default, and null asks for either. A secret is held if its fingerprint can be
    compared and is equal; where nobody can tell, it is not.
    """
    rule = kind.rule(path, fields)
    if have is ABSENT or have is None:
        have = rule.default
    if want is None or want is ABSENT:
        return have is ABSENT or have is None or same(have, rule.default)
    if is_secret(want):
        seal = mark(want)[1] if mark else ""
        return isinstance(have, Sealed) and bool(seal) and have.fingerprint == seal
    if isinstance(want, Mapping):
        return _holds_mapping(kind, want, have, path, fields, mark)
    if isinstance(want, list | tuple):
        return isinstance(have, list | tuple) and _holds_list(kind, want, have, path, fields, mark)
    return same(want, have)


def _holds_mapping(
    kind: Kind,
    want: Mapping[str, Value],
    have: Value,
    path: Path,
    fields: Mapping[str, Value],
    mark: Mark | None,
) -> bool:
    if not isinstance(have, Mapping):
        return have is ABSENT and not want
    keys = set(want)
    if kind.rule(path, fields).map == "open":
        keys |= set(have)
    return all(
        holds(kind, want.get(k, ABSENT), have.get(k, ABSENT), (*path, k), fields, mark)
        for k in keys
    )


def _holds_list(
    kind: Kind,
    want: list[Value] | tuple[Value, ...],
    have: list[Value] | tuple[Value, ...],
    path: Path,
    fields: Mapping[str, Value],
    mark: Mark | None,
) -> bool:
    rule = kind.rule(path, fields)
    inner = (*path, "[]")
    if rule.list == "set":
        ours, theirs = canonical(kind, want, path, fields), canonical(kind, have, path, fields)
        return bool(ours.keys() == theirs.keys())
    if len(want) != len(have):
        return False
    if rule.list == "keyed":
        found = {element_key(item, rule.by): item for item in have}
        pairs = [(item, found.get(element_key(item, rule.by), ABSENT)) for item in want]
    else:
        pairs = list(zip(want, have, strict=True))
    return all(holds(kind, ours, theirs, inner, fields, mark) for ours, theirs in pairs)
