"""Plans and receipts as JUnit XML: a case for each step, each violation and each finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tenantctl.report.junit import Case, cases_of, junit
from tenantctl.report.risks import named_risks, reached
from tenantctl.report.view import (
    ActView,
    AppliedView,
    OutcomeView,
    ReceiptView,
    StepView,
    View,
    ViolationView,
)

STATUSES = {
    "applied": "passed",
    "unchanged": "passed",
    "waiting": "skipped",
    "skipped": "skipped",
    "failed": "failed",
    "moved": "error",
    "not_begun": "skipped",
}
"""How a step ended, and what a case calls it."""


def plan_junit(view: View) -> str:
    """*view* as suites: its steps, which pass, what refuses it, and the checks that are open."""
    target = f"{view.tenant}/{view.environment}"
    suites = [
        (f"{target} plan", tuple(map(_step, view.steps))),
        (f"{target} policy", tuple(map(_violation, view.violations))),
        (f"{target} checks", cases_of(view.findings)),
    ]
    return junit((name, cases) for name, cases in suites if cases)


def receipt_junit(view: ReceiptView) -> str:
    """The outcomes of a receipt as a suite: what failed or had moved, and what was left out."""
    target = f"{view.tenant}/{view.environment}"
    return junit([(f"{target} {view.kind}", tuple(_outcomes(view)))])


def applied_junit(view: AppliedView) -> str:
    """What a run has done as suites: the run as a whole, then each step of its plan."""
    said = "; ".join(part for part in (view.error, view.help, *view.lacking) if part)
    good = view.exit_code == 0
    status = "passed" if good else "skipped" if view.status == "waiting" else "failed"
    whole = Case("apply", f"apply {view.status.replace('_', ' ')}", status, said, said)
    suites = [
        (f"{view.target} apply", (replace(whole, seconds=view.seconds),)),
        (f"{view.target} policy", tuple(map(_violation, view.violations))),
        (f"{view.target} steps", tuple(map(_act, view.acts))),
    ]
    return junit((name, cases) for name, cases in suites if cases)


def _act(act: ActView) -> Case:
    file, line = _place(act.where)
    return Case(
        group=act.address.partition(".")[0],
        name=f"{act.verb} {act.id}",
        status=STATUSES.get(act.status, "error"),
        message=_ended(act),
        text=_ended(act),
        file=file,
        line=line,
        seconds=act.seconds,
    )


def _step(step: StepView) -> Case:
    reach = reached(step)
    whom = f"; reaches {reach}" if reach else ""
    file, line = _place(step.where)
    return Case(
        group=step.address.partition(".")[0],
        name=f"{step.verb} {step.id}",
        status="passed",
        message=f"{', '.join(named_risks(step))}{whom}" if step.risks else "",
        file=file,
        line=line,
    )


def _violation(violation: ViolationView) -> Case:
    said = f"{violation.detail}; {violation.allowed or violation.help}"
    return Case(
        group=violation.rule,
        name=f"{violation.rule} {violation.address}",
        status="skipped" if violation.allowed else "failed",
        message=said,
        text=violation.help,
    )


def _outcomes(view: ReceiptView) -> Iterator[Case]:
    for outcome in view.outcomes:
        yield Case(
            group=outcome.id.partition(".")[0],
            name=outcome.id,
            status=STATUSES.get(outcome.status, "error"),
            message=_ended(outcome),
            text=_ended(outcome),
        )


def _ended(outcome: OutcomeView | ActView) -> str:
    if outcome.status in {"applied", "unchanged"}:
        return outcome.detail
    because = f"needs {', '.join(outcome.because)}" if outcome.because else ""
    status = outcome.status.replace("_", " ")
    return "; ".join(part for part in (status, outcome.detail, because) if part)


def _place(where: tuple[str, ...]) -> tuple[str, int]:
    file, _, line = where[0].rpartition(":") if where else ("", "", "")
    return (file, int(line)) if line.isdigit() else (where[0] if where else "", 0)
