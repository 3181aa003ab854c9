"""A receipt as Markdown: what did not end well first, and never too long for a comment."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.report.escape import markdown, markdown_code, shortened
from tenantctl.report.markdown import PROSE, WIDE, Section, fitted, marker
from tenantctl.report.view import ActView, OutcomeView, ReceiptView

WELL = ("applied", "unchanged")


def receipt_markdown(view: ReceiptView) -> str:
    """*view* as Markdown that a comment can hold; its first line tells whose receipt it is."""
    rest = [each for each in view.outcomes if each.status not in WELL]
    done = [each for each in view.outcomes if each.status in WELL]
    sections = (
        Section("Not done", tuple(map(outcome_line, rest)), 0.7),
        Section("Done", tuple(map(outcome_line, done))),
    )
    return fitted("\n\n".join(_head(view)), sections, "\n\n".join(_tail(view)))


def _head(view: ReceiptView) -> Iterator[str]:
    target = f"{view.tenant}/{view.environment}"
    yield marker(view.kind, target)
    domain = markdown_code(shortened(view.domain, WIDE))
    scope = "everything" if view.full else "a selection"
    yield f"### {markdown_code(target)} → {domain}: {markdown(view.status)}"
    counts = ", ".join(f"{number} {markdown(status)}" for status, number in view.counts)
    yield f"{markdown(view.kind)} of {scope}: {counts or 'nothing to do'}."


def outcome_line(outcome: OutcomeView | ActView, *, sign: str = "") -> str:
    """How a step ended, as an item of a list; *sign* is what it did."""
    because = f"needs {', '.join(outcome.because)}" if outcome.because else ""
    record = "; ".join(f"{name} {value}" for name, value in outcome.record)
    said = "; ".join(part for part in (outcome.detail, because, record) if part)
    told = f": {markdown(shortened(said, PROSE))}" if said else ""
    name = markdown_code(f"{sign} {shortened(outcome.id, WIDE)}".strip())
    return f"- {name} {markdown(outcome.status.replace('_', ' '))}{told}"


def _tail(view: ReceiptView) -> Iterator[str]:
    if view.next:
        yield f"Next: {markdown_code(shortened(view.next, WIDE))}"
    by = " ".join(part for part in (view.when, view.who) if part)
    facts = (by, f"tenantctl {view.version}", view.commit and f"commit {view.commit}")
    yield f"<sub>{markdown(', '.join(shortened(fact, WIDE) for fact in facts if fact))}</sub>"
