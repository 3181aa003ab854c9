"""A view as text for a terminal or a log. Signs carry the meaning: `+ ~ - ! =`."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenantctl.model import BACKUP
from tenantctl.report.risks import SAFE, named_risks, reached, summed
from tenantctl.report.style import Style
from tenantctl.report.view import (
    Counts,
    FindingView,
    Group,
    OutcomeView,
    ReceiptView,
    Row,
    StepView,
    View,
    ViolationView,
)

LEVELS = (("block", "blocking"), ("warn", "to see to"), ("info", "for information"))
ADDRESS = 44
REASON = 24
"""Widest columns; what is longer pushes the rest to the right."""

FEW = 3
"""How many of those whom a step reaches are named; the other reports name more."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the addresses and the reasons of a plan are."""

    address: int
    reason: int


def text(view: View | ReceiptView, *, color: bool, width: int) -> str:
    """*view* as lines, each ended by a newline; *width* is a wish that long values ignore."""
    style = Style(color, max(40, width))
    lines = _receipt(view, style) if isinstance(view, ReceiptView) else _plan(view, style)
    return "".join(f"{line}\n" for line in lines)


def _plan(view: View, style: Style) -> Iterator[str]:
    yield style.paint("title", f"{view.tenant}/{view.environment} -> {view.domain}") + (
        f"    {_circumstances(view)}"
    )
    if view.hotfix:
        yield style.paint("!", f"HOTFIX: {view.hotfix}")
    several = len({group.phase for group in view.groups}) > 1
    steps = [s for group in view.groups for topic in group.topics for s in topic.steps]
    columns = _columns((*steps, *view.deletes))
    beside = _beside(view)
    for group in view.groups:
        yield ""
        yield from _group(group, style, columns, beside, several=several)
    if view.deletes:
        yield ""
        yield style.paint("title", "Deletes")
        for step in view.deletes:
            yield from _step(step, style, columns, indent="    ")
    yield from _released(view, style)
    for note in view.notes:
        yield ""
        yield from textwrap.wrap(f"Note: {note}", style.width, break_long_words=False)
    yield from _violations(view.violations, style)
    yield ""
    yield from _checks(view, style)
    yield from _end(view, style)


def _beside(view: View) -> Mapping[str, list[FindingView]]:
    """What failed and matters, by the topic of the plan that it stands beside."""
    topics = [topic.id for group in view.groups for topic in group.topics]
    found: dict[str, list[FindingView]] = {}
    for finding in view.findings:
        here = [topic for topic in topics if topic in finding.topics]
        if here and finding.status == "failed" and finding.level in {"block", "warn"}:
            found.setdefault(here[0], []).append(finding)
    return found


def _checks(view: View, style: Style) -> Iterator[str]:
    """How many checks are open, and the command that tells more; nothing where none is."""
    failed = Counter(f.level for f in view.findings if f.status == "failed")
    parts = [f"{failed[level]} {word}" for level, word in LEVELS if failed[level]]
    if unknown := sum(f.status == "unknown" for f in view.findings):
        parts.append(f"{unknown} not evaluated")
    if parts:
        told = f"tenantctl check {view.tenant}/{view.environment}"
        yield style.paint("dim", f"Checks: {', '.join(parts)}; {told} tells more.")


def _columns(steps: Sequence[StepView]) -> Columns:
    fitting = [step.reason for step in steps if len(step.reason) <= REASON]
    return Columns(
        min(ADDRESS, max((len(_name(step)) for step in steps), default=0)),
        max(map(len, fitting), default=0),
    )


def _circumstances(view: View) -> str:
    numbers = ", ".join(map(str, view.phases)) or "none released"
    phases = f"phase{'s' if len(view.phases) > 1 else ''} {numbers}"
    return f"{view.kind}, {phases}{_selection(view.selection)}"


def _selection(words: tuple[str, ...]) -> str:
    if not words:
        return ""
    return f", {'' if words[0].startswith('without ') else 'only '}{', '.join(words)}"


def _group(
    group: Group,
    style: Style,
    columns: Columns,
    beside: Mapping[str, list[FindingView]],
    *,
    several: bool,
) -> Iterator[str]:
    name = group.name or "Elsewhere"
    yield style.paint("title", f"Phase {group.phase}: {name}" if several else name)
    for topic in group.topics:
        if topic.name:
            yield f"  {topic.name}"
        for step in topic.steps:
            yield from _step(step, style, columns, indent="    ")
        for finding in beside.get(topic.id, ()):
            yield from _finding(finding, style)


def _finding(finding: FindingView, style: Style) -> Iterator[str]:
    sign = "!" if finding.level == "block" else "="
    yield f"    {style.paint(sign, sign)} {finding.check}  {finding.title}"
    waived = (f"waived: {finding.waived}",) if finding.waived else ()
    yield from (f"        {detail}" for detail in (*finding.details, *waived))


def _name(step: StepView) -> str:
    return f"{step.address} ({step.part})" if step.part else step.address


def _step(step: StepView, style: Style, columns: Columns, *, indent: str) -> Iterator[str]:
    said = f"{_name(step):{columns.address}}  {step.reason:{columns.reason}}"
    where = _where(step.where)
    beside = len(f"{indent}+ {said}  {where}") <= style.width
    line = f"{said}  {style.paint('dim', where)}" if where and beside else said.rstrip()
    yield f"{indent}{style.paint(step.sign, step.sign)} {line}"
    if where and not beside:
        yield style.paint("dim", f"{indent}    {where}")
    if step.risks:
        yield style.paint("!", f"{indent}    {_risk(step)}")
    if step.breaks:
        yield style.paint("!", f"{indent}    ! breaks {step.breaks}")
    for row in step.rows:
        yield from row_lines(row, style, f"{indent}    ")
    if step.more:
        yield style.paint("dim", f"{indent}    ... {_more(step.more, 'field')}")


def _risk(step: StepView) -> str:
    """What a step risks and whom it reaches, on one line."""
    reach = reached(step, names=FEW)
    return f"! {', '.join(named_risks(step))}" + (f"; reaches {reach}" if reach else "")


def _where(places: tuple[str, ...]) -> str:
    if len(places) < 2:
        return "".join(places)
    return f"{places[0]} and {len(places) - 1} more"


def row_lines(row: Row, style: Style, indent: str) -> Iterator[str]:
    """One field of a change as lines, each after *indent*."""
    yield f"{indent}{row.field}:{_values(row)}"
    for line in row.lines:
        said = f"{indent}  {line.sign} {line.text}".rstrip()
        yield style.paint(line.sign, said) if said else ""
    if row.more:
        yield style.paint("dim", f"{indent}  ... {_more(row.more, 'line')}")


def _values(row: Row) -> str:
    if row.after is None:
        return ""
    return f" {row.after}" if row.before is None else f" {row.before} -> {row.after}"


def _more(number: int, noun: str) -> str:
    shows = "shows it" if number == 1 else "shows them"
    return f"{number} more {noun}{'' if number == 1 else 's'}; --full {shows}"


def _released(view: View, style: Style) -> Iterator[str]:
    if not view.released:
        return
    yield ""
    yield style.paint("title", "Released: no longer in the files, so no longer managed")
    for one in view.released:
        sign = style.paint("=", "=")
        stays = f"{one.field}: released, keeps {one.value}" if one.value else "stays as it is"
        yield f"  {sign} {one.address} {stays}"


def _violations(violations: tuple[ViolationView, ...], style: Style) -> Iterator[str]:
    if not violations:
        return
    yield ""
    blocking = [violation for violation in violations if not violation.allowed]
    yield style.paint("title", "Refused" if blocking else "Permitted")
    for one in sorted(violations, key=lambda violation: bool(violation.allowed)):
        sign = " " if one.allowed else "!"
        yield style.paint(sign, f"  {sign} {one.rule}: {one.address} {one.detail}")
        note = f"permitted: {one.allowed}" if one.allowed else one.help
        yield from _wrapped(note, style)


def _wrapped(note: str, style: Style) -> Iterator[str]:
    yield from textwrap.wrap(
        note,
        style.width,
        initial_indent="      ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _end(view: View, style: Style) -> Iterator[str]:
    if view.empty and view.selection and not view.digest.startswith(BACKUP):
        yield "Nothing to do of what is selected."
        return
    if view.empty:
        like = "it was" if view.digest.startswith(BACKUP) else "the files say"
        yield f"Nothing to do: {view.domain} is as {like}."
        return
    counts = view.counts
    yield from _strip(view, style)
    replace = f"{counts.replace} to replace, " if counts.replace else ""
    yield style.paint(
        "title",
        f"Plan: {counts.create} to create, {counts.update} to update, {replace}"
        f"{counts.delete} to delete; "
        f"{counts.requests} request{'' if counts.requests == 1 else 's'}{_time(counts)}.",
    )
    blocking = sum(not violation.allowed for violation in view.violations)
    if blocking:
        reasons = "1 reason" if blocking == 1 else f"{blocking} reasons"
        yield style.paint("!", f"Refused as it stands, for {reasons}: see above.")
    elif view.next:
        yield f"Next: {view.next}"


def _strip(view: View, style: Style) -> Iterator[str]:
    """What the plan risks, and whom that reaches; nothing where all of it is safe."""
    if all(count.risk == SAFE for count in view.risks):
        return
    yield style.paint("!", f"Risk: {', '.join(summed(view.risks))}.")


def _time(counts: Counts) -> str:
    if counts.seconds is None:
        return ""
    if counts.seconds < 100:
        return f", about {counts.seconds} s"
    return f", about {round(counts.seconds / 60)} min"


SIGNS = {"applied": "✓", "unchanged": " ", "waiting": "~", "moved": "!", "failed": "!"}


def _receipt(view: ReceiptView, style: Style) -> Iterator[str]:
    head = f"{view.tenant}/{view.environment} -> {view.domain}"
    scope = "everything" if view.full else "a selection"
    yield style.paint("title", f"{head}    {view.kind} of {scope}: {view.status}")
    for outcome in view.outcomes:
        yield from _outcome(outcome, style)
    said = ", ".join(f"{number} {status}" for status, number in view.counts)
    yield style.paint("title", f"{view.status}: {said or 'nothing to do'}.")
    by = " ".join(part for part in (view.when, view.who) if part)
    origin = f" of commit {view.commit}" if view.commit else ""
    yield style.paint("dim", f"{by or 'Done'} with tenantctl {view.version}{origin}")
    if view.next:
        yield f"Next: {view.next}"


def _outcome(outcome: OutcomeView, style: Style) -> Iterator[str]:
    sign = SIGNS.get(outcome.status, "-")
    detail = f": {outcome.detail}" if outcome.detail else ""
    because = f" (needs {', '.join(outcome.because)})" if outcome.because else ""
    yield f"  {style.paint(sign, sign)} {outcome.id}  {outcome.status}{detail}{because}"
    for name, value in outcome.record:
        yield f"      {name}: {value}"
