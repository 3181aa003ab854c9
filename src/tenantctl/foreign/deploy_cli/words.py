"""Small words that translations have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenantctl.foreign.deploy_cli.asset import Asset
from tenantctl.model import Json, Note, Path

IDS = ("id",)
TIMES = ("created_at", "updated_at")


def without(fields: Mapping[str, Json], *names: str) -> dict[str, Any]:
    """*fields* but for those that nobody writes."""
    return {name: value for name, value in fields.items() if name not in names}


def mapped(value: Json) -> Mapping[str, Json]:
    """*value* if it is a map, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Json) -> list[Mapping[str, Json]]:
    """The maps in the list *value*; of anything else none."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def text(value: Json) -> str:
    """*value* if it is a text, else an empty one."""
    return value if isinstance(value, str) else ""


def texts(*values: Json) -> tuple[str, ...]:
    """Those of *values* that are texts with something in them."""
    return tuple(value for value in values if isinstance(value, str) and value)


def noted(asset: Asset, level: str, message: str, path: Path = (), help: str = "") -> Note:
    """A note about the field at *path* of an asset."""
    at = asset.at(path)
    return Note(level, message, at.file, at.line, at.column, help)
