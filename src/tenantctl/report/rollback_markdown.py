"""A rollback as Markdown for a pull request, never too long for a comment."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.report.escape import markdown, markdown_code, shortened
from tenantctl.report.markdown import LIMIT, PROSE, WIDE, Section, fitted, marker, plan_markdown
from tenantctl.report.promotion_markdown import WORDS
from tenantctl.report.promotion_text import SHORT
from tenantctl.report.rollback import LossView, RollbackView

ROOM = 40_000
"""Bytes of the plan."""


def rollback_markdown(view: RollbackView) -> str:
    """*view* as Markdown; its first line tells which rollback it is."""
    plan = plan_markdown(view.plan, limit=ROOM).partition("\n")[2].strip()
    lost = Section("What a rollback does not undo", tuple(map(_loss, view.lost)))
    return fitted("\n\n".join(_head(view)), (lost,), plan, LIMIT)


def _code(text: str) -> str:
    return markdown_code(shortened(text, WIDE))


def _head(view: RollbackView) -> Iterator[str]:
    target = f"{view.tenant}/{view.environment}"
    yield marker("rollback", target)
    way = f"from {_code(view.leaves[:SHORT])} back to {_code(view.digest[:SHORT])}"
    yield f"## Rollback of {_code(target)}: {WORDS[view.verdict]}"
    commit = f", found in commit {_code(view.commit)}" if view.commit else ""
    yield f"{way}, as receipt {_code(view.name)} of {_code(view.when)} has it{commit}."
    for note in view.notes:
        yield f"Note: {markdown(shortened(note, PROSE))}"


def _loss(loss: LossView) -> str:
    field = f" {_code(loss.field)}" if loss.field else ""
    more = f" ({markdown(shortened(loss.more, PROSE))})" if loss.more else ""
    return f"- {_code(loss.address)}{field} {markdown(loss.what)}{more}"
