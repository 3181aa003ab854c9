"""A rehearsal as text for a terminal, and as Markdown for a pull request."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tenantctl.model import FAILED, PASSED
from tenantctl.report.escape import markdown, markdown_code
from tenantctl.report.markdown import marker
from tenantctl.report.rehearsal import UNREACHED, ProblemView, RehearsalView, StreamView, said_of
from tenantctl.report.style import Style

MOST = 40_000
"""Bytes of the problems that Markdown lists: a pull request takes 60,000 in all."""
LONGEST = 300
"""Characters of one line in Markdown, before they are escaped."""


def rehearsal_text(view: RehearsalView, style: Style) -> str:
    """*view* as lines: workstreams with what fails in them, what is left, and the verdict."""
    return "".join(f"{line}\n" for line in _lines(view, style))


def _lines(view: RehearsalView, style: Style) -> Iterator[str]:
    yield style.paint("title", f"{view.tenant}/{view.environment} -> a copy of {view.domain}")
    phase = 0
    room = max((len(stream.name) for stream in view.streams), default=0)
    for stream in view.streams:
        if stream.phase != phase:
            phase = stream.phase
            yield from ("", style.paint("title", f"Phase {phase}"))
        mark = style.paint("!", "!") if stream.problems else style.paint("✓", "✓")
        mark = style.paint("-", "-") if stream.unreached and not stream.problems else mark
        yield f"  {mark} {stream.name:<{room}}  {counted(stream)}"
        for problem in stream.problems:
            yield from _problem(problem, style)
    yield ""
    yield from _whole(view, style)


def counted(stream: StreamView) -> str:
    """How many steps a workstream has, and how many of them did not come about."""
    parts = [_number(stream.steps, "step")]
    parts += [f"{stream.failed} would fail"] * bool(stream.failed)
    parts += [f"{stream.unreached} {UNREACHED}"] * bool(stream.unreached)
    return ", ".join(parts)


def _problem(problem: ProblemView, style: Style) -> Iterator[str]:
    told = f"{problem.verb} {problem.step}"
    yield f"      {style.paint('!', told)}  {style.paint('dim', problem.topic)}"
    room = max(40, style.width) - 10
    for line in textwrap.wrap(said_of(problem), room, break_long_words=False):
        yield f"          {line}"


def _whole(view: RehearsalView, style: Style) -> Iterator[str]:
    """What is about the plan as a whole, and the verdict."""
    for line in [*_wrong(view), *view.left, *(f"Note: {note}" for note in view.notes)]:
        yield from textwrap.wrap(line, style.width, break_long_words=False)
    yield style.paint("dim", _read(view))
    if view.kept:
        yield style.paint("dim", f"The copy is kept in {view.kept}; to look into it: {view.serve}")
    mark = {PASSED: "✓", FAILED: "!"}.get(view.verdict, "!")
    yield style.paint(mark, f"{mark} {view.words}")


def _wrong(view: RehearsalView) -> Iterator[str]:
    if view.scopes:
        yield f"The apply credentials lack {', '.join(view.scopes)}."
    if view.unasked:
        yield f"Scopes were not looked at: {view.unasked}."


def _read(view: RehearsalView) -> str:
    again = "planned again, " if view.again else ""
    requests = _number(view.requests, "request")
    return f"{_number(view.steps, 'step')}, {again}{requests} to {view.domain}, none of which wrote"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def rehearsal_markdown(view: RehearsalView) -> str:
    """*view* as Markdown for a code host: a heading, a table of workstreams, what would fail."""
    target = f"{view.tenant}/{view.environment}"
    mark = "✅" if view.verdict == PASSED else "❌"
    title = f"### {mark} Rehearsal of {markdown(target)}: {markdown(view.words)}"
    lines = [marker("rehearsal", target), title, ""]
    if view.streams:
        lines += ["| phase | workstream | steps | would fail | not reached |", "|--|--|--|--|--|"]
        lines += [
            f"| {s.phase} | {markdown(s.name)} | {s.steps} | {s.failed} | {s.unreached} |"
            for s in view.streams
        ]
    problems = [problem for stream in view.streams for problem in stream.problems]
    lines += ["", *_items(problems)] if problems else []
    told = [*_wrong(view), *view.left, *view.notes]
    lines += ["", *(f"- {markdown(_short(line))}" for line in told)] if told else []
    lines += ["", f"<sub>{markdown(_read(view))}</sub>"]
    return "\n".join(lines) + "\n"


def _items(problems: list[ProblemView]) -> Iterator[str]:
    """As many as there is room for."""
    room = MOST
    for number, problem in enumerate(problems):
        item = _item(problem)
        room -= len(item.encode("utf-8", "replace"))
        if room < 0:
            yield f"- and {len(problems) - number} more"
            return
        yield item


def _item(problem: ProblemView) -> str:
    told = markdown_code(f"{problem.verb} {problem.step}")
    return f"- {told}: {markdown(_short(said_of(problem)))}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
