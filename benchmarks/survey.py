"""Reading a tenant of 5,000 resources as a whole, as an export does: requests, time and memory.

Everything runs in one process, so the time of the embedded tenant is told apart from ours: it is
what passes inside its transport. The memory is that of the whole process, the tenant included.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tenantctl.gateway import Access, Gateway, Survey, limits_of, open_gateway
from tenantctl.model import Scope, Tenant, Vault
from tenantctl.sandbox import Sandbox

DOMAIN = "big-dev.sandbox.invalid"
VAULT = Vault({}, {}, b"a key of the bench")
NOTHING = Scope({}, Tenant({}))
CLIENTS = 800
APIS = 150
GRANTS = 3_300
CONNECTIONS = 100
ROLES = 100
ORGANIZATIONS = 160
ACTIONS = 80
FLOWS = 20
TRIGGERS = ("post-login", "credentials-exchange")
MEMORY = 200
"""The most that a process may have that surveys the tenant, in MB, the tenant included."""

Documents = dict[str, dict[str, dict[str, Any]]]


def documents() -> Documents:
    """What the tenant holds besides what every tenant has, by table and id."""
    apis = [f"https://api-{n}.example" for n in range(APIS)]
    scopes = [{"value": f"{verb}:things", "description": verb} for verb in ("read", "write")]
    found: Documents = {
        "clients": {f"client{n}": _client(n) for n in range(CLIENTS)},
        "resource_servers": {
            f"api{n}": {"name": f"API {n}", "identifier": url, "scopes": scopes}
            for n, url in enumerate(apis)
        },
        "client_grants": {
            f"cgr_{n}": {
                "client_id": f"client{n % CLIENTS}",
                "audience": apis[(n + n // CLIENTS) % APIS],
                "scope": ["read:things"],
            }
            for n in range(GRANTS)
        },
        "connections": {f"con_{n}": _connection(n) for n in range(CONNECTIONS)},
        "roles": {f"rol_{n}": {"name": f"Role {n}"} for n in range(ROLES)},
        "organizations": {
            f"org_{n}": {"name": f"org-{n}", "display_name": f"Organization {n}"}
            for n in range(ORGANIZATIONS)
        },
        "actions": {f"action{n}": _action(n) for n in range(ACTIONS)},
        "flows": {f"af_{n}": {"name": f"Flow {n}", "actions": []} for n in range(FLOWS)},
    }
    return found | _links(apis)


def _links(apis: list[str]) -> Documents:
    """What joins these; the first role has more permissions than go on one page."""
    permissions = {
        f"rol_{role}/{n}": {
            "_parent": f"rol_{role}",
            "role_id": f"rol_{role}",
            "resource_server_identifier": apis[n % APIS],
            "permission_name": ("read:things", "write:things")[n // APIS],
        }
        for role in range(ROLES)
        for n in range(150 if role == 0 else 3)
    }
    return {
        "role_permissions": permissions,
        "connection_clients": {
            f"con_{n}/client{n * 8 + k}": {
                "_parent": f"con_{n}",
                "client_id": f"client{n * 8 + k}",
            }
            for n in range(CONNECTIONS)
            for k in range(8)
        },
        "organization_connections": {
            f"con_{n}": {
                "_parent": f"org_{n}",
                "organization_id": f"org_{n}",
                "connection_id": f"con_{n}",
                "assign_membership_on_login": False,
            }
            for n in range(CONNECTIONS)
        },
    }


def _client(n: int) -> dict[str, Any]:
    return {
        "name": f"App {n}",
        "app_type": "spa",
        "callbacks": [f"https://app{n}.example/{k}" for k in range(4)],
        "grant_types": ["authorization_code", "refresh_token"],
        "client_metadata": {"team": f"t{n % 7}"},
    }


def _connection(n: int) -> dict[str, Any]:
    return {"name": f"users-{n}", "strategy": "auth0", "options": {"passwordPolicy": "good"}}


def _action(n: int) -> dict[str, Any]:
    return {
        "name": f"Action {n}",
        "code": f"exports.onExecute{n} = async () => {{}};\n" * 50,
        "supported_triggers": [{"id": TRIGGERS[n % len(TRIGGERS)], "version": "v3"}],
    }


@dataclass
class Counting(httpx.AsyncBaseTransport):
    """The embedded tenant, with its requests counted and the CPU time that it takes."""

    inner: httpx.AsyncBaseTransport
    requests: int = 0
    seconds: float = field(default=0.0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        begun = time.process_time()
        answer = await self.inner.handle_async_request(request)
        await answer.aread()
        self.seconds += time.process_time() - begun
        self.requests += 1
        return answer


def surveyed(sandbox: Sandbox, transport: httpx.AsyncBaseTransport) -> Survey:
    """The survey of a tenant of which nothing is known."""

    async def main(work: Callable[[Gateway], Awaitable[Survey]]) -> Survey:
        id, secret = sandbox.credentials()
        async with open_gateway(
            Access(DOMAIN, id, client_secret=secret),
            vault=VAULT,
            limits=limits_of("unlimited"),
            transport=transport,
        ) as gateway:
            return await work(gateway)

    return asyncio.run(main(lambda gateway: gateway.survey(NOTHING)))


@dataclass(frozen=True)
class Measured:
    """What a survey of the tenant took; *memory* in MB, the whole process and the tenant in it."""

    counts: dict[str, int]
    requests: int
    seconds: float
    tenant_seconds: float
    memory: float


def measured() -> Measured:
    """One survey, in a process that has done nothing else before."""
    sandbox = Sandbox(DOMAIN)
    sandbox.seed(documents())
    transport = Counting(sandbox.transport())
    begun = time.process_time()
    survey = surveyed(sandbox, transport)
    spent = time.process_time() - begun - transport.seconds
    sandbox.close()
    counts = dict(Counter(address.kind for address in survey.tenant.resources))
    return Measured(counts, transport.requests, spent, transport.seconds, peak())


def peak() -> float:
    """The most memory that this process has had, in MB.

    What Linux says of it by `getrusage` includes the process that it was started from.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


COMMAND = """
import contextlib, io, json, sys, time
from benchmarks.survey import peak
from tenantctl.cli.__main__ import run
with contextlib.redirect_stdout(io.StringIO()):
    code = run(["export", "big/dev"])
print(json.dumps({"code": code, "seconds": time.process_time(), "memory": peak()}))
"""


def commands(root: Path) -> Iterator[dict[str, Any]]:
    """The first export of the tenant into an empty project at *root*, and one more."""
    for name in ("environments/big", "tenants", ".tenantctl/sandbox"):
        (root / name).mkdir(parents=True)
    settings = "kind: development\ndomain: embedded\nphases: [1]\n"
    (root / "environments/big/dev.yaml").write_text(settings)
    sandbox = Sandbox(DOMAIN, root / f".tenantctl/sandbox/{DOMAIN}.sqlite")
    sandbox.seed(documents())
    sandbox.close()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    for _ in range(2):
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", COMMAND],
            cwd=root, check=True, capture_output=True, text=True, env=environment,
        )  # fmt: skip
        yield json.loads(done.stdout)


def main() -> None:
    """Print the figures, with the bound of memory."""
    found = measured()
    print(
        f"survey of {sum(found.counts.values()):,} resources: {found.requests:,} requests,"
        f" {found.seconds:.1f} s CPU (the tenant's {found.tenant_seconds:.1f} s),"
        f" peak {found.memory:.0f} MB, at most {MEMORY} MB"
    )
    with tempfile.TemporaryDirectory() as folder:
        for what, each in zip(("first", "again"), commands(Path(folder)), strict=True):
            print(
                f"tenantctl export of it, {what}: exit {each['code']},"
                f" {each['seconds']:.1f} s CPU with the tenant's,"
                f" peak {each['memory']:.0f} MB, at most {MEMORY} MB"
            )


if __name__ == "__main__":
    main()
