"""
Two hundred tenants of one template, planned and applied in shards, two of them failing.

How the tenants ended is read from their databases, with neither our differ nor our gateway.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from campaigns.figures import REPOSITORY, commit, table, write_page
from support.project import Project
from tenantctl.sandbox import Fault

SIZE, SHARDS, JOBS = 200, 4, 4
WRONG, BROKEN = "u077", "u111"
"""The tenant whose row is wrong, and the one whose tenant answers with 500."""
LIMITED = 8
SPEND = 1.5
"""How much longer than one several tenants may take that all wait for their own rate limits."""
ROW = "{tenant},{kind},University {n},{tenant}.example,#7a1f2b,m.png,it@{tenant}.example,d{n}\n"
FLEET = """\
universities:
  template: university
  rows: !file rows.csv
  environments: [dev]
  overlay:
    kind: "${row.kind}"
    variables:
      university: "${row.name}"
      university_domain: "${row.domain}"
      accent: "${row.accent}"
      logo: "${row.logo}"
      support_email: "${row.support_email}"
      directory_client_id: "${row.directory}"
  connects_to: {tenant: district}
"""
WHAT = (
    "The template of the example's university, 23 resources with five connections to campuses, is "
    "given a table of 200 rows; one more tenant is what they all connect to. Each environment is "
    "an embedded tenant of its own, an SQLite file. They are planned and applied in four shards, "
    "one after the other on one machine, with four processes at once. One row has a kind that is "
    "none, and one tenant answers every POST of a client with 500. Then both are mended, all is "
    "applied at once, and planned again. What the tenants hold is read from their files."
)


@dataclass(frozen=True)
class Timed:
    """What a command for several environments printed, with the seconds it took."""

    code: int
    told: Mapping[str, Any]
    seconds: float

    def outcomes(self) -> dict[str, str]:
        return {each["tenant"]: each["outcome"] for each in self.told["targets"]}

    def summaries(self) -> Counter[str]:
        return Counter(each["summary"] for each in self.told["targets"])


def timed(root: Path, *arguments: str) -> Timed:
    """Run the command line in a process of its own, as a pipeline does."""
    command = [sys.executable, "-m", "tenantctl", *arguments, "--chdir", str(root)]
    began = time.monotonic()
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    seconds = time.monotonic() - began
    told = json.loads(ran.stdout) if "--json" in arguments else {}
    return Timed(ran.returncode, told, seconds)


def project_of(root: Path, size: int) -> Project:
    """The template with *size* rows and the tenant that they connect to."""
    for name in ("tenants/university", "environments/university"):
        shutil.copytree(REPOSITORY / name, root / name)
    table_of = REPOSITORY / "tenants/meridian-university/campuses.yaml"
    shutil.copy(table_of, root / "tenants/university/campuses.yaml")
    (root / "tenants/fleet.yaml").write_text(FLEET)
    (root / "tenants/district/phase1").mkdir(parents=True)
    (root / "environments/district").mkdir()
    (root / "tenants/district/tenant.yaml").write_text(
        "playbook: b2b\nadopts: [tenant_provision]\n"
    )
    (root / "tenants/district/phase1/base.yaml").write_text(
        "tenant_provision:\n  tenant: {friendly_name: District}\n"
    )
    (root / "environments/district/dev.yaml").write_text("kind: development\ndomain: embedded\n")
    write_rows(root, size)
    return Project(root)


def write_rows(root: Path, size: int, kind: str = "development") -> None:
    """The table; *kind* is that of the row that may be wrong."""
    rows = "tenant,kind,name,domain,accent,logo,support_email,directory\n"
    for n in range(size):
        tenant = f"u{n:03}"
        rows += ROW.format(tenant=tenant, n=n, kind=kind if tenant == WRONG else "development")
    (root / "tenants/rows.csv").write_text(rows)


def requests(project: Project, tenant: str) -> int:
    """How many requests an embedded tenant has seen."""
    found = project.ok("sandbox", "status", f"{tenant}/dev", "--json").json["requests"]
    return sum(number for method, number in found.items() if method != "writes")


def held(project: Project, tenant: str) -> tuple[str, int, int]:
    """The name, the applications and the connections that an embedded tenant holds."""
    with project.sandbox("dev", tenant) as sandbox:
        (settings,) = sandbox.documents("tenant_settings").values()
        sizes = (len(sandbox.documents(kind)) for kind in ("clients", "connections"))
        return (str(settings.get("friendly_name")), *sizes)  # type: ignore[return-value]


def in_shards(root: Path, verb: str, *options: str) -> tuple[dict[str, str], list[Timed]]:
    runs = [
        timed(
            root,
            verb,
            "universities",
            "--env",
            "dev",
            "--shard",
            f"{n}/{SHARDS}",
            "--jobs",
            str(JOBS),
            "--json",
            *options,
        )
        for n in range(1, SHARDS + 1)
    ]
    return {tenant: word for run in runs for tenant, word in run.outcomes().items()}, runs


@dataclass(frozen=True)
class Alone:
    """A tenant that is planned and applied by itself: seconds, requests, and what it holds."""

    plan: float
    apply: float
    requests: int
    held: tuple[str, int, int]


def one_alone(root: Path) -> Alone:
    project = project_of(root, 1)
    plan, apply = (
        timed(root, *verb, "u000/dev").seconds for verb in (("plan",), ("apply", "--yes"))
    )
    return Alone(plan, apply, requests(project, "u000"), held(project, "u000"))


@pytest.mark.campaign
def test_a_fleet_in_shards_of_which_two_fail(tmp_path):
    project = project_of(tmp_path / "fleet", SIZE)
    before = one_alone(tmp_path / "before")
    lone, goal = before.requests, before.held
    write_rows(project.root, SIZE, kind="developement")
    project.ok("sandbox", "status", f"{BROKEN}/dev")
    with project.sandbox("dev", BROKEN) as sandbox:
        sandbox.faults = [Fault("status", "POST", "/clients", status=500)]
    names = [f"u{n:03}" for n in range(SIZE)]
    others = [name for name in names if name not in {WRONG, BROKEN}]

    planned, plans = in_shards(project.root, "plan")
    assert Counter(planned.values()) == {"done": SIZE - 1, "invalid": 1}
    assert planned[WRONG] == "invalid"
    applied, applies = in_shards(project.root, "apply", "--yes")
    assert {applied[name] for name in others} == {"done"}
    assert applied[WRONG] == "invalid"
    assert applied[BROKEN] == "partial"
    assert {held(project, name)[1:] for name in others} == {goal[1:]}
    assert {held(project, name)[0] for name in others} == {
        f"University {int(n[1:])}" for n in others
    }
    made = {requests(project, name) for name in others}
    assert made == {lone}, "a tenant of a fleet is asked as often as the same one alone"

    write_rows(project.root, SIZE)
    with project.sandbox("dev", BROKEN) as sandbox:
        sandbox.faults = []
    mended = timed(
        project.root, "apply", "--all", "--env", "dev", "--yes", "--jobs", str(JOBS), "--json"
    )
    assert (mended.code, set(mended.outcomes().values())) == (0, {"done"})
    assert mended.told["targets"][-1]["target"] == "district/dev"
    assert {held(project, name)[1:] for name in names} == {goal[1:]}
    last, again = in_shards(project.root, "plan", "--detailed-exitcode")
    assert set(last.values()) == {"done"}
    assert {run.code for run in again} == {0}

    limited = timed_with_limits(tmp_path)
    ones = (before, one_alone(tmp_path / "after"))
    write(ones, {"plan": plans, "apply": applies, "again": again}, mended, limited)


def timed_with_limits(folder: Path) -> tuple[float, float]:
    """The seconds of one tenant and of several at once that keep the limits of a subscription."""
    found = []
    for name, size in (("one", 1), ("several", LIMITED)):
        project = project_of(folder / name, size)
        for n in range(size):
            limits = ("--subscription", "enterprise-nonproduction")
            project.ok("sandbox", "features", f"u{n:03}/dev", *limits)
        run = timed(
            project.root,
            "apply",
            "universities",
            "--env",
            "dev",
            "--yes",
            "--jobs",
            str(size),
            "--json",
        )
        assert (run.code, set(run.outcomes().values())) == (0, {"done"})
        found.append(run.seconds)
    assert found[1] < SPEND * found[0]
    return found[0], found[1]


def write(
    ones: tuple[Alone, Alone],
    shards: Mapping[str, list[Timed]],
    mended: Timed,
    limited: tuple[float, float],
) -> None:
    sums = {name: sum(run.seconds for run in runs) for name, runs in shards.items()}
    lone = ones[0].requests
    plan, apply = SIZE * mean(each.plan for each in ones), SIZE * mean(each.apply for each in ones)
    rows = [
        ("what", "measured", "bound"),
        (
            "requests of a tenant, planned and applied, of each of 198",
            lone,
            f"{lone}: the same tenant alone",
        ),
        (
            f"plan {SIZE} in {SHARDS} shards",
            f"{sums['plan']:.0f} s",
            f"{plan:.0f} s: one command after the other",
        ),
        (
            f"apply {SIZE} in {SHARDS} shards",
            f"{sums['apply']:.0f} s",
            f"{apply:.0f} s: one command after the other",
        ),
        (f"apply all {SIZE + 1} at once, of which 3 change", f"{mended.seconds:.0f} s", ""),
        (f"plan {SIZE} in {SHARDS} shards, nothing to do", f"{sums['again']:.0f} s", ""),
        (
            f"apply {LIMITED} tenants at once that keep the limits of enterprise-nonproduction",
            f"{limited[1]:.0f} s",
            f"{SPEND * limited[0]:.0f} s: {SPEND} times one of them",
        ),
    ]
    ends = [
        ("step", "done", "otherwise"),
        ("plan in shards", SIZE - 1, f"{WRONG}: invalid files, told at its row"),
        (
            "apply in shards",
            SIZE - 2,
            f"{WRONG}: invalid files; {BROKEN}: partial, its clients were refused",
        ),
        ("mended, apply all at once", SIZE + 1, "none; what they all connect to came last"),
        ("plan in shards", SIZE, "none, nothing to do"),
    ]
    facts = {
        "commit": commit(),
        "seed": "none, nothing is drawn",
        "machine": f"{os.cpu_count()} cores, others at work on them",
    }
    body = f"{table(ends)}\n\n{table(rows)}"
    write_page("fleet", "A fleet of two hundred tenants", WHAT, facts, body)
