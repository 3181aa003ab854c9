"""State documents of checks, as people write them down."""

from __future__ import annotations

from typing import Any


def expanded(written: Any) -> Any:
    """What *written* means: `{times: 2, of: x#}` is [x1, x2], `{times: 2, text: x}` is "xx"."""
    if isinstance(written, list):
        return [expanded(item) for item in written]
    if not isinstance(written, dict):
        return written
    if written.keys() == {"times", "of"}:
        numbers = range(1, written["times"] + 1)
        return [_numbered(expanded(written["of"]), str(number)) for number in numbers]
    if written.keys() == {"times", "text"}:
        return written["text"] * written["times"]
    return {key: expanded(value) for key, value in written.items()}


def _numbered(value: Any, number: str) -> Any:
    if isinstance(value, str):
        return value.replace("#", number)
    if isinstance(value, list):
        return [_numbered(item, number) for item in value]
    if isinstance(value, dict):
        return {key: _numbered(item, number) for key, item in value.items()}
    return value
