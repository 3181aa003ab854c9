"""In what the environments of a tenant differ, as text and as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby

from tenantctl.report.escape import markdown, markdown_code
from tenantctl.report.parity import ParityRow, ParityView, UnlikeView, ending, sections
from tenantctl.report.style import Style

LONGEST = 60_000
"""Characters that a comment on a code host takes, with room for what stands around it."""
SIGNS = {"declared": " ", "waived": "=", "undeclared": "!", "drifted": "!", "unmanaged": "!"}


def parity_text(view: ParityView, *, color: bool, width: int) -> str:
    """*view* as lines, each ended by a newline."""
    style = Style(color, max(40, width))
    return "".join(f"{line}\n" for line in _lines(view, style))


def _lines(view: ParityView, style: Style) -> Iterator[str]:
    yield style.paint("title", f"{view.tenant}    {' -> '.join(view.environments)}")
    if view.unlike:
        yield ""
        yield style.paint("title", "Built differently")
        for each in view.unlike:
            yield from _unlike(each, style)
    for title, rows in sections(view):
        yield ""
        yield style.paint("title", title)
        for address, mine in groupby(rows, key=lambda row: row.address):
            yield f"  {address}"
            for row in mine:
                yield from _row(row, style)
    for note in view.notes:
        yield ""
        yield from textwrap.wrap(f"Note: {note}", style.width, break_long_words=False)
    yield ""
    yield style.paint("title", ending(view))


def _unlike(each: UnlikeView, style: Style) -> Iterator[str]:
    sign = "=" if each.waived else "!"
    where = style.paint("dim", each.where)
    yield f"  {style.paint(sign, sign)} {each.environment}: {each.said}  {where}"
    if each.waived:
        yield f"      waived: {each.waived}"


def _row(row: ParityRow, style: Style) -> Iterator[str]:
    sign = SIGNS[row.status]
    why = style.paint("dim", "; ".join(row.why))
    yield f"    {style.paint(sign, sign)} {row.field}    {why}"
    for each in row.values:
        yield f"        {', '.join(each.environments)}: {each.value}"


def parity_markdown(view: ParityView) -> str:
    """*view* with a column for each environment, never longer than `LONGEST`."""
    head = [f"### Parity of {markdown(view.tenant)}", "", f"**{markdown(ending(view))}**"]
    if view.unlike:
        head += ["", "| | environment | built differently | where |", "|---|---|---|---|"]
        head += [_unlike_row(each) for each in view.unlike]
    notes = [line for note in view.notes for line in ("", f"> {markdown(note)}")]
    room = LONGEST - len("\n".join([*head, *notes]))
    return "\n".join([*head, *_tables(view, room), *notes]) + "\n"


def _unlike_row(each: UnlikeView) -> str:
    said = markdown(each.said) + (f" (waived: {markdown(each.waived)})" if each.waived else "")
    sign = "=" if each.waived else "!"
    return f"| {sign} | {markdown(each.environment)} | {said} | {markdown_code(each.where)} |"


def _tables(view: ParityView, room: int) -> Iterator[str]:
    left = sum(len(rows) for _, rows in sections(view))
    for title, rows in sections(view):
        columns = [name for row in rows[:1] for each in row.values for name in each.environments]
        names = list(view.environments) if {*columns} <= {*view.environments} else ["files, tenant"]
        yield ""
        yield f"#### {title}"
        yield ""
        yield f"| address | field | {' | '.join(map(markdown, names))} | why |"
        yield "|" + " --- |" * (len(names) + 3)
        for row in rows:
            line = _table_row(row, names)
            room -= len(line) + 1
            if room < 1000:
                yield ""
                yield f"... and {left} more; `tenantctl parity` shows them all."
                return
            left -= 1
            yield line


def _table_row(row: ParityRow, names: list[str]) -> str:
    cells = {name: each.value for each in row.values for name in each.environments}
    if not {*cells} <= {*names}:
        said = "<br>".join(f"{markdown(name)}: {markdown_code(v)}" for name, v in cells.items())
        values = [said, *[""] * (len(names) - 1)]
    else:
        values = [markdown_code(cells[name]) if name in cells else "" for name in names]
    why = "; ".join(map(markdown, row.why))
    address, field = markdown_code(row.address), markdown_code(row.field)
    return f"| {address} | {field} | {' | '.join(values)} | {why} |"
