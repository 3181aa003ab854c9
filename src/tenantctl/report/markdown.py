"""A plan as Markdown for a pull request: what matters first, and never too long for a comment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tenantctl.model import BACKUP
from tenantctl.report.escape import markdown, markdown_code, shortened
from tenantctl.report.risks import RISK_ORDER, SAFE, WORDS, named_risks, reached
from tenantctl.report.view import (
    FindingView,
    Line,
    ReleasedView,
    Row,
    StepView,
    View,
    ViolationView,
)

LIMIT = 60_000
"""Bytes that the Markdown of a plan stays under: GitHub takes 65,536 characters in a comment."""
DELETES = 200
"""Deletes that are named, as far as there is room for them."""
WIDE = 200
"""Characters of one line of a change."""
PROSE = 400
"""Characters of one sentence."""
ROWS = 12
"""Fields of one change."""
LINES = 16
"""Lines of one field."""
TICKS = re.compile("`+")
UNNAMED = re.compile(r"[^A-Za-z0-9_./-]")
"""What no name of an environment has."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a comment: *share* of the room goes to it, and what nobody else needs.

    Each of *blocks* stands whole, or as the one of *brief* in its place, or is counted with those
    *beyond* them.
    """

    title: str
    blocks: tuple[str, ...]
    share: float = 1.0
    brief: tuple[str, ...] = ()
    beyond: int = 0

    @property
    def least(self) -> int:
        """The bytes that it takes where nothing of it is shown."""
        size = _size(f"#### {self.title}") + _size(_more(len(self.blocks) + self.beyond))
        return size if self.blocks else 0


def plan_markdown(view: View, *, full: str = "", limit: int = LIMIT) -> str:
    """*view* as Markdown of less than *limit* bytes; its first line tells whose plan it is.

    *full* says where the whole plan is to be had; without it, how.
    """
    head = "\n\n".join(_head(view))
    tail = "\n\n".join(_tail(view, full))
    return fitted(head, _sections(view), tail, limit)


def marker(what: str, target: str) -> str:
    """The hidden line that a comment begins with, so that it is found again and replaced.

    Of a *target* that is no environment's, such as the name of a file, nothing can end it.
    """
    return f"<!-- tenantctl:{what}:{UNNAMED.sub('-', target)} -->"


def fitted(head: str, sections: Iterable[Section], tail: str, limit: int = LIMIT) -> str:
    """*head*, as much of *sections* as there is room for, and *tail*: less than *limit* bytes.

    What there is no room for is counted; head and tail are short enough by themselves.
    """
    asked = [section for section in sections if section.blocks]
    room = limit - _size(head) - _size(tail) - sum(each.least for each in asked)
    parts: list[str] = []
    for section in asked:
        parts.append(_filled(section, max(0, min(room, int(limit * section.share)))))
        room -= _size(parts[-1]) - section.least
    for number, section in enumerate(asked):  # what nobody else needs goes to whoever was cut
        used = _size(parts[number]) - section.least
        parts[number] = _filled(section, max(0, used + room))
        room += used + section.least - _size(parts[number])
    return "\n\n".join([head, *parts, tail]) + "\n"


def fence(lines: Iterable[str], language: str = "diff") -> str:
    """*lines*, of which none has a line break, as a block that none of them can end."""
    text = "\n".join(lines)
    longest = max((len(found) for found in TICKS.findall(text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"


def _size(text: str) -> int:
    """Bytes, with the blank line that follows; in UTF-16 no text has more units than bytes here."""
    return len(text.encode()) + 2


def _filled(section: Section, room: int) -> str:
    """*section* with as much of it as *room* holds beside its title and its count."""
    kept, used, missing = list[str](), 0, section.beyond
    whole = int(room * 0.7) if section.brief else room
    for block, brief in zip(section.blocks, section.brief or section.blocks, strict=True):
        forms = ((block, whole), (brief, room))
        taken = next((form for form, most in forms if used + _size(form) <= most), None)
        if taken is None:
            missing += 1
        else:
            kept.append(taken)
            used += _size(taken)
    if missing:
        kept.append(_more(missing))
    return f"#### {section.title}\n\n{_joined(kept)}"


def _more(number: int) -> str:
    return f"- and {number} more"


def _joined(blocks: list[str]) -> str:
    """*blocks* with a blank line between them, or none between two items of a list."""
    parts = blocks[:1]
    for before, block in pairwise(blocks):
        tight = before.startswith("- ") and block.startswith("- ")
        parts.append(("\n" if tight else "\n\n") + block)
    return "".join(parts)


def _head(view: View) -> Iterator[str]:
    target = f"{view.tenant}/{view.environment}"
    yield marker("plan", target)
    domain = markdown_code(shortened(view.domain, WIDE))
    yield f"### {markdown_code(target)} → {domain}: {_verdict(view)}"
    if view.hotfix:
        yield f"**Hotfix:** {markdown(shortened(view.hotfix, PROSE))}"
    yield _counted(view)
    if risks := "\n".join(_risks(view)):
        yield risks
    for note in view.notes[:5]:
        yield f"Note: {markdown(shortened(note, PROSE))}"


def _verdict(view: View) -> str:
    if view.refused:
        return "refused"
    if view.empty:
        return "nothing to do"
    return "ready to apply"


def _counted(view: View) -> str:
    if view.empty:
        like = "it was" if view.digest.startswith(BACKUP) else "the files say"
        return f"The tenant is as {like}."
    counts = view.counts
    words = ("create", "update", "replace", "delete")
    said = [f"{number} to {word}" for word in words if (number := getattr(counts, word))]
    seconds = "" if counts.seconds is None else f", about {counts.seconds} s"
    numbers = ", ".join(map(str, view.phases)) or "none"
    only = f"; only {', '.join(view.selection)}" if view.selection else ""
    return (
        f"**{', '.join(said)}**; {counts.requests} requests{seconds}. "
        + markdown(shortened(f"{view.kind}, phases released: {numbers}{only}", PROSE))
        + "."
    )


def _risks(view: View) -> Iterator[str]:
    if all(count.risk == SAFE for count in view.risks):
        return
    yield "| risk | changes | reaches |"
    yield "|---|---:|---|"
    for count in view.risks:
        name = WORDS.get(count.risk, count.risk)
        yield f"| {markdown(name)} | {count.steps} | {markdown(shortened(reached(count), WIDE))} |"


def _sections(view: View) -> Iterator[Section]:
    blocking = [each for each in view.violations if not each.allowed]
    yield Section("Refused", tuple(map(violation_line, blocking)), 0.2)
    findings = [each for each in view.findings if each.blocking]
    yield Section("Open checks that close a gate", tuple(map(_finding, findings)), 0.1)
    forward = [step for step in view.steps if step.verb != "delete"]
    risky = sorted((step for step in forward if step.risks), key=_urgency)
    yield _changes("Risky changes", risky, 0.4, brief=_brief)
    named = tuple(map(_brief, view.deletes[:DELETES]))
    yield Section("Deletes", named, 0.45, beyond=len(view.deletes) - len(named))
    safe = [step for step in forward if not step.risks]
    yield _changes("Other changes", safe, 1.0, brief=_brief)
    yield Section("No longer managed", tuple(map(_released, view.released)), 0.1)
    permitted = [each for each in view.violations if each.allowed]
    yield Section("Permitted", tuple(map(violation_line, permitted)), 0.1)


def _changes(
    title: str, steps: list[StepView], share: float, *, brief: Callable[[StepView], str]
) -> Section:
    return Section(title, tuple(map(_step, steps)), share, tuple(map(brief, steps)))


def _urgency(step: StepView) -> tuple[int, int]:
    worst = min((RISK_ORDER.index(each.risk) for each in step.risks), default=len(RISK_ORDER))
    return worst, step.number


def violation_line(violation: ViolationView) -> str:
    """A violation as an item of a list."""
    note = f"permitted: {violation.allowed}" if violation.allowed else violation.help
    said = f"{violation.detail}" + (f" ({note})" if note else "")
    address = markdown_code(shortened(violation.address, WIDE))
    return f"- **{markdown(violation.rule)}** {address}: {markdown(shortened(said, PROSE))}"


def _released(released: ReleasedView) -> str:
    address = markdown_code(shortened(released.address, WIDE))
    if not released.value:
        return f"- {address} stays as it is"
    field = markdown_code(shortened(released.field, WIDE))
    return f"- {address} {field} keeps {markdown(shortened(released.value, PROSE))}"


def _finding(finding: FindingView) -> str:
    details = "; ".join(finding.details)
    said = f"{finding.title}: {details}" if details else finding.title
    places = "".join(f" {markdown_code(shortened(place, WIDE))}" for place in finding.where[:2])
    return f"- **{markdown(finding.check)}** {markdown(shortened(said, PROSE))}{places}"


def _name(step: StepView) -> str:
    part = f" ({step.part})" if step.part else ""
    return markdown_code(f"{step.sign} {shortened(step.address, WIDE)}{part}")


def _said(step: StepView) -> str:
    """What a step risks, and whom it reaches; nothing where it is safe."""
    if not step.risks:
        return ""
    itself = [(each.count, *each.names) for each in step.reach] == [(1, _key(step))]
    reach = "" if itself else reached(step, names=5)
    whom = f", reaches {markdown(shortened(reach, PROSE))}" if reach else ""
    return f" <b>{markdown(', '.join(named_risks(step)))}</b>{whom}"


def _key(step: StepView) -> str:
    return step.address.partition(".")[2]


def _brief(step: StepView) -> str:
    return f"- {_name(step)}{_said(step)}"


def _step(step: StepView) -> str:
    """One change, folded: what it risks and why, where it is written, and its fields."""
    reason = markdown(shortened(step.reason, PROSE))
    parts = [f"<details><summary>{_name(step)} {reason}{_said(step)}</summary>"]
    if why := "\n".join(_why(step)):
        parts.append(why)
    if step.where:
        more = f" and {len(step.where) - 1} more" if len(step.where) > 1 else ""
        parts.append(f"{markdown_code(shortened(step.where[0], WIDE))}{more}")
    lines = [line for row in step.rows[:ROWS] for line in _row(row, step.sign)]
    if left := step.more + max(0, len(step.rows) - ROWS):
        lines.append(f"  ... {left} more fields")
    if lines:
        parts.append(fence(lines))
    return "\n\n".join([*parts, "</details>"])


def _why(step: StepView) -> Iterator[str]:
    """Each reason once, with the fields and the risks that it is given for."""
    told: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for each in step.risks:
        fields, risks = told.setdefault(each.why, ({}, {}))
        risks[WORDS.get(each.risk, each.risk)] = None
        if each.field:
            fields[each.field] = None
    for why, (fields, risks) in list(told.items())[:ROWS]:
        named = ", ".join(markdown_code(shortened(field, WIDE)) for field in list(fields)[:5])
        yield f"- {markdown(', '.join(risks))}: {f'{named}: ' if named else ''}{markdown(why)}"


def _row(row: Row, sign: str) -> Iterator[str]:
    """A field as lines of a diff: what goes with `-`, what comes with `+`."""
    field = shortened(row.field, WIDE)
    if row.before is not None:
        yield _line("-", f"{field}: {row.before}")
        yield _line("+", f"{field}: {row.after}")
    elif row.after is not None and not row.lines:
        yield _line({"~": "!"}.get(sign, sign), f"{field}: {row.after}")
    else:
        yield _line(" ", f"{field}:" + (f" {row.after}" if row.after else ""))
        yield from map(_inner, row.lines[:LINES])
        if left := row.more + max(0, len(row.lines) - LINES):
            yield f"    ... {left} more lines"


def _inner(line: Line) -> str:
    sign = {"~": "!", "@": "@@"}.get(line.sign, line.sign)
    return _line(sign, f"  {line.text}" + (" @@" if line.sign == "@" else ""))


def _line(sign: str, text: str) -> str:
    return f"{sign} {shortened(text, WIDE)}".rstrip()


def _tail(view: View, full: str) -> Iterator[str]:
    where = full or (
        "What is left out here is in the HTML report, and in the plan: "
        "<code>tenantctl show PLAN.json --full</code>."
    )
    yield where
    if view.next and not view.refused:
        yield f"Next: {markdown_code(shortened(view.next, WIDE))}"
    if view.digest:
        yield f"<sub>definition {markdown_code(shortened(view.digest, WIDE))}</sub>"
