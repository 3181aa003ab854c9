"""What differs between two states of tenants, as Markdown for a pull request or an issue."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.report.compared import Compared, ComparedField, ComparedResource, totals
from tenantctl.report.escape import markdown, markdown_code, shortened
from tenantctl.report.view import Row

LONGEST = 60_000
"""Characters that a comment on a code host takes, with room for what stands around it."""
LINES = 12
"""Lines of one field that stand in a table."""
WIDE = 200
"""Characters of one line of them."""


def compared_markdown(view: Compared, title: str = "Differences") -> str:
    """*view* as a table, whole resources at a time, never longer than `LONGEST`."""
    head = [
        f"### {markdown(title)}: {markdown(view.a)} → {markdown(view.b)}",
        "",
        f"**{markdown(totals(view))}**",
    ]
    notes = [line for note in view.notes for line in ("", f"> {markdown(note)}")]
    return (
        "\n".join([*head, *_table(view, LONGEST - len("\n".join([*head, *notes]))), *notes]) + "\n"
    )


def _table(view: Compared, room: int) -> Iterator[str]:
    if not view.resources:
        return
    why = any(each.why or any(one.why for one in each.fields) for each in view.resources)
    names = ["", "address", "field", "before", "after", *(["why"] if why else [])]
    yield ""
    yield "| " + " | ".join(names) + " |"
    yield "|" + " --- |" * len(names)
    room -= 500  # the head of the table, and what is said of what is left out
    for number, resource in enumerate(view.resources):
        lines = list(_rows(resource, why=why))
        room -= sum(len(line) + 1 for line in lines)
        if room < 0:
            left = len(view.resources) - number
            yield ""
            yield f"... and {left} more; `tenantctl diff` shows them all."
            return
        yield from lines


def _rows(resource: ComparedResource, *, why: bool) -> Iterator[str]:
    sign, address = markdown(resource.sign), markdown_code(resource.address)
    if not resource.fields:
        yield _row([sign, address, "", "", "", *([markdown(resource.why)] if why else [])])
    for index, one in enumerate(resource.fields):
        first = [sign, address] if index == 0 else ["", ""]
        said = one.why or (resource.why if index == 0 else "")
        values = _values(one, resource.sign)
        yield _row(
            [*first, markdown_code(one.row.field), *values, *([markdown(said)] if why else [])]
        )
    if resource.more:
        yield _row(["", "", f"... {resource.more} more", "", "", *([""] if why else [])])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _values(one: ComparedField, sign: str) -> list[str]:
    """What stands before and after; what only one side has stands on that side."""
    row = one.row
    if row.lines:
        return ["", _lines(row)]
    if row.before is None:
        found = _code(row.after or "")
        return [found, ""] if sign == "-" else ["", found]
    return [_code(row.before), _code(row.after or "")]


def _lines(row: Row) -> str:
    shown = [_code(f"{line.sign} {line.text}") for line in row.lines[:LINES]]
    left = len(row.lines) - LINES + row.more
    more = [f"... {left} more lines"] if left > 0 else []
    said = [markdown(row.after)] if row.after else []
    return "<br>".join([*said, *shown, *more])


def _code(text: str) -> str:
    return markdown_code(shortened(text, WIDE))
