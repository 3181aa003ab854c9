"""A throw-away tenant, planned and applied as the command line does it, on a simulated clock."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.simulated import EPOCH, simulate
from laws.drawn import SECRETS, World, desired
from support.worlds import B2C
from tenantctl.engine import Known, without_known_secrets
from tenantctl.files import Loaded
from tenantctl.gateway import Access, Gateway, limits_of, open_gateway
from tenantctl.ledger import Ledger, open_ledger
from tenantctl.model import (
    Desired,
    Environment,
    Outcome,
    Plan,
    Policy,
    Receipt,
    Scope,
    Tenant,
    Vault,
)
from tenantctl.sandbox import Sandbox
from tenantctl.workflows import Ask, Result, apply, prepare

DOMAIN = "t.sandbox.invalid"
VAULT = Vault(SECRETS, {}, b"fingerprint key")
ENVIRONMENT = Environment(
    "t", "dev", "development", DOMAIN, policy=Policy(delete="managed", max_deletes=10_000)
)


@dataclass
class Scratch:
    """An embedded tenant in memory, with a ledger of its own."""

    ledger: Ledger
    sandbox: Sandbox
    environment: Environment = ENVIRONMENT

    def receipt(self) -> Receipt | None:
        return self.ledger.receipt(self.environment.tenant, self.environment.name)

    def plan(self, wanted: World | Desired) -> Plan:
        """The plan for *wanted* after the last receipt; nothing may stand in its way."""
        found = self.judged(wanted)
        assert not found.blocking, found.blocking
        return found

    def judged(self, wanted: World | Desired) -> Plan:
        """As `plan`, but it may be refused."""
        asked = wanted if isinstance(wanted, Desired) else desired(wanted)
        loaded = Loaded(self.environment, asked, B2C)

        async def job(gateway: Gateway) -> Plan:
            return (await prepare(loaded, gateway, self.receipt(), VAULT, Ask())).plan

        found: Plan = self._job(job)
        return found

    def apply(self, plan: Plan, width: int = 8) -> Result:
        """Carry out *plan*; its journal is begun anew."""
        receipt = self.receipt()
        entries = receipt.entries if receipt else {}
        decided = without_known_secrets(plan, Known(entries, VAULT.mark))
        hints = {address: entry.id for address, entry in entries.items() if entry.id}

        async def job(gateway: Gateway) -> Result:
            await gateway.read(Scope(plan.identities, Tenant({}), hints))
            with self.ledger.begin(decided) as journal:
                return await apply(
                    decided,
                    gateway,
                    self.ledger,
                    VAULT,
                    journal=journal,
                    notify=lambda _: None,
                    halted=asyncio.Event(),
                    width=width,
                )

        found: Result = self._job(job)
        return found

    def converge(self, wanted: World | Desired) -> Result:
        """Plan and apply; nothing may fail, and what was written must be there."""
        result = self.apply(self.plan(wanted))
        assert result.receipt.status == "converged", unhappy(result)
        return result

    def writes(self) -> list[str]:
        """The requests since the log was cleared that may have changed something."""
        return [
            f"{request.method} {request.path}"
            for request in self.sandbox.log
            if request.method != "GET" and request.path != "/oauth/token"
        ]

    def _job(self, work: Callable[[Gateway], Awaitable[Any]]) -> Any:
        async def main(loop: Any) -> Any:
            async with self._gateway(loop.time) as gateway:
                return await work(gateway)

        return simulate(main)

    @asynccontextmanager
    async def _gateway(self, clock: Callable[[], float]) -> AsyncIterator[Gateway]:
        id, secret = self.sandbox.credentials()
        async with open_gateway(
            Access(DOMAIN, id, client_secret=secret),
            vault=VAULT,
            limits=limits_of("unlimited"),
            transport=self.sandbox.transport(),
            clock=clock,
        ) as gateway:
            yield gateway


@contextmanager
def scratch(environment: Environment = ENVIRONMENT) -> Iterator[Scratch]:
    """A fresh tenant and an empty ledger."""
    sandbox = Sandbox(DOMAIN, clock=lambda: EPOCH)
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Scratch(open_ledger(Path(folder)), sandbox, environment)
    finally:
        sandbox.close()


def unhappy(result: Result) -> dict[str, Outcome | object]:
    """What did not succeed, for people."""
    found: dict[str, Outcome | object] = {
        str(id): outcome for id, outcome in result.receipt.outcomes.items() if not outcome.done
    }
    return found | {"lacking": result.lacking, "status": result.receipt.status}
