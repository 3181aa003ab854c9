"""The three panels of a promotion as Markdown for a pull request, never too long for a comment."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.report.compared import ComparedResource, totals
from tenantctl.report.escape import markdown, markdown_code, shortened
from tenantctl.report.markdown import PROSE, WIDE, Section, fitted, marker, plan_markdown
from tenantctl.report.promotion import GotView, PromotionView, ReasonView
from tenantctl.report.promotion_text import SHORT
from tenantctl.report.view import Row

ROOM = (14_000, 28_000, 17_000)
"""Bytes of each panel; together they are less than a comment takes."""
FIELDS = 12
"""Fields of one resource, or of one reason."""
NAMES = 60
"""Secrets that are named."""
WORDS = {"ready": "ready to apply", "empty": "nothing to do", "refused": "refused"}


def promotion_markdown(view: PromotionView) -> str:
    """*view* as Markdown; its first line tells which promotion it is."""
    first, second, third = ROOM
    start = "\n\n".join(_head(view))
    plan = plan_markdown(view.plan, limit=second).partition("\n")[2].strip()
    return "\n".join(
        (
            fitted(start, _came(view), _note(view.came_note), first),
            f"### 2. What {_code(view.target)} will get\n\n#{plan}\n",
            fitted(_third(view), _differing(view), "\n\n".join(_tail(view)), third),
        )
    )


def _code(text: str) -> str:
    return markdown_code(shortened(text, WIDE))


def _note(said: str) -> str:
    return markdown(shortened(said, PROSE)) if said else ""


def _head(view: PromotionView) -> Iterator[str]:
    target = f"{view.tenant}/{view.target}"
    yield marker("promotion", target)
    way = f"{_code(view.source)} → {_code(target)}"
    yield f"## Promotion {way}: {WORDS[view.verdict]}"
    commit = f" of commit {_code(view.commit[:SHORT])}" if view.commit else ""
    yield f"Definition {_code(view.digest[:SHORT])}{commit}."
    if view.hotfix:
        yield f"**HOTFIX: {_note(view.hotfix)}**"
    for note in view.notes:
        yield f"Note: {_note(note)}"
    yield f"### 1. What {_code(view.source)} got"
    yield "\n".join(_got(view.got)) if view.got else "Nothing: there is no receipt."


def _got(got: GotView) -> Iterator[str]:
    scope = "" if got.full else " of a selection"
    yield f"- {_code(got.digest[:SHORT])}: {markdown(got.status)}{scope}, {_code(got.when)}"
    yield f"- by {_note(got.who)}, of commit {_code(got.commit or 'none')}"
    if got.since:
        yield f"- there since {_code(got.since)}"
    yield f"- tests passed: {_note('; '.join(got.tests)) or 'none of this definition'}"
    drifted = f"drifted: {_note(', '.join(got.drifted))}" if got.drifted else "as it was applied"
    looked = f"looked at for drift {_code(got.looked)}: {drifted}"
    yield f"- {looked if got.looked else 'never looked at for drift'}"


def _came(view: PromotionView) -> Iterator[Section]:
    if view.came is not None and not view.came.empty:
        title = f"Since what {_code(view.target)} has: {_note(totals(view.came))}"
        yield Section(title, tuple(map(_resource, view.came.resources)))


def _resource(each: ComparedResource) -> str:
    lines = [f"- {markdown_code(each.sign)} {_code(each.address)}"]
    lines += [f"  - {_row(one.row)}" for one in each.fields[:FIELDS]]
    more = max(0, len(each.fields) - FIELDS) + each.more
    return "\n".join([*lines, *([f"  - and {more} more"] if more else [])])


def _row(row: Row) -> str:
    said = _code(row.field)
    if row.lines:
        return f"{said}: {len(row.lines) + row.more} lines differ"
    if row.before is None:
        return f"{said}: {_code(row.after or '')}"
    return f"{said}: {_code(row.before)} → {_code(row.after or '')}"


def _third(view: PromotionView) -> str:
    both = f"{_code(view.source)} and {_code(view.target)}"
    said = f"### 3. What will still differ between {both}, and why"
    return said if view.reasons else f"{said}\n\nNothing that is declared."


def _differing(view: PromotionView) -> Iterator[Section]:
    lost = [reason for reason in view.reasons if not reason.declared]
    yield Section("**Nothing declares this**", tuple(map(_reason, lost)), 0.4)
    changes = (
        f"- {_code(each.address)} {_code(each.field)} {_note(each.where)}".rstrip()
        for each in view.unexercised
    )
    yield Section(f"Not exercised in {_code(view.source)}", tuple(changes), 0.6)
    declared = (reason for reason in view.reasons if reason.declared)
    yield Section("Declared", tuple(map(_reason, declared)))


def _reason(reason: ReasonView) -> str:
    fields = ", ".join(map(_code, reason.fields[:FIELDS]))
    more = len(reason.fields) - FIELDS
    return f"- {_note(reason.reason)}: {fields}{f' and {more} more' if more > 0 else ''}"


def _tail(view: PromotionView) -> Iterator[str]:
    if view.secrets:
        named = ", ".join(map(_code, view.secrets[:NAMES]))
        more = len(view.secrets) - NAMES
        beyond = f" and {more} more" if more > 0 else ""
        yield f"Secrets, of which each environment has its own: {named}{beyond}"
    if view.next:
        yield f"Next: {_code(view.next)}"
