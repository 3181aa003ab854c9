"""The three panels of a promotion, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tenantctl.report.compared import compared_lines
from tenantctl.report.promotion import ChangeView, GotView, PromotionView, ReasonView
from tenantctl.report.style import Style
from tenantctl.report.text import text

SHORT = 12
"""As many characters of a digest or a commit as are shown."""


def promotion_text(view: PromotionView, *, color: bool, width: int, full: bool = False) -> str:
    """*view* as lines, each ended by a newline; values of what differs only where *full*."""
    style = Style(color, max(40, width))
    head = f"{view.tenant}: {view.source} -> {view.target}    definition {view.digest[:SHORT]}"
    found = f", as commit {view.commit[:SHORT]} has it" if view.commit else ""
    lines = [style.paint("title", f"{head}{found}")]
    lines += [style.paint("!", f"HOTFIX: {view.hotfix}")] if view.hotfix else []
    lines += ["", style.paint("title", f"1. What {view.source} got"), *_got(view, style)]
    lines += ["", style.paint("title", f"2. What {view.target} will get")]
    start = "".join(f"{line}\n" for line in lines)
    plan = text(view.plan, color=color, width=width)
    rest = ["", *_third(view, style, full=full), *_notes(view, style), "", *_verdict(view, style)]
    return start + plan + "".join(f"{line}\n" for line in rest)


def _got(view: PromotionView, style: Style) -> Iterator[str]:
    if view.got is None:
        yield f"  Nothing: {view.source} has no receipt."
        return
    yield from (f"  {line}" for line in _receipt(view.got))
    if view.came is not None and not view.came.empty:
        yield f"  Since what {view.target} has:"
        yield from (f"  {line}" if line else "" for line in compared_lines(view.came, style))
    if view.came_note:
        yield from _wrapped(view.came_note, style)
    elif view.came is not None and view.came.empty:
        yield f"  Nothing that is declared has changed since what {view.target} has."


def _receipt(got: GotView) -> Iterator[str]:
    commit = f" of commit {got.commit}" if got.commit else ""
    scope = "" if got.full else " of a selection"
    yield f"{got.digest[:SHORT]}{commit}: {got.status}{scope}"
    yield f"applied to {got.domain} {got.when} by {got.who} with tenantctl {got.version}"
    if got.since:
        yield f"there since {got.since}"
    yield f"tests passed: {'; '.join(got.tests) or 'none of this definition'}"
    if got.looked:
        said = f"{', '.join(got.drifted)} drifted" if got.drifted else "as it was applied"
        yield f"looked at for drift {got.looked}: {said}"
    else:
        yield "never looked at for drift"


def _third(view: PromotionView, style: Style, *, full: bool) -> Iterator[str]:
    both = f"{view.source} and {view.target}"
    yield style.paint("title", f"3. What will still differ between {both}, and why")
    if full:
        yield from compared_lines(view.differ, style)
    else:
        for reason in view.reasons:
            yield from _reason(reason, style)
    if not view.reasons:
        yield "  Nothing that is declared."
    if view.by_domain:
        yield from _wrapped(f"Known by its own domain in each: {', '.join(view.by_domain)}", style)
    if view.secrets:
        said = f"Secrets, of which each environment has its own: {', '.join(view.secrets)}"
        yield from _wrapped(said, style)
    if view.unexercised:
        yield ""
        yield style.paint("title", f"Not exercised in {view.source}")
        yield from (f"  {_change(each)}" for each in view.unexercised)


def _reason(reason: ReasonView, style: Style) -> Iterator[str]:
    mark = " " if reason.declared else "!"
    yield style.paint(mark, f"  {mark} {reason.reason}")
    yield from _wrapped(", ".join(reason.fields), style, "      ")


def _change(change: ChangeView) -> str:
    field = "" if change.field == "(all)" else f" {change.field}"
    return f"{change.address}{field}  {change.where}".rstrip()


def _notes(view: PromotionView, style: Style) -> Iterator[str]:
    for note in view.notes:
        yield ""
        yield from textwrap.wrap(f"Note: {note}", style.width, break_long_words=False)


def _verdict(view: PromotionView, style: Style) -> Iterator[str]:
    blocking = sum(not each.allowed for each in view.plan.violations)
    where = f"{view.tenant}/{view.target}"
    if blocking:
        reasons = "1 reason" if blocking == 1 else f"{blocking} reasons"
        yield style.paint("!", f"{where} does not get {view.digest[:SHORT]}, for {reasons}.")
        if any(each.rule == "promotion" and not each.allowed for each in view.plan.violations):
            again = f"tenantctl promote {where} --hotfix REASON"
            yield from textwrap.wrap(
                f"If it cannot wait: {again} does without what is about promotion, and is kept.",
                style.width,
                break_long_words=False,
            )
    elif view.next:
        yield f"Next: {view.next}"
    elif view.plan.empty:
        yield style.paint("title", f"{where} has all of {view.digest[:SHORT]} already.")


def _wrapped(said: str, style: Style, indent: str = "  ") -> list[str]:
    return textwrap.wrap(
        said,
        style.width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
