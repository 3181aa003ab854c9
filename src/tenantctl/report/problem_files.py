"""What is wrong with the files, for code hosts and pipelines: SARIF 2.1.0 and JUnit XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenantctl.errors import Problem
from tenantctl.model import Json
from tenantctl.report.escape import visible
from tenantctl.report.junit import Case, junit
from tenantctl.report.sarif import location, sarif_document

RULES = (
    ("files/problem", "What is wrong with the files", "error"),
    ("files/warning", "What is not wrong, but perhaps not meant", "warning"),
)


def problems_sarif(problems: Iterable[Problem], warnings: Iterable[Problem] = ()) -> Json:
    """*problems* and *warnings* as one run, each at its line and column."""
    rules = [{"id": id, "shortDescription": {"text": title}} for id, title, _ in RULES]
    told = [*((0, each) for each in problems), *((1, each) for each in warnings)]
    return sarif_document(rules, [_result(index, problem) for index, problem in told])


def _result(index: int, problem: Problem) -> Json:
    id, _, level = RULES[index]
    message = visible(problem.message)
    help = f". {visible(problem.help)}" if problem.help else ""
    place = visible(problem.file) + (f":{problem.line}" if problem.line else "")
    found = location(place)
    if problem.line and problem.column:
        found["physicalLocation"]["region"]["startColumn"] = problem.column
    return {
        "ruleId": id,
        "ruleIndex": index,
        "level": level,
        "message": {"text": f"{message}{help}"},
        "partialFingerprints": {"problem/file": f"{visible(problem.file)}/{message}"},
        "locations": [found],
    }


def problems_junit(problems: Iterable[Problem], warnings: Iterable[Problem] = ()) -> str:
    """*problems* as cases that failed and *warnings* as cases that passed; one case if none is."""
    found = [*_cases(problems, "failed"), *_cases(warnings, "passed")]
    return junit([("validate", tuple(found) or (Case("validate", "the files", "passed"),))])


def _cases(problems: Iterable[Problem], status: str) -> Iterator[Case]:
    for each in problems:
        message = visible(each.message)
        yield Case(
            group=visible(each.file),
            name=f"{visible(each.where)} {message}",
            status=status,
            message=message,
            text="\n".join(filter(None, (message, visible(each.help)))),
            file=visible(each.file),
            line=each.line,
        )
