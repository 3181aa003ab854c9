"""Gates: whether what is due by now is there. Pure.

What is due is counted in milestones: those of a phase, after all of the phases that it requires.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tenantctl.errors import UsageError
from tenantctl.model import Finding, Origin, Violation
from tenantctl.playbooks import Playbook, Topic, texts_of

TOPIC = "topic."
"""How the id of a finding begins that is about a topic which nobody has decided on."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a rollout is to be: these *phases*, and of each the milestones up to an index.

    A phase without one is to be there as a whole.
    """

    phases: tuple[int, ...]
    until: Mapping[int, int]

    def covers(self, playbook: Playbook, phase: int, milestone: str) -> bool:
        """Whether what is due by *milestone* of *phase* is due now."""
        if phase not in self.phases:
            return False
        if phase not in self.until or not milestone:
            return True
        return playbook.phase(phase).milestone(milestone) <= self.until[phase]


def stage(
    playbook: Playbook, released: Iterable[int], phase: int | None = None, milestone: str = ""
) -> Stage:
    """The stage at which *phase* is, with all that it requires; without one all *released* are.

    *milestone* is one of that phase, or of the last one released. Raises UsageError for what is
    not released or not in the playbook.
    """
    phases = tuple(sorted(released))
    if phase is not None:
        if playbook.phase(phase).number not in phases:
            known = ", ".join(map(str, phases))
            raise UsageError(
                f"phase {phase} is not released in this environment",
                help=f"released are {known}; write it under phases in the environment file",
            )
        phases = tuple(n for n in phases if n == phase or n in _required(playbook, phase))
    if not milestone:
        return Stage(phases, {})
    last = phase if phase is not None else max(phases)
    return Stage(phases, {last: playbook.phase(last).milestone(milestone)})


def _required(playbook: Playbook, phase: int) -> frozenset[int]:
    """The phases that *phase* requires, directly or through others."""
    found: set[int] = set()
    todo = [phase]
    while todo:
        for number in playbook.phase(todo.pop()).requires:
            if number not in found:
                found.add(number)
                todo.append(number)
    return frozenset(found)


def due(findings: Iterable[Finding], playbook: Playbook, now: Stage) -> tuple[Finding, ...]:
    """Those of *findings* that are due at this stage."""
    return tuple(f for f in findings if now.covers(playbook, f.phase, f.milestone))


def undecided(
    playbook: Playbook,
    adopted: Mapping[str, Origin],
    declined: Mapping[str, Origin],
    now: Stage,
) -> Iterator[Finding]:
    """A finding for each topic of this stage that is neither adopted nor declined.

    A required one blocks; whether a conditional one is needed is for a person to say.
    """
    decided = adopted.keys() | declined.keys()
    for phase in playbook.phases:
        for stream in phase.workstreams:
            for asked in stream.topics:
                if asked.id in decided or not now.covers(playbook, phase.number, asked.milestone):
                    continue
                if finding := _undecided(asked):
                    yield finding


LEVEL = {"required": "block", "recommended": "warn", "conditional": "info"}


def _undecided(topic: Topic) -> Finding | None:
    level = LEVEL.get(topic.requirement)
    if level is None:
        return None
    needed = f"; it is needed where {topic.condition}" if topic.condition else ""
    why = f"the topic {topic.id} is neither adopted nor declined in tenant.yaml{needed}"
    return _about(topic, f"{topic.name} is adopted, or declined with a reason", level, (why,))


def _about(
    topic: Topic, title: str, level: str, why: tuple[str, ...], places: tuple[Origin, ...] = ()
) -> Finding:
    severity = {"block": "high", "warn": "medium"}.get(level, "low")
    return Finding(
        check=f"{TOPIC}{topic.id}",
        title=title,
        severity=severity,
        level=level,
        status="failed",
        details=why,
        places=places,
        topics=(topic.id,),
        phase=topic.phase,
        milestone=topic.milestone,
    )


def unmet(
    playbook: Playbook, adopted: Mapping[str, Origin], released: Iterable[int], now: Stage
) -> Iterator[Finding]:
    """A finding for each adopted topic of this stage that needs what is not there.

    That is a topic which is not adopted here, or whose phase is not *released*.
    """
    phases = frozenset(released)
    for id, origin in adopted.items():
        topic = playbook.topics.get(id)
        if topic is None or not now.covers(playbook, topic.phase, topic.milestone):
            continue
        for word, level, needs in (
            ("needs", "block", topic.follows),
            ("had better have", "info", topic.after),
        ):
            why = tuple(
                detail
                for need in needs
                if (detail := _lacking(playbook.topics[need], adopted, phases, word))
            )
            if why:
                yield _about(topic, f"{topic.name} has what it {word}", level, why, (origin,))


def _lacking(topic: Topic, adopted: Mapping[str, Origin], phases: frozenset[int], word: str) -> str:
    if topic.id not in adopted:
        return f"it {word} {topic.id}, which is not adopted here"
    if topic.phase not in phases:
        return f"it {word} {topic.id}, which phase {topic.phase} brings, and that is not released"
    return ""


def mend(finding: Finding, playbook: Playbook) -> str:
    """What to do about a finding, in a sentence or two."""
    if finding.check.startswith(TOPIC):
        topic = finding.check.removeprefix(TOPIC)
        if finding.places:
            return (
                "adopt what it needs and release its phase; or do without it here: "
                f"topics: {{{topic}: declined}} in the environment file"
            )
        return f"write {topic} under adopts in tenant.yaml, or under declines with a reason"
    said = texts_of(playbook)["checks"].get(finding.check, {}).get("mend", "")
    more = "" if said else f"`tenantctl explain {finding.check}` says how it is evaluated"
    return f"{said}{more}"


def refusals(findings: Iterable[Finding], playbook: Playbook) -> Iterator[Violation]:
    """Why a plan may not be applied where gates are enforced: every finding that blocks."""
    for finding in findings:
        if finding.blocking:
            said = ": ".join(filter(None, (finding.title, "; ".join(finding.details))))
            about = ", ".join(finding.topics[:1])
            yield Violation(finding.check, about, said, mend(finding, playbook))


def gates_of(
    findings: Iterable[Finding], playbook: Playbook, phase: int
) -> Mapping[str, tuple[Finding, ...]]:
    """The findings of each gate of *phase*, by the gate's id; of those that were judged."""
    by_check = {finding.check: finding for finding in findings}
    return {
        gate.id: tuple(by_check[check] for check in gate.checks if check in by_check)
        for gate in playbook.phase(phase).gates
    }


def reached(findings: Iterable[Finding], playbook: Playbook, phase: int) -> str:
    """The last milestone of *phase* before which nothing blocks; empty where there is none."""
    mine = [f for f in findings if f.phase == phase and f.level == "block" and f.open]
    last = ""
    for index, milestone in enumerate(playbook.phase(phase).milestones):
        until = Stage((phase,), {phase: index})
        if any(until.covers(playbook, f.phase, f.milestone) for f in mine):
            break
        last = milestone.id
    return last
