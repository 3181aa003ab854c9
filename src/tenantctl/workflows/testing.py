"""What the tests of a tenant show, environment by environment, and the receipts of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tenantctl import __version__
from tenantctl.errors import FilesError, GatewayError
from tenantctl.files import Loaded, load
from tenantctl.files.testing import TestFiles
from tenantctl.ledger import who
from tenantctl.model import FAILED, PASSED, Case, Coverage, Shown, Tested, TestReceipt
from tenantctl.testing.code import CodeTests, run_code_tests
from tenantctl.testing.expect import unmet
from tenantctl.testing.units import Unit, united, units
from tenantctl.workflows.mock import Rehearsed, Scratch, rehearse

FRESH = "the files apply to a fresh tenant, and a second plan has nothing to do"


@dataclass(frozen=True, slots=True)
class Subject:
    """An environment that is tested, and its code in all phases of its playbook.

    *unloadable* says why phases that are not released yet are not tested.
    """

    loaded: Loaded
    code: tuple[Unit, ...]
    unloadable: str = ""

    @property
    def name(self) -> str:
        return self.loaded.environment.name


def subject(root: Path, tenant: str, environment: str) -> Subject:
    """An environment as it is to be tested. Raises FilesError where it does not load as it is.

    Code of phases that are not released yet is tested, too, unless these do not load yet.
    """
    loaded = load(root, tenant, environment)
    every = tuple(phase.number for phase in loaded.playbook.phases)
    if set(every) == set(loaded.environment.phases):
        return Subject(loaded, units(loaded.desired))
    try:
        whole = load(root, tenant, environment, phases=every)
    except FilesError as error:
        (first, *_) = error.problems
        note = f"only released phases are tested, others do not load yet: {first.file}:{first.line}"
        return Subject(loaded, units(loaded.desired), f"{environment}: {note} {first.message}")
    return Subject(loaded, units(whole.desired))


def unit_tests(
    root: Path, subjects: Sequence[Subject], files: TestFiles, *, node: Path | None, pattern: str
) -> Shown:
    """Tests of code in Node.js, and of what the files ask for.

    Environments that share all their code share one run; each also has the code that only others
    have, so that no test fails for want of it. *node* may be missing where no file is code.
    """
    tenant = subjects[0].loaded.environment.tenant
    ran: dict[tuple[Unit, ...], CodeTests] = {}
    tests: list[Tested] = []
    receipts: list[TestReceipt] = []
    for each in subjects:
        others = (other.code for other in subjects if other is not each)
        code = united([each.code, *others])
        if code not in ran:
            ran[code] = (
                run_code_tests(node, root, tenant, files.code, code, pattern=pattern)
                if node
                else CodeTests(())
            )
            label = each.name if len(ran) > 1 else ""
            tests += (replace(test, environment=label) for test in ran[code].tests)
        expected = list(_expected(root, each, files.cases, pattern))
        tests += expected
        receipts.append(_receipt(each, "unit", (*ran[code].tests, *expected), ran[code]))
    coverage = _coverage(subjects, ran.values())
    notes = tuple(each.unloadable for each in subjects if each.unloadable)
    return Shown(tuple(tests), coverage, () if pattern else tuple(receipts), notes)


async def mock_tests(
    root: Path, subjects: Sequence[Subject], files: TestFiles, scratch: Scratch, pattern: str
) -> Shown:
    """Each environment on a fresh tenant, as it is and in the phases that tests ask for."""
    tests: list[Tested] = []
    receipts: list[TestReceipt] = []
    for each in subjects:
        found = [test async for test in _mocked(root, each, files.cases, scratch, pattern)]
        tests += found
        receipts.append(_receipt(each, "mock", found))
    return Shown(tuple(tests), receipts=() if pattern else tuple(receipts))


def receipt_of(
    loaded: Loaded, ran: str, tests: Iterable[Tested], code: Mapping[str, tuple[str, bool]]
) -> TestReceipt:
    """What is kept of *tests* of an environment: passed where one has passed and none failed."""
    counts = Counter(test.status for test in tests)
    return TestReceipt(
        tenant=loaded.environment.tenant,
        environment=loaded.environment.name,
        environment_kind=loaded.environment.kind,
        ran=ran,
        passed=counts[PASSED] > 0 and not counts[FAILED],
        digest=loaded.desired.digest,
        counts=dict(counts),
        code=code,
        version=__version__,
        who=who(),
        when=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
    )


def _receipt(
    each: Subject, ran: str, tests: Iterable[Tested], code: CodeTests | None = None
) -> TestReceipt:
    judged = code.passed if code else {}
    kept = {
        unit.name: (unit.digest, judged[unit.name]) for unit in each.code if unit.name in judged
    }
    return receipt_of(each.loaded, ran, tests, kept)


def _coverage(subjects: Sequence[Subject], ran: Iterable[CodeTests]) -> Coverage:
    passed: dict[str, bool] = {}
    uncalled: dict[str, tuple[str, ...]] = {}
    for each in ran:
        for unit, good in each.passed.items():
            passed[unit] = passed.get(unit, True) and good
        uncalled |= each.uncalled
    known = {unit.name for each in subjects for unit in each.code if unit.tested}
    return Coverage(passed, tuple(sorted(known - passed.keys())), uncalled)


def _meant(case: Case, each: Subject, pattern: str) -> bool:
    """Whether a test in YAML is for an environment and among those that were asked for."""
    environment = each.loaded.environment
    names = (environment.name, f"kind:{environment.kind}")
    here = not case.environments or any(name in case.environments for name in names)
    return here and pattern.casefold() in case.name.casefold()


def _expected(root: Path, each: Subject, cases: Iterable[Case], pattern: str) -> Iterator[Tested]:
    """What the files ask for, against what tests expect of it."""
    for case in cases:
        if case.mock or not _meant(case, each, pattern):
            continue
        desired = _in_phases(root, each, case.phases).desired
        counts = Counter(resource.address.kind for resource in desired.tenant)
        yield _tested("unit", each, case, tuple(unmet(case, desired.tenant, counts)))


def _in_phases(root: Path, each: Subject, phases: tuple[int, ...]) -> Loaded:
    environment = each.loaded.environment
    if not phases or set(phases) == set(environment.phases):
        return each.loaded
    return load(root, environment.tenant, environment.name, phases=phases)


def _tested(kind: str, each: Subject, case: Case, problems: Collection[str]) -> Tested:
    return Tested(
        kind=kind,
        name=case.name,
        status=FAILED if problems else PASSED,
        file=case.at.file,
        line=case.at.line,
        environment=each.name,
        detail="\n".join(problems),
    )


async def _mocked(
    root: Path, each: Subject, cases: Iterable[Case], scratch: Scratch, pattern: str
) -> AsyncIterator[Tested]:
    """One apply for each set of phases that is asked for, and every test that looks at it."""
    wanted: dict[tuple[int, ...], list[Case]] = {}
    if pattern.casefold() in FRESH.casefold():
        wanted[()] = []
    for case in cases:
        if case.mock and _meant(case, each, pattern):
            wanted.setdefault(case.phases, []).append(case)
    for phases, asked in wanted.items():
        kinds = {kind for case in asked for kind in case.counts}
        found = await _rehearsed(_in_phases(root, each, phases), scratch, kinds)
        if not phases and pattern.casefold() in FRESH.casefold():
            yield Tested(
                kind="mock",
                name=FRESH,
                status=FAILED if found.problems else PASSED,
                environment=each.name,
                detail="\n".join(found.problems),
            )
        for case in asked:
            problems = (*found.problems, *unmet(case, found.live, found.counts))
            yield _tested("mock", each, case, problems)


async def _rehearsed(loaded: Loaded, scratch: Scratch, kinds: Collection[str]) -> Rehearsed:
    try:
        return await rehearse(loaded, scratch, kinds)
    except GatewayError as error:
        return Rehearsed((error.message,))
