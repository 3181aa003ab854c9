"""What a board says of an environment, as values: what was seen, and how it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenantctl.errors import Problem
from tenantctl.model import (
    Address,
    Desired,
    Environment,
    Finding,
    Origin,
    Plan,
    Receipt,
    TestReceipt,
)
from tenantctl.playbooks import Playbook

ADOPTED, DECLINED, UNDECIDED = "adopted", "declined", "undecided"
STATES = (
    "failed",
    "blocked",
    "drifted",
    "pending",
    "unread",
    "warned",
    "unknown",
    "good",
    "none",
    "unreleased",
)
"""How something stands, the worst first: see `state`."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of a topic, or of several.

    *resources* are declared addresses, *changes* steps of the plan, *drifted* those of them that
    undo what somebody else did. *block*, *warn* and *info* are checks that failed, by level,
    *unknown* those that were not evaluated.
    """

    resources: int = 0
    changes: int = 0
    drifted: int = 0
    block: int = 0
    warn: int = 0
    info: int = 0
    unknown: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.resources + other.resources,
            self.changes + other.changes,
            self.drifted + other.drifted,
            self.block + other.block,
            self.warn + other.warn,
            self.info + other.info,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """A topic of a phase in one environment.

    *adoption* is `adopted`, `declined` (for a *reason*) or `undecided`, and *origin* where that is
    written. *state* is one of `STATES`.
    """

    phase: int
    topic: str
    adoption: str
    figures: Figures
    state: str
    reason: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone of a phase.

    *state*: `reached`, `blocked` by so many checks that failed, `pending` where changes have to be
    applied first, `unknown` where so many checks were not evaluated, `unread`, `unreleased`.
    """

    phase: int
    id: str
    state: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """The last receipt; *current* is true where the definition is still the same.

    *hotfix* is the reason for which it went past the order of environments, if it did.
    """

    kind: str
    status: str
    when: str
    who: str
    version: str
    digest: str
    commit: str
    phases: tuple[int, ...]
    full: bool
    current: bool
    hotfix: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """The last tests of one kind; *current* is true where the definition is still the same."""

    ran: str
    passed: bool
    when: str
    current: bool
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing is known of an environment: the error as `--json` of any verb has it."""

    error: str
    message: str
    help: str
    exit_code: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one environment.

    Without a *plan* its tenant was not read. *drifted* are the addresses at which somebody changed
    it since the last apply. *unfinished* is true where a run was begun that never ended. *backup*
    is the day of the last one.
    """

    environment: Environment
    playbook: Playbook
    desired: Desired
    adopted: Mapping[str, Origin]
    declined: Mapping[str, Origin]
    reasons: Mapping[str, str]
    findings: Sequence[Finding]
    plan: Plan | None = None
    drifted: frozenset[Address] = frozenset()
    receipt: Receipt | None = None
    tests: Sequence[TestReceipt] = ()
    backup: dt.date | None = None
    unfinished: bool = False
    hotfix: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One environment on the board; of one with a *failure* nothing else is known.

    *findings* are those that are due. *next* is a command, or empty where there is nothing to do,
    and *because* says why.
    """

    tenant: str
    environment: str
    kind: str = ""
    domain: str = ""
    phases: tuple[int, ...] = ()
    promotes_from: str = ""
    gates: str = ""
    digest: str = ""
    read: bool = False
    state: str = "failed"
    figures: Figures = Figures()
    cells: tuple[Cell, ...] = ()
    milestones: tuple[Reached, ...] = ()
    findings: tuple[Finding, ...] = ()
    last: Run | None = None
    tests: tuple[Trial, ...] = ()
    backup: dt.date | None = None
    backup_age: int | None = None
    next: str = ""
    because: str = ""
    failure: Failure | None = None

    @property
    def id(self) -> str:
        return f"{self.tenant}/{self.environment}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tenant on the board. *playbook* is None where none of its environments could be loaded."""

    tenant: str
    playbook: Playbook | None
    columns: tuple[Column, ...]
