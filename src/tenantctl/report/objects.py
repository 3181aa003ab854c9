"""What differs inside objects of lists, by the path that leads to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from tenantctl.model import Value
from tenantctl.report.shown import shown
from tenantctl.report.view import Line

SECRET = "(secret"  # noqa: S105  (how `shown` begins a secret; quoted strings cannot)
NOTHING: Any = object()
"""Stands where one side has nothing."""


def inner_changes(
    before: Value, after: Value, *, prefix: str = "", unknown: bool = False
) -> Iterator[Line]:
    """A line for each difference, in the order of their paths, after *prefix*.

    What is put into a list or taken out of it moves what follows, and is the only line then.
    """
    for path, old, new in _differing("", _plain(before), _plain(after)):
        said = " ".join(part for part in (prefix, path.removeprefix(".")) if part)
        yield _line(said, old, new, unknown=unknown)


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


def _differing(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """Where two plain values differ, and what each has there."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _inside(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        for at, one, other in _aligned(before, after):
            yield from _differing(f"{path}[{at}]", one, other)
    else:
        yield path, before, after


def _inside(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """Where two objects differ, in the order of their paths."""
    from deepdiff import DeepDiff

    found = DeepDiff(before, after, threshold_to_diff_deeper=0, view="tree")
    levels = [
        (level.path(output_format="list"), level) for group in found.values() for level in group
    ]
    for steps, level in sorted(levels, key=lambda each: _sortable(each[0])):
        one, other = (_there(side) for side in (level.t1, level.t2))
        yield "".join((path, *map(_step, steps))), one, other


def _there(side: Any) -> Any:
    """A plain value; NOTHING for deepdiff's own mark of what is not there."""
    return side if isinstance(side, str | dict | list) else NOTHING


def _sortable(path: list[Any]) -> list[tuple[int, str]]:
    return [(part, "") if isinstance(part, int) else (0, str(part)) for part in path]


def _step(part: Any) -> str:
    return f"[{part}]" if isinstance(part, int) else f".{shown(part)}"


def _aligned(before: list[Any], after: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """The members that differ, each beside the one in its place: position, before, after."""
    matcher = SequenceMatcher(None, [_text(each) for each in before], [*map(_text, after)])
    for _, a, b, c, d in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        pairs = zip_longest(before[a:b], after[c:d], fillvalue=NOTHING)
        for offset, (one, other) in enumerate(pairs):
            yield (c if one is NOTHING else a) + offset, one, other


def _line(path: str, old: Any, new: Any, *, unknown: bool) -> Line:
    if new is NOTHING:
        return Line("-", f"{path}: {_text(old)}")
    if old is NOTHING:
        return Line("+", f"{path}: {_text(new)}")
    said = _text(new)
    if said.startswith(SECRET):
        verdict = "cannot tell; apply decides" if unknown else "changed"
        return Line("~", f"{path}: {said.removesuffix(')')}, {verdict})")
    return Line("~", f"{path}: {_text(old)} -> {said}")


def _text(value: Any) -> str:
    """A plain value as text."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{shown(k)}: {_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    return str(value)
