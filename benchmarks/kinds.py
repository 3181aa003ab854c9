"""1,000 organizations with connections and 3,000 clients: requests, CPU time and memory.

Everything runs in one process, so the time of the embedded tenant is told apart from ours: it is
what passes inside its transport. The bound is the fewest requests for objects and members that are
written one by one: a page of 100 for each listing, one read for what only its owner lists, a read
before each change of what is there. (The create of an organization could carry its connections,
which would save a request each; a step is one address, so it does not.)
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from tenantctl.files import Loaded, load
from tenantctl.gateway import Access, Gateway, limits_of, open_gateway
from tenantctl.ledger import Ledger, open_ledger
from tenantctl.model import Plan, Vault
from tenantctl.sandbox import Sandbox
from tenantctl.workflows import Ask, apply, prepare

ORGANIZATIONS = 1_000
CLIENTS = 3_000
CONNECTIONS = 10
PAGE = 100
DOMAIN = "big-dev.sandbox.invalid"
VAULT = Vault({}, {}, b"a key of the bench")
ITS_OWN = 2
"""The clients that every embedded tenant has."""

PAGES = -(-(CLIENTS + ITS_OWN) // PAGE) + ORGANIZATIONS // PAGE
READS = 1 + PAGES + 1 + ORGANIZATIONS
"""A token, the pages of clients and organizations, the connections, and those of each one."""


@dataclass
class Counting(httpx.AsyncBaseTransport):
    """The embedded tenant, with its requests counted and the CPU time that it takes."""

    inner: httpx.AsyncBaseTransport
    requests: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        begun = time.process_time()
        answer = await self.inner.handle_async_request(request)
        await answer.aread()
        self.seconds += time.process_time() - begun
        self.requests["reads" if request.method == "GET" else "writes"] += 1
        return answer


def write_project(root: Path, *, changed: bool) -> None:
    """The files of the project; *changed*: every hundredth client and tenth organization differ."""
    clients = {
        f"app-{n}": {
            "name": f"App {n}",
            "app_type": "spa",
            "description": "changed" if changed and n % 100 == 0 else "as it was",
            "callbacks": [f"https://app{n}.example/{k}" for k in range(4)],
            "grant_types": ["authorization_code", "refresh_token"],
        }
        for n in range(CLIENTS)
    }
    organizations = {
        f"org-{n}": {
            "display_name": f"Organization {n}",
            "metadata": {"tier": f"t{n % 7}"},
            "connections": {
                f"users-{n % CONNECTIONS}": {
                    "assign_membership_on_login": changed and n % 10 == 0,
                }
            },
        }
        for n in range(ORGANIZATIONS)
    }
    connections = {f"users-{n}": {"strategy": "auth0"} for n in range(CONNECTIONS)}
    kinds = {"clients": clients, "connections": connections, "organizations": organizations}
    files = {
        "tenants/big/tenant.yaml": {"playbook": "b2c", "adopts": ["application_integration"]},
        "tenants/big/phase1/all.yaml": {"application_integration": kinds},
        "environments/big/dev.yaml": {"kind": "development", "domain": "embedded", "phases": [1]},
    }
    for name, body in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(body, Dumper=yaml.CSafeDumper, sort_keys=False), "utf-8")


@dataclass
class Bench:
    """One project, one tenant, and what the steps so far have cost."""

    root: Path
    sandbox: Sandbox
    ledger: Ledger
    transport: Counting

    def job(self, work: Callable[[Gateway], Awaitable[Any]]) -> Any:
        """What *work* makes of a gateway that is opened for it, as each command does."""

        async def main() -> Any:
            id, secret = self.sandbox.credentials()
            async with open_gateway(
                Access(DOMAIN, id, client_secret=secret),
                vault=VAULT,
                limits=limits_of("unlimited"),
                transport=self.transport,
            ) as gateway:
                return await work(gateway)

        return asyncio.run(main())

    def planned(self, loaded: Loaded) -> Plan:
        receipt = self.ledger.receipt("big", "dev")

        async def work(gateway: Gateway) -> Plan:
            return (await prepare(loaded, gateway, receipt, VAULT, Ask())).plan

        plan: Plan = self.job(work)
        return plan

    def applied(self, loaded: Loaded) -> str:
        """Plan and apply, with one gateway."""
        receipt = self.ledger.receipt("big", "dev")

        async def work(gateway: Gateway) -> str:
            plan = (await prepare(loaded, gateway, receipt, VAULT, Ask())).plan
            with self.ledger.begin(plan) as journal:
                result = await apply(
                    plan,
                    gateway,
                    self.ledger,
                    VAULT,
                    journal=journal,
                    notify=lambda _: None,
                    halted=asyncio.Event(),
                )
            return result.receipt.status

        status: str = self.job(work)
        return status

    @contextmanager
    def measured(self, title: str, bound: int = 0) -> Iterator[None]:
        """Prints what the block costs; *bound* is the fewest requests, 0 where it sends none."""
        before, inside = sum(self.transport.requests.values()), self.transport.seconds
        begun, wall = time.process_time(), time.perf_counter()
        yield
        sent = sum(self.transport.requests.values()) - before
        tenant = self.transport.seconds - inside
        ours = time.process_time() - begun - tenant
        least = f"at least {bound:>5}" if bound else ""
        print(
            f"{title:<34}{sent:>6} requests  {least:<14}  {ours:6.1f} s CPU"
            f"  (the tenant's {tenant:5.1f} s)  {time.perf_counter() - wall:6.1f} s in all"
            f"  peak {peak():5.0f} MB",
            flush=True,
        )


def peak() -> float:
    """The most memory that this process has had, in MB, the tenant's included."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def main() -> None:
    """Create everything, find nothing to do, change a little of it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        sandbox = Sandbox(DOMAIN)
        bench = Bench(root, sandbox, open_ledger(root), Counting(sandbox.transport()))
        write_project(root, changed=False)
        with bench.measured("read the files"):
            loaded = load(root, "big", "dev")
        few = 1 + 3  # a token, and a page of each collection
        with bench.measured("plan, nothing is there yet", few):
            expect(len(bench.planned(loaded).steps), CLIENTS + CONNECTIONS + 2 * ORGANIZATIONS)
        made = CLIENTS + CONNECTIONS + 2 * ORGANIZATIONS
        with bench.measured("plan and apply everything", few + made + READS - 1):
            expect(bench.applied(loaded), "converged")
        with bench.measured("plan again", READS):
            expect(len(bench.planned(loaded).steps), 0)
        write_project(root, changed=True)
        loaded = load(root, "big", "dev")
        clients, members = CLIENTS // 100, ORGANIZATIONS // 10
        changed = clients + members
        again = PAGES + members
        with bench.measured(f"plan and apply {changed} changes", READS + 2 * changed + again):
            expect(bench.applied(loaded), "converged")
        sandbox.close()


def expect(found: object, wanted: object) -> None:
    """Ends the bench where something is not as it should be: its figures would mean nothing."""
    if found != wanted:
        raise SystemExit(f"{found} where {wanted} should be")


if __name__ == "__main__":
    main()
