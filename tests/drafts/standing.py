"""A project on disk with a tenant in memory for each environment: applied, surveyed, taken over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from gateway.simulated import EPOCH, simulate
from support.project import copy_of_repository
from tenantctl.drafts import write_down, write_files
from tenantctl.drafts.edit import Revision, revise
from tenantctl.drafts.edit_add import add
from tenantctl.engine import Known
from tenantctl.files import Loaded, load, resolve
from tenantctl.gateway import Access, Gateway, limits_of, open_gateway
from tenantctl.ledger import open_ledger
from tenantctl.model import Address, Draft, Plan, Resource, Scope, Tenant, Vault
from tenantctl.sandbox import Sandbox
from tenantctl.workflows import Ask, apply, prepare
from tenantctl.workflows.export import without_own
from tenantctl.workflows.prepare import scope


@dataclass
class Standing:
    """A project below *root*, and the tenants of its environments."""

    root: Path
    tenant: str
    sandboxes: dict[str, Sandbox] = field(default_factory=dict)
    receipts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of_repository(cls, root: Path) -> Standing:
        copy_of_repository(root)
        return cls(root, "hearthhollow")

    def sandbox(self, env: str) -> Sandbox:
        if env not in self.sandboxes:
            domain = f"{self.tenant}-{env}.sandbox.invalid"
            self.sandboxes[env] = Sandbox(domain, clock=lambda: EPOCH)
        return self.sandboxes[env]

    def load(self, env: str) -> Loaded:
        return load(self.root, self.tenant, env)

    def apply(self, env: str) -> None:
        """Brings the tenant to what the files say."""
        loaded = self.load(env)
        vault = self.vault(loaded)
        ledger = open_ledger(self.root / ".tenantctl")

        async def job(gateway: Gateway) -> Any:
            prepared = await prepare(loaded, gateway, self.receipts.get(env), vault, Ask())
            with ledger.begin(prepared.plan) as journal:
                halted = __import__("asyncio").Event()
                return await apply(
                    prepared.plan, gateway, ledger, vault,
                    journal=journal, notify=lambda _: None, halted=halted,
                )  # fmt: skip

        result = self._job(env, vault, job)
        assert result.receipt.status == "converged", result
        self.receipts[env] = ledger.receipt(self.tenant, env)

    def plan(self, env: str) -> Plan:
        loaded = self.load(env)
        vault = self.vault(loaded)

        async def job(gateway: Gateway) -> Plan:
            return (await prepare(loaded, gateway, self.receipts.get(env), vault, Ask())).plan

        return self._job(env, vault, job)

    def steps(self, env: str) -> list[str]:
        """What a plan would do, each with its verb."""
        return [f"{step.change.sign} {step.id}" for step in self.plan(env).steps]

    def survey(self, env: str, loaded: Loaded | None = None) -> Mapping[Address, Resource]:
        """All that the tenant has, what is declared under its address, without what lets us in."""
        nothing = Scope({}, Tenant({}))
        entries = self.receipts[env].entries if env in self.receipts else {}
        wanted = scope(loaded.desired, entries, retire=False) if loaded else nothing

        async def job(gateway: Gateway) -> Any:
            found = await gateway.survey(wanted)
            assert not found.unread, found.unread
            return without_own(found.tenant, gateway.own() - wanted.identities.keys())

        return self._job(env, Vault(), job)

    def taken(self, env: str) -> Revision:
        """The files that say what the tenant has, as an export would write them."""
        loaded = self.load(env)
        live = self.survey(env, loaded)
        declared = loaded.desired.tenant.resources
        fresh = {a: r for a, r in live.items() if a not in declared}
        receipt = self.receipts.get(env)
        known = Known(receipt.entries if receipt else {}, self.vault(loaded).mark)
        written = write_down(Draft("", fresh))
        revised = revise(self.root, loaded, Tenant(live), known=known, beside=written.bodies)
        added = add(self.root, loaded, written, texts=revised.texts, source=generated)
        return Revision(added.texts, (*revised.notes, *added.notes))

    def write(self, revision: Revision) -> None:
        write_files(self.root, revision.texts)

    def vault(self, loaded: Loaded) -> Vault:
        state = self.root / ".tenantctl"
        return resolve(loaded.environment, root=self.root, state=state, environ={}, strict=False)

    def _job(self, env: str, vault: Vault, work: Callable[[Gateway], Awaitable[Any]]) -> Any:
        sandbox = self.sandbox(env)

        async def main(loop: Any) -> Any:
            id, secret = sandbox.credentials()
            opened = partial(open_gateway, vault=vault, limits=limits_of("unlimited"))
            access = Access(sandbox.domain, id, client_secret=secret)
            async with opened(access, transport=sandbox.transport(), clock=loop.time) as gateway:
                return await work(gateway)

        return simulate(main)


def generated(_: str) -> dict[str, Any]:
    return {"from": "generated"}
