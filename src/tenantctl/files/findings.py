"""Problems as they are found, all of them, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from tenantctl.errors import FilesError, Problem
from tenantctl.files.document import Document, line_at
from tenantctl.model import Origin

ROW = "row"
"""The layer of what stands in a table."""
ROWS_SHOWN = 50


@dataclass(slots=True)
class Findings:
    """What is wrong so far.

    *lines* are those of each file, to be shown with a problem, unless *hidden*. *tables* are the
    files whose lines are rows: what is wrong with a row is one problem, and says so at the row.
    *templates* are the places that were stamped: what is wrong there in every row is one problem.
    *incomplete*: something could not be read at all, so that what is not there may be in it.
    """

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: set[tuple[str, int]] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    templates: set[tuple[str, int, int]] = field(default_factory=set)
    incomplete: bool = False

    def know(self, document: Document) -> None:
        """Takes over the lines of a file and what is wrong with it as YAML."""
        self.lines[document.file] = document.lines
        self.problems.extend(document.problems)
        self.incomplete = self.incomplete or bool(document.problems)

    def add(self, at: Origin, message: str, help: str = "", *, show: bool = True) -> None:
        """A problem; *show* is false where the line may hold a secret: then nobody shows it."""
        problem = self._problem(at, message, help)
        if not show:
            self.hidden |= {(at.file, at.line), (problem.file, problem.line)}
        self.problems.append(problem)

    def lose(self, at: Origin, message: str, help: str = "") -> None:
        """A problem because of which what stands there is left out."""
        self.incomplete = True
        self.add(at, message, help)

    def warn(self, at: Origin, message: str, help: str = "") -> None:
        """Something odd that nobody has to do anything about."""
        self.warnings.append(self._problem(at, message, help))

    def stop(self) -> None:
        """Raises FilesError if anything is wrong."""
        if self.problems:
            raise FilesError(
                self._rowwise(self._once(map(self._shown, sorted(set(self.problems)))))
            )

    def _once(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """What is wrong with a template is said of its first row."""
        said: set[tuple[str, int, int, str]] = set()
        for problem in problems:
            spot = (problem.file, problem.line, problem.column)
            if spot not in self.templates or (*spot, problem.help) not in said:
                yield problem
            said.add((*spot, problem.help))

    def _rowwise(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """What is wrong with one row as one problem, and not more rows than anybody reads."""
        rows: dict[str, dict[int, Problem]] = {}
        for problem in problems:
            if problem.file not in self.tables or not problem.line:
                yield problem
                continue
            of_file = rows.setdefault(problem.file, {})
            first = of_file.setdefault(problem.line, problem)
            if first is not problem:
                joined = f"{first.message}; {problem.message}"
                of_file[problem.line] = replace(first, message=joined)
        for file, of_file in rows.items():
            yield from list(of_file.values())[:ROWS_SHOWN]
            for line in list(of_file)[ROWS_SHOWN : ROWS_SHOWN + 1]:
                more = len(of_file) - ROWS_SHOWN
                yield Problem(file, line, 1, f"{more} rows from here on have problems, too")

    def _problem(self, at: Origin, message: str, help: str) -> Problem:
        cell = next((each for each in at.via if each.layer == ROW), None)
        if cell is not None:
            message = f"{cell.name}: {message}" if cell.name else message
            help = f"{help}; it goes to {at}" if help else f"it goes to {at}"
            at = cell
        source = line_at(self.lines.get(at.file, ()), at.line)
        return Problem(at.file, at.line, at.column, message, help, source)

    def _shown(self, problem: Problem) -> Problem:
        hidden = (problem.file, problem.line) in self.hidden
        return replace(problem, source="") if hidden else problem


def suggestion(word: str, known: Iterable[str], otherwise: str = "", *, near: float = 0.6) -> str:
    """`did you mean "x"?`, or what to say where nothing is *near*, from 0 to 1."""
    close = get_close_matches(word, list(known), n=1, cutoff=near)
    return f'did you mean "{close[0]}"?' if close else otherwise
