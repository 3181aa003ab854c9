"""Drift as text for a terminal, and as Markdown for an issue that is kept up to date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenantctl.engine.drift import AGREED, CONFLICT, DELETED, DRIFT, RENEWED, UNCLEAR
from tenantctl.report.drift import CLEAN, UNAPPLIED, DriftItem, DriftView, WriteView
from tenantctl.report.escape import markdown, markdown_code, shortened
from tenantctl.report.markdown import Section, fence, fitted, marker
from tenantctl.report.style import Style
from tenantctl.report.view import Row

TITLES = {
    CONFLICT: "Changed in the tenant, and otherwise in the files",
    DRIFT: "Changed in the tenant",
    UNCLEAR: "Not as the files say; the last receipt does not tell who changed it",
    AGREED: "Changed in the tenant and in the files alike",
}
SIGNS = {CONFLICT: "!", DRIFT: "~", UNCLEAR: "~", AGREED: "="}
AGENT, PERSON = 60, 120
"""Characters of what a browser or program calls itself, and of anybody's name."""


def drift_text(view: DriftView, *, color: bool, width: int) -> str:
    """*view* as lines, each ended by a newline."""
    style = Style(color, max(40, width))
    return "".join(f"{line}\n" for line in _text(view, style))


def _text(view: DriftView, style: Style) -> Iterator[str]:
    yield style.paint("title", f"{view.target} -> {view.domain}") + f"    {_since(view)}"
    for what, title in TITLES.items():
        mine = [item for item in view.items if item.what == what]
        if mine:
            yield ""
            yield style.paint("title", title)
        for item in mine:
            yield from _item(item, style)
    yield ""
    if view.log:
        yield style.paint("dim", view.log)
    yield from _end(view, style)


def _since(view: DriftView) -> str:
    last = view.applied
    if last is None:
        return "nothing has been applied yet"
    by = f" by {last.who}" if last.who else ""
    return f"since the {last.kind} of {last.when}{by}, {last.status}"


def _item(item: DriftItem, style: Style) -> Iterator[str]:
    sign = SIGNS[item.what]
    gone = {DELETED: "  deleted", RENEWED: "  there again under another id"}.get(item.how, "")
    where = style.paint("dim", f"  {item.where}") if item.where else ""
    yield f"  {style.paint(sign, sign)} {item.address}{gone}{where}"
    for row in item.rows:
        yield from _row(row, style, "      ")
    if item.files:
        yield "      in the files:"
    for row in item.files:
        yield from _row(row, style, "        ")
    for write in item.by:
        yield style.paint("dim", f"      {_who(write)}")


def _row(row: Row, style: Style, indent: str) -> Iterator[str]:
    said = "" if row.after is None else f" {row.after}"
    said = said if row.before is None else f" {row.before} -> {row.after}"
    yield f"{indent}{row.field}:{said}"
    for line in row.lines:
        text = f"{indent}  {line.sign} {line.text}".rstrip()
        yield style.paint(line.sign, text) if text else ""
    if row.more:
        yield style.paint("dim", f"{indent}  ... {row.more} more lines; --json has them all")


def _who(write: WriteView) -> str:
    """One write in words: who, by what means, from where, when."""
    client = f"the client {shortened(write.client, PERSON)}" if write.client else ""
    person = shortened(write.user, PERSON) or client or "somebody whom the log does not name"
    means = [f"by {person}"]
    if write.user and client and write.channel in {"", "api"}:
        means.append(f"with {client}")
    if write.channel:
        means.append("through the API" if write.channel == "api" else f"at {write.channel}")
    means += [f"from {write.ip}"] if write.ip else []
    means += [f"({shortened(write.agent, AGENT)})"] if write.agent else []
    fields = f"{', '.join(write.fields)} " if write.fields else ""
    return f"{fields}{' '.join(means)}, {write.when}"


def _end(view: DriftView, style: Style) -> Iterator[str]:
    if view.pending:
        some = ", ".join(view.pending[:3])
        more = f" and {len(view.pending) - 3} more" if len(view.pending) > 3 else ""
        yield f"To apply: the files ask for something else of {some}{more}; that is no drift."
    if view.outcome == UNAPPLIED:
        yield f"Nothing has been applied to {view.domain}: there is nothing to drift from."
        yield f"Next: tenantctl plan {view.target}"
    elif view.outcome == CLEAN:
        yield f"No drift: nobody has changed {view.domain} behind the files since the last apply."
    else:
        yield style.paint("title", f"Drift: {view.summary}.")
        yield f"Next: tenantctl plan {view.target}              shows how to take it back"
        yield f"      tenantctl drift {view.target} --accept    writes it into the files"
        named = [name for item in view.items if item.what == CONFLICT for name in item.names]
        if named:
            yield f"      what changed in both is accepted by its name only, such as {named[0]}"


# --- For an issue -------------------------------------------------------------------------------


def drift_markdown(view: DriftView) -> str:
    """*view* as Markdown that fits into an issue; the first line tells whose drift it is.

    As long as the same has drifted, nothing but the last line is another from look to look.
    """
    head = [marker("drift", view.target), f"### {_title(view)}"]
    if view.applied:
        head.append(f"{_where(view)}, {markdown(_since(view))}.")
    sections = (
        Section(title, tuple(_block(item) for item in view.items if item.what == what))
        for what, title in TITLES.items()
    )
    tail = [
        *_tail(view),
        f"<sub>looked at {view.looked} by tenantctl {markdown(view.version)}</sub>",
    ]
    return fitted("\n\n".join(head), sections, "\n\n".join(tail))


def _title(view: DriftView) -> str:
    target = markdown(view.target)
    said = {CLEAN: f"No drift in {target}", UNAPPLIED: f"Nothing has been applied to {target}"}
    return said.get(view.outcome, f"Drift in {target}: {markdown(view.summary)}")


def _where(view: DriftView) -> str:
    return f"Tenant {markdown_code(view.domain)}"


def _block(item: DriftItem) -> str:
    gone = {DELETED: " was deleted", RENEWED: " is there again under another id"}
    where = f" at {markdown_code(item.where)}" if item.where else ""
    parts = [f"**{markdown_code(item.address)}**{gone.get(item.how, '')}{where}"]
    lines = list(_lines(item.rows))
    if item.files:
        lines += ["  in the files:", *_lines(item.files)]
    if lines:
        parts.append(fence(lines))
    parts += [f"- {markdown(_who(write))}" for write in item.by]
    return "\n\n".join(parts)


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    """Fields as lines of a diff."""
    for row in rows:
        if row.before is not None:
            yield f"- {row.field}: {row.before}"
            yield f"+ {row.field}: {row.after}"
        elif row.lines:
            yield f"  {row.field}:" + (f" {row.after}" if row.after else "")
            yield from (f"{line.sign}   {line.text}".rstrip() for line in row.lines)
        else:
            yield f"! {row.field}: {row.after}"


def _tail(view: DriftView) -> Iterator[str]:
    if view.log:
        yield markdown(view.log)
    if view.pending:
        yield f"{len(view.pending)} resources wait to be applied; that is no drift."
    if view.outcome not in {CLEAN, UNAPPLIED}:
        target = view.target
        yield (
            f"{markdown_code(f'tenantctl plan {target}')} shows how to take it back, "
            f"{markdown_code(f'tenantctl drift {target} --accept')} writes it into the files."
        )
