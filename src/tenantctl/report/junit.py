"""Results of checks and tests as JUnit XML, which pipelines count and show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from tenantctl.report.findings import CheckView
from tenantctl.report.view import FindingView

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold in any form."""


HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Case:
    """One result: *status* is `passed`, `failed`, `error` or `skipped`, for what *message* says.

    *text* says more. *group* is what it belongs to, *file* and *line* where it is written.
    """

    group: str
    name: str
    status: str
    message: str = ""
    text: str = ""
    file: str = ""
    line: int = 0
    seconds: float = 0.0


def junit(suites: Iterable[tuple[str, tuple[Case, ...]]]) -> str:
    """The *suites*, each a name and its cases, as one document."""
    found = list(suites)
    every = [case for _, cases in found for case in cases]
    body = "".join(_suite(name, cases) for name, cases in found)
    return f"{HEAD}<testsuites{_counts(every)}>\n{body}</testsuites>\n"


def cases(view: CheckView) -> tuple[str, tuple[Case, ...]]:
    """What checks say as a suite: what blocks is a failure, what nobody knows or what is waived is
    skipped, and a warning passes with its message.
    """
    return f"{view.tenant}/{view.environment}", cases_of(view.findings)


def cases_of(findings: Iterable[FindingView]) -> tuple[Case, ...]:
    """*findings* as the cases of a suite."""
    return tuple(map(_case, findings))


def _case(finding: FindingView) -> Case:
    said = "; ".join(finding.details)
    file, _, line = finding.where[0].rpartition(":") if finding.where else ("", "", "")
    status = "passed"
    if finding.blocking:
        status = "failed" if finding.status == "failed" else "error"
    elif finding.status in {"unknown", "absent"} or finding.waived:
        status = "skipped"
    level = "" if finding.status in {"passed", "absent"} else f"{finding.level}: "
    return Case(
        group=finding.topics[0] if finding.topics else "",
        name=f"{finding.check} {finding.title}",
        status=status,
        message=f"{level}{said or finding.waived}" if said or finding.waived else "",
        text="\n".join((*finding.details, finding.mend)).strip(),
        file=file,
        line=int(line) if line.isdigit() else 0,
    )


def _suite(name: str, cases: tuple[Case, ...]) -> str:
    inner = "".join(map(_one, cases))
    return f"  <testsuite name={_quoted(name)}{_counts(cases)}>\n{inner}  </testsuite>\n"


def _counts(cases: Iterable[Case]) -> str:
    found = [case.status for case in cases]
    counts = {
        "tests": len(found),
        "failures": found.count("failed"),
        "errors": found.count("error"),
        "skipped": found.count("skipped"),
    }
    return "".join(f' {key}="{value}"' for key, value in counts.items())


def _one(case: Case) -> str:
    where = f" file={_quoted(case.file)}" if case.file else ""
    where += f' line="{case.line}"' if case.line else ""
    time = f' time="{case.seconds:.3f}"'
    start = f"    <testcase classname={_quoted(case.group)} name={_quoted(case.name)}{where}{time}"
    tag = {"failed": "failure", "error": "error", "skipped": "skipped"}.get(case.status)
    if tag is None:
        said = f"<system-out>{_escaped(case.message)}</system-out>" if case.message else ""
        return f"{start}>{said}</testcase>\n" if said else f"{start}/>\n"
    text = "" if tag == "skipped" else _escaped(case.text)
    return f"{start}><{tag} message={_quoted(case.message)}>{text}</{tag}></testcase>\n"


def _escaped(text: str) -> str:
    return escape(ILLEGAL.sub("\ufffd", text))


def _quoted(text: str) -> str:
    return quoteattr(ILLEGAL.sub("\ufffd", text), {"\n": "&#10;"})
