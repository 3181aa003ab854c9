"""What to let through a firewall so that Auth0 reaches what a definition has it call."""

from __future__ import annotations

import datetime as dt

from tenantctl.engine.calls import calls
from tenantctl.errors import UsageError
from tenantctl.files import Loaded
from tenantctl.gateway.outbound import Outbound, region_of
from tenantctl.report.addresses import Allowed, Moved

CHECKED = "egress_allowlist_checked"


def allowed(loaded: Loaded, outbound: Outbound, source: str, region: str, day: dt.date) -> Allowed:
    """The addresses of the tenant's region, or of *region*, and what they are let through to.

    Raises UsageError where the list has no such region, or the domain tells none.
    """
    environment = loaded.environment
    wanted = (region or region_of(environment.domain)).upper()
    has = ", ".join(sorted(outbound.regions))
    if not wanted:
        raise UsageError(
            f"{environment.domain} does not say in which region it is",
            help=f"give --region, one of {has}; a private cloud has addresses of its own",
        )
    if wanted not in outbound.regions:
        raise UsageError(f"the list has no region {wanted}", help=f"it has {has}")
    checked = str(environment.operations.get(CHECKED, ""))
    moves = tuple(
        Moved(move.date, move.action, move.cidrs)
        for move in outbound.moves
        if move.region == wanted and checked and move.date > checked
    )
    return Allowed(
        environment=environment.id,
        domain=environment.domain,
        region=wanted,
        source=source,
        updated=outbound.updated,
        cidrs=outbound.regions[wanted],
        calls=calls(loaded.desired.tenant),
        moves=moves,
        checked=checked,
        line=f'operations: {{{CHECKED}: "{day.isoformat()}"}}',
    )
