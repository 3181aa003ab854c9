"""What the scripts of the actions say of a command that fails, and what they refuse to begin."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass

import pytest

from ci.documents import ACTIONS, every_step
from ci.rules import outputs_of

DEV = "hearthhollow/dev"
COMMIT = "c" * 40
# A tenantctl that ends as it is told, others of its commands otherwise; it writes down what it was
# asked, with its environment.
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
says, code = does.get("says", {{}}), does.get("code", 0)
if sys.argv[1] in does.get("others", {{}}):
    says, code = does["others"][sys.argv[1]]
print(json.dumps(says))
raise SystemExit(code)
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
    does = {"code": code, "says": says, "writes": {"--report": f"ended with {code}"}}
    ran = run("apply", does, **saved)
    assert ran.summary == f"ended with {code}\n"
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
    does = {"says": {**RECEIPT, "status": "converged"}, "writes": {"--report": "as told"}}
    ran = run("apply", does, PHASE="2", **saved)
    asked = ran.asked[-1][0]
    assert asked[asked.index("--phase") + 1] == "2"
    assert ran.outputs["receipt"].endswith("receipt-2.json")
    assert ran.outputs["markdown-path"].endswith("applied-2.md")
    assert ran.summary == "as told\n"


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


@pytest.mark.parametrize(
    ("test", "check", "reason"),
    [(0, 0, ""), (1, 0, "tests"), (0, 5, "gate"), (1, 5, "tests"), (77, 77, "credentials")],
)
def test_a_tenant_is_asked_by_its_tests_and_by_the_gate_whatever_either_says(
    run, test, check, reason
):
    does = {"others": {"test": [{}, test], "check": [{}, check]}}
    ran = run("smoke", does, TARGET=DEV, PHASE="2", TOKEN="t0ken")
    assert (ran.code, ran.outputs["failure-reason"]) == (1 if reason else 0, reason)
    assert [arguments[:4] for arguments, _ in ran.asked] == [
        ["test", DEV, "--live", "--chdir"],
        ["check", DEV, "--phase", "2"],
    ]
    assert all("GIT_CONFIG_KEY_0" in given for _, given in ran.asked)


STOPPED = """#!{python}
import json, signal, sys, time
if sys.argv[1] == "--version":
    raise SystemExit(print("tenantctl 1.2.3"))
def stop(*_):
    print(json.dumps({receipt}))
    raise SystemExit(130)
signal.signal(signal.SIGINT, stop)
print("begun", file=sys.stderr, flush=True)
time.sleep(20)
"""


def test_an_apply_that_is_cancelled_still_leaves_its_receipt(saved, tmp_path):
    fake = tmp_path / "bin" / "tenantctl"
    fake.parent.mkdir()
    receipt = {**RECEIPT, "status": "partial"}
    fake.write_text(STOPPED.format(python=sys.executable, receipt=receipt))
    fake.chmod(0o755)
    step = next(each.step for each in every_step() if each.id == "actions/apply/action.yml::Apply")
    environ = {
        "PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_ACTION_PATH": str(ACTIONS / "apply"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_SHA": COMMIT,
        **{f"INPUT_{key}": value for key, value in saved.items()},
    }
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    with subprocess.Popen(shell, env=environ, stdout=subprocess.PIPE, text=True) as entry:
        while entry.stdout.readline() != "begun\n":
            assert entry.poll() is None
        for number in (signal.SIGINT, signal.SIGTERM):  # as GitHub does, and to this process alone
            entry.send_signal(number)
        log = entry.communicate(timeout=15)[0]
    outputs = outputs_of((tmp_path / "output").read_text())
    assert (outputs["result"], outputs["failure-reason"]) == ("partial", "apply-failed"), log
    assert json.loads((tmp_path / "plan" / "receipt.json").read_text()) == receipt


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
