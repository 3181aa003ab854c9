"""What tests have shown, as text, as data and as JUnit XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from tenantctl.model import FAILED, PASSED, SKIPPED, Coverage, Shown, Tested
from tenantctl.report.escape import visible
from tenantctl.report.junit import Case, junit
from tenantctl.report.style import Style

TITLES = {"unit": "Unit tests", "mock": "Fresh tenant", "integration": "The tenant itself"}
MARKS = {PASSED: "✓", FAILED: "!", SKIPPED: "-"}


def text_tests(tenant: str, shown: Shown, *, style: Style, every: bool = False) -> str:
    """What failed and what was left out, counts of the rest; *every* test if that is asked for."""
    lines = []
    for kind, group in groupby(shown.tests, lambda test: test.kind):
        lines += ["", style.paint("title", TITLES[kind])]
        for place, tests in groupby(group, _place):
            found = list(tests)
            lines.append(f"  {visible(place)}: {_counted(found)}")
            for test in found:
                if every or test.status != PASSED:
                    lines += _lines(test, style)
    if shown.coverage:
        lines += ["", *_covered(shown.coverage, style)]
    lines += ["", *(f"note: {visible(note)}" for note in shown.notes)] if shown.notes else []
    lines += ["", style.paint("title", f"{visible(tenant)}: {_counted(shown.tests)}.")]
    return "\n".join(lines).lstrip("\n") + "\n"


def tests_as_json(tenant: str, shown: Shown) -> dict[str, Any]:
    """Everything that the text says, and every test."""
    counts = Counter(test.status for test in shown.tests)
    document: dict[str, Any] = {
        "format": 1,
        "type": "test",
        "tenant": tenant,
        "passed": not shown.failed,
        "counts": {status: counts[status] for status in (PASSED, FAILED, SKIPPED)},
        "tests": [_one(test) for test in shown.tests],
        "receipts": [
            {
                "environment": receipt.environment,
                "ran": receipt.ran,
                "passed": receipt.passed,
                "digest": receipt.digest,
            }
            for receipt in shown.receipts
        ],
        "notes": [visible(note) for note in shown.notes],
    }
    if shown.coverage:
        document["code"] = _code(shown.coverage)
    return document


def tests_junit(tenant: str, shown: Shown) -> str:
    """The tests as JUnit XML: a suite for each kind of tests and each environment."""
    suites: dict[str, list[Case]] = {}
    for test in shown.tests:
        name = "/".join(filter(None, (tenant, test.environment)))
        suites.setdefault(f"{name} {test.kind}", []).append(
            Case(
                group=test.file or test.kind,
                name=test.name,
                status=test.status,
                message=test.detail.partition("\n")[0],
                text=test.detail,
                file=test.file,
                line=test.line,
                seconds=test.seconds,
            )
        )
    return junit((name, tuple(cases)) for name, cases in suites.items())


def _place(test: Tested) -> str:
    return " ".join(filter(None, (test.environment, test.file)))


def _counted(tests: Iterable[Tested]) -> str:
    counts = Counter(test.status for test in tests)
    said = [f"{counts[status]} {status}" for status in (PASSED, FAILED, SKIPPED) if counts[status]]
    return ", ".join(said) or "no tests"


def _lines(test: Tested, style: Style) -> Iterator[str]:
    mark = style.paint(MARKS[test.status], MARKS[test.status])
    where = f"  line {test.line}" if test.line and test.status == FAILED else ""
    yield f"    {mark} {visible(test.name)}{style.paint('dim', where)}"
    for line in test.detail.splitlines():
        yield f"        {visible(line)}".rstrip()


def _covered(coverage: Coverage, style: Style) -> Iterator[str]:
    total = len(coverage.passed) + len(coverage.untested)
    yield style.paint("title", f"Code: {len(coverage.passed)} of {total} tested")
    for unit in sorted(unit for unit, passed in coverage.passed.items() if not passed):
        yield f"  {style.paint('!', '!')} {visible(unit)}: a file that tests it has failed"
    for unit in coverage.untested:
        yield f"  {style.paint('-', '-')} {visible(unit)}: no test runs it"
    for unit, handlers in sorted(coverage.uncalled.items()):
        yield f"  {style.paint('-', '-')} {visible(unit)}: no test calls {', '.join(handlers)}"


def _one(test: Tested) -> Mapping[str, Any]:
    return {
        "kind": test.kind,
        "environment": test.environment,
        "name": visible(test.name),
        "status": test.status,
        "file": visible(test.file),
        "line": test.line,
        "detail": "\n".join(map(visible, test.detail.split("\n"))),
        "seconds": round(test.seconds, 3),
    }


def _code(coverage: Coverage) -> Mapping[str, Any]:
    return {
        "passed": {unit: coverage.passed[unit] for unit in sorted(coverage.passed)},
        "untested": list(coverage.untested),
        "uncalled": {unit: list(names) for unit, names in sorted(coverage.uncalled.items())},
    }
