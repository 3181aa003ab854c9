"""This repository's own pipelines: what they build is what people get, and every step was run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ci.documents import ROOT, every_step
from ci.repositories import tool

VERSION = re.findall(
    r'__version__ = "(.*)"', (ROOT / "src" / "tenantctl" / "__init__.py").read_text()
)[0]
STOOD_IN = {
    "make": "minutes of work; whoever runs these tests runs what it runs",
    "gh": "asks GitHub",
    "python": "asks a registry for packages; the stand-in writes down what it was asked for",
}
"""Commands that do not do their work here, and why. The steps around them are run all the same."""
CAMPAIGN = pytest.mark.campaign
"""A release and the tool's own pipelines take half a minute: `make campaign`, and our own CI."""
NEVER = {
    "workflows/tenant-drift.yml:drift:Drift is a failure where no issue is kept": "issue: false",
    "workflows/tenant-plan.yml:plan:A refused plan is a red one": "a plan with violations",
}
"""Steps that run only where something goes wrong; `test_actions` runs their scripts."""
LATER = dict.fromkeys(
    (
        "actions/smoke/action.yml::Smoke",
        "workflows/tenant-apply.yml:smoke:Smoke",
        "workflows/tenant-backup.yml:backup:Encrypt",
    ),
    "an example of the pages on pipelines, which are a campaign",
)


@pytest.fixture(scope="module")
def release(told):
    return told("release")


@CAMPAIGN
def test_a_tag_is_built_tried_attested_and_published(release):
    told = release["tag"]
    done = ("build", "try", "attest", "publish", "page")
    assert told.results == dict.fromkeys(done, "success"), told.log
    both = [f"tenantctl-{VERSION}-py3-none-any.whl", f"tenantctl-{VERSION}.tar.gz"]
    assert told.published == both
    assert f"gh release create v{VERSION} --verify-tag" in told.ran("Release page").log


@CAMPAIGN
def test_two_builds_are_the_same_to_the_byte(release):
    sums = "".join(release["tag"].summaries)
    assert len(re.findall(r"^[0-9a-f]{64}  tenantctl-", sums, re.MULTILINE)) == 2


@CAMPAIGN
def test_the_wheel_alone_takes_a_tenant_from_nothing_to_converged(release):
    told = release["tag"]
    said = told.ran("From nothing to a tenant that has converged").log
    assert said.startswith(f"tenantctl {VERSION}\n")
    assert "converged: 3 applied" in said
    assert "Nothing to do" in said
    assert not (told.artifacts.parent / "machines" / "02" / "work" / "src").exists()


@CAMPAIGN
def test_a_tag_that_is_not_the_version_stops_before_anything_is_built(release):
    told = release["wrong tag"]
    assert told.results == {"build": "failure"}
    assert "the tag is v9.9.9" in told.log
    assert not told.artifacts.exists()


@CAMPAIGN
def test_what_git_does_not_have_does_not_get_into_a_release(tmp_path):
    made = tool(tmp_path)
    (made.work / "src" / "tenantctl" / "left_over.py").write_text("leaked = True\n")
    ran = subprocess.run(
        ["bash", str(made.work / "tools" / "dist.sh"), sys.executable],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    assert "two builds of one commit differ" in ran.stderr


@CAMPAIGN
def test_a_pull_request_of_the_tool_is_judged_in_every_way(release):
    told = release["pull request"]
    jobs = ("test", "conformance", "package", "wheel", "benchmarks", "audit")
    assert told.results == dict.fromkeys(jobs, "success"), told.log
    assert "### Benchmarks" in "".join(told.summaries)
    assert told.log.count("pip-audit --require-hashes --disable-pip -r requirements/") == 2


def test_few_commands_are_stood_in_for():
    stubs = {path.name for path in (Path(__file__).parent / "stubs").iterdir()}
    assert stubs == set(STOOD_IN)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("stories", "files", "spared"),
    [
        (("tenants",), r"actions/|workflows/tenant", NEVER | LATER),
        pytest.param(("tenants", "pages"), r"actions/|workflows/tenant", NEVER, marks=CAMPAIGN),
        pytest.param(("release",), r"workflows/(ci|release)\.yml", {}, marks=CAMPAIGN),
    ],
)
def test_every_step_of_every_workflow_and_action_was_run(told, stories, files, spared):
    run = {
        (step.file.removeprefix("workflows/"), step.name)
        for name in stories
        for event in told(name).values()
        for step in event.steps
    }
    left = [
        each.id
        for each in every_step()
        if re.match(files, each.file)
        and (each.file.removeprefix("workflows/"), each.step["name"]) not in run
    ]
    assert sorted(left) == sorted(spared)


def test_no_workflow_is_left_out_of_that():
    files = {each.file for each in every_step()}
    known = re.compile(r"actions/|workflows/tenant|workflows/(ci|release)\.yml")
    assert [file for file in files if not known.match(file)] == []
