"""What checks say of an environment, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence

from tenantctl.report.findings import CheckView
from tenantctl.report.style import Style
from tenantctl.report.view import FindingView

HEADINGS: tuple[tuple[str, str, Callable[[FindingView], bool]], ...] = (
    ("!", "Blocking", lambda f: f.blocking and f.status == "failed"),
    ("!", "Not evaluated, and blocking where it fails", lambda f: f.blocking),
    ("~", "Warnings", lambda f: f.level == "warn" and f.status == "failed"),
    ("=", "For information", lambda f: f.level == "info" and f.status == "failed"),
    ("=", "Not evaluated", lambda f: f.status == "unknown" and f.level != "off"),
)
"""Sign, title and test of each group of open findings; a finding stands in the first that fits."""


def check_text(view: CheckView, *, color: bool, width: int, full: bool = False) -> str:
    """*view* as lines. *full* names what passed and what does not apply, too."""
    style = Style(color, max(40, width))
    return "".join(f"{line}\n" for line in _lines(view, style, full=full))


def _lines(view: CheckView, style: Style, *, full: bool) -> Iterator[str]:
    title = f"{view.tenant}/{view.environment} -> {view.domain}"
    yield f"{style.paint('title', title)}    {view.kind}, {view.stage}"
    rest = list(view.findings)
    for sign, heading, fits in HEADINGS:
        mine = [finding for finding in rest if fits(finding)]
        rest = [finding for finding in rest if finding not in mine]
        yield from _group(sign, heading, mine, style)
    if full:
        for status in ("passed", "absent"):
            yield from _plainly(status, [f for f in rest if f.status == status], style)
    for note in view.notes:
        yield ""
        yield from textwrap.wrap(f"Note: {note}", style.width, break_long_words=False)
    yield ""
    yield from _milestones(view, style)
    yield from _end(view, style)


def _group(sign: str, heading: str, findings: Sequence[FindingView], style: Style) -> Iterator[str]:
    if not findings:
        return
    yield ""
    yield style.paint("title", f"{heading} ({len(findings)})")
    for finding in findings:
        about = f"{finding.severity}, {finding.topic}" if finding.topic else finding.severity
        line = f"  {style.paint(sign, sign)} {finding.check}  {finding.title}"
        yield f"{line}  {style.paint('dim', f'({about})')}"
        for detail, where in _placed(finding):
            yield f"      {detail}{style.paint('dim', where)}"
        if finding.waived:
            yield f"      waived: {finding.waived}"
        yield from textwrap.wrap(
            f"-> {finding.mend}",
            style.width,
            initial_indent="      ",
            subsequent_indent="         ",
            break_long_words=False,
            break_on_hyphens=False,
        )


def _placed(finding: FindingView) -> Iterator[tuple[str, str]]:
    """Each detail with the place that belongs to it, where there is one for each."""
    each = len(finding.where) == len(finding.details)
    for index, detail in enumerate(finding.details):
        yield detail, f"  {finding.where[index]}" if each else ""
    if not each and finding.where:
        yield ", ".join(finding.where), ""


def _plainly(status: str, findings: Sequence[FindingView], style: Style) -> Iterator[str]:
    if not findings:
        return
    yield ""
    heading = "Passed" if status == "passed" else "Does not apply"
    yield style.paint("title", f"{heading} ({len(findings)})")
    for finding in findings:
        nothing = "  (there is nothing to look at)" if finding.vacuous else ""
        yield f"    {finding.check}  {finding.title}{nothing}"


def _milestones(view: CheckView, style: Style) -> Iterator[str]:
    several = len({milestone.phase for milestone in view.milestones}) > 1
    for milestone in view.milestones:
        phase = f"Phase {milestone.phase}: " if several else ""
        sign = "+" if milestone.reached else "-"
        state = "reached" if milestone.reached else "not reached"
        if milestone.blocked_by:
            state = f"not reached, {milestone.blocked_by} in the way"
        yield f"  {style.paint(sign, sign)} {phase}{milestone.name}: {state}"


def _end(view: CheckView, style: Style) -> Iterator[str]:
    counts = dict(view.counts)
    parts = [f"{counts['passed']} passed"]
    if counts["vacuous"]:
        parts[0] += f" ({counts['vacuous']} of them over nothing)"
    parts += [f"{counts[key]} {word}" for key, word in WORDS if counts[key]]
    yield f"Checks: {', '.join(parts)}."
    if view.blocked:
        yield style.paint("!", f"The gate is closed, for {_reasons(counts['blocking'])}.")
    else:
        yield "The gate is open."


WORDS = (
    ("failed", "failed"),
    ("unknown", "not evaluated"),
    ("waived", "waived"),
    ("absent", "do not apply"),
)


def _reasons(count: int) -> str:
    return "1 reason" if count == 1 else f"{count} reasons"
