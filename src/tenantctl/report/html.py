"""A plan as one page: what it risks, what it takes, and every change, to be filtered and read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenantctl.report.markdown import plan_markdown
from tenantctl.report.page import page
from tenantctl.report.risks import SAFE, WORDS, reached
from tenantctl.report.sides import Pair, side_by_side
from tenantctl.report.view import AppliedView, ReceiptView, Row, StageView, StepView, View

LIMIT = 2_000_000
"""Bytes that a page has at most, as far as leaving out details helps."""
OPEN = 60
"""With more changes that are a risk than this, all are folded."""
FOLDED = 12
"""With more changes than this, those that are safe are folded."""
DONE = ("applied", "unchanged")
PILLS = {
    **dict.fromkeys(DONE, "good"),
    "waiting": "login_affecting",
    "skipped": "token_breaking",
    "not_begun": "",
}
"""By how a step ended, the look of the word that says so; what is not named looks like an error."""
Facts = tuple[tuple[str, str], ...]
"""Names and values that the head of a page tells beside what the plan says of itself."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much a page shows: whether code is coloured, and how many fields and lines."""

    colour: bool
    rows: int
    lines: int


DETAILS = (
    Detail(colour=True, rows=500, lines=2000),
    Detail(colour=False, rows=200, lines=200),
    Detail(colour=False, rows=20, lines=20),
    Detail(colour=False, rows=3, lines=6),
    Detail(colour=False, rows=0, lines=0),
)
"""How much a page shows; each less than the one before."""


def plan_html(view: View, facts: Facts = (), *, limit: int = LIMIT) -> str:
    """*view* as a page of less than *limit* bytes, as far as that can be had.

    *view* leaves nothing out; *facts* are shown in the head, such as the commit.
    """
    copied = plan_markdown(view)
    made = ""
    for detail in (*(each for each in DETAILS if _about(view, each) < 2 * limit), DETAILS[-1]):
        made = _page(view, facts, detail, copied)
        if len(made.encode()) < limit:
            break
    return made


def receipt_html(view: ReceiptView) -> str:
    """*view* as a page: what is not done first."""
    rest = tuple(each for each in view.outcomes if each.status not in DONE)
    done = tuple(each for each in view.outcomes if each.status in DONE)
    groups = (("Not done", rest), ("Done", done))
    return page("receipt", ENDED, look="plan", view=view, groups=groups, pills=PILLS)


def applied_html(view: AppliedView) -> str:
    """*view* as a page: what is not done first."""
    from tenantctl.report.applied_text import cost, sorted_acts

    return page(
        "applied",
        ENDED,
        look="plan",
        script="receipt",
        view=view,
        groups=sorted_acts(view),
        pills=PILLS,
        cost=cost(view),
    )


def _about(view: View, detail: Detail) -> int:
    """About how many bytes a page has: what is far too long is not made at all."""
    rows = [row for step in view.steps for row in step.rows[: detail.rows]]
    lines = sum(min(len(row.lines), detail.lines) for row in rows)
    return 800 * len(view.steps) + 100 * len(rows) + 100 * lines


def _page(view: View, facts: Facts, detail: Detail, copied: str) -> str:
    steps = view.steps
    return page(
        "plan",
        {**FILTERS, "fields": lambda step: _fields(step, detail)},
        view=view,
        facts=facts,
        cut=detail is not DETAILS[0],
        unfolded=()
        if _risky(view) > OPEN
        else ("risky",)
        if len(steps) > FOLDED
        else ("risky", "safe"),
        copied=copied,
        verbs=_present(step.verb for step in steps),
        kinds=_present(step.address.partition(".")[0] for step in steps),
        total=max(sum(stage.requests for stage in view.timeline), 1),
    )


def _risky(view: View) -> int:
    return sum(bool(step.risks) for step in view.steps)


def _present(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a change for the page: *pairs* where it is a text, else the row's own lines."""

    row: Row
    pairs: tuple[Pair, ...]
    alone: str
    more: int


def _fields(step: StepView, detail: Detail) -> tuple[tuple[Field, ...], int]:
    """The fields of a change, and how many are left out."""
    rows = step.rows[: detail.rows]
    return tuple(_field(row, detail) for row in rows), step.more + len(step.rows) - len(rows)


def _field(row: Row, detail: Detail) -> Field:
    """*row* with its lines side by side where it is a text; *alone* where there is one side."""
    lines = row.lines[: detail.lines]
    signs = {line.sign for line in lines} - {"@"}
    language = row.language if detail.colour else ""
    pairs = side_by_side(lines, language) if row.kind == "text" else ()
    alone = signs.pop() if len(signs) == 1 and row.kind == "text" else ""
    return Field(row, pairs, alone, row.more + len(row.lines) - len(lines))


def _anchor(step: StepView | str) -> str:
    """The id of a step's element: what is written in a name is no part of any markup."""
    id = step if isinstance(step, str) else step.id
    return "step-" + re.sub(r"[^A-Za-z0-9_.-]", lambda found: f"-{ord(found[0]):x}-", id)


def _kind(step: StepView) -> str:
    return step.address.partition(".")[0]


def _risks(step: StepView) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.risk for each in step.risks)) or (SAFE,)


def _why(step: StepView) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...], str]]:
    """Each reason once: the reason, its fields, its risks, and where Auth0 says so."""
    told: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
    for each in step.risks:
        fields, risks = told.setdefault((each.why, each.see), ({}, {}))
        risks[WORDS.get(each.risk, each.risk)] = None
        if each.field:
            fields[each.field] = None
    for (why, see), (fields, risks) in told.items():
        yield why, tuple(fields), tuple(risks), see


def _time(stage: StageView) -> str:
    """How long a stage takes, in words."""
    if stage.begins is None or stage.ends is None:
        return ""
    seconds = stage.ends - stage.begins
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _many(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


ENDED: Mapping[str, Any] = {
    "status": lambda status: status.replace("_", " "),
    "word": lambda risk: WORDS.get(risk, risk),
}
FILTERS: Mapping[str, Any] = {
    "anchor": _anchor,
    "kind": _kind,
    "risks": _risks,
    "word": lambda risk: WORDS.get(risk, risk),
    "why": lambda step: tuple(_why(step)),
    "reached": reached,
    "time": _time,
    "many": _many,
}
