"""What differs inside objects of lists, by the path that leads to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenantctl.model import Value
from tenantctl.report.shown import shown
from tenantctl.report.view import Line

SECRET = "(secret"  # noqa: S105  (how `shown` begins a secret; quoted strings cannot)


def inner_changes(
    before: Value, after: Value, *, prefix: str = "", unknown: bool = False
) -> Iterator[Line]:
    """A line for each difference, in the order of their paths, after *prefix*."""
    from deepdiff import DeepDiff

    found = DeepDiff(_plain(before), _plain(after), threshold_to_diff_deeper=0, view="tree")
    levels = [level for group in found.values() for level in group]
    for level in sorted(levels, key=lambda level: _sortable(level.path(output_format="list"))):
        inner = "".join(map(_step, level.path(output_format="list"))).removeprefix(".")
        path = " ".join(part for part in (prefix, inner) if part)
        yield _line(path, level.t1, level.t2, unknown=unknown)


def beside(item: Value) -> str:
    """What an element of a keyed list has beside its key, to be put after the key."""
    if not isinstance(item, Mapping):
        return f": {shown(item)}"
    parts = ", ".join(f"{shown(key)}: {shown(value)}" for key, value in item.items())
    return f": {parts}" if parts else ""


def _plain(value: Value) -> Any:
    """*value* with every leaf in its shown form, which is unambiguous."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return shown(value)


def _sortable(path: list[Any]) -> list[tuple[int, str]]:
    return [(part, "") if isinstance(part, int) else (0, str(part)) for part in path]


def _step(part: Any) -> str:
    return f"[{part}]" if isinstance(part, int) else f".{shown(part)}"


def _line(path: str, before: Any, after: Any, *, unknown: bool) -> Line:
    old, new = _text(before), _text(after)
    if new is None:
        return Line("-", f"{path}: {old}")
    if old is None:
        return Line("+", f"{path}: {new}")
    if new.startswith(SECRET):
        verdict = "cannot tell; apply decides" if unknown else "changed"
        return Line("~", f"{path}: {new.removesuffix(')')}, {verdict})")
    return Line("~", f"{path}: {old} -> {new}")


def _text(value: Any) -> str | None:
    """A plain value as text; None for deepdiff's own mark of what is not there."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{shown(k)}: {_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(str(_text(item)) for item in value) + "]"
    return None
