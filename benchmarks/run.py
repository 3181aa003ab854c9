"""`make bench`: what the main commands cost, in CPU time, median of seven runs.

The figures are measured in one run on the machine it runs on; ratios between them mean more
than the figures themselves.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tenantctl.engine import Known, Wish, make_plan
from tenantctl.kinds import KINDS
from tenantctl.model import (
    Address,
    Declaration,
    Desired,
    Environment,
    Identity,
    Origin,
    Ref,
    Resource,
    Tenant,
)
from tenantctl.playbooks import playbook

RUNS = 7
ROOT = Path(__file__).parents[1]
HOME = Origin("tenants/big/phase1/x.yaml", 1, 1, "application_integration")


def median(measure: Callable[[], float]) -> float:
    """The median of seven runs, in seconds, after one that warms the caches."""
    measure()
    return statistics.median(measure() for _ in range(RUNS))


def process(*arguments: str) -> float:
    """CPU seconds of one whole process, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "NO_COLOR": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    command = [sys.executable, "-m", "tenantctl", *arguments]
    subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def _client(index: int, *, changed: bool) -> Resource:
    urls = [f"https://app{index}.example/{n}" for n in range(4)]
    return Resource(
        Address("clients", f"app-{index}"),
        {
            "name": f"App {index}",
            "description": "changed" if changed else "as it was",
            "app_type": "spa",
            "callbacks": urls[::-1] if index % 2 else urls,
            "grant_types": ["authorization_code", "refresh_token"],
            "client_metadata": {"team": f"t{index % 7}"},
            "jwt_configuration": {"alg": "RS256", "lifetime_in_seconds": 36000},
        },
    )


def _grant(index: int) -> Resource:
    return Resource(
        Address("client_grants", f"app-{index}/api/client"),
        {
            "client_id": Ref(Address("clients", f"app-{index}"), "client_id"),
            "audience": Ref(Address("resource_servers", "api"), "identifier"),
            "subject_type": "client",
            "scope": ["read:a", "write:a"],
        },
    )


def big(size: int, *, changed: int) -> tuple[Desired, Tenant]:
    """A desired and a live tenant of *size* resources; every *changed*-th client differs."""
    half = size // 2
    api = Resource(Address("resource_servers", "api"), {"identifier": "https://api.example"})
    grants = [_grant(n) for n in range(size - half - 1)]
    wanted = [api, *(_client(n, changed=n % changed == 0) for n in range(half)), *grants]
    there = [api, *(_client(n, changed=False) for n in range(half)), *grants]
    declarations = {
        r.address: Declaration(
            Identity(tuple(r.fields.get(name) for name in KINDS[r.address.kind].key)),
            ("application_integration",),
            HOME,
        )
        for r in wanted
    }
    return Desired(Tenant.of(wanted), declarations, {}), Tenant.of(there)


def planning(desired: Desired, live: Tenant, steps: int) -> float:
    """CPU seconds to plan in memory; checks that the plan is what it should be."""
    start = time.process_time()
    plan = make_plan(
        desired,
        live,
        Known(),
        environment=Environment("big", "dev", "development", "big.example"),
        playbook=playbook("b2c"),
        wish=Wish(dt.date(2026, 1, 1), "bench"),
    )
    spent = time.process_time() - start
    if len(plan.steps) != steps:
        raise SystemExit(f"{len(plan.steps)} steps planned where {steps} differ")
    return spent


def main() -> None:
    """Print every figure with its bound."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; CPU, median of {RUNS}")
    desired, live = big(5000, changed=50)
    rows = [
        ("tenantctl --help", 0.150, median(lambda: process("--help"))),
        (
            "tenantctl validate dev (hearthhollow)",
            0.6,
            median(lambda: process("validate", "hearthhollow/dev")),
        ),
        (
            "plan 5,000 resources, 50 of them differ",
            1.0,
            median(lambda: planning(desired, live, 50)),
        ),
        (
            "plan 5,000 resources, none there yet",
            0.0,
            median(lambda: planning(desired, Tenant({}), 5000)),
        ),
    ]
    for name, bound, spent in rows:
        wanted = f"at most {bound * 1000:.0f} ms" if bound else ""
        print(f"{name:<45} {spent * 1000:7.0f} ms   {wanted}")


if __name__ == "__main__":
    main()
