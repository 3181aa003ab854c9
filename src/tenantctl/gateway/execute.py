"""Carrying out one step: the one place that changes a tenant."""

from __future__ import annotations

from dataclasses import replace

from tenantctl.errors import Denied, TenantctlError
from tenantctl.gateway.live import Live
from tenantctl.gateway.procedures import PROCEDURES
from tenantctl.gateway.work import View, Work, nested
from tenantctl.kinds import KINDS
from tenantctl.model import Delete, Former, Outcome, Step


async def execute(live: Live, step: Step) -> Outcome:
    """The outcome of *step*. Raises Denied, and nothing else that the tenant can cause."""
    kind = KINDS[step.address.kind]
    work = Work(live, kind, step.address, clearing=bool(step.former))
    try:
        outcome = await _cleared(live, step) if step.former else None
        outcome = outcome or await PROCEDURES[kind.procedure](work, step.change)
    except Denied:
        raise
    except TenantctlError as error:
        outcome = Outcome("failed", f"{error.message}; {error.help}" if error.help else str(error))
    return replace(outcome, writes=work.writes)


async def _cleared(live: Live, step: Step) -> Outcome | None:
    """The outcome of a step that need not clear the way any more; None where it has to."""
    states = [await _state(live, former) for former in step.former]
    if "as it was" in states:
        return None
    if "another" in states and isinstance(step.change, Delete):
        return Outcome("moved", "it is another object than the one that was to be replaced")
    return Outcome("unchanged", "the way is clear")


async def _state(live: Live, former: Former) -> str:
    """Whether an object is `as it was`, `gone`, what the plan makes of it (`new`), or `another`."""
    work = Work(live, KINDS[former.address.kind], former.address)
    raw = await work.fetch() if former.address in live.index else None
    if raw is None:
        return "gone"
    after = nested((edit.path, edit.after) for edit in former.edits)
    before = nested((edit.path, edit.before) for edit in former.edits)
    view = View.of(work, raw, [after, before])
    if all(view.is_still(edit.path, edit.before) for edit in former.edits):
        return "as it was"
    return "new" if all(view.holds(e.path, e.after) for e in former.edits) else "another"
