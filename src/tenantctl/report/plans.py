"""A plan as a view."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from shlex import quote

from tenantctl.engine.risk import Judgement, judge
from tenantctl.kinds import Lens
from tenantctl.model import BACKUP, Create, Delete, Plan, Released, Step, StepId, Vault
from tenantctl.playbooks import Playbook
from tenantctl.report.findings import view_findings
from tenantctl.report.redact import Clean, cleaned, cleaner, scrubber
from tenantctl.report.risks import count_risks, view_reach, view_risks
from tenantctl.report.rows import kind_of, rows_of
from tenantctl.report.shown import concealed, field_name, shown
from tenantctl.report.view import (
    Counts,
    Group,
    ReleasedView,
    StageView,
    StepView,
    TopicView,
    View,
    ViolationView,
)

ROWS = 8
"""Fields of a create or delete that are shown unless everything is asked for."""

Rate = tuple[int, float]
"""Requests that may go at once, and requests a second after that."""


def view_plan(
    plan: Plan,
    playbook: Playbook,
    vault: Vault | None = None,
    *,
    full: bool = False,
    rate: Rate | None = None,
    file: str = "",
    notes: tuple[str, ...] = (),
) -> View:
    """All there is to say about *plan*, scrubbed of *vault*'s values and escaped.

    *full* leaves nothing out. *rate* turns requests into seconds. *file* is where the plan was
    saved, if it was: the command that applies it names it. *notes* are passed on.
    """
    judged = judge(plan)
    aspects = _Aspects(scrubber(vault), judged, full)
    numbered = list(enumerate(plan.steps, 1))
    forward = [(n, step) for n, step in numbered if not isinstance(step.change, Delete)]
    back = [(n, step) for n, step in numbered if isinstance(step.change, Delete)]
    groups = tuple(_groups(forward, playbook, aspects))
    deletes = tuple(_step(n, step, aspects) for n, step in back)
    view = View(
        tenant=plan.tenant,
        environment=plan.environment,
        domain=plan.domain,
        kind=plan.kind,
        phases=plan.phases,
        selection=plan.selection,
        approval=plan.approval,
        digest=plan.digest,
        groups=groups,
        deletes=deletes,
        released=tuple(
            ReleasedView(str(one.address), field_name(one.path), _kept(one, aspects.scrub))
            for one in plan.released
        ),
        violations=tuple(
            ViolationView(v.rule, v.address, v.detail, v.help, v.allowed) for v in plan.violations
        ),
        counts=_counts(plan, rate),
        next=_next(plan, file),
        notes=(*plan.notes, *notes),
        findings=view_findings(plan.findings, playbook),
        hotfix=plan.hotfix,
        risks=count_risks(judged.values()),
        timeline=tuple(_timeline(groups, deletes, rate)),
    )
    return cleaned(view, cleaner(vault))


@dataclass(frozen=True, slots=True)
class _Aspects:
    """What every step is seen with."""

    scrub: Clean
    judged: Mapping[StepId, Judgement]
    full: bool


def _groups(
    numbered: Iterable[tuple[int, Step]], playbook: Playbook, aspects: _Aspects
) -> Iterator[Group]:
    """Steps by workstream and topic, both in the playbook's order; steps as the plan has them."""
    names = {(p.number, w.id): w.name for p in playbook.phases for w in p.workstreams}
    first: dict[tuple[int, str], int] = {}
    for _, step in numbered:
        key = (step.place.phase, step.place.workstream)
        first[key] = min(step.place.index, first.get(key, step.place.index))

    def position(each: tuple[int, Step]) -> tuple[int, int, str, int, str]:
        place = each[1].place
        start = first[place.phase, place.workstream]
        return place.phase, start, place.workstream, place.index, place.topic

    ordered = sorted(numbered, key=position)
    for (phase, _, workstream), members in groupby(ordered, key=lambda each: position(each)[:3]):
        topics = tuple(
            TopicView(
                topic,
                playbook.topics[topic].name if topic in playbook.topics else topic,
                tuple(_step(number, step, aspects) for number, step in steps),
            )
            for topic, steps in groupby(members, key=lambda each: each[1].place.topic)
        )
        yield Group(phase, workstream, names.get((phase, workstream), workstream), topics)


def _step(number: int, step: Step, aspects: _Aspects) -> StepView:
    rows = tuple(rows_of(step.change, aspects.scrub, full=aspects.full))
    whole = isinstance(step.change, Create | Delete) and not aspects.full
    judgement = aspects.judged[step.id]
    return StepView(
        number=number,
        id=str(step.id),
        sign=step.change.sign,
        verb=step.change.verb,
        address=str(step.address),
        part=step.id.part,
        reason=step.reason,
        where=tuple(f"{o.file}:{o.line}" if o.line else o.file for o in step.origins),
        needs=tuple(sorted(map(str, step.needs))),
        requests=step.requests,
        rows=rows[:ROWS] if whole else rows,
        more=max(0, len(rows) - ROWS) if whole else 0,
        breaks=kind_of(step.address).replace_breaks if step.change.verb == "delete" else "",
        risks=view_risks(judgement),
        everybody=judgement.reach.everybody,
        reach=view_reach(judgement.reach.counted),
    )


def _kept(released: Released, scrub: Clean) -> str:
    """The value that a released field keeps; empty for a resource that stays as a whole."""
    if not released.path:
        return ""
    lens = Lens(kind_of(released.address), {})
    return shown(concealed(lens, released.value, released.path, scrub))


def _counts(plan: Plan, rate: Rate | None) -> Counts:
    """What happens to how many addresses; a second step of an address does not count again."""
    verbs: dict[str, set[str]] = {"create": set(), "update": set(), "delete": set()}
    for step in plan.steps:
        verbs[step.change.verb].add(str(step.address))
    requests = sum(step.requests for step in plan.steps)
    replaced = verbs["create"] & verbs["delete"]
    return Counts(
        create=len(verbs["create"] - replaced),
        update=len(verbs["update"] - verbs["create"]),
        delete=len(verbs["delete"] - replaced),
        replace=len(replaced),
        steps=len(plan.steps),
        requests=requests,
        seconds=None if rate is None else math.ceil(_seconds(requests, rate)),
    )


def _seconds(requests: int, rate: Rate) -> float:
    """How long it takes until so many requests have been made."""
    return max(0, requests - rate[0]) / rate[1]


def _timeline(
    groups: Iterable[Group], deletes: tuple[StepView, ...], rate: Rate | None
) -> Iterator[StageView]:
    """What each workstream takes, one after the other, and the deletes after them."""
    parts = [(g.phase, g.id, g.name, [s for t in g.topics for s in t.steps]) for g in groups]
    if deletes:
        parts.append((max((g.phase for g in groups), default=0), "deletes", "Deletes", [*deletes]))
    first = 0
    for phase, id, name, steps in parts:
        requests = sum(step.requests for step in steps)
        begins, ends = (
            None if rate is None else round(_seconds(n, rate), 1) for n in (first, first + requests)
        )
        yield StageView(phase, id, name, len(steps), first, requests, begins, ends)
        first += requests


def _next(plan: Plan, file: str) -> str:
    """The command that comes next; empty where there is nothing to do or no way to do it."""
    if not plan.steps or plan.blocking:
        return ""
    if file:
        return f"tenantctl apply {quote(file)}"
    if plan.digest.startswith(BACKUP):
        return f"tenantctl restore {plan.tenant}/{plan.environment} FILE --out plan.json"
    command, out = ("apply", ()) if plan.approval == "auto" else ("plan", ("--out plan.json",))
    return " ".join(
        (f"tenantctl {command} {plan.tenant}/{plan.environment}{selecting(plan)}", *out)
    )


def selecting(plan: Plan) -> str:
    """The options that select what *plan* selects, each after a blank; empty for everything."""
    return "".join(f" {_option(word)}" for word in plan.selection)


def _option(word: str) -> str:
    """The option that selects what *word* of a selection says; see `engine.selection`."""
    options = {"phase": "--phase", "until": "--until-milestone", "without": "--exclude"}
    name, _, rest = word.partition(" ")
    return f"{options[name]} {quote(rest)}" if rest else f"--target {quote(word)}"
