"""What the scripts of the actions say of a command that fails, and what they refuse to begin."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import sys
from dataclasses import dataclass

import pytest

from ci.documents import ACTIONS, every_step
from ci.rules import outputs_of

DEV = "hearthhollow/dev"
COMMIT = "c" * 40
# A tenantctl that ends as it is told, and writes down what it was asked, with its environment.
TOLD = """#!{python}
import json, os, pathlib, sys
here = pathlib.Path(__file__).parent
with (here / "asked.jsonl").open("a") as log:
    log.write(json.dumps([sys.argv[1:], dict(os.environ)]) + "\\n")
if sys.argv[1] == "--version":
    print("tenantctl 1.2.3")
    raise SystemExit(0)
does = json.loads((here / "does.json").read_text())
for name, text in does.get("writes", {{}}).items():
    if name in sys.argv:
        pathlib.Path(sys.argv[sys.argv.index(name) + 1]).write_text(text)
print(json.dumps(does.get("says", {{}})))
raise SystemExit(does.get("code", 0))
"""


@dataclass
class Ran:
    code: int
    log: str
    outputs: dict[str, str]
    asked: list[tuple[list[str], dict[str, str]]]
    summary: str


@pytest.fixture
def run(tmp_path):
    """Runs a script with a tenantctl that does what it is told."""
    fake = tmp_path / "bin" / "tenantctl"
    fake.parent.mkdir()
    fake.write_text(TOLD.format(python=sys.executable))
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)

    def script(name: str, does: dict[str, object], **inputs: str) -> Ran:
        (fake.parent / "does.json").write_text(json.dumps(does))
        for each in ("output", "summary"):
            (tmp_path / each).write_text("")
        (fake.parent / "asked.jsonl").write_text("")
        ran = subprocess.run(
            [sys.executable, str(ACTIONS / "scripts" / f"{name}.py")],
            env={
                "PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}",
                "GITHUB_OUTPUT": str(tmp_path / "output"),
                "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
                "GITHUB_SHA": COMMIT,
                "RUNNER_TEMP": str(tmp_path),
                **{f"INPUT_{key}": value for key, value in inputs.items()},
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        lines = (fake.parent / "asked.jsonl").read_text().splitlines()
        return Ran(
            ran.returncode,
            ran.stdout + ran.stderr,
            outputs_of((tmp_path / "output").read_text()),
            [tuple(json.loads(line)) for line in lines],
            (tmp_path / "summary").read_text(),
        )

    return script


@pytest.fixture
def saved(tmp_path):
    """A plan as the plan action leaves it, and the inputs that apply it."""
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "plan.json").write_text('{"plan": {}}')
    about = {"environment": DEV, "commit": COMMIT, "version": "tenantctl 1.2.3"}
    (folder / "about.json").write_text(json.dumps(about))
    sum = hashlib.sha256((folder / "plan.json").read_bytes()).hexdigest()
    return {"FOLDER": str(folder), "TARGET": DEV, "SHA256": sum}


RECEIPT = {"type": "receipt", "tenant": "hearthhollow", "environment": "dev", "counts": []}


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        (0, "converged", ""),
        (6, "waiting", ""),
        (1, "failed", "apply-failed"),
        (3, "failed", "plan-changed"),
        (4, "partial", "apply-failed"),
        (5, "none", "refused"),
        (64, "none", "apply-failed"),
        (69, "none", "unreachable"),
        (75, "none", "state-locked"),
        (77, "none", "credentials"),
        (130, "partial", "apply-failed"),
    ],
)
def test_how_an_apply_ended_is_an_output(run, saved, code, status, reason):
    says = {} if status == "none" else {**RECEIPT, "status": status}
    ran = run("apply", {"code": code, "says": says}, **saved)
    assert (ran.outputs["result"], ran.outputs["failure-reason"]) == (status, reason)
    assert ran.code == (1 if reason else 0)
    assert ("::error" in ran.log) is bool(reason)
    assert (ran.outputs["receipt"] != "") is (status != "none")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"SHA256": "0" * 64}, "checksum"),
        ({"SHA256": ""}, "checksum"),
        ({"TARGET": "hearthhollow/prod"}, "environment"),
        ({"about": {"commit": "d" * 40}}, "commit"),
        ({"about": {"version": "tenantctl 1.2.2"}}, "version of tenantctl"),
    ],
)
def test_another_plan_than_the_one_that_was_shown_is_not_begun(run, saved, tmp_path, change, what):
    about = tmp_path / "plan" / "about.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | change.pop("about", {})))
    ran = run("apply", {}, **{**saved, **change})
    assert ran.code == 1
    assert ran.outputs == {"failure-reason": "plan-changed"}
    assert f"the plan has {what} " in ran.log
    assert [asked for asked, _ in ran.asked] == [["--version"]]


def test_a_phase_is_asked_for_by_its_number(run, saved):
    ran = run("apply", {"says": {**RECEIPT, "status": "converged"}}, PHASE="2", **saved)
    asked = ran.asked[-1][0]
    assert asked[asked.index("--phase") + 1] == "2"
    assert ran.outputs["receipt"].endswith("receipt-2.json")
    assert "hearthhollow/dev, phase 2: converged" in ran.summary


def test_secrets_reach_tenantctl_alone_and_are_hidden_line_by_line(run, saved):
    given = {
        "SECRETS": json.dumps({"CRM_PROD": "first\nsecond"}),
        "AUTH0_APPLY_CLIENT_ID": "id",
        "TOKEN": "t0ken",
    }
    ran = run("apply", {"says": {**RECEIPT, "status": "converged"}}, **saved, **given)
    version, apply = (environ for _, environ in ran.asked)
    assert apply["CRM_PROD"] == "first\nsecond"
    assert apply["AUTH0_APPLY_CLIENT_ID"] == "id"
    assert apply["GIT_CONFIG_KEY_0"] == "http.https://github.com/.extraheader"
    assert [name for name in apply if name.startswith("INPUT_")] == []
    assert "CRM_PROD" not in version
    assert {"::add-mask::first", "::add-mask::second"} < set(ran.log.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        '["a"]',
        '{"A": 1}',
        '{"PATH": "/tmp"}',
        '{"LD_PRELOAD": "x"}',
        '{"PYTHONSTARTUP": "x"}',
        '{"GITHUB_OUTPUT": "x"}',
        '{"GIT_SSH_COMMAND": "x"}',
        '{"BASH_ENV": "x"}',
        '{"HTTPS_PROXY": "x"}',
        '{"a b": "x"}',
    ],
)
def test_secrets_that_are_no_names_and_values_are_refused(run, saved, text):
    ran = run("apply", {}, SECRETS=text, **saved)
    assert (ran.code, ran.outputs) == (1, {"failure-reason": "credentials"})
    assert [asked for asked, _ in ran.asked] == [["--version"]]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1, "failed"),
        (64, "usage"),
        (65, "invalid-files"),
        (69, "unreachable"),
        (75, "state-locked"),
        (77, "credentials"),
    ],
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


PLAN = {
    "outcome": "refused",
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
    does = {"code": code, "writes": {"--report": "# Drift"}, "says": {"outcome": outcome}}
    ran = run("drift", does, TARGET=DEV)
    assert (ran.outputs.get("drifted", ""), ran.outputs["failure-reason"]) == (drifted, reason)
    assert ran.code == (1 if reason else 0)


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


@pytest.mark.parametrize(
    "each",
    [each for each in every_step() if each.step["name"].endswith(("is a red one", "is kept"))],
    ids=str,
)
def test_a_step_that_turns_a_run_red_says_why(each):
    ran = subprocess.run(
        ["bash", "-e", "-c", each.step["run"]],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stdout.startswith("::error title=tenantctl::the ")
