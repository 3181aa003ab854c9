"""Problems as they are found, all of them, each with its line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from tenantctl.errors import FilesError, Problem
from tenantctl.files.document import Document, line_at
from tenantctl.model import Origin


@dataclass(slots=True)
class Findings:
    """What is wrong so far.

    *lines* are those of each file, to be shown with a problem, unless *hidden*. *incomplete*:
    something could not be read at all, so that what is not there may be in it.
    """

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: set[tuple[str, int]] = field(default_factory=set)
    incomplete: bool = False

    def know(self, document: Document) -> None:
        """Takes over the lines of a file and what is wrong with it as YAML."""
        self.lines[document.file] = document.lines
        self.problems.extend(document.problems)
        self.incomplete = self.incomplete or bool(document.problems)

    def add(self, at: Origin, message: str, help: str = "", *, show: bool = True) -> None:
        """A problem; *show* is false where the line may hold a secret: then nobody shows it."""
        if not show:
            self.hidden.add((at.file, at.line))
        self.problems.append(self._problem(at, message, help))

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
            raise FilesError(map(self._shown, self.problems))

    def _problem(self, at: Origin, message: str, help: str) -> Problem:
        source = line_at(self.lines.get(at.file, ()), at.line)
        return Problem(at.file, at.line, at.column, message, help, source)

    def _shown(self, problem: Problem) -> Problem:
        hidden = (problem.file, problem.line) in self.hidden
        return replace(problem, source="") if hidden else problem


def suggestion(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """`did you mean "x"?`, or what to say where nothing is near."""
    close = get_close_matches(word, list(known), n=1)
    return f'did you mean "{close[0]}"?' if close else otherwise
