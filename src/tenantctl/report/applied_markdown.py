"""What a run has done, as Markdown for a comment: what is not done first, and never too long."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.report.applied_text import cost, counted, sorted_acts, word
from tenantctl.report.escape import markdown, markdown_code, shortened
from tenantctl.report.markdown import (
    LIMIT,
    PROSE,
    WIDE,
    Section,
    fitted,
    marker,
    violation_line,
)
from tenantctl.report.receipt_markdown import outcome_line
from tenantctl.report.risks import WORDS
from tenantctl.report.view import ActView, AppliedView

SHARES = {"Not done": 0.6, "Not begun": 0.3, "Done": 1.0}


def applied_markdown(view: AppliedView, *, limit: int = LIMIT) -> str:
    """*view* as Markdown of less than *limit* bytes; its first line tells whose apply it is."""
    head = "\n\n".join(_head(view))
    tail = "\n\n".join(_tail(view))
    return fitted(head, _sections(view), tail, limit)


def _head(view: AppliedView) -> Iterator[str]:
    yield marker("apply", view.target)
    domain = f" → {markdown_code(shortened(view.domain, WIDE))}" if view.domain else ""
    status = markdown(word(view.status))
    yield f"### {markdown_code(shortened(view.target, WIDE))}{domain}: {status}"
    only = f"; only {', '.join(view.selection)}" if view.selection else ""
    yield f"**{counted(view) or 'no steps'}**; {markdown(shortened(cost(view) + only, PROSE))}."
    if view.error:
        said = f"**{markdown(shortened(view.error, PROSE))}**"
        yield f"{said} {markdown(shortened(view.help, PROSE))}".strip()


def _sections(view: AppliedView) -> Iterator[Section]:
    yield Section("Refused", tuple(map(violation_line, view.violations)), 0.3)
    lacking = (f"- {markdown(shortened(said, PROSE))}" for said in view.lacking)
    yield Section("Why it has not converged", tuple(lacking), 0.3)
    for title, acts in sorted_acts(view):
        yield Section(title, tuple(map(_act, acts)), SHARES[title])


def _act(act: ActView) -> str:
    """A step, and where it is written and what it risks where that tells where to look."""
    said = outcome_line(act, sign=act.sign)
    if act.status in {"applied", "unchanged", "not_begun"}:
        return said
    risks = ", ".join(WORDS.get(risk, risk) for risk in act.risks)
    told = f" <b>{markdown(risks)}</b>" if risks else ""
    where = f" {markdown_code(shortened(act.where[0], WIDE))}" if act.where else ""
    return f"{said}{told}{where}"


def _tail(view: AppliedView) -> Iterator[str]:
    if view.next:
        yield f"Next: {markdown_code(shortened(view.next, WIDE))}"
    by = " ".join(part for part in (view.when, view.who) if part)
    commit = view.commit and f"commit {view.commit}"
    facts = (by, f"exit code {view.exit_code}", f"tenantctl {view.version}", commit)
    yield f"<sub>{markdown(', '.join(shortened(fact, WIDE) for fact in facts if fact))}</sub>"
