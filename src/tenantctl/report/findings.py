"""What checks say of an environment, as a view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tenantctl.engine.gates import gates_of, mend, reached
from tenantctl.model import Environment, Finding, Json, Vault
from tenantctl.playbooks import Playbook, texts_of
from tenantctl.report.document import FORMAT, plain
from tenantctl.report.redact import cleaned, cleaner
from tenantctl.report.view import FindingView

SEVERITIES = ("critical", "high", "medium", "low")
LEVELS = ("block", "warn", "info", "off")


@dataclass(frozen=True, slots=True)
class GateView:
    """A gate of a phase. *state* is `open` where it lets nothing through, `passed` or `unknown`."""

    phase: int
    id: str
    text: str
    state: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """A milestone of a phase, and how many findings stand in its way."""

    phase: int
    id: str
    name: str
    reached: bool
    blocked_by: int


@dataclass(frozen=True, slots=True)
class CheckView:
    """What is due in an environment at a stage, and how it stands.

    *findings* are all that were judged, what is open first, the worst first. *counts* are by
    status, with those over nothing and those waived. *blocked* is true where the gate is closed.
    """

    tenant: str
    environment: str
    domain: str
    kind: str
    stage: str
    gates_mode: str
    blocked: bool
    findings: tuple[FindingView, ...]
    gates: tuple[GateView, ...]
    milestones: tuple[MilestoneView, ...]
    counts: tuple[tuple[str, int], ...]
    notes: tuple[str, ...] = ()


def stops(finding: Finding) -> bool:
    """Whether a gate is closed by it: what blocks has failed, or nobody knows."""
    return finding.level == "block" and finding.open


def view_check(
    findings: Sequence[Finding],
    environment: Environment,
    playbook: Playbook,
    *,
    phases: Sequence[int],
    stage: str,
    vault: Vault | None = None,
    notes: tuple[str, ...] = (),
) -> CheckView:
    """All there is to say about *findings*, scrubbed and escaped; *stage* is how people call it."""
    view = CheckView(
        tenant=environment.tenant,
        environment=environment.name,
        domain=environment.domain,
        kind=environment.kind,
        stage=stage,
        gates_mode=environment.gates,
        blocked=any(map(stops, findings)),
        findings=view_findings(findings, playbook),
        gates=tuple(_gates(findings, playbook, phases)),
        milestones=tuple(_milestones(findings, playbook, phases)),
        counts=_counts(findings),
        notes=notes,
    )
    return cleaned(view, cleaner(vault))


def view_findings(findings: Iterable[Finding], playbook: Playbook) -> tuple[FindingView, ...]:
    """*findings* as views, what is open first and the worst of it first; not yet escaped."""
    return tuple(_finding(each, playbook) for each in sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[bool, bool, int, int, str]:
    return (
        not finding.open,
        finding.status == "unknown",
        LEVELS.index(finding.level),
        SEVERITIES.index(finding.severity),
        finding.check,
    )


def _finding(finding: Finding, playbook: Playbook) -> FindingView:
    said = texts_of(playbook)["checks"].get(finding.check, {}) if finding.open else {}
    known = [playbook.topics[topic].name for topic in finding.topics if topic in playbook.topics]
    return FindingView(
        check=finding.check,
        title=finding.title,
        severity=finding.severity,
        level=finding.level,
        status=finding.status,
        blocking=stops(finding),
        details=finding.details,
        where=tuple(f"{o.file}:{o.line}" if o.line else o.file for o in finding.places),
        topics=finding.topics,
        topic=known[0] if known else "",
        phase=finding.phase,
        milestone=finding.milestone,
        waived=finding.waived,
        vacuous=finding.vacuous,
        why=said.get("why", ""),
        mend=mend(finding, playbook) if finding.open else "",
        see=tuple(said.get("see", ())),
    )


def _gates(
    findings: Sequence[Finding], playbook: Playbook, phases: Sequence[int]
) -> Iterable[GateView]:
    for number in phases:
        judged = gates_of(findings, playbook, number)
        for gate in playbook.phase(number).gates:
            mine = judged[gate.id]
            stopping = [each for each in mine if stops(each)]
            failed = any(each.status == "failed" for each in stopping)
            state = "open" if failed else "unknown" if stopping or not mine else "passed"
            yield GateView(number, gate.id, gate.text, state, tuple(each.check for each in mine))


def _milestones(
    findings: Sequence[Finding], playbook: Playbook, phases: Sequence[int]
) -> Iterable[MilestoneView]:
    for number in phases:
        phase = playbook.phase(number)
        last = reached(findings, playbook, number)
        ids = [milestone.id for milestone in phase.milestones]
        until = ids.index(last) if last else -1
        for index, milestone in enumerate(phase.milestones):
            stopping = [
                each
                for each in findings
                if stops(each) and each.phase == number and each.milestone == milestone.id
            ]
            yield MilestoneView(number, milestone.id, milestone.name, index <= until, len(stopping))


def _counts(findings: Sequence[Finding]) -> tuple[tuple[str, int], ...]:
    found = Counter(finding.status for finding in findings)
    return (
        ("blocking", sum(map(stops, findings))),
        ("failed", found["failed"]),
        ("unknown", sum(each.status == "unknown" and each.open for each in findings)),
        ("passed", found["passed"]),
        ("vacuous", sum(each.vacuous for each in findings)),
        ("waived", sum(bool(each.waived) for each in findings)),
        ("absent", found["absent"]),
    )


def check_as_json(view: CheckView) -> dict[str, Json]:
    """*view* as `{"format": 1, "type": "check", ...}`; keys are the view's fields."""
    document: dict[str, Json] = {"format": FORMAT, "type": "check"}
    document.update(plain(view))
    document["counts"] = dict(view.counts)
    return document
