"""Carrying out one step: the one place that changes a tenant."""

from __future__ import annotations

from dataclasses import replace

from tenantctl.errors import Denied, TenantctlError
from tenantctl.gateway.live import Live
from tenantctl.gateway.procedures import PROCEDURES
from tenantctl.gateway.work import Work
from tenantctl.kinds import KINDS
from tenantctl.model import Outcome, Step


async def execute(live: Live, step: Step) -> Outcome:
    """The outcome of *step*. Raises Denied, and nothing else that the tenant can cause."""
    kind = KINDS[step.address.kind]
    work = Work(live, kind, step.address)
    try:
        outcome = await PROCEDURES[kind.procedure](work, step.change)
    except Denied:
        raise
    except TenantctlError as error:
        outcome = Outcome("failed", f"{error.message}; {error.help}" if error.help else str(error))
    return replace(outcome, writes=work.writes)
