"""What checks say as Markdown: what blocks first, and never too long for a comment."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.report.escape import markdown, markdown_code, shortened
from tenantctl.report.findings import CheckView
from tenantctl.report.markdown import PROSE, WIDE, Section, fitted, marker
from tenantctl.report.view import FindingView

DETAILS = 10
"""Sentences of one finding."""


def check_markdown(view: CheckView) -> str:
    """*view* as Markdown that a comment can hold; its first line tells whose checks they are."""
    head = "\n\n".join(_head(view))
    opened = [each for each in view.findings if each.status in {"failed", "unknown"}]
    blocking = [each for each in opened if each.level == "block"]
    others = [each for each in opened if each.level != "block"]
    sections = (
        Section("In the way", tuple(map(_finding, blocking)), 0.6, tuple(map(_brief, blocking))),
        Section("Also open", tuple(map(_finding, others)), 1.0, tuple(map(_brief, others))),
    )
    target = f"{view.tenant}/{view.environment}"
    tail = f"All of it: {markdown_code(f'tenantctl check {target} --full')}"
    return fitted(head, sections, tail)


def _head(view: CheckView) -> Iterator[str]:
    target = f"{view.tenant}/{view.environment}"
    yield marker("check", target)
    verdict = "the gate is closed" if view.blocked else "the gate is open"
    yield f"### {markdown_code(target)}, {markdown(view.stage)}: {verdict}"
    yield ", ".join(f"{number} {markdown(status)}" for status, number in view.counts)
    for note in view.notes[:5]:
        yield f"Note: {markdown(shortened(note, PROSE))}"


def _title(finding: FindingView) -> str:
    level = "not evaluated" if finding.status == "unknown" else finding.level
    title = markdown(shortened(finding.title, PROSE))
    return f"<code>{markdown(finding.check)}</code> {title} <b>{markdown(level)}</b>"


def _brief(finding: FindingView) -> str:
    return f"- {_title(finding)}"


def _finding(finding: FindingView) -> str:
    """One finding, folded: what failed, where, why it matters and how to mend it."""
    said = [f"- {markdown(shortened(each, PROSE))}" for each in finding.details[:DETAILS]]
    if more := len(finding.details) - DETAILS:
        said += [f"- and {more} more"] if more > 0 else []
    places = " ".join(markdown_code(shortened(each, WIDE)) for each in finding.where[:DETAILS])
    told = ["\n".join(said), places]
    told += [f"Waived: {markdown(shortened(finding.waived, PROSE))}" if finding.waived else ""]
    told += [markdown(shortened(each, 2 * PROSE)) for each in (finding.why, finding.mend)]
    inside = "\n\n".join(filter(None, told))
    return f"<details><summary>{_title(finding)}</summary>\n\n{inside}\n\n</details>"
