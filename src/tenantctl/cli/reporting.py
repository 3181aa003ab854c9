"""Files that are written beside what is printed: `--report FILE`, by the end of its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenantctl.errors import UsageError

if TYPE_CHECKING:
    from tenantctl.workflows.several import Target

SUFFIXES = (".md", ".html", ".json", ".sarif", ".xml", ".txt")
"""Markdown, a page, JSON, SARIF, JUnit, and plain text: what a verb offers is among them."""

Reports = Annotated[
    list[Path] | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Write a report, too: .md, .html, .json, .sarif, .xml (JUnit) or .txt; repeatable.",
        show_default=False,
    ),
]
Render = Callable[[], str]
"""Makes the text of one report; called only where somebody asks for it."""


def check_reports(
    paths: Iterable[Path] | None,
    suffixes: Iterable[str] = SUFFIXES,
    *,
    beside: Path | str | None = None,
    into: Path | None = None,
) -> None:
    """Raise UsageError where one of *paths* is no report, before anything is read or written.

    None may take the place of another one, nor of the file *beside*, nor that of events, *into*.
    """
    offered = tuple(suffixes)
    taken = {Path(each).absolute() for each in (beside, into) if each}
    for path in paths or ():
        if path.absolute() in taken:
            raise UsageError(
                f"{path} is another file of this command already", help="give each its own name"
            )
        taken.add(path.absolute())
        if path.suffix not in offered:
            raise UsageError(
                f"{path} is no report of this command", help=f"end its name in {_listed(offered)}"
            )
        if not path.absolute().parent.is_dir():
            raise UsageError(
                f"{path} cannot be written: {path.parent} is no folder", help="make it before"
            )
        if path.is_dir():
            raise UsageError(f"{path} is a folder", help="give the name of a file")


def write_reports(paths: Iterable[Path] | None, renderers: Mapping[str, Render]) -> None:
    """Write each of *paths* by what *renderers* has for the end of its name.

    Each file is replaced as a whole, and only its owner may read it. Raises UsageError as
    `check_reports` does, and LedgerError where the disk refuses.
    """
    found = tuple(paths or ())
    if not found:
        return
    from tenantctl.ledger import write_atomic

    check_reports(found, renderers)
    for path in found:
        write_atomic(path.absolute(), renderers[path.suffix](), "utf-8")


def forms_of(markdown: Render, document: Render, text: Render) -> dict[str, Render]:
    """What makes a report in each of the forms that everything has."""
    return {".md": markdown, ".json": document, ".txt": text}


def reports_of(paths: Iterable[Path] | None, each: Target) -> list[Path]:
    """Where the reports of one of several environments go: `DIR/TENANT/ENV/FILE`."""
    found = [p.absolute().parent / each.tenant / each.environment / p.name for p in paths or ()]
    for path in found:
        path.parent.mkdir(parents=True, exist_ok=True)
    return found


def json_text(document: Any) -> str:
    """*document* as the text of a JSON file."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _listed(offered: tuple[str, ...]) -> str:
    return offered[0] if len(offered) == 1 else f"{', '.join(offered[:-1])} or {offered[-1]}"
