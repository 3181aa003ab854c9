"""Small Terraform configurations, written down and read again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tenantctl.foreign import Item, Source
from tenantctl.foreign.terraform import read

ONE = "dev"


def written(folder: Path, files: str | Mapping[str, str]) -> Path:
    """*files* in *folder*: several by name, or the text of the one there is."""
    named = {"main.tf": files} if isinstance(files, str) else files
    for name, text in named.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def source(folder: Path, files: str | Mapping[str, str], **options: str) -> Source:
    """What *files* say in the only environment."""
    return read(written(folder, files), {ONE: None}, **options)[ONE]


def only(found: Source, kind: str) -> Item:
    """The one item of a kind."""
    (item,) = [item for item in found.items if item.kind == kind]
    return item


def said(found: Source) -> list[tuple[str, str, str]]:
    """Level, place and message of every note."""
    return [(note.level, note.where, note.message) for note in found.notes]
