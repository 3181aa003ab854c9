"""What the board says of one environment: files, ledger and, where it is opened, the tenant."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tenantctl.engine import Known
from tenantctl.engine.board import column
from tenantctl.engine.drift import drift_of, drifted
from tenantctl.engine.gates import stage
from tenantctl.engine.standing import Column, Failure, Seen
from tenantctl.errors import FilesError, TenantctlError
from tenantctl.files import Loaded
from tenantctl.ledger import Ledger
from tenantctl.model import Address, Receipt, Vault
from tenantctl.report.redact import cleaned, cleaner
from tenantctl.workflows.facts import gather
from tenantctl.workflows.judge import judge
from tenantctl.workflows.prepare import Ask, Gateway, Prepared, prepare
from tenantctl.workflows.promote import hotfix_of


async def look(
    loaded: Loaded,
    gateway: Gateway | None,
    *,
    root: Path,
    ledger: Ledger,
    vault: Vault,
    today: dt.date,
) -> Column:
    """How an environment stands, scrubbed of *vault*'s values and escaped.

    Without a *gateway* its tenant is not read; with one, no more is read than for a plan.
    """
    environment = loaded.environment
    id = (environment.tenant, environment.name)
    receipt = ledger.receipt(*id)
    prepared = None
    if gateway is not None:
        prepared = await prepare(loaded, gateway, receipt, vault, Ask(today=today))
    live = prepared.live if prepared else None
    own = gateway.own() if gateway else None
    receipt = receipt if receipt and _of(receipt, loaded) else None
    facts = gather(loaded, root, ledger, today, live=live, own=own)
    seen = Seen(
        environment=environment,
        playbook=loaded.playbook,
        desired=loaded.desired,
        adopted=loaded.adopted,
        declined=loaded.declined,
        reasons=loaded.reasons,
        findings=judge(loaded, facts, stage(loaded.playbook, environment.phases)),
        plan=prepared.plan if prepared else None,
        drifted=_drifted(loaded, prepared, receipt) if prepared else frozenset(),
        receipt=receipt,
        tests=ledger.tests(*id),
        backup=facts.records.backup if facts.records else None,
        unfinished=ledger.unfinished(*id) is not None,
        hotfix=hotfix_of(ledger, receipt) if receipt else "",
    )
    return cleaned(column(seen, today), cleaner(vault))


def _drifted(loaded: Loaded, prepared: Prepared, last: Receipt | None) -> frozenset[Address]:
    """Where somebody has changed what the next apply would change again."""
    steps = {step.address for step in prepared.plan.steps}
    known = prepared.known if last else Known()
    found = drift_of(loaded.desired, prepared.live, known, steps & known.entries.keys())
    return frozenset(each.address for each in drifted(found, last, loaded.desired.digest))


def _of(receipt: Receipt, loaded: Loaded) -> bool:
    """Whether the receipt is of the tenant that the environment has now."""
    return receipt.domain == loaded.environment.domain


def failed(tenant: str, environment: str, error: Exception) -> Column:
    """An environment of which nothing is known because of *error*."""
    return cleaned(Column(tenant, environment, failure=_failure(error)), cleaner(None))


def _failure(error: Exception) -> Failure:
    name = type(error).__name__
    if isinstance(error, FilesError):
        count = len(error.problems)
        said = "1 problem in the files" if count == 1 else f"{count} problems in the files"
        return Failure(name, said, "", error.exit_code, error.problems)
    if isinstance(error, TenantctlError):
        return Failure(name, error.message, error.help, error.exit_code)
    if isinstance(error, OSError) and error.filename is not None:
        help = "check who owns it, and the space left on its disk"
        return Failure(name, f"{error.strerror}: {error.filename}", help, 1)
    # The text of an error that nobody raised on purpose may quote a value that is secret.
    return Failure(name, "a mistake of tenantctl's own", "tenantctl plan says more", 1)
