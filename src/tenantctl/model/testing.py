"""What tests of an environment have shown, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.model.address import Address, Path
from tenantctl.model.resource import Origin
from tenantctl.model.value import Json

RAN = ("unit", "mock", "integration")
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass(frozen=True, slots=True)
class Tested:
    """How one test ended: `passed`, `failed` or `skipped`; *detail* says why it did not pass.

    *kind* is one of `RAN`. *environment* is empty where the test is of code that several
    environments share. *file* is relative to the project; *line* is 0 where nobody knows.
    """

    __test__ = False  # no class of tests, whatever its name says to pytest

    kind: str
    name: str
    status: str
    file: str = ""
    line: int = 0
    environment: str = ""
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TestReceipt:
    """What the last run of tests of an environment has shown of one definition.

    *ran* is one of `RAN`: `unit` are tests of code and of what the files ask for, `mock` applies to
    a fresh sandbox, `integration` looks at the tenant itself. *passed* is false where nothing ran.
    *counts* are by status. *code* has a unit of code (`actions.add-claims`,
    `connections.customers/login`) with the SHA-256 of its source and whether its tests passed;
    what no test has run is not among them. *digest* is the definition digest. Of a rehearsal
    (`REHEARSAL`) it is the checksum of the plan, and *counts* are its steps by how they ended.
    """

    __test__ = False  # no class of tests, whatever its name says to pytest

    tenant: str
    environment: str
    environment_kind: str
    ran: str
    passed: bool
    digest: str
    counts: Mapping[str, int] = field(default_factory=dict)
    code: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    version: str = ""
    commit: str = ""
    who: str = ""
    when: str = ""
    kind = "test"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a test says of one place: *says* are pairs of an operator and its operand.

    The *path* names elements of keyed lists by their key, of other lists by their index.
    """

    address: Address
    path: Path
    says: tuple[tuple[str, Json], ...]
    at: Origin


@dataclass(frozen=True, slots=True)
class Case:
    """A test in YAML: of what the files ask for or, if *mock*, of a fresh sandbox after an apply.

    *counts* is how many resources there are of a kind. *environments* are names or `kind:NAME`,
    all of them where there is none; *phases* likewise those that are released.
    """

    name: str
    at: Origin
    expect: tuple[Expectation, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    environments: tuple[str, ...] = ()
    phases: tuple[int, ...] = ()
    mock: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """The code of a tenant by name: whether the tests of it passed, and what no test has run.

    *uncalled* are handlers of tested code that no test has called.
    """

    passed: Mapping[str, bool] = field(default_factory=dict)
    untested: tuple[str, ...] = ()
    uncalled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a run of tests has shown. *receipts* are to be kept; *notes* say what was left out."""

    tests: tuple[Tested, ...] = ()
    coverage: Coverage | None = None
    receipts: tuple[TestReceipt, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return any(test.status == FAILED for test in self.tests)

    def __add__(self, other: Shown) -> Shown:
        """Both, one after the other; at most one of them has looked at code."""
        return Shown(
            (*self.tests, *other.tests),
            self.coverage or other.coverage,
            (*self.receipts, *other.receipts),
            (*self.notes, *other.notes),
        )
