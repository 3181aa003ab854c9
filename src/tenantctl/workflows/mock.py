"""A definition carried out on a fresh tenant that is thrown away, and what came of it."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from tenantctl.files import Loaded
from tenantctl.ledger import open_ledger
from tenantctl.model import (
    EMBEDDED,
    Address,
    Environment,
    Plan,
    Policy,
    Receipt,
    Scope,
    Tenant,
    Vault,
)
from tenantctl.workflows.apply import apply
from tenantctl.workflows.export import survey
from tenantctl.workflows.prepare import Ask, Gateway, prepare, scope

Scratch: TypeAlias = Callable[[Environment], AbstractAsyncContextManager["Tries"]]
"""Makes a fresh tenant for an environment, which is gone at the end."""
Tries: TypeAlias = Callable[[Vault], AbstractAsyncContextManager[Gateway]]
"""Opens that tenant, as often as it takes."""
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What an apply has made of a fresh tenant.

    *problems* say why it is not as the files ask for it, in words; *live* is what the tenant holds
    of what is declared, *counts* how many it holds of some kinds, declared or not, except for what
    a tenant is born with and nobody declares.
    """

    problems: tuple[str, ...]
    live: Tenant = Tenant({})  # noqa: RUF009 - frozen
    counts: Mapping[str, int] = field(default_factory=dict)


def strange(loaded: Loaded) -> Loaded:
    """*loaded* for a tenant that knows nothing of it yet.

    It is a sandbox, no object has the id that a pin says, and nobody minds how much is done to it.
    """
    environment, desired = loaded.environment, loaded.desired
    elsewhere = replace(
        environment,
        embedded=True,
        domain=f"{environment.tenant}-{environment.name}.{EMBEDDED}",
        credentials={},
        policy=Policy(delete="managed"),
    )
    declarations = {
        address: replace(each, identity=replace(each.identity, pin=""))
        for address, each in desired.declarations.items()
    }
    unpinned = replace(desired, declarations=declarations)
    return replace(loaded, environment=elsewhere, desired=unpinned)


def made_up(environment: Environment) -> Vault:
    """A value for every secret that an environment declares; none of them is real."""
    values = {name: f"made-up-{name}-0123456789abcdef" for name in environment.secrets}
    return Vault(values, key=b"made up")


async def rehearse(loaded: Loaded, scratch: Scratch, kinds: Collection[str] = ()) -> Rehearsed:
    """Apply *loaded* to a fresh tenant, plan again, and look at what is there.

    Nothing of the environment's own tenant, receipts or secrets is used.
    """
    loaded = strange(loaded)
    vault = made_up(loaded.environment)
    async with scratch(loaded.environment) as tries:
        _, born = await _survey(loaded, tries, vault, kinds)
        receipt, problems = await _applied(loaded, tries, vault)
        if receipt is None:
            return Rehearsed(problems)
        async with tries(vault) as gateway:
            again = await prepare(loaded, gateway, receipt, vault, Ask())
        there, ids = await _survey(loaded, tries, vault, kinds)
        mine = loaded.desired.tenant.resources.keys()
        made = [a for a in there if a in mine or ids.get(a) not in born.values()]
        found = (*problems, *_unsettled(again.plan))
        return Rehearsed(found, again.live, Counter(address.kind for address in made))


async def _applied(
    loaded: Loaded, tries: Tries, vault: Vault
) -> tuple[Receipt | None, tuple[str, ...]]:
    async with tries(vault) as gateway:
        prepared = await prepare(loaded, gateway, None, vault, Ask())
        if refused := tuple(_refused(prepared.plan)):
            return None, refused
        with tempfile.TemporaryDirectory(prefix="tenantctl-") as folder:
            ledger = open_ledger(Path(folder))
            with ledger.begin(prepared.plan) as journal:
                result = await apply(
                    prepared.plan,
                    gateway,
                    ledger,
                    vault,
                    journal=journal,
                    notify=lambda _: None,
                    halted=asyncio.Event(),
                )
    return result.receipt, tuple(_failed(result.receipt))


def _refused(plan: Plan) -> Iterator[str]:
    for violation in plan.blocking:
        yield f"{violation.rule}: {violation.address} {violation.detail}"


def _failed(receipt: Receipt) -> Iterator[str]:
    """What an apply has not done; what it has left out because of that is not told."""
    for step, outcome in sorted(receipt.outcomes.items()):
        if not outcome.done and outcome.status != "skipped":
            yield f"{step}: {outcome.status}: {outcome.detail}".removesuffix(": ")


def _unsettled(plan: Plan) -> Iterator[str]:
    """What a second plan would still do."""
    for step in plan.steps[:SHOWN]:
        yield f"after the apply, a plan would still {step.change.verb} {step.address}"
    if (more := len(plan.steps) - SHOWN) > 0:
        yield f"and {more} more"


async def _survey(
    loaded: Loaded, tries: Tries, vault: Vault, kinds: Collection[str]
) -> tuple[Collection[Address], Mapping[Address, str]]:
    """What there is of *kinds*, with ids, without what tenantctl itself needs to get in."""
    if not kinds:
        return (), {}
    wanted: Scope = scope(loaded.desired, {}, retire=False)
    async with tries(vault) as gateway:
        draft, found = await survey(gateway, wanted, vault, kinds=sorted(kinds))
    return tuple(draft.resources), found.ids
