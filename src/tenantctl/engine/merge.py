"""What a write has to send so that exactly the edits happen, and nothing else is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tenantctl.errors import Refused
from tenantctl.kinds import Kind, Lens, Rule, element_key
from tenantctl.model import ABSENT, Json, Path, dotted, same

Changes = Sequence[tuple[Path, Any]]
"""Literal values by path; a path leads through mappings only, ABSENT takes a field away."""

HIDDEN = frozenset({"absent", "masked", "cipher"})
UNSENT = frozenset({"never", "if_changed"})


def merge(
    kind: Kind, raw: Mapping[str, Json], edits: Changes, resend: Changes = ()
) -> dict[str, Json]:
    """The body of a write that makes *edits* of the live document *raw*, in flat form.

    *raw* has literal ids and secrets, as a GET gave them. Where the API replaces a structure as
    a whole, the body carries all of it: what *raw* shows and can be sent back, *resend*, and the
    edits on top. Raises Refused where a value that cannot be read would be lost that way, or a
    field cannot be unset.
    """
    lens = Lens(kind, raw)
    body: dict[str, Json] = {}
    whole: dict[Path, list[tuple[Path, Json]]] = {}
    for path, value in edits:
        root = replaced_root(lens, path)
        if root is None:
            put(body, path, _sent(lens, at(raw, path), value, path))
        else:
            whole.setdefault(root, []).append((path, value))
    for root, changes in whole.items():
        again = [(p, v) for p, v in resend if p[: len(root)] == root and v is not ABSENT]
        tree = _whole(lens, raw, root, again, changes)
        if not root:
            return dict(tree)
        put(body, root, tree)
    return body


def replaced_root(lens: Lens, path: Path) -> Path | None:
    """The shallowest ancestor of *path*, itself included, that the API replaces as a whole."""
    roots = (path[:size] for size in range(len(path) + 1))
    return next((root for root in roots if lens.rule(root).write != "merge"), None)


def at(value: Json, path: Path) -> Json:
    """The value at *path*, which leads through mappings only; ABSENT if there is none."""
    for part in path:
        if not isinstance(value, Mapping):
            return ABSENT
        value = value.get(part, ABSENT)
    return value


def put(tree: dict[str, Json], path: Path, value: Json) -> None:
    """Sets what stands at *path*, and the structures that lead there; ABSENT takes it away."""
    for part in path[:-1]:
        inner = tree.get(part)
        tree[part] = dict(inner) if isinstance(inner, Mapping) else {}
        tree = tree[part]
    if value is ABSENT:
        tree.pop(path[-1], None)
    else:
        tree[path[-1]] = value


def _whole(
    lens: Lens, raw: Mapping[str, Json], root: Path, again: Changes, changes: Changes
) -> Json:
    """All of the structure at *root*: what can be sent back of it, with the changes on top."""
    have = at(raw, root)
    tree = _unfollowed(lens, _returned(lens, have, root), root, changes)
    for path, value in [*again, *changes]:
        if path == root:
            tree = _laid(lens, tree, value, path)
        else:
            tree = dict(tree) if isinstance(tree, Mapping) else {}
            inner = path[len(root) :]
            put(tree, inner, _beneath(lens, at(tree, inner), value, path))
    _refuse_loss(lens, have, root, tree, changes)
    return {} if tree is ABSENT and not root else without_defaults(lens, tree, root)


def without_defaults(lens: Lens, value: Json, path: Path = ()) -> Json:
    """*value* without the defaults that a write says by leaving them out."""
    if not isinstance(value, Mapping):
        return value
    members = ((key, item, lens.rule((*path, key))) for key, item in value.items())
    return {
        key: without_defaults(lens, item, (*path, key))
        for key, item, rule in members
        if rule.unset != "omit" or not same(item, rule.default)
    }


def _unfollowed(lens: Lens, tree: Json, root: Path, changes: Changes) -> Json:
    """*tree* without what the API works out anew, of siblings that *changes* touch."""
    if not isinstance(tree, Mapping):
        return tree
    size = len(root)
    moved = {"*"}
    for path, value in changes:
        whole = value if isinstance(value, Mapping) else ()
        moved |= {path[size]} if len(path) > size else set(whole)
    return {
        key: item for key, item in tree.items() if moved.isdisjoint(lens.rule((*root, key)).follows)
    }


def _laid(lens: Lens, have: Json, value: Json, path: Path) -> Json:
    """*value* over what is sent back at its place; a partial structure keeps its siblings."""
    if value is None or value is ABSENT:
        return unset(lens.rule(path), have, path)
    if not isinstance(value, Mapping) or not isinstance(have, Mapping):
        return _sent(lens, have, value, path)
    kept = {} if lens.rule(path).map == "open" else dict(have)
    for key, item in value.items():
        put(kept, (key,), _beneath(lens, have.get(key, ABSENT), item, (*path, key)))
    return kept


def _beneath(lens: Lens, have: Json, value: Json, path: Path) -> Json:
    """As `_laid`, inside a structure that is sent as a whole: what is not sent is unset."""
    return ABSENT if value is None or value is ABSENT else _laid(lens, have, value, path)


def _sent(lens: Lens, have: Json, value: Json, path: Path) -> Json:
    """*value* as a write carries it at *path*, where the live tenant has *have*."""
    if value is None or value is ABSENT:
        inside = lens.rule(path[:-1]).map == "open"
        return None if inside else unset(lens.rule(path), have, path)
    if isinstance(value, list | tuple):
        return _elements(lens, have, value, path)
    if not isinstance(value, Mapping):
        return value
    members = (
        (key, _sent(lens, at(have, (key,)), item, (*path, key))) for key, item in value.items()
    )
    return {key: item for key, item in members if item is not ABSENT}


def unset(rule: Rule, have: Json, path: Path) -> Json:
    """How a write says that a field is to go; ABSENT where leaving it out says so.

    Raises Refused where the API has no way to say it.
    """
    if rule.unset == "illegal":
        raise Refused(
            f"{dotted(path)} cannot be unset",
            help="write the value that it should have, or leave the field out",
        )
    if rule.unset == "empty":
        return [] if isinstance(have, list) else ""
    return None if rule.unset == "null" else ABSENT


def _elements(lens: Lens, have: Json, want: Sequence[Json], path: Path) -> list[Json]:
    """The elements of a list; those of a keyed one keep what *want* does not mention."""
    by = lens.rule(path).by
    if not by or not isinstance(have, list):
        return [_filled(item) for item in want]
    known = {element_key(item, by): item for item in _returned(lens, have, path)}
    return [_over(known.get(element_key(item, by)), _filled(item)) for item in want]


def _over(have: Json, want: Json) -> Json:
    both = isinstance(have, Mapping) and isinstance(want, Mapping)
    return {**have, **want} if both else want


def _filled(value: Json) -> Json:
    """*value* without members that are null: in a list, what is not there is unset."""
    if isinstance(value, Mapping):
        return {key: _filled(item) for key, item in value.items() if item is not None}
    return value


def _returned(lens: Lens, value: Json, path: Path) -> Json:
    """What of a live value can be sent back as it was read; ABSENT where nothing can."""
    rule = lens.rule(path)
    if value is None or rule.read in HIDDEN | {"volatile"} or rule.when in UNSENT:
        return ABSENT
    if isinstance(value, Mapping):
        members = ((key, _returned(lens, item, (*path, key))) for key, item in value.items())
        return {key: item for key, item in members if item is not ABSENT}
    if isinstance(value, list):
        members_ = (_returned(lens, item, (*path, "[]")) for item in value)
        return [item for item in members_ if item is not ABSENT]
    return value


def _refuse_loss(lens: Lens, have: Json, root: Path, tree: Json, changes: Changes) -> None:
    """Raises Refused where *tree* would silently drop a value that nobody can read."""
    gone = [path for path, value in changes if value is None or value is ABSENT]
    for path in _unreadable(lens, have, root):
        dropped = any(path[: len(g)] == g for g in gone)
        if not dropped and at(tree, path[len(root) :]) is ABSENT:
            raise Refused(
                f"{dotted(path)} holds a value that Auth0 hides and this write would lose",
                help=f"declare {dotted(path)} with !secret, or set it to null to drop it",
            )


def _unreadable(lens: Lens, value: Json, path: Path) -> Iterator[Path]:
    """The paths of live values that are there but cannot be sent back; lists are passed over."""
    if lens.rule(path).read in {"masked", "cipher"}:
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unreadable(lens, item, (*path, key))
