"""A receipt as a view, and an event as the one line that shows progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tenantctl.model import STATUSES, Event, Outcome, Receipt, StepId, Vault
from tenantctl.report.escape import visible
from tenantctl.report.redact import Clean, cleaned, cleaner
from tenantctl.report.view import OutcomeView, ReceiptView

NEXT: Mapping[str, str] = {
    "waiting": "tenantctl resume",
    "partial": "tenantctl resume",
    "failed": "tenantctl plan",
}


def view_receipt(receipt: Receipt, vault: Vault | None = None) -> ReceiptView:
    """All there is to say about *receipt*, scrubbed of *vault*'s values and escaped."""
    counts = Counter(outcome.status for outcome in receipt.outcomes.values())
    view = ReceiptView(
        kind=receipt.kind,
        tenant=receipt.tenant,
        environment=receipt.environment,
        domain=receipt.domain,
        status=receipt.status,
        full=receipt.full,
        phases=receipt.phases,
        addresses=len(receipt.entries),
        outcomes=tuple(_outcome(id, receipt.outcomes[id]) for id in sorted(receipt.outcomes)),
        counts=tuple((status, counts[status]) for status in STATUSES if counts[status]),
        digest=receipt.digest,
        commit=receipt.commit,
        version=receipt.version,
        who=receipt.who,
        when=receipt.when,
        next=next_of(receipt),
    )
    return cleaned(view, cleaner(vault))


def next_of(receipt: Receipt) -> str:
    """The command that goes on from *receipt*; empty where nothing is left to do."""
    moved = any(outcome.status == "moved" for outcome in receipt.outcomes.values())
    command = "tenantctl plan" if moved else NEXT.get(receipt.status, "")
    return f"{command} {receipt.tenant}/{receipt.environment}" if command else ""


def _outcome(id: StepId, outcome: Outcome) -> OutcomeView:
    return OutcomeView(
        id=str(id),
        status=outcome.status,
        detail=outcome.detail,
        record=tuple(outcome.record.items()),
        because=tuple(map(str, outcome.because)),
        writes=outcome.writes,
    )


def line_for(event: Event, clean: Clean = visible) -> str:
    """One line about *event*, such as `clients.web-shop: applied`.

    *clean* is `cleaner(vault)` where there are secrets to look for; without it the line is
    escaped only.
    """
    if event.outcome is None:
        return clean(f"{event.step}: {event.type}")
    outcome = event.outcome
    detail = f", {outcome.detail}" if outcome.detail else ""
    because = f" because of {', '.join(map(str, outcome.because))}" if outcome.because else ""
    record = "".join(f"; {name} {value}" for name, value in outcome.record.items())
    return clean(f"{event.step}: {outcome.status}{because}{detail}{record}")
