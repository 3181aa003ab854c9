"""The board as text: a table a tenant, what every sign means, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenantctl.engine.standing import Figures
from tenantctl.report.board_view import (
    BoardView,
    EnvironmentView,
    MilestoneCell,
    PhaseView,
    SheetView,
)
from tenantctl.report.style import Style

SIGNS = {
    "failed": ("×", "!", "not known: see below"),
    "blocked": ("✗", "!", "checks that block have failed"),
    "drifted": ("≠", "!", "somebody has changed the tenant since the last apply"),
    "pending": ("~", "~", "changes to apply"),
    "unread": ("?", "~", "the tenant was not read"),
    "warned": ("!", "~", "checks that warn have failed"),
    "unknown": ("?", "~", "checks that were not evaluated"),
    "good": ("✓", "✓", "in sync, nothing open"),
    "none": ("-", "dim", "nothing adopted"),
    "unreleased": ("·", "dim", "not released here"),
}
"""By state: its sign, the colour of it, and what it means."""
FIGURES = (
    ("block", "✗"),
    ("drifted", "≠"),
    ("changes", "~"),
    ("warn", "!"),
    ("unknown", "?"),
)
"""Figures that stand in a cell, each behind its sign."""
COUNTED = {"block": "blocked", "warn": "warned", "unknown": "unknown"}
"""The states that figures stand for, whatever else is the matter."""
GAP = 2
NARROW = 9
SHOWN = 5
"""How many problems of an environment are told."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its label, and a text with its role for each environment."""

    label: str
    cells: tuple[tuple[str, str], ...] = ()
    role: str = ""


def board_text(view: BoardView, *, color: bool = False, width: int = 100) -> str:
    """*view* as tables no wider than *width*, as far as the names of environments permit."""
    style = Style(color, max(60, width))
    blocks = [list(_tenant(sheet, style)) for sheet in view.tenants]
    used = {state for sheet in view.tenants for state in _states(sheet)}
    lines = [line for block in blocks for line in (*block, "")]
    return "".join(f"{line.rstrip()}\n" for line in (*lines, *_legend(used, style)))


def figures_text(state: str, figures: Figures) -> str:
    """What a cell says: its figures with their signs, or its sign alone."""
    sign = SIGNS[state][0]
    if state in {"failed", "none", "unreleased"}:
        return sign
    plain = figures.changes - figures.drifted
    counts = {"changes": plain}
    found = [
        f"{mark}{count}"
        for name, mark in FIGURES
        if (count := counts.get(name, getattr(figures, name)))
    ]
    return " ".join(found) or sign


def _states(sheet: SheetView) -> Iterator[str]:
    """The states whose signs stand somewhere."""
    for each in sheet.environments:
        yield each.state
        yield from (state for name, state in COUNTED.items() if getattr(each.figures, name))
    for phase in sheet.phases:
        for lane in phase.lanes:
            for stream in lane.workstreams:
                yield from (cell.state for cell in stream.cells)


def _tenant(sheet: SheetView, style: Style) -> Iterator[str]:
    about = f"    {sheet.playbook_name}" if sheet.playbook else ""
    yield f"{style.paint('title', sheet.tenant)}{about}"
    lines = list(_lines(sheet))
    label = max((len(line.label) for line in lines if line.cells), default=0)
    label = min(max(label, 12), style.width // 2)
    many = len(sheet.environments)
    sizes = [
        max(NARROW, *(len(line.cells[index][0]) for line in lines if line.cells))
        for index in range(many)
    ]
    for group in _groups(sizes, style.width - label - GAP):
        yield ""
        for line in lines:
            yield _row(line, label, group, sizes, style)
    yield ""
    yield from _hotfixes(sheet.environments, style)
    yield from _next(sheet.environments, style)
    yield from _failures(sheet.environments, style)


def _groups(sizes: Sequence[int], room: int) -> Iterator[range]:
    """The environments that stand beside each other, at least one at a time."""
    first, used = 0, 0
    for index, size in enumerate(sizes):
        if index > first and used + GAP + size > room:
            yield range(first, index)
            first, used = index, 0
        used += GAP + size
    if sizes:
        yield range(first, len(sizes))


def _row(line: Line, label: int, group: range, sizes: Sequence[int], style: Style) -> str:
    room = label if line.cells else style.width
    name = line.label if len(line.label) <= room else f"{line.label[: room - 3]}..."
    parts = [style.paint(line.role, name) + " " * (label - len(name))]
    for index in group if line.cells else ():
        text, role = line.cells[index]
        parts.append(style.paint(role, text) + " " * (sizes[index] - len(text)))
    return (" " * GAP).join(parts).rstrip()


def _lines(sheet: SheetView) -> Iterator[Line]:
    there = sheet.environments
    yield Line("", tuple((each.environment, "title") for each in there))
    if any(each.kind for each in there):
        yield Line("", tuple((each.kind, "dim") for each in there))
    for phase in sheet.phases:
        yield from _phase(phase, there)
    yield Line("")
    yield Line("Last run", tuple(_last(each) for each in there))
    if any(each.last for each in there):
        yield Line("", tuple(_when(each) for each in there))
    yield Line("Tests", tuple(_tests(each) for each in there))
    yield Line("Backup", tuple(_backup(each) for each in there))


def _phase(phase: PhaseView, there: Sequence[EnvironmentView]) -> Iterator[Line]:
    yield Line("")
    yield Line(f"Phase {phase.number}: {phase.name}", role="title")
    released = [phase.number in each.phases for each in there]
    if not any(released):
        topics = [t for lane in phase.lanes for stream in lane.workstreams for t in stream.topics]
        adopted = sum(any(cell.adoption == "adopted" for cell in t.cells) for t in topics)
        yield Line(f"  released nowhere; {adopted} of {len(topics)} topics adopted", role="dim")
        return
    for lane in phase.lanes:
        for stream in lane.workstreams:
            adopted = max((cell.adopted for cell in stream.cells), default=0)
            label = f"  {stream.name}  {adopted}/{len(stream.topics)}"
            cells = (
                (figures_text(cell.state, cell.figures), SIGNS[cell.state][1])
                for cell in stream.cells
            )
            yield Line(label, tuple(cells))
    for row in phase.milestones:
        yield Line(f"  {row.short} {row.name}", tuple(_milestone(cell) for cell in row.cells))


MILESTONES = {
    "reached": ("reached", "✓"),
    "blocked": ("✗{} in the way", "!"),
    "pending": ("~{} to apply", "~"),
    "unknown": ("?{} unknown", "~"),
    "unread": ("? not read", "~"),
    "unreleased": ("·", "dim"),
    "failed": ("×", "!"),
}


def _milestone(cell: MilestoneCell) -> tuple[str, str]:
    text, role = MILESTONES[cell.state]
    return text.format(cell.count), role


def _last(view: EnvironmentView) -> tuple[str, str]:
    if view.last is None:
        return ("×", "!") if view.failure else ("never", "dim")
    if view.last.hotfix:
        return f"{view.last.status}, hotfix", "!"
    role = "✓" if view.last.status == "converged" else "!"
    return view.last.status, role if view.last.current else "~"


def _when(view: EnvironmentView) -> tuple[str, str]:
    return view.last.when[:16].replace("T", " ") if view.last else "", "dim"


def _tests(view: EnvironmentView) -> tuple[str, str]:
    if not view.tests:
        return ("×", "!") if view.failure else ("none", "dim")
    words = [
        f"{'✓' if each.passed else '✗'} {each.ran}{'' if each.current else ' (old)'}"
        for each in view.tests
    ]
    good = all(each.passed and each.current for each in view.tests)
    return ", ".join(words), "✓" if good else "~"


def _backup(view: EnvironmentView) -> tuple[str, str]:
    if view.backup_age is None:
        return ("×", "!") if view.failure else ("none", "dim")
    return ("today" if view.backup_age == 0 else f"{view.backup_age} days ago"), ""


def _next(there: Sequence[EnvironmentView], style: Style) -> Iterator[str]:
    known = [each for each in there if each.failure is None]
    if not known:
        return
    yield style.paint("title", "Next")
    names = max(len(each.environment) for each in known)
    commands = max(len(each.next) for each in known)
    for each in known:
        command = f"{each.next.ljust(commands)}{' ' * GAP}" if commands else ""
        yield f"  {each.environment.ljust(names)}  {command}{each.because}"


def _hotfixes(there: Sequence[EnvironmentView], style: Style) -> Iterator[str]:
    for each in there:
        if each.last and each.last.hotfix:
            said = f"! {each.environment}: hotfix by {each.last.who}: {each.last.hotfix}"
            yield style.paint("!", said)


def _failures(there: Sequence[EnvironmentView], style: Style) -> Iterator[str]:
    for each in there:
        failure = each.failure
        if failure is None:
            continue
        yield style.paint("!", f"× {each.environment}: {failure.message}")
        for problem in failure.problems[:SHOWN]:
            yield f"    {problem.where}: {problem.message}"
            if problem.help:
                yield f"        help: {problem.help}"
        if len(failure.problems) > SHOWN:
            yield f"    and {len(failure.problems) - SHOWN} more: tenantctl validate"
        if failure.help:
            yield f"    help: {failure.help}"


def _legend(used: set[str], style: Style) -> Iterator[str]:
    seen: dict[str, list[str]] = {}
    for state, (sign, _, meaning) in SIGNS.items():
        if state in used:
            seen.setdefault(sign, []).append(meaning)
    for sign, meanings in seen.items():
        yield f"{style.paint('dim', sign)}  {'; or '.join(meanings)}"
