"""A rollback as a view, as text and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from tenantctl.engine.rollback import LOSSES, Loss, Named
from tenantctl.model import Json, Receipt, Vault
from tenantctl.report.document import FORMAT, as_json, plain
from tenantctl.report.promotion_text import SHORT
from tenantctl.report.redact import cleaned, cleaner
from tenantctl.report.shown import field_name
from tenantctl.report.style import Style
from tenantctl.report.text import text
from tenantctl.report.view import View


@dataclass(frozen=True, slots=True)
class LossView:
    """What a rollback does not make as it was; *field* is empty where a resource is meant."""

    address: str
    field: str
    what: str
    more: str


@dataclass(frozen=True, slots=True)
class RollbackView:
    """All there is to say before an environment gets a definition back.

    *name*, *digest*, *status*, *who* and *when* are of the receipt that shows it, *leaves* is the
    definition that is there now. *commit* is where it was found, empty where it is that of the
    files here.
    """

    tenant: str
    environment: str
    name: str
    digest: str
    status: str
    who: str
    when: str
    leaves: str
    commit: str
    lost: tuple[LossView, ...]
    plan: View
    verdict: str
    notes: tuple[str, ...] = ()


def view_rollback(
    to: Named,
    last: Receipt,
    lost: tuple[Loss, ...],
    plan: View,
    vault: Vault | None = None,
    *,
    commit: str = "",
    notes: tuple[str, ...] = (),
) -> RollbackView:
    """The way back from *last* to the receipt *to*, scrubbed of *vault*'s values and escaped."""
    name, receipt = to
    refused = any(not each.allowed for each in plan.violations)
    view = RollbackView(
        tenant=plan.tenant,
        environment=plan.environment,
        name=name,
        digest=receipt.digest,
        status=receipt.status,
        who=receipt.who,
        when=receipt.when,
        leaves=last.digest,
        commit=commit,
        lost=tuple(map(_lost, lost)),
        plan=plan,
        verdict="refused" if refused else "empty" if plan.empty else "ready",
        notes=notes,
    )
    return cleaned(view, cleaner(vault))


def _lost(loss: Loss) -> LossView:
    field = field_name(loss.path) if loss.path else ""
    return LossView(str(loss.address), field, LOSSES[loss.word], loss.more)


def rollback_as_json(view: RollbackView) -> dict[str, Json]:
    """*view* as JSON; the plan stands in it as `tenantctl plan --json` prints it."""
    return {"format": FORMAT, "type": "rollback", **plain(view), "plan": as_json(view.plan)}


def rollback_text(view: RollbackView, *, color: bool, width: int) -> str:
    """*view* as lines, each ended by a newline."""
    style = Style(color, max(40, width))
    start = "".join(f"{line}\n" for line in _start(view, style))
    return start + text(view.plan, color=color, width=width)


def _start(view: RollbackView, style: Style) -> Iterator[str]:
    where = f"{view.tenant}/{view.environment}"
    way = f"from {view.leaves[:SHORT]} back to {view.digest[:SHORT]}"
    yield style.paint("title", f"{where}: {way}")
    found = f", found in commit {view.commit}" if view.commit else ""
    yield f"  receipt {view.name}: {view.status} {view.when} by {view.who}{found}"
    if view.lost:
        yield ""
        yield style.paint("title", "What a rollback does not undo")
    for loss in view.lost:
        field = f" {loss.field}" if loss.field else ""
        more = f" ({loss.more})" if loss.more else ""
        yield style.paint("!", f"  ! {loss.address}{field} {loss.what}{more}")
    for note in view.notes:
        yield ""
        yield from textwrap.wrap(f"Note: {note}", style.width, break_long_words=False)
    yield ""
