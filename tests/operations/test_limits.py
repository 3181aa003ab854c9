"""Rate limits as a run keeps to them, and what a definition costs at that."""

from __future__ import annotations

import json

import pytest

from support.project import Project
from tenantctl.gateway.limits import LIMITS


def limits(project: Project, env: str) -> dict:
    return project.ok("limits", env, "--json").json


def test_the_buckets_are_those_that_the_limiter_mirrors(project):
    told = limits(project, "prod")
    assert told["subscription"] == "enterprise-production"
    assert [(b["burst"], b["rate"], b["path"]) for b in told["buckets"]] == [
        (b.burst, b.rate, b.path) for b in LIMITS["enterprise-production"]
    ]


def test_production_leaves_a_fifth_to_those_who_sign_in(project):
    told = limits(project, "prod")
    assert told["share"] == 0.8
    assert (told["buckets"][0]["used_burst"], told["buckets"][0]["used_rate"]) == (40, 12.8)
    assert "of which a run uses 80%" in project.ok("limits", "prod").out


def test_where_nothing_is_said_it_is_the_smallest_subscription(project):
    path = project.root / "environments/hearthhollow/dev.yaml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("subscription:")))
    told = limits(project, "dev")
    assert (told["subscription"], told["said"]) == ("free", False)
    assert "names no subscription" in project.ok("limits", "dev").out


@pytest.mark.thorough
def test_the_cost_told_from_the_files_is_what_a_plan_and_an_apply_send(project):
    """Told within a third: waits, what is read again and what nobody declares come on top."""
    jobs = {job["name"]: job["requests"] for job in limits(project, "dev")["jobs"]}
    project.ok("plan", "dev")
    project.ok("apply", "dev", "--yes")
    before = asked(project)
    project.ok("plan", "dev")
    read = asked(project) - before
    assert jobs["read what is declared"] == pytest.approx(read, rel=1 / 3)
    saved = project.root / "first.json"
    project.ok("plan", "prod", "--out", str(saved))
    steps = json.loads(saved.read_text())["plan"]["steps"]
    prod = {job["name"]: job["requests"] for job in limits(project, "prod")["jobs"]}
    there = [step for step in steps if "create" in step["change"]]
    assert len(there) > 10
    assert prod["apply all of it to an empty tenant"] >= len(there)


def asked(project: Project) -> int:
    """How many requests that read the embedded tenant of dev has answered."""
    told = project.ok("sandbox", "status", "dev", "--json").json["requests"]
    return int(told.get("GET", 0))


def test_more_to_do_takes_longer_and_the_slowest_bucket_is_named(project):
    jobs = limits(project, "qa")["jobs"]
    assert [job["seconds"] for job in jobs] == sorted(job["seconds"] for job in jobs)
    assert jobs[-1]["slowest"]


def test_a_subscription_that_nobody_knows_is_refused(project):
    path = project.root / "environments/hearthhollow/dev.yaml"
    text = path.read_text()
    lines = [line for line in text.splitlines() if not line.startswith("subscription:")]
    path.write_text("\n".join([*lines, "subscription: platinum"]))
    ran = project.run("validate", "dev")
    assert ran.code == 65
    assert "subscription must be one of free, essentials," in ran.err
