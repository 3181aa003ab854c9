"""A tenant in memory, plans for it, and what a rehearsal says of each before it is applied."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from laws.drawn import World, desired
from laws.scratch import VAULT, Scratch
from support.worlds import B2C
from tenantctl.cli.copying import open_copy
from tenantctl.cli.wiring import patient
from tenantctl.files import Loaded
from tenantctl.gateway import Access, Gateway, limits_of, open_gateway
from tenantctl.model import Desired, Plan, Rehearsal
from tenantctl.workflows.rehearse import Seen, look, rehearse


def on(tenant: Scratch, work: Callable[[Gateway], Awaitable[Any]]) -> Any:
    """The result of *work* with a gateway to the live tenant."""

    async def main() -> Any:
        id, secret = tenant.sandbox.credentials()
        async with open_gateway(
            Access(tenant.sandbox.domain, id, client_secret=secret),
            vault=VAULT,
            limits=limits_of("unlimited"),
            transport=tenant.sandbox.transport(),
            patience=patient(),
        ) as gateway:
            return await work(gateway)

    return asyncio.run(main())


def seen(tenant: Scratch, plan: Plan, loaded: Loaded | None = None) -> Seen:
    """What a rehearsal of *plan* reads."""
    receipt = tenant.receipt()
    entries = receipt.entries if receipt else {}
    found: Seen = on(tenant, lambda gateway: look(plan, gateway, loaded, entries))
    return found


def rehearsal(tenant: Scratch, plan: Plan, wanted: World | Desired | None = None) -> Rehearsal:
    """What a rehearsal of *plan* says; with *wanted* it plans again. The tenant is only read."""
    loaded = None
    if wanted is not None:
        asked = wanted if isinstance(wanted, Desired) else desired(wanted)
        loaded = Loaded(tenant.environment, asked, B2C)
    read = seen(tenant, plan, loaded)
    features = tenant.sandbox.features
    scratch = partial(open_copy, environment=tenant.environment, features=features)
    receipt = tenant.receipt()
    return asyncio.run(rehearse(plan, read, scratch, VAULT, receipt=receipt, loaded=loaded))
