"""The environments of a tenant beside each other, by their files and, if asked, as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tenantctl.engine import Known
from tenantctl.engine.checks import in_force
from tenantctl.engine.panels import secrets_of
from tenantctl.engine.parity import LiveDifference, Parity, Unlike, drifted, parity, unmanaged
from tenantctl.files import Loaded, load
from tenantctl.files.texts import unlike
from tenantctl.ledger import Ledger
from tenantctl.model import Receipt, Tenant, Vault, Waiver
from tenantctl.playbooks import checks, read_by
from tenantctl.workflows.former import with_former
from tenantctl.workflows.prepare import Opener, scope
from tenantctl.workflows.promote import side_of
from tenantctl.workflows.several import Asked, choose, known_targets

FACTS = "parity_findings"
"""What checks call it that an environment is built differently."""


def environments(root: Path, tenant: str) -> tuple[Loaded, ...]:
    """The environments of *tenant* in the order of promotion. Raises FilesError, UsageError."""
    targets = choose(known_targets(root).targets, Asked(tenant))
    mine = [each for each in targets if each.tenant == tenant]
    return tuple(load(root, tenant, each.environment) for each in mine)


def by_files(tenant: str, loaded: Sequence[Loaded], today: dt.date) -> Parity:
    """In what environments differ as their files say."""
    unlikes = tuple(each for one in loaded for each in _unlikes(one, today))
    names = {name for one in loaded for name in secrets_of(one.desired)}
    return Parity(
        tenant=tenant,
        environments=tuple(one.environment.name for one in loaded),
        differences=parity([side_of(one) for one in loaded], unlikes),
        unlikes=unlikes,
        secrets=tuple(sorted(names)),
    )


def _unlikes(loaded: Loaded, today: dt.date) -> Iterator[Unlike]:
    """What the check of parity reads, with the waiver of that check that holds."""
    name, source = loaded.environment.name, loaded.source
    asking = {
        check.id
        for check in checks(loaded.playbook)
        if any(scope == FACTS for scope, _ in read_by([check]))
    }
    held = [w for w in loaded.waivers if w.check in asking and in_force(w, name, today)]
    waived = _said(held[-1]) if held else ""
    for remark in unlike(source, name) if source else ():
        yield Unlike(name, remark, waived)


def _said(waiver: Waiver) -> str:
    return f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"


async def by_tenants(
    loaded: Sequence[Loaded],
    ledger: Ledger,
    vault_of: Callable[[Loaded, Receipt], Vault],
    opener: Opener,
) -> tuple[tuple[LiveDifference, ...], tuple[str, ...]]:
    """What the tenants themselves have otherwise than files say, and notes on what was left out.

    Of what was never applied nothing is read. Only reading scopes are used. Raises GatewayError.
    """
    seen = []
    found: list[LiveDifference] = []
    notes = []
    for one in loaded:
        environment = one.environment
        receipt = ledger.receipt(environment.tenant, environment.name)
        if receipt is None:
            notes.append(f"{environment.id} has no receipt: its tenant was not looked at.")
            continue
        vault = vault_of(one, receipt)
        desired = with_former(one.desired, receipt.entries, environment.domain)
        async with opener(environment, vault, "plan") as gateway:
            live = await gateway.read(scope(desired, receipt.entries, retire=False))
        side = side_of(one)
        found += drifted(side, live, Known(receipt.entries, vault.mark))
        declared = one.desired.tenant.resources
        mine = {address: r for address, r in live.resources.items() if address in declared}
        seen.append((side, Tenant(mine)))
    return (*found, *unmanaged(seen)), tuple(notes)
