"""What a run has done that was to carry out a plan, as a view: also where it never began."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl import __version__
from tenantctl.engine.account import Account, Tally
from tenantctl.engine.risk import judge
from tenantctl.model import STATUSES, Event, Lacking, Outcome, Plan, Receipt, Step, StepId
from tenantctl.report.receipts import next_of
from tenantctl.report.redact import Clean, cleaned
from tenantctl.report.shown import field_name
from tenantctl.report.view import ActView, AppliedView, ViolationView

UNKNOWN, NOT_BEGUN = "unknown", "not_begun"
ENDS: Mapping[int, str] = {
    1: "the run failed",
    3: "the tenant has moved since the plan was made",
    5: "the plan is refused",
    75: "somebody else has the lock of the tenant now: the run was stopped",
    130: "the run was interrupted",
}
"""By exit code, why a run ended of which no error says it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """All that is known of a run at its end; *target* is what the command was given.

    *events* are the last ones of each step, *took* the seconds of those that ended. *error* and
    *help* are of what ended the run, if an error did.
    """

    target: str
    exit_code: int
    seconds: float
    account: Account
    error: str = ""
    help: str = ""
    plan: Plan | None = None
    receipt: Receipt | None = None
    events: Mapping[StepId, Event] = field(default_factory=dict)
    took: Mapping[StepId, float] = field(default_factory=dict)
    lacking: tuple[Lacking, ...] = ()


def view_applied(ran: Ran, clean: Clean) -> AppliedView:
    """All there is to say about *ran*; every string is *clean*."""
    plan, receipt, total = ran.plan, ran.receipt, ran.account.total
    acts = tuple(_acts(ran))
    counts = Counter(act.status for act in acts)
    tenant, environment = (plan.tenant, plan.environment) if plan else ("", "")
    view = AppliedView(
        target=f"{tenant}/{environment}" if plan else ran.target,
        tenant=tenant,
        environment=environment,
        domain=plan.domain if plan else "",
        phases=plan.phases if plan else (),
        selection=plan.selection if plan else (),
        digest=plan.digest if plan else "",
        status=_status(ran),
        exit_code=ran.exit_code,
        error=_error(ran),
        help=ran.help,
        lacking=tuple(map(_lacking, ran.lacking)),
        violations=tuple(_violations(plan)) if plan and not ran.events else (),
        acts=acts,
        counts=tuple(
            (name, counts[name]) for name in (*STATUSES, UNKNOWN, NOT_BEGUN) if counts[name]
        ),
        requests=total.requests,
        writes=total.writes,
        limited=total.limited,
        waited=round(total.waited, 1),
        seconds=round(ran.seconds, 1),
        commit=receipt.commit if receipt else plan.commit if plan else "",
        version=__version__,
        who=receipt.who if receipt else "",
        when=receipt.when if receipt else "",
        next=next_of(receipt) if receipt else "",
    )
    return cleaned(view, clean)


def _status(ran: Ran) -> str:
    if ran.receipt is not None:
        return ran.receipt.status
    return UNKNOWN if ran.events else NOT_BEGUN


def _error(ran: Ran) -> str:
    """What ended the run; nothing where it came to its end, or what its steps say is enough."""
    if ran.error:
        return ran.error
    done = ran.receipt is not None and ran.exit_code == 1
    return "" if done else ENDS.get(ran.exit_code, "")


def _violations(plan: Plan) -> Iterator[ViolationView]:
    for each in plan.blocking:
        yield ViolationView(each.rule, each.address, each.detail, each.help, each.allowed)


def _lacking(lacking: Lacking) -> str:
    if lacking.step is None:
        return lacking.detail
    return f"{lacking.step} {field_name(lacking.path)} is not as it was written"


def _acts(ran: Ran) -> Iterator[ActView]:
    """Each step of the plan, in its order."""
    if ran.plan is None:
        return
    judged = judge(ran.plan)
    for number, step in enumerate(ran.plan.steps, 1):
        yield _act(ran, number, step, judged[step.id].risks)


def _act(ran: Ran, number: int, step: Step, risks: tuple[str, ...]) -> ActView:
    outcome, place = _outcome(ran, step.id), step.place
    return ActView(
        number=number,
        id=str(step.id),
        sign=step.change.sign,
        verb=step.change.verb,
        address=str(step.address),
        phase=place.phase,
        workstream=place.workstream,
        topic=place.topic,
        where=tuple(f"{o.file}:{o.line}" if o.line else o.file for o in step.origins),
        risks=risks,
        status=outcome.status,
        detail=outcome.detail,
        record=tuple(outcome.record.items()),
        because=tuple(map(str, outcome.because)),
        requests=ran.account.steps.get(step.id, Tally()).requests,
        writes=outcome.writes,
        seconds=round(ran.took.get(step.id, 0.0), 1),
    )


def _outcome(ran: Ran, id: StepId) -> Outcome:
    """How a step ended: by the receipt, else by what was last heard of it."""
    if ran.receipt is not None and id in ran.receipt.outcomes:
        return ran.receipt.outcomes[id]
    event = ran.events.get(id)
    if event is None:
        return Outcome(NOT_BEGUN)
    return event.outcome or Outcome(UNKNOWN, "it began, and nobody saw how it ended")
