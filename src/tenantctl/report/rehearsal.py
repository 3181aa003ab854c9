"""What a rehearsal has shown, as a view: plain strings and numbers, safe to show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tenantctl.model import (
    FAILED,
    PASSED,
    SKIPPED,
    STALE,
    STATUSES,
    Json,
    Outcome,
    Rehearsal,
    Step,
    Vault,
    dotted,
)
from tenantctl.playbooks import Playbook
from tenantctl.report.document import plain
from tenantctl.report.junit import Case, junit
from tenantctl.report.redact import cleaned, cleaner

REQUEST = re.compile(r"(?P<request>[A-Z]+ /\S*): (?P<code>[1-5]\d\d) (?P<said>.*)", re.DOTALL)
"""How the gateway words an error answer of the API."""
UNREACHED = "not reached"
NOTHING = "There is nothing to apply."
WORDS = {
    PASSED: "Every step would be applied.",
    FAILED: "The apply would fail.",
    STALE: "The tenant has moved since the plan was made: plan again.",
}


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A step that would not be applied, or would not stay so, and why.

    *status* is `failed`, `moved`, or `lacking` where what was written was not there afterwards.
    *request* and *code* are those of the API's answer, empty and 0 where it was none of the API's.
    """

    step: str
    verb: str
    phase: int
    workstream: str
    topic: str
    status: str
    request: str
    code: int
    message: str


@dataclass(frozen=True, slots=True)
class StreamView:
    """A workstream of a phase: how many *steps* it has, and how they ended."""

    phase: int
    id: str
    name: str
    steps: int
    applied: int
    failed: int
    unreached: int
    problems: tuple[ProblemView, ...]


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """A rehearsal. *requests* is how many reads the live tenant was sent, *words* the verdict's.

    *scopes* are those that the apply credentials lack; *unasked* says why nobody knows. *left* is
    what a second plan would still do, *again* whether there was one. *plan* is its checksum.
    """

    tenant: str
    environment: str
    domain: str
    plan: str
    verdict: str
    words: str
    steps: int
    counts: tuple[tuple[str, int], ...]
    streams: tuple[StreamView, ...]
    scopes: tuple[str, ...]
    unasked: str
    left: tuple[str, ...]
    again: bool
    made_up: tuple[str, ...]
    requests: int
    kept: str
    serve: str
    notes: tuple[str, ...]


def view_rehearsal(
    found: Rehearsal,
    playbook: Playbook,
    vault: Vault | None = None,
    *,
    checksum: str,
    kept: str = "",
    serve: str = "",
) -> RehearsalView:
    """All there is to say about *found*, scrubbed of *vault*'s values and escaped.

    *kept* is the file that the copy was left in, *serve* the command that shows what is in it.
    """
    plan, counts = found.plan, Counter(each.status for each in found.outcomes.values())
    view = RehearsalView(
        tenant=plan.tenant,
        environment=plan.environment,
        domain=plan.domain,
        plan=checksum,
        verdict=found.verdict,
        words=WORDS[found.verdict] if plan.steps or found.verdict != PASSED else NOTHING,
        steps=len(plan.steps),
        counts=tuple((status, counts[status]) for status in STATUSES if counts[status]),
        streams=tuple(_streams(found, playbook)),
        scopes=found.scopes,
        unasked=found.unasked,
        left=found.left,
        again=found.again,
        made_up=found.made_up,
        requests=found.requests,
        kept=kept,
        serve=serve,
        notes=found.notes,
    )
    return cleaned(view, cleaner(vault))


def _streams(found: Rehearsal, playbook: Playbook) -> Iterator[StreamView]:
    """The workstreams that have steps, in the order in which the plan comes to them."""
    names = {(p.number, w.id): w.name for p in playbook.phases for w in p.workstreams}
    groups: dict[tuple[int, str], list[Step]] = {}
    for step in found.plan.steps:
        groups.setdefault((step.place.phase, step.place.workstream), []).append(step)
    for (phase, id), steps in sorted(groups.items(), key=lambda item: item[0][0]):
        ended = Counter(_ended(found.outcomes.get(step.id)) for step in steps)
        problems = tuple(problem for step in steps for problem in _problems(found, step, playbook))
        yield StreamView(
            phase=phase,
            id=id,
            name=names.get((phase, id), id),
            steps=len(steps),
            applied=ended[PASSED],
            failed=ended[FAILED],
            unreached=ended[SKIPPED],
            problems=problems,
        )


def _ended(outcome: Outcome | None) -> str:
    if outcome is None or outcome.status == "skipped":
        return SKIPPED
    return PASSED if outcome.done or outcome.status == "waiting" else FAILED


def _problems(found: Rehearsal, step: Step, playbook: Playbook) -> Iterator[ProblemView]:
    outcome = found.outcomes.get(step.id)
    if outcome is not None and outcome.status in {"failed", "moved"}:
        yield _problem(step, outcome.status, outcome.detail, playbook)
    for id, path in found.lacking:
        if id == step.id:
            what = dotted(path) or "what was written"
            yield _problem(step, "lacking", f"{what} is not as it was written", playbook)


def _problem(step: Step, status: str, detail: str, playbook: Playbook) -> ProblemView:
    match = REQUEST.match(detail)
    topic = step.place.topic
    return ProblemView(
        step=str(step.id),
        verb=step.change.verb,
        phase=step.place.phase,
        workstream=step.place.workstream,
        topic=playbook.topics[topic].name if topic in playbook.topics else topic,
        status=status,
        request=match["request"] if match else "",
        code=int(match["code"]) if match else 0,
        message=match["said"] if match else detail,
    )


def rehearsal_as_json(view: RehearsalView) -> dict[str, Json]:
    """*view* as `{"format": 1, "type": "rehearsal", ...}`; keys are the view's fields."""
    told: dict[str, Json] = plain(view)
    told["counts"] = dict(view.counts)
    return {"format": 1, "type": "rehearsal", **told}


def rehearsal_junit(view: RehearsalView) -> str:
    """A suite for each workstream with a case for each problem, or one that passed; and a suite
    for what is about the whole plan.
    """
    target = f"{view.tenant}/{view.environment}"
    suites = [
        (f"{target} phase {stream.phase} {stream.name}", tuple(_cases(stream)))
        for stream in view.streams
    ]
    return junit([*suites, (f"{target} as a whole", tuple(_whole(view)))])


def _cases(stream: StreamView) -> Iterator[Case]:
    if not stream.problems:
        status, said = (PASSED, "") if not stream.unreached else (SKIPPED, UNREACHED)
        yield Case(stream.name, f"{stream.steps} steps", status, said)
    for each in stream.problems:
        said = said_of(each)
        yield Case(each.topic, f"{each.verb} {each.step}", FAILED, said, said)


def _whole(view: RehearsalView) -> Iterator[Case]:
    yield _case("the apply credentials have every scope", view.scopes, view.unasked)
    unmade = "" if view.again else "no second plan was made"
    yield _case("a second plan has nothing to do", view.left, unmade)


def _case(name: str, wrong: Iterable[str], unknown: str) -> Case:
    if said := "; ".join(wrong):
        return Case("rehearsal", name, FAILED, said, said)
    return Case("rehearsal", name, SKIPPED if unknown else PASSED, unknown)


def said_of(problem: ProblemView) -> str:
    """What a problem comes to, on one line."""
    if problem.request:
        return f"{problem.request}: {problem.code} {problem.message}"
    return problem.message or problem.status
