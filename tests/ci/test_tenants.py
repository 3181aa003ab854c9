"""The workflows of tenants, from a pull request to a promotion, step by step."""

from __future__ import annotations

import pytest

from ci.repositories import git

DEV = "hearthhollow/dev"
THOROUGH = pytest.mark.thorough
"""One story of half a minute tells them all; pages of examples are a campaign."""
MARKER = f"<!-- tenantctl:plan:{DEV} -->"


@pytest.fixture(scope="module")
def tenants(told):
    return told("tenants")


@pytest.fixture(scope="module")
def pages(told):
    return told("pages")


@THOROUGH
def test_a_pull_request_is_validated_and_planned(tenants):
    told = tenants["pull request"]
    assert told.results == {"validate": "success", "plan": "success"}, told.log


@THOROUGH
def test_its_findings_are_scanned_as_one_run(tenants):
    (log,) = tenants["pull request"].scanned
    rules = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in log["runs"][0]["results"]} <= rules
    assert len(rules) > 5


@THOROUGH
def test_each_environment_has_one_comment_and_an_artifact(tenants):
    told = tenants["pull request"]
    first = [each["body"].splitlines()[0] for each in told.comments if each["issue"] == 7]
    assert sorted(first) == [MARKER, "<!-- tenantctl:plan:tallowbridge/dev -->"]
    folder = told.artifacts / "tenantctl-plan-hearthhollow-dev"
    names = {path.name for path in folder.iterdir()}
    assert names == {"plan.json", "plan.md", "plan.html", "about.json"}
    assert any(DEV in text for text in told.summaries)


@THOROUGH
def test_what_plans_was_installed_hash_by_hash(tenants):
    folder = tenants["pull request"].artifacts.parent
    installed = next(folder.glob("machines/*/temp/installed.txt")).read_text().splitlines()
    runtime, build, source = map(str.split, installed)
    assert {"--require-hashes", "-r"} < set(runtime) & set(build)
    assert runtime[-1].endswith("requirements/runtime.lock")
    assert build[-1].endswith("requirements/build.lock")
    assert {"--no-deps", "--no-build-isolation"} < set(source)


@THOROUGH
def test_a_push_applies_the_very_plan_that_was_made(tenants):
    told = tenants["push"]
    assert told.results == {"plan-dev": "success", "apply-dev": "success"}, told.log
    assert "Rehearsal of hearthhollow/dev" in "".join(told.summaries)
    assert told.outputs["apply-dev"] == {"result": "converged", "failure-reason": ""}
    kept = told.artifacts / "tenantctl-plan-hearthhollow-dev-receipt"
    assert {path.name for path in kept.iterdir()} == {
        "receipt.json",
        "events.jsonl",
        "applied.md",
    }


@THOROUGH
def test_the_receipt_is_on_its_branch_for_the_next_machine(tenants):
    origin = tenants["push"].artifacts.parents[1] / "origin.git"
    files = git(origin, "ls-tree", "-r", "--name-only", "tenantctl/receipts")
    assert "hearthhollow/dev/" in files
    assert [name for name, told in tenants.items() if "could not be fetched" in told.log] == []


@THOROUGH
def test_at_night_a_tenant_that_is_as_it_was_applied_has_no_issue(tenants):
    told = tenants["night"]
    assert told.results == {"drift": "success", "backup": "success"}, told.log
    assert told.outputs["drift"] == {"drifted": "false"}
    assert told.issues == []
    (kept,) = (told.artifacts / "tenantctl-backup-hearthhollow-dev").iterdir()
    assert kept.name == "tenantctl-backup-hearthhollow-dev.json"


@THOROUGH
def test_a_promotion_that_cannot_be_planned_says_why_and_applies_nothing(tenants):
    told = tenants["promotion"]
    assert told.results == {"promote": "failure"}, told.log
    (kept,) = (told.artifacts / "tenantctl-promote-tallowbridge-dev").iterdir()
    assert kept.name == "plan.md"
    assert "no plan" in kept.read_text()
    assert "Apply" not in {step.name for step in told.steps}


@pytest.mark.campaign
def test_a_pull_request_of_a_fork_is_validated_and_gets_no_secret(pages):
    told = pages["fork"]
    assert told.results == {"validate": "success"}, told.log
    assert (told.comments, told.scanned) == ([], [])


@pytest.mark.campaign
def test_phases_are_jobs_and_each_waits_for_the_gate_of_the_one_before(pages):
    told = pages["push"]
    assert told.results == dict.fromkeys(("plan", "phase-1", "phase-2"), "success"), told.log
    names = [step.name for step in told.steps if step.name in {"Apply", "Smoke"}]
    assert names == ["Apply", "Apply", "Smoke", "Smoke"] * 2  # the script, and its action
    assert "could not be" not in told.log, "whoever asks afterwards knows the receipts"
    (first, second) = (text for text in told.summaries if "<!-- tenantctl:apply:" in text)
    assert first != second


@pytest.mark.campaign
def test_a_job_of_ones_own_says_to_a_vault_who_it_is_and_applies_what_is_due(pages):
    told = pages["own"]
    assert told.results == {"apply": "success"}, told.log
    assert "::add-mask::wh0-i-am" in told.ran("Who this job is").log.splitlines()
    # What was applied in phases before is recorded: there is nothing to do.
    assert "Apply" not in {step.name for step in told.steps}


@pytest.mark.campaign
def test_what_dev_has_is_promoted_to_qa(pages):
    told = pages["promotion"]
    assert told.results == {"promote": "success"}, told.log
    assert "--hotfix=a test; `touch x` $(touch x)" in told.log
    assert list(told.artifacts.parent.rglob("x")) == []
    kept = told.artifacts / "tenantctl-promote-hearthhollow-qa"
    assert {"plan.json", "plan.md", "plan.html"} < {path.name for path in kept.iterdir()}
    assert "<!-- tenantctl:apply:hearthhollow/qa -->" in "".join(told.summaries)


@pytest.mark.campaign
def test_what_somebody_changed_by_hand_is_an_issue_the_next_morning(pages):
    told = pages["night"]
    assert told.results == {"drift": "success", "backup": "success"}, told.log
    (issue,) = told.issues
    assert issue["title"] == "Drift: hearthhollow/dev"
    assert "clients.web" in issue["body"]
    assert issue["body"].startswith("<!-- tenantctl:drift:hearthhollow/dev -->")


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["fork", "push", "own", "promotion", "night"])
def test_no_secret_is_in_a_log_an_artifact_or_a_summary(pages, name):
    told = pages[name]
    kept = [path for path in told.artifacts.rglob("*") if path.is_file()]
    texts = [path.read_text(errors="replace") for path in kept] + told.summaries
    lines = told.log.splitlines()
    texts += [line for line in lines if not line.startswith("::add-mask::")]
    for secret in ("pl4n-key", "4pply-key", "tops3cret"):
        assert [text for text in texts if secret in text] == []
    if name == "push":
        assert "::add-mask::tops3cret" in lines
