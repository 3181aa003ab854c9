"""What a run has done, as lines for people: what is not done first."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.report.risks import WORDS
from tenantctl.report.style import Style
from tenantctl.report.text import SIGNS
from tenantctl.report.view import ActView, AppliedView

WELL = ("applied", "unchanged")
"""How a step ends that needs nobody."""
WORST = ("failed", "moved", "unknown", "waiting")
"""How a step ends that somebody has to look at, the worst first; others follow from these."""


def applied_text(view: AppliedView, *, color: bool) -> str:
    """*view* as lines, each ended by a newline."""
    return "".join(f"{line}\n" for line in _lines(view, Style(color)))


def sorted_acts(view: AppliedView) -> tuple[tuple[str, tuple[ActView, ...]], ...]:
    """The steps under their headings: what is not done, what did not begin, what is done."""
    done = tuple(act for act in view.acts if act.status in WELL)
    ahead = tuple(act for act in view.acts if act.status == "not_begun")
    rest = [act for act in view.acts if act.status not in (*WELL, "not_begun")]
    return ("Not done", tuple(sorted(rest, key=_urgency))), ("Not begun", ahead), ("Done", done)


def _urgency(act: ActView) -> int:
    """What failed comes before what was skipped because of it."""
    return WORST.index(act.status) if act.status in WORST else len(WORST)


def word(status: str) -> str:
    """A status as people call it."""
    return status.replace("_", " ")


def cost(view: AppliedView) -> str:
    """What the run has cost, in words."""
    limits = f"{view.limited} answered 429, {view.waited} s waited for rate limits"
    return f"{view.requests} requests, {view.writes} of them writes; {limits}; {view.seconds} s"


def counted(view: AppliedView) -> str:
    """How many steps ended how, in words."""
    return ", ".join(f"{number} {word(status)}" for status, number in view.counts)


def _lines(view: AppliedView, style: Style) -> Iterator[str]:
    whom = f"{view.target} -> {view.domain}" if view.domain else view.target
    yield style.paint("title", f"{whom}    {word(view.status)}, exit code {view.exit_code}")
    for name, said in (("error", view.error), ("help", view.help)):
        if said:
            yield f"{name}: {said}"
    for violation in view.violations:
        yield f"  {style.paint('!', '!')} {violation.rule} {violation.address}: {violation.detail}"
    for said in view.lacking:
        yield f"  {style.paint('!', '!')} {said}"
    for title, acts in sorted_acts(view):
        if acts:
            yield ""
            yield style.paint("title", title)
            for act in acts:
                yield from _act(act, style)
    yield ""
    yield style.paint("title", f"{word(view.status)}: {counted(view) or 'nothing to do'}.")
    yield style.paint("dim", cost(view))
    if view.next:
        yield f"Next: {view.next}"


def _act(act: ActView, style: Style) -> Iterator[str]:
    sign = SIGNS.get(act.status, "-")
    detail = f": {act.detail}" if act.detail else ""
    because = f" (needs {', '.join(act.because)})" if act.because else ""
    name = f"{act.sign} {act.id}"
    yield f"  {style.paint(sign, sign)} {name}  {word(act.status)}{detail}{because}"
    if act.status in WELL:
        return
    if act.where:
        yield f"      {act.where[0]}"
    if act.risks:
        yield f"      risks: {', '.join(WORDS.get(risk, risk) for risk in act.risks)}"
    for name, value in act.record:
        yield f"      {name}: {value}"
