"""The board as a view: every tenant, its environments, and how each topic stands in each of them.

Rows come from the playbook; in every row there is one cell an environment, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

from tenantctl.engine.board import home_of, state, total
from tenantctl.engine.gates import TOPIC, mend
from tenantctl.engine.standing import ADOPTED, Cell, Column, Figures, Sheet
from tenantctl.model import Finding, Json, Origin
from tenantctl.playbooks import Phase, Playbook, Topic, Workstream, texts_of
from tenantctl.report.board_view import (
    BoardView,
    CellView,
    CheckRow,
    EnvironmentView,
    FailureView,
    Lane,
    MilestoneCell,
    MilestoneRow,
    PhaseView,
    ProblemView,
    ResultView,
    SheetView,
    StreamCell,
    StreamRow,
    TopicRow,
)
from tenantctl.report.document import FORMAT, plain
from tenantctl.report.escape import visible
from tenantctl.report.findings import LEVELS, SEVERITIES
from tenantctl.report.redact import cleaned


def view_board(
    sheets: Iterable[Sheet], *, when: str, version: str, offline: bool = False
) -> BoardView:
    """All there is to say about *sheets*, escaped."""
    view = BoardView(when, version, offline, tuple(map(_sheet, sheets)))
    return cleaned(view, visible)


def board_as_json(view: BoardView) -> dict[str, Json]:
    """*view* as `{"format": 1, "type": "status", ...}`; keys are the view's fields."""
    return {"format": FORMAT, "type": "status", **plain(view)}


def _sheet(sheet: Sheet) -> SheetView:
    book, columns = sheet.playbook, sheet.columns
    return SheetView(
        tenant=sheet.tenant,
        playbook=book.id if book else "",
        playbook_name=book.name if book else "",
        environments=tuple(map(_environment, columns)),
        phases=tuple(_phase(phase, book, columns) for phase in book.phases) if book else (),
        checks=tuple(_checks(book, columns)) if book else (),
    )


def _environment(column: Column) -> EnvironmentView:
    failure = column.failure
    told: dict[str, object] = {
        "backup": column.backup.isoformat() if column.backup else "",
        "failure": FailureView(
            failure.error,
            failure.message,
            failure.help,
            failure.exit_code,
            tuple(ProblemView(p.where, p.message, p.help) for p in failure.problems),
        )
        if failure
        else None,
    }
    same = {
        field.name: getattr(column, field.name)
        for field in fields(EnvironmentView)
        if field.name not in told
    }
    return EnvironmentView(**same, **told)  # type: ignore[arg-type]


def _phase(phase: Phase, book: Playbook, columns: Sequence[Column]) -> PhaseView:
    known = [{(cell.phase, cell.topic): cell for cell in column.cells} for column in columns]

    def at(topic: str) -> list[tuple[Column, Cell | None]]:
        cells = (each.get((phase.number, topic)) for each in known)
        return list(zip(columns, cells, strict=True))

    rows: dict[str, list[StreamRow]] = {}
    for stream in phase.workstreams:
        rows.setdefault(stream.audience, []).append(_stream(stream, phase, book, at))
    return PhaseView(
        number=phase.number,
        name=phase.name,
        requires=phase.requires,
        milestones=tuple(_milestones(phase, columns)),
        lanes=tuple(Lane(audience, tuple(streams)) for audience, streams in rows.items()),
    )


At = Callable[[str], list[tuple[Column, Cell | None]]]


def _stream(stream: Workstream, phase: Phase, book: Playbook, at: At) -> StreamRow:
    cells = [at(asked.id) for asked in stream.asked]
    columns = [column for column, _ in cells[0]] if cells else []
    mine = [
        [found[index][1] for found in cells if found[index][1] is not None]
        for index in range(len(columns))
    ]
    return StreamRow(
        id=stream.id,
        name=stream.name,
        optional=stream.optional,
        condition=stream.condition,
        milestone=_leads_to(stream, phase),
        follows=stream.follows,
        parallel=stream.parallel,
        cells=tuple(
            _stream_cell(column, [cell for cell in found if cell is not None])
            for column, found in zip(columns, mine, strict=True)
        ),
        topics=tuple(
            TopicRow(
                id=asked.id,
                name=book.topic(asked.id).name,
                requirement=asked.requirement,
                condition=asked.condition,
                audience=asked.audience,
                milestone=asked.milestone,
                again=not isinstance(asked, Topic),
                cells=tuple(_cell(column, cell) for column, cell in found),
            )
            for asked, found in zip(stream.asked, cells, strict=True)
        ),
    )


def _leads_to(stream: Workstream, phase: Phase) -> str:
    """The milestone that names the workstream, else the last one by which any of it is due."""
    ids = [milestone.id for milestone in phase.milestones]
    named = [milestone.id for milestone in phase.milestones if stream.id in milestone.workstreams]
    due = [asked.milestone for asked in stream.asked if asked.milestone in ids]
    return named[0] if named else max(due, key=ids.index, default=ids[-1] if ids else "")


def _stream_cell(column: Column, cells: Sequence[Cell]) -> StreamCell:
    return StreamCell(
        environment=column.environment,
        state=state(cells) if column.failure is None else "failed",
        adopted=sum(cell.adoption == ADOPTED for cell in cells),
        figures=total(cell.figures for cell in cells),
    )


def _cell(column: Column, cell: Cell | None) -> CellView:
    if cell is None:
        return CellView(column.environment, "failed", "", "", "", Figures())
    return CellView(
        environment=column.environment,
        state=cell.state,
        adoption=cell.adoption,
        reason=cell.reason,
        where=_where(cell.origin) if cell.origin else "",
        figures=cell.figures,
    )


def _where(origin: Origin) -> str:
    return f"{origin.file}:{origin.line}" if origin.line else origin.file


def _milestones(phase: Phase, columns: Sequence[Column]) -> Iterator[MilestoneRow]:
    for number, milestone in enumerate(phase.milestones, 1):
        cells = []
        for column in columns:
            found = [
                r for r in column.milestones if (r.phase, r.id) == (phase.number, milestone.id)
            ]
            state, count = (found[0].state, found[0].count) if found else ("failed", 0)
            cells.append(MilestoneCell(column.environment, state, count))
        yield MilestoneRow(milestone.id, f"M{number}", milestone.name, milestone.kind, tuple(cells))


def _checks(book: Playbook, columns: Sequence[Column]) -> Iterator[CheckRow]:
    """The checks that were judged anywhere, what is open first, and the worst of it first."""
    by_check: dict[str, dict[str, Finding]] = {}
    for column in columns:
        for finding in column.findings:
            by_check.setdefault(finding.check, {})[column.environment] = finding
    adopted = {c.topic for column in columns for c in column.cells if c.adoption == ADOPTED}
    yield from sorted(
        (_check(found, book, adopted) for found in by_check.values()), key=_check_order
    )


def _check(found: Mapping[str, Finding], book: Playbook, adopted: Collection[str]) -> CheckRow:
    worst = min(found.values(), key=_order)
    phase, topic = home_of(worst, book, adopted)
    said = texts_of(book)["checks"].get(worst.check, {})
    return CheckRow(
        check=worst.check,
        title=worst.title,
        severity=worst.severity,
        phase=phase,
        topic=topic,
        topics=worst.topics,
        milestone=worst.milestone,
        why=said.get("why", ""),
        mend=mend(worst, book) if worst.check.startswith(TOPIC) else said.get("mend", ""),
        see=tuple(said.get("see", ())),
        results=tuple(_result(name, finding) for name, finding in found.items()),
    )


def _result(environment: str, finding: Finding) -> ResultView:
    return ResultView(
        environment=environment,
        status=finding.status,
        level=finding.level,
        open=finding.open,
        details=finding.details,
        where=tuple(map(_where, finding.places)),
        waived=finding.waived,
        vacuous=finding.vacuous,
    )


def _order(finding: Finding) -> tuple[bool, bool, int]:
    return not finding.open, finding.status == "unknown", LEVELS.index(finding.level)


def _check_order(row: CheckRow) -> tuple[object, ...]:
    worst = min((_rank(result) for result in row.results), default=(True, True, 0))
    return (*worst, SEVERITIES.index(row.severity), row.check)


def _rank(result: ResultView) -> tuple[bool, bool, int]:
    return not result.open, result.status == "unknown", LEVELS.index(result.level)
