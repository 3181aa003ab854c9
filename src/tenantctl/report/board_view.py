"""What there is to say on a board: plain strings and numbers, safe to show."""

from __future__ import annotations

from dataclasses import dataclass

from tenantctl.engine.standing import Figures, Run, Trial


@dataclass(frozen=True, slots=True)
class ProblemView:
    """What is wrong with a file."""

    where: str
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class FailureView:
    """Why nothing is known of an environment."""

    error: str
    message: str
    help: str
    exit_code: int
    problems: tuple[ProblemView, ...]


@dataclass(frozen=True, slots=True)
class EnvironmentView:
    """One environment. *state* is the worst of its topics'; *backup* a day, *backup_age* in days.

    *next* is a command, empty where there is none to run, and *because* says why.
    """

    environment: str
    kind: str
    domain: str
    phases: tuple[int, ...]
    promotes_from: str
    gates: str
    digest: str
    read: bool
    state: str
    figures: Figures
    last: Run | None
    tests: tuple[Trial, ...]
    backup: str
    backup_age: int | None
    next: str
    because: str
    failure: FailureView | None


@dataclass(frozen=True, slots=True)
class CellView:
    """A topic in one environment. *adoption* is empty where the environment is not known."""

    environment: str
    state: str
    adoption: str
    reason: str
    where: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic of a phase; *again* is true where an earlier phase has begun it."""

    id: str
    name: str
    requirement: str
    condition: str
    audience: str
    milestone: str
    again: bool
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class StreamCell:
    """A workstream in one environment; *adopted* counts its topics that are."""

    environment: str
    state: str
    adopted: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A workstream of a phase, and its topics; *milestone* is the one that it leads to."""

    id: str
    name: str
    optional: bool
    condition: str
    milestone: str
    follows: tuple[str, ...]
    parallel: tuple[str, ...]
    cells: tuple[StreamCell, ...]
    topics: tuple[TopicRow, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """The workstreams of a phase that one group of people works on."""

    audience: str
    workstreams: tuple[StreamRow, ...]


@dataclass(frozen=True, slots=True)
class MilestoneCell:
    """A milestone in one environment: *state* as in `engine.standing.Reached`, or `failed`."""

    environment: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone of a phase; *short* is what the command line takes for it."""

    id: str
    short: str
    name: str
    kind: str
    cells: tuple[MilestoneCell, ...]


@dataclass(frozen=True, slots=True)
class PhaseView:
    """A phase; *requires* are numbers of phases. Its workstreams are in the guide's order."""

    number: int
    name: str
    requires: tuple[int, ...]
    milestones: tuple[MilestoneRow, ...]
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class ResultView:
    """How a check turned out in one environment; *open* is true where somebody has to see to it."""

    environment: str
    status: str
    level: str
    open: bool
    details: tuple[str, ...]
    where: tuple[str, ...]
    waived: str
    vacuous: bool


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check in all environments; *topic* is the one that it is counted with, in *phase*."""

    check: str
    title: str
    severity: str
    phase: int
    topic: str
    topics: tuple[str, ...]
    milestone: str
    why: str
    mend: str
    see: tuple[str, ...]
    results: tuple[ResultView, ...]

    @property
    def open(self) -> bool:
        return any(result.open for result in self.results)


@dataclass(frozen=True, slots=True)
class SheetView:
    """A tenant; *phases* and *checks* are empty where none of its environments is known."""

    tenant: str
    playbook: str
    playbook_name: str
    environments: tuple[EnvironmentView, ...]
    phases: tuple[PhaseView, ...]
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True)
class BoardView:
    """The board. *when* is the moment at which it was looked at, *offline* that no tenant was."""

    when: str
    version: str
    offline: bool
    tenants: tuple[SheetView, ...]
