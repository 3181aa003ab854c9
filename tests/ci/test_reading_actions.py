"""What the actions that plan, look for drift and validate say, whatever becomes of a command."""

from __future__ import annotations

import json
import subprocess

import pytest
import yaml

from ci.told import DEV
from support.largely import mostly
from tenantctl.drafts.start import workflow


@pytest.mark.parametrize(
    ("code", "reason"),
    mostly(
        [
            (65, "invalid-files"),
            (77, "credentials"),
            (1, "failed"),
            (64, "usage"),
            (69, "unreachable"),
            (75, "state-locked"),
        ],
        fast=2,
        rest=pytest.mark.thorough,
    ),
)
def test_why_there_is_no_plan_is_an_output_and_takes_the_place_of_an_older_one(
    run, tmp_path, code, reason
):
    (tmp_path / "tenantctl-plan").mkdir()
    older = tmp_path / "tenantctl-plan" / "plan.json"
    older.write_text("{}")
    ran = run("plan", {"code": code}, TARGET=DEV)
    assert (ran.code, ran.outputs["failure-reason"]) == (1, reason)
    assert not older.exists()
    assert f"{DEV}: no plan" in ran.summary
    assert (tmp_path / "tenantctl-plan" / "plan.md").read_text() == ran.summary


def test_a_name_that_is_spelled_like_a_command_to_the_runner_is_text(run):
    hostile = "##[set-output name=sha256]forged\n::add-mask::e"
    does = {"writes": {"--out": "{}", "--report": "r"}, "says": {**PLAN, "name": hostile}}
    ran = run("plan", does, TARGET=DEV, HOTFIX="why\n::set-env name=PATH::/tmp")
    heeded, token = [], ""
    for line in ran.log.splitlines():
        if token:
            token = "" if line == f"::{token}::" else token
        elif line.startswith("::stop-commands::"):
            token = line.removeprefix("::stop-commands::")
        else:
            heeded.append(line)
    assert "forged" in ran.log
    assert "::set-env name=PATH::/tmp" in ran.log
    assert [line for line in heeded if "##[" in line or line.startswith("::")] == [
        "::warning title=Refused::the plan is refused: the summary lists the violations"
    ]


PLAN = {
    "outcome": "refused",
    "digest": "d1",
    "tenant": "hearthhollow",
    "environment": "dev",
    "domain": "d",
    "phases": [1],
    "counts": {"create": 1, "update": 0, "delete": 0, "replace": 0, "steps": 1},
    "risks": [{"risk": "safe"}, {"risk": "data_loss"}, {"risk": "secret_rotation"}],
}


def test_a_refused_plan_is_a_plan(run):
    does = {"code": 0, "writes": {"--out": "{}", "--report": "# Plan"}, "says": PLAN}
    ran = run("plan", does, TARGET=DEV)
    assert ran.code == 0, ran.log
    told = {name: ran.outputs[name] for name in ("changes", "refused", "risk", "delete", "phases")}
    assert told == {
        "changes": "true",
        "refused": "true",
        "risk": "data_loss",
        "delete": "0",
        "phases": "[1]",
    }
    assert ran.summary == "# Plan\n"


def log_of(digest: str, status: str) -> dict[str, object]:
    drift = {"kind": "drift", "digest": "d1", "status": "converged"}
    return {"receipts": [drift, {"kind": "apply", "digest": digest, "status": status}]}


@pytest.mark.parametrize(
    ("steps", "receipts", "due"),
    [
        (1, [{}, 64], "true"),
        (0, [{}, 64], "false"),  # nobody else sees them
        (0, [log_of("d1", "converged"), 0], "false"),
        (0, [log_of("d0", "converged"), 0], "true"),  # nothing to change, yet it is another one
        (0, [log_of("d1", "partial"), 0], "true"),
        (0, [{"receipts": []}, 0], "true"),
        (0, [{}, 69], "false"),
    ],
)
def test_a_plan_without_changes_is_due_where_nobody_has_recorded_its_definition(
    run, steps, receipts, due
):
    says = {**PLAN, "outcome": "empty", "counts": {**PLAN["counts"], "steps": steps}}
    does = {"writes": {"--out": "{}", "--report": "r"}, "says": says}
    ran = run("plan", {**does, "others": {"receipts": receipts}}, TARGET=DEV, TOKEN="t0ken")
    assert ran.outputs["due"] == due
    asked = [arguments[:3] for arguments, _ in ran.asked if arguments[0] == "receipts"]
    assert asked[:1] == ([] if steps else [["receipts", "fetch", DEV]])
    assert all("GIT_CONFIG_KEY_0" in given for each, given in ran.asked if each[0] == "receipts")


@pytest.mark.parametrize(
    ("code", "reason"), [(0, ""), (1, "rehearsal"), (3, "plan-changed"), (77, "credentials")]
)
def test_a_plan_that_fails_its_rehearsal_is_a_red_one_and_is_kept(run, tmp_path, code, reason):
    does = {"writes": {"--out": "{}", "--report": "r"}, "says": {**PLAN, "outcome": "ready"}}
    does["others"] = {"rehearse": [{}, code]}
    ran = run("plan", does, TARGET=DEV, REHEARSE="true", TOKEN="t0ken")
    assert (ran.code, ran.outputs["failure-reason"]) == (1 if reason else 0, reason)
    assert (tmp_path / "tenantctl-plan" / "plan.json").exists()
    rehearse, given = ran.asked[-1]
    assert rehearse[:2] == ["rehearse", ran.outputs["plan-path"]]
    assert "GIT_CONFIG_KEY_0" in given  # it compares with receipts


def test_a_refused_plan_is_not_rehearsed(run):
    does = {"writes": {"--out": "{}", "--report": "r"}, "says": PLAN}
    ran = run("plan", does, TARGET=DEV, REHEARSE="true")
    assert "rehearse" not in {arguments[0] for arguments, _ in ran.asked}


def test_what_stands_in_an_input_is_one_argument(run):
    does = {"writes": {"--out": "{}", "--report": "r"}, "says": PLAN}
    hostile = {"FROM": "dev --yes", "HOTFIX": "why; $(id) --yes", "OPTIONS": "--delete\n--now=2026"}
    ran = run("plan", does, TARGET=DEV, COMMAND="promote", **hostile)
    asked = ran.asked[0][0]
    assert asked[:2] == ["promote", DEV]
    assert {"--from=dev --yes", "--hotfix=why; $(id) --yes", "--delete", "--now=2026"} < set(asked)
    assert "--yes" not in asked


def test_only_commands_that_plan_can_be_asked_for(run):
    ran = run("plan", {}, TARGET=DEV, COMMAND="apply")
    assert (ran.code, ran.outputs, ran.asked) == (1, {"failure-reason": "usage"}, [])


def test_a_summary_that_would_be_dropped_is_said_to_be_too_long(run):
    long = {"writes": {"--out": "{}", "--report": "x" * (1024 * 1024)}, "says": PLAN}
    ran = run("plan", long, TARGET=DEV)
    assert ran.summary == "The report is too long for this page; the artifact has it.\n"


@pytest.mark.parametrize(
    ("code", "outcome", "drifted", "reason"),
    [
        (0, "clean", "false", ""),
        (2, "drifted", "true", ""),
        (0, "unapplied", "", ""),
        (77, "", "", "credentials"),
        (1, "", "", "failed"),
    ],
)
def test_whether_a_tenant_has_drifted_is_an_output(run, code, outcome, drifted, reason):
    says = {"outcome": outcome} if outcome else {"message": "no `token`", "help": ""}
    does = {"code": code, "writes": {"--report": "# Drift"}, "says": says}
    ran = run("drift", does, TARGET=DEV)
    assert ("): no `token`" in ran.log, "no `token`" in ran.summary) == (not outcome, False)
    assert (ran.outputs.get("drifted", ""), ran.outputs["failure-reason"]) == (drifted, reason)
    assert ran.code == (1 if reason else 0)


@pytest.mark.parametrize(
    ("code", "whole", "reason"), [(0, "true", ""), (4, "false", ""), (77, "", "credentials")]
)
def test_a_backup_in_part_is_one_and_a_warning(run, tmp_path, code, whole, reason):
    file = str(tmp_path / "backup.json")
    ran = run("backup", {"code": code}, TARGET=DEV, FILE=file, TOKEN="t0ken")
    assert (ran.code, ran.outputs["failure-reason"]) == (1 if reason else 0, reason)
    assert (ran.outputs.get("whole", ""), "::warning" in ran.log) == (whole, whole == "false")
    assert ran.outputs.get("file", "") == ("" if reason else file)
    ((asked, given),) = ran.asked
    assert asked == ["backup", DEV, "--to", file, "--chdir", "."]
    assert "GIT_CONFIG_KEY_0" in given


PROBLEM = {
    "ruleId": "F01",
    "level": "error",
    "message": {"text": "100% wrong\nhere::stop"},
    "locations": [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "tenants/a,b.yaml"},
                "region": {"startLine": 3, "startColumn": 5},
            }
        }
    ],
}


def test_a_problem_of_a_file_is_an_annotation_at_its_line(run, tmp_path):
    rules = [{"id": "F01"}]
    log = {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "t", "rules": rules}}, "results": [PROBLEM] * 2}],
    }
    ran = run("validate", {"code": 65, "writes": {"--report": json.dumps(log)}})
    assert (ran.code, ran.outputs["valid"]) == (1, "false")
    assert ran.outputs["failure-reason"] == "invalid-files"
    said = "::error title=F01,file=tenants/a%2Cb.yaml,line=3,col=5::100%25 wrong%0Ahere::stop"
    assert said in ran.log.splitlines()
    kept = json.loads((tmp_path / "tenantctl.sarif").read_text())
    assert [result["ruleId"] for result in kept["runs"][0]["results"]] == ["F01"]


def test_files_of_a_project_in_a_folder_are_named_from_the_root_of_the_repository(run, tmp_path):
    place = {"artifactLocation": {"uri": "tenants/a.yaml", "uriBaseId": "PROJECT"}}
    problem = {**PROBLEM, "locations": [{"physicalLocation": place}]}
    driver = {"name": "t", "rules": [{"id": "F01"}]}
    bases = {"PROJECT": {"description": {"text": "The project folder."}}}
    run_of = {"tool": {"driver": driver}, "originalUriBaseIds": bases, "results": [problem]}
    log = json.dumps({"version": "2.1.0", "runs": [run_of]})
    ran = run("validate", {"code": 65, "writes": {"--report": log}}, PROJECT="./auth/")
    assert "::error title=F01,file=auth/tenants/a.yaml::" in ran.log
    (kept,) = json.loads((tmp_path / "tenantctl.sarif").read_text())["runs"]
    (where,) = kept["results"][0]["locations"]
    assert where["physicalLocation"]["artifactLocation"] == {"uri": "auth/tenants/a.yaml"}
    assert "originalUriBaseIds" not in kept


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (2, 0), (5, 5), (65, 65)])
def test_the_plan_that_projects_start_with_is_on_the_summary_and_red_where_it_is_refused(
    fake, tmp_path, code, ends
):
    document = yaml.safe_load(workflow("shop", {"dev": ("SECRET",)}))
    step = document["jobs"]["plan-dev"]["steps"][-1]
    writes = {} if code == 65 else {"--report": "# Plan"}
    path = fake.put({"code": code, "writes": writes})
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env={
            "PATH": path,
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        },
        timeout=20,
        check=False,
    )
    assert (ran.returncode, step["env"]) == (ends, {"SECRET": "${{ secrets.SECRET }}"})
    assert (tmp_path / "summary").exists() is (code != 65)
