"""The workflows of tenants, from a pull request to a promotion, step by step."""

from __future__ import annotations

import pytest

from ci.events import pull_request

DEV = "hearthhollow/dev"
MARKER = f"<!-- tenantctl:plan:{DEV} -->"


@pytest.fixture(scope="module")
def requested(machine):
    """A pull request of somebody who may push."""
    run = machine(pull_request())
    return run, run.run("tenants.yml")


def test_a_pull_request_is_validated_and_planned(requested):
    run, jobs = requested
    results = {name: job.result for name, job in jobs.items()}
    assert results == {
        **dict.fromkeys(("plan-dev", "apply-dev", "promote", "drift", "backup"), "skipped"),
        **dict.fromkeys(("validate", "plan"), "success"),
    }, run.log


def test_its_findings_are_scanned_as_one_run(requested):
    run, _ = requested
    (log,) = run.scanned
    rules = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in log["runs"][0]["results"]} <= rules
    assert len(rules) > 5


def test_each_environment_has_one_comment_and_an_artifact(requested, github):
    run, _ = requested
    first = [each["body"].splitlines()[0] for each in github.comments if each["issue"] == 7]
    assert sorted(first) == [MARKER, "<!-- tenantctl:plan:tallowbridge/dev -->"]
    folder = run.artifacts / "tenantctl-plan-hearthhollow-dev"
    names = {path.name for path in folder.iterdir()}
    assert names == {"plan.json", "plan.md", "plan.html", "about.json"}
    assert any(DEV in text for text in run.summaries)


def test_the_plan_was_made_by_what_was_installed_hash_by_hash(requested):
    run, _ = requested
    installed = next(run.folder.glob("machines/*/temp/installed.txt")).read_text().splitlines()
    runtime, build, source = map(str.split, installed)
    assert {"--require-hashes", "-r"} < set(runtime) & set(build)
    assert runtime[-1].endswith("requirements/runtime.lock")
    assert build[-1].endswith("requirements/build.lock")
    assert {"--no-deps", "--no-build-isolation"} < set(source)
