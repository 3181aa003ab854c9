"""The board as one page that needs nothing beside it: no network, no other file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tenantctl.engine.standing import Figures
from tenantctl.report.board_text import SIGNS, figures_text
from tenantctl.report.board_view import (
    BoardView,
    CellView,
    MilestoneCell,
    PhaseView,
    ResultView,
    SheetView,
    StreamCell,
)
from tenantctl.report.page import page

LIMIT = 1_000_000
"""Bytes that a page has at most, as far as leaving out details helps."""
DETAILS = ("all", "open", "summary")
"""How much a page shows; each less than the one before."""
PLACE = re.compile(r"(.+?)(?::([0-9]+))?(?::[0-9]+)?")


def board_html(view: BoardView, base: str, *, limit: int = LIMIT) -> str:
    """*view* as a page of less than *limit* bytes; *base* is what links to files begin with."""
    made = ""
    for detail in DETAILS:
        made = _page(view, base, detail)
        if len(made.encode()) < limit:
            break
    return made


def relative(root: Path, folder: Path) -> str:
    """What leads from *folder*, where a page lies, to the project in *root*; ends with a slash."""
    found = Path(os.path.relpath(root, folder)).as_posix()
    return "" if found == "." else f"{quote(found)}/"


def _page(view: BoardView, base: str, detail: str) -> str:
    return page(
        "board",
        {**FILTERS, "href": partial(_href, base=base)},
        view=view,
        detail=detail,
        names=tuple(dict.fromkeys(e.environment for s in view.tenants for e in s.environments)),
        signs={state: sign for state, (sign, _, _) in SIGNS.items()},
        means={state: meaning for state, (_, _, meaning) in SIGNS.items()},
    )


def _href(where: str, base: str) -> str:
    """A link to a place such as `tenants/shop/tenant.yaml:12`."""
    found = PLACE.fullmatch(where)
    file, line = (found[1], found[2]) if found else (where, None)
    begin = base if not base or base.endswith("/") else f"{base}/"
    return f"{begin}{quote(file)}{f'#L{line}' if line else ''}"


def _anchor(*parts: object) -> str:
    """An id for an element: parts of names are safe already, but for what a stranger made up."""
    return "-".join(re.sub(r"[^A-Za-z0-9_-]", "_", str(part)) for part in ("at", *parts))


def _many(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count} {word}s"


WORDS: Mapping[str, str] = {
    "block": "blocking",
    "warn": "to look at",
    "info": "for information",
    "unknown": "not evaluated",
}


def _checked(figures: Figures) -> str:
    found = [f"{count} {word}" for name, word in WORDS.items() if (count := getattr(figures, name))]
    return ", ".join(found) or "nothing open"


def _figures(cell: CellView | StreamCell) -> str:
    return figures_text(cell.state, cell.figures)


def _tells(cell: CellView | StreamCell) -> str:
    """A cell in words."""
    figures = cell.figures
    found = [SIGNS[cell.state][2]]
    if figures.changes:
        found.append(f"{_many(figures.changes, 'change')}, {figures.drifted} of them drift")
    if any(getattr(figures, name) for name in WORDS):
        found.append(f"checks: {_checked(figures)}")
    return "; ".join(found)


REACHED: Mapping[str, str] = {
    "reached": "reached",
    "blocked": "{} in the way",
    "pending": "{} to apply",
    "unknown": "{} not evaluated",
    "unread": "not read",
    "unreleased": "not released",
    "failed": "not known",
}


def _reached(cell: MilestoneCell) -> str:
    return REACHED[cell.state].format(cell.count)


def _levels(figures: Figures) -> str:
    return " ".join(name for name in ("block", "warn", "info") if getattr(figures, name))


def _opens(cell: CellView) -> str:
    """Whether somebody has to see to a topic; one that is asked for nowhere is no work."""
    return "no" if cell.state in {"good", "none", "unreleased"} else "yes"


RESULTS: Mapping[str, tuple[str, str, str]] = {
    "passed": ("good", "✓", "passed"),
    "absent": ("none", "-", "does not apply"),
    "unknown": ("unknown", "?", "not evaluated"),
    "block": ("blocked", "✗", "failed, blocks"),
    "warn": ("warned", "!", "failed, warns"),
    "info": ("none", "i", "failed, for information"),
    "off": ("none", "-", "failed, switched off"),
}
"""By status, or by level where it failed: state, sign, words."""


def _result(result: ResultView, part: int) -> str:
    words = RESULTS[result.level if result.status == "failed" else result.status][part]
    return f"{words}, over nothing" if part == 2 and result.vacuous else words


def _released(phase: PhaseView, sheet: SheetView) -> bool:
    return any(phase.number in each.phases for each in sheet.environments)


def _short(phase: PhaseView, milestone: str) -> str:
    return next((each.short for each in phase.milestones if each.id == milestone), "")


def _named(topic: str, sheet: SheetView) -> str:
    rows = (
        row
        for phase in sheet.phases
        for lane in phase.lanes
        for stream in lane.workstreams
        for row in stream.topics
    )
    return next((row.name for row in rows if row.id == topic), topic)


FILTERS: Mapping[str, Any] = {
    "anchor": _anchor,
    "many": _many,
    "checked": _checked,
    "figures": _figures,
    "tells": _tells,
    "reached": _reached,
    "levels": _levels,
    "opens": _opens,
    "result": partial(_result, part=0),
    "result_sign": partial(_result, part=1),
    "result_words": partial(_result, part=2),
    "released": _released,
    "short": _short,
    "named": _named,
}
