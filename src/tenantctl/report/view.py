"""What there is to say about a plan or a receipt: plain strings and numbers, safe to show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line below a field. *sign*: `+`, `-`, `~`, `@` (a position), or a space for context."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a step. *before* and *after* are None where *lines* say it, or nothing was.

    *kind*: scalar, ref, secret, text, set, keyed, list. *more* counts lines that are left out.
    *language* is what a text is: code, html, liquid, json, certificate, or empty.
    """

    field: str
    kind: str
    before: str | None = None
    after: str | None = None
    lines: tuple[Line, ...] = ()
    more: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class RiskView:
    """One risk of a step, such as `token_breaking`: of which field (none: of the whole), and why.

    *see* is where Auth0 says so.
    """

    risk: str
    field: str
    why: str
    see: str = ""


@dataclass(frozen=True, slots=True)
class ReachView:
    """How many applications or organizations something reaches, and the first of their names."""

    kind: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step. *number* is its position in the plan from 1; *needs* are ids of earlier steps.

    *where* are the places it was written at, the first one foremost. *breaks* is what else a
    delete destroys. *more* counts rows that are left out. *risks*, the worst first, are empty
    where it is safe; it reaches *everybody* who signs in, or whom *reach* counts.
    """

    number: int
    id: str
    sign: str
    verb: str
    address: str
    part: str
    reason: str
    where: tuple[str, ...]
    needs: tuple[str, ...]
    requests: int
    rows: tuple[Row, ...]
    more: int = 0
    breaks: str = ""
    risks: tuple[RiskView, ...] = ()
    everybody: bool = False
    reach: tuple[ReachView, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicView:
    """The steps of a topic, in the order of the plan."""

    id: str
    name: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A workstream of a phase, with its topics in the order of the playbook."""

    phase: int
    id: str
    name: str
    topics: tuple[TopicView, ...]


@dataclass(frozen=True, slots=True)
class ReleasedView:
    """A field that is no longer managed and keeps its value."""

    address: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class ViolationView:
    """Why the plan is refused; *allowed* is the reason that a person gave for permitting it."""

    rule: str
    address: str
    detail: str
    help: str
    allowed: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding. *where* are places in files, *topic* is the name of the first of its topics.

    *blocking* is true where it stands in the way here. Where it is open, *why* says what of it,
    *mend* what to do, *see* where Auth0 says so.
    """

    check: str
    title: str
    severity: str
    level: str
    status: str
    blocking: bool
    details: tuple[str, ...]
    where: tuple[str, ...]
    topics: tuple[str, ...]
    topic: str
    phase: int
    milestone: str
    waived: str
    vacuous: bool
    why: str
    mend: str
    see: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """*create*, *update*, *delete* and *replace* count addresses, each in one of them.

    *seconds* is None where no rate is known.
    """

    create: int
    update: int
    delete: int
    replace: int
    steps: int
    requests: int
    seconds: int | None


@dataclass(frozen=True, slots=True)
class RiskCount:
    """How many steps have a risk, and whom they reach together; the risk `safe`: have none."""

    risk: str
    steps: int
    everybody: bool = False
    reach: tuple[ReachView, ...] = ()


@dataclass(frozen=True, slots=True)
class StageView:
    """What a workstream of a phase takes: *first* requests come before it. Deletes are the last.

    *begins* and *ends* are seconds from the start, None where no rate is known.
    """

    phase: int
    id: str
    name: str
    steps: int
    first: int
    requests: int
    begins: float | None
    ends: float | None


@dataclass(frozen=True, slots=True)
class View:
    """A plan. *groups* hold creates and updates, *deletes* stand alone; *next* is what to run.

    *notes* are whole sentences about the plan itself, *findings* the checks that are due and open.
    *hotfix* is why it goes past the order of environments, if it does.
    *risks* sum up the risks of the steps, the worst first, what is safe last. *timeline* is what
    each part takes where nothing has to be waited for.
    """

    tenant: str
    environment: str
    domain: str
    kind: str
    phases: tuple[int, ...]
    selection: tuple[str, ...]
    approval: str
    digest: str
    groups: tuple[Group, ...]
    deletes: tuple[StepView, ...]
    released: tuple[ReleasedView, ...]
    violations: tuple[ViolationView, ...]
    counts: Counts
    next: str
    notes: tuple[str, ...] = ()
    findings: tuple[FindingView, ...] = ()
    hotfix: str = ""
    risks: tuple[RiskCount, ...] = ()
    timeline: tuple[StageView, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.counts.steps

    @property
    def steps(self) -> tuple[StepView, ...]:
        """Every step: creates and updates as they are grouped, then deletes."""
        grouped = (s for group in self.groups for topic in group.topics for s in topic.steps)
        return (*grouped, *self.deletes)

    @property
    def refused(self) -> bool:
        return any(not violation.allowed for violation in self.violations)


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """How a step ended. *record* are pairs for whoever has to do something outside."""

    id: str
    status: str
    detail: str
    record: tuple[tuple[str, str], ...]
    because: tuple[str, ...]
    writes: int


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt. *outcomes* are in order of their ids, *counts* the number of each status."""

    kind: str
    tenant: str
    environment: str
    domain: str
    status: str
    full: bool
    phases: tuple[int, ...]
    addresses: int
    outcomes: tuple[OutcomeView, ...]
    counts: tuple[tuple[str, int], ...]
    digest: str
    commit: str
    version: str
    who: str
    when: str
    next: str


@dataclass(frozen=True, slots=True)
class ActView:
    """What became of a step of a plan; *number* is its position there from 1.

    *status* is one of an outcome, or `unknown` where nobody saw it end, or `not_begun`.
    *where* are the places it was written at, *risks* what it risks, the worst first.
    """

    number: int
    id: str
    sign: str
    verb: str
    address: str
    phase: int
    workstream: str
    topic: str
    where: tuple[str, ...]
    risks: tuple[str, ...]
    status: str
    detail: str
    record: tuple[tuple[str, str], ...]
    because: tuple[str, ...]
    requests: int
    writes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class AppliedView:
    """What a run did. *status* is that of its receipt; where it came to none, `not_begun` or
    `unknown`.

    *target* is what the command was given; where nobody came to know the plan, it alone says what
    it was about. *error* and *help* tell what ended it, *lacking* what is not as it was written.
    *violations* are those that refuse the plan. *seconds* is how long all of it took, *waited*
    those of them that were spent on rate limits.
    """

    target: str
    tenant: str
    environment: str
    domain: str
    phases: tuple[int, ...]
    selection: tuple[str, ...]
    digest: str
    status: str
    exit_code: int
    error: str
    help: str
    lacking: tuple[str, ...]
    violations: tuple[ViolationView, ...]
    acts: tuple[ActView, ...]
    counts: tuple[tuple[str, int], ...]
    requests: int
    writes: int
    limited: int
    waited: float
    seconds: float
    commit: str
    version: str
    who: str
    when: str
    next: str
