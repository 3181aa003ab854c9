"""What was accepted of drift: which values went into which lines, and what could not be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenantctl.engine.drift import Difference
from tenantctl.model import ABSENT, Edit, Json, Note, Update, Vault, dotted
from tenantctl.report.document import FORMAT, plain
from tenantctl.report.redact import cleaned, cleaner, scrubber
from tenantctl.report.rows import rows_of
from tenantctl.report.style import Style
from tenantctl.report.view import Row


@dataclass(frozen=True, slots=True)
class WrittenView:
    """A difference that the files agree with now: *place* is `file:line`."""

    address: str
    field: str
    place: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class LeftView:
    """A difference that could not be written, *why*, and the way out."""

    address: str
    field: str
    why: str
    help: str


@dataclass(frozen=True, slots=True)
class AcceptedView:
    """What became of accepting. *also* are environments that ask for it as well from now on.

    *open* is how many differences are drift still.
    """

    target: str
    written: tuple[WrittenView, ...]
    left: tuple[LeftView, ...]
    notes: tuple[str, ...]
    also: tuple[str, ...]
    open: int
    summary: str


def view_accepted(
    target: str,
    written: Sequence[tuple[Difference, str]],
    left: Sequence[tuple[Difference, str, str]],
    *,
    notes: Sequence[Note],
    also: tuple[str, ...],
    open_: int,
    vault: Vault | None,
) -> AcceptedView:
    """What there is to say, scrubbed of *vault*'s values and escaped."""
    scrub = scrubber(vault)
    done = []
    for each, place in written:
        before, after = each.desired, each.live
        if each.member:
            before, after = ([] if v is ABSENT else [v] for v in (before, after))
        change = Update(each.address, (Edit(each.path, before, after),))
        rows = tuple(rows_of(change, scrub, full=False))
        done.append(WrittenView(str(each.address), _field(each), place, rows))
    undone = [LeftView(str(d.address), _field(d), why, help) for d, why, help in left]
    more = f", {len(left)} left" if left else ""
    view = AcceptedView(
        target,
        tuple(done),
        tuple(undone),
        tuple(f"{note.message}; {note.help}" if note.help else note.message for note in notes),
        also,
        open_,
        f"{len(written)} accepted{more}",
    )
    return cleaned(view, cleaner(vault))


def _field(each: Difference) -> str:
    path = (*each.path, each.member) if each.member else each.path
    return dotted(path) if path else each.how


def accepted_as_json(view: AcceptedView) -> dict[str, Json]:
    """*view* as `{"format": 1, "type": "accepted", ...}`."""
    return {"format": FORMAT, "type": "accepted", **plain(view)}


def accepted_text(view: AcceptedView, *, color: bool) -> str:
    """*view* as lines, each ended by a newline."""
    return "".join(f"{line}\n" for line in _lines(view, Style(color)))


def _lines(view: AcceptedView, style: Style) -> Iterator[str]:
    for each in view.written:
        yield f"{style.paint('✓', '✓')} {each.place}  {each.address}"
        for row in each.rows:
            yield f"    {row.field}:{_values(row)}"
            yield from (f"      {line.sign} {line.text}".rstrip() for line in row.lines)
    for left in view.left:
        yield f"{style.paint('!', '!')} {left.address} {left.field}: {left.why}"
        yield f"    {left.help}"
    for note in view.notes:
        yield f"Note: {note}"
    yield from _end(view, style)


def _values(row: Row) -> str:
    if row.after is None:
        return ""
    return f" {row.after}" if row.before is None else f" {row.before} -> {row.after}"


def _end(view: AcceptedView, style: Style) -> Iterator[str]:
    if not view.written and not view.left:
        yield "Nothing to accept: there is no drift."
        return
    yield ""
    yield style.paint("title", f"{view.summary.capitalize()}.")
    if view.also:
        yield (
            f"What stands under tenants/ is said for {', '.join(view.also)} as well: their next "
            "plan shows it."
        )
    if view.open:
        yield f"Still drift: {view.open}; tenantctl drift {view.target} shows it."
    yield f"Next: tenantctl plan {view.target}"
