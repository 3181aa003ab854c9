"""What is wrong with the files, as text and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenantctl.errors import Problem
from tenantctl.model import Json
from tenantctl.report.escape import visible
from tenantctl.report.redact import Clean
from tenantctl.report.style import Style


def text_problems(
    problems: Iterable[Problem],
    *,
    color: bool = False,
    clean: Clean = visible,
    word: str = "problem",
) -> str:
    """Every problem with its place, its line, a mark below it and what to write; then a count.

    *word* is what one of them is called.
    """
    style = Style(color)
    found = list(problems)
    blocks = ["\n".join(_lines(problem, style, clean)) for problem in found]
    count = f"1 {word}" if len(found) == 1 else f"{len(found)} {word}s"
    return "\n\n".join([*blocks, style.paint("title", f"{count} in the files.")]) + "\n"


def _lines(problem: Problem, style: Style, clean: Clean) -> Iterator[str]:
    yield f"{style.paint('title', clean(problem.where))}: {clean(problem.message)}"
    if problem.source:
        source = problem.source.rstrip()
        before = clean(source[: max(0, problem.column - 1)])
        yield f"    {clean(source)}"
        yield f"    {'':{len(before)}}{style.paint('!', '^')}"
    if problem.help:
        yield f"    {style.paint('=', 'help:')} {clean(problem.help)}"


def problems_as_json(problems: Iterable[Problem], *, clean: Clean = visible) -> Json:
    """The same as data: `{"format": 1, "type": "problems", "problems": [...]}`."""
    return {
        "format": 1,
        "type": "problems",
        "problems": [
            {
                "file": clean(problem.file),
                "line": problem.line,
                "column": problem.column,
                "message": clean(problem.message),
                "help": clean(problem.help),
                "source": clean(problem.source.rstrip()),
            }
            for problem in problems
        ],
    }
