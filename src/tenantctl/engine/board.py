"""Where an environment stands: its topics, workstream by workstream, and its milestones. Pure.

What is counted here is counted once: a resource, a change and a finding each belong to one topic
of one phase, so that the figures of a workstream are the sums of those of its topics.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tenantctl.engine.gates import due, stage
from tenantctl.engine.standing import (
    ADOPTED,
    DECLINED,
    STATES,
    UNDECIDED,
    Cell,
    Column,
    Figures,
    Reached,
    Run,
    Seen,
    Trial,
)
from tenantctl.model import Finding
from tenantctl.playbooks import Playbook

UNDONE = ("waiting", "partial")
"""How a run ends that can be taken up again."""
At = tuple[int, str]
"""A topic of a phase: the phase's number, and the topic's id."""


def column(seen: Seen, today: dt.date) -> Column:
    """How the environment stands that was *seen*."""
    environment, book = seen.environment, seen.playbook
    findings = due(seen.findings, book, stage(book, environment.phases))
    cells = tuple(_cells(seen, findings))
    released = [cell for cell in cells if cell.phase in environment.phases]
    figures = total(cell.figures for cell in released)
    next, because = _next(seen, figures)
    return Column(
        tenant=environment.tenant,
        environment=environment.name,
        kind=environment.kind,
        domain=environment.domain,
        phases=environment.phases,
        promotes_from=environment.promotes_from,
        gates=environment.gates,
        digest=seen.desired.digest,
        read=seen.plan is not None,
        state=state(released),
        figures=figures,
        cells=cells,
        milestones=tuple(_milestones(seen, findings, cells)),
        findings=findings,
        last=_last(seen),
        tests=tuple(_trials(seen)),
        backup=seen.backup,
        backup_age=(today - seen.backup).days if seen.backup else None,
        next=next,
        because=because,
    )


def total(figures: Iterable[Figures]) -> Figures:
    """The sum of *figures*."""
    return sum(figures, Figures())


def state(cells: Iterable[Cell]) -> str:
    """The worst state among *cells*; `none` where there are none."""
    return min((cell.state for cell in cells), key=STATES.index, default="none")


def home_of(finding: Finding, playbook: Playbook, adopted: Iterable[str]) -> At:
    """The topic of a phase that *finding* is counted with: an adopted one that is due with it."""
    mine = set(adopted)
    known = [playbook.topics[topic] for topic in finding.topics if topic in playbook.topics]
    there = [t for t in known if t.id in mine] or known
    if not there:
        return finding.phase, ""
    first = next((t for t in there if t.phase == finding.phase), there[0])
    return _occurrence(playbook, finding.phase, first.id)


def _occurrence(playbook: Playbook, phase: int, topic: str) -> At:
    """Where the playbook asks for *topic* by *phase*: there, else where it last did before."""
    earlier = [p.number for p in playbook.phases if p.number <= phase and p.due(topic)]
    return max(earlier, default=playbook.topics[topic].phase), topic


def _cells(seen: Seen, findings: Sequence[Finding]) -> Iterator[Cell]:
    resources = _resources(seen)
    changes, drifted = _changes(seen)
    judged: dict[At, Counter[str]] = {}
    for finding in findings:
        if finding.open:
            at = home_of(finding, seen.playbook, seen.adopted)
            word = "unknown" if finding.status == "unknown" else finding.level
            judged.setdefault(at, Counter())[word] += 1
    for phase in seen.playbook.phases:
        for asked in (each for stream in phase.workstreams for each in stream.asked):
            at = (phase.number, asked.id)
            counts = judged.get(at, Counter())
            figures = Figures(
                resources[at],
                changes[at],
                drifted[at],
                counts["block"],
                counts["warn"],
                counts["info"],
                counts["unknown"],
            )
            yield _cell(seen, at, figures)


def _cell(seen: Seen, at: At, figures: Figures) -> Cell:
    phase, topic = at
    adoption = (
        ADOPTED if topic in seen.adopted else DECLINED if topic in seen.declined else UNDECIDED
    )
    released = phase in seen.environment.phases
    return Cell(
        phase=phase,
        topic=topic,
        adoption=adoption,
        figures=figures,
        state=_state(seen, adoption, figures) if released else "unreleased",
        reason=_reason(seen, topic) if adoption == DECLINED else "",
        origin=seen.adopted.get(topic) or seen.declined.get(topic),
    )


def _reason(seen: Seen, topic: str) -> str:
    return seen.reasons.get(topic) or f"not in {seen.environment.name}"


def _state(seen: Seen, adoption: str, figures: Figures) -> str:
    """How a released topic stands; what nobody adopted, and nothing asks for, is `none`."""
    if figures.block:
        return "blocked"
    if figures.changes:
        return "drifted" if figures.drifted else "pending"
    if figures.resources and seen.plan is None:
        return "unread"
    if figures.warn:
        return "warned"
    if figures.unknown:
        return "unknown"
    return "good" if adoption == ADOPTED else "none"


def _resources(seen: Seen) -> Counter[At]:
    """How many declared addresses belong to each topic: to the first that feeds them."""
    found: Counter[At] = Counter()
    for address in seen.desired.tenant.resources:
        declaration = seen.desired.declarations.get(address)
        topics = [t for t in declaration.topics if t in seen.playbook.topics] if declaration else ()
        if declaration and topics:
            first = min(topics, key=seen.playbook.place)
            phase = max(declaration.phase, seen.playbook.place(first)[0])
            found[_occurrence(seen.playbook, phase, first)] += 1
    return found


def _changes(seen: Seen) -> tuple[Counter[At], Counter[At]]:
    """The steps of each topic, and how many of them undo what somebody else did."""
    changes: Counter[At] = Counter()
    drifted: Counter[At] = Counter()
    for step in seen.plan.steps if seen.plan else ():
        topic = step.place.topic or list(seen.playbook.topics)[-1]
        at = _occurrence(seen.playbook, step.place.phase, topic)
        changes[at] += 1
        drifted[at] += step.address in seen.drifted
    return changes, drifted


def _milestones(
    seen: Seen, findings: Sequence[Finding], cells: Sequence[Cell]
) -> Iterator[Reached]:
    """How far each phase is; what holds up a milestone holds up those after it."""
    for phase in seen.playbook.phases:
        due_by = {each.id: each.milestone for stream in phase.workstreams for each in stream.asked}
        stopping: list[Finding] = []
        changes, unread = 0, False
        for milestone in phase.milestones:
            stopping += [
                finding
                for finding in findings
                if finding.phase == phase.number
                and finding.milestone == milestone.id
                and finding.level == "block"
                and finding.open
            ]
            mine = [
                cell
                for cell in cells
                if cell.phase == phase.number and due_by[cell.topic] == milestone.id
            ]
            changes += sum(cell.figures.changes for cell in mine)
            unread = unread or any(cell.figures.resources for cell in mine)
            if phase.number not in seen.environment.phases:
                yield Reached(phase.number, milestone.id, "unreleased")
            else:
                state, count = _reached(stopping, changes, unread=unread and seen.plan is None)
                yield Reached(phase.number, milestone.id, state, count)


def _reached(stopping: Sequence[Finding], changes: int, *, unread: bool) -> tuple[str, int]:
    if failed := sum(finding.status == "failed" for finding in stopping):
        return "blocked", failed
    if changes:
        return "pending", changes
    if unread:
        return "unread", 0
    return ("unknown", len(stopping)) if stopping else ("reached", 0)


def _last(seen: Seen) -> Run | None:
    last = seen.receipt
    if last is None:
        return None
    return Run(
        kind=last.kind,
        status=last.status,
        when=last.when,
        who=last.who,
        version=last.version,
        digest=last.digest,
        commit=last.commit,
        phases=last.phases,
        full=last.full,
        current=last.digest == seen.desired.digest,
        hotfix=seen.hotfix,
    )


def _trials(seen: Seen) -> Iterator[Trial]:
    """The newest receipt of each kind of tests."""
    newest = {each.ran: each for each in sorted(seen.tests, key=lambda each: each.when)}
    for ran in sorted(newest):
        each = newest[ran]
        current = each.digest == seen.desired.digest
        yield Trial(ran, each.passed, each.when, current, tuple(each.counts.items()))


def _next(seen: Seen, figures: Figures) -> tuple[str, str]:
    """What to do next, and why."""
    id = seen.environment.id
    if seen.unfinished:
        return f"tenantctl resume {id}", "a run was begun and never ended"
    if seen.receipt and seen.receipt.status in UNDONE:
        return f"tenantctl resume {id}", f"the last run is {seen.receipt.status}"
    if seen.plan is None:
        return f"tenantctl status {id}", "the tenant was not read"
    if figures.drifted:
        since = f"{_many(figures.drifted, 'change')} in the tenant since the last apply"
        return f"tenantctl drift {id}", since
    if figures.changes:
        return f"tenantctl plan {id}", f"{_many(figures.changes, 'change')} to apply"
    for count, why in (
        (figures.block, "in the way"),
        (figures.warn, "to look at"),
        (figures.unknown, "not evaluated"),
    ):
        if count:
            return f"tenantctl check {id}", f"{_many(count, 'check')} {why}"
    return "", _then(seen)


def _then(seen: Seen) -> str:
    """What a person can do where everything that is released stands as it should."""
    released = set(seen.environment.phases)
    for phase in seen.playbook.phases:
        if phase.number not in released and released.issuperset(phase.requires):
            return f"phase {phase.number} can be released: write it under phases"
    return "nothing to do"


def _many(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count} {word}s"
