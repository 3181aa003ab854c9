"""What the actions that apply say of a command that fails, and what they refuse to begin."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess

import pytest

from ci.documents import ACTIONS, every_step
from ci.rules import outputs_of
from ci.told import COMMIT, DEV
from support.largely import mostly


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
    mostly(
        [
            (0, "converged", ""),
            (6, "waiting", ""),
            (4, "partial", "apply-failed"),
            (5, "none", "refused"),
            (1, "failed", "apply-failed"),
            (3, "failed", "plan-changed"),
            (64, "none", "apply-failed"),
            (69, "none", "unreachable"),
            (75, "none", "state-locked"),
            (77, "none", "credentials"),
            (130, "partial", "apply-failed"),
        ],
        fast=4,
        rest=pytest.mark.thorough,
    ),
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


def test_why_nothing_was_applied_is_said_where_people_look(run, saved):
    says = {"error": "Locked", "message": "ann applies\nsince 9", "help": "tenantctl lock show"}
    ran = run("apply", {"code": 75, "says": says}, **saved)
    said = "(state-locked): ann applies%0Asince 9. tenantctl lock show"
    assert f"::error title=tenantctl::tenantctl apply ended with 75 {said}" in ran.log.splitlines()
    assert ran.outputs["failure-reason"] == "state-locked"


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


def test_one_header_alone_lets_git_in_whatever_else_it_is_told(run, saved, tmp_path):
    url = "https://github.com/"
    set = ["git", "config", "--file", str(tmp_path / "config"), f"http.{url}.extraheader", "older"]
    subprocess.run(set, check=True)  # as a checkout leaves it that keeps its credentials
    proxy = {"GIT_CONFIG_KEY_0": "http.proxy", "GIT_CONFIG_VALUE_0": "http://proxy.example"}
    more = {"GIT_CONFIG_COUNT": "1", **proxy}
    given = run("apply", {}, more, **saved, TOKEN="t0ken").asked[-1][1]
    environ = {**given, "GIT_CONFIG_GLOBAL": str(tmp_path / "config")}
    found = {
        name: subprocess.check_output(
            ["git", "config", "--get-all", name], env=environ, cwd=tmp_path, text=True
        ).splitlines()
        for name in ("http.proxy", f"http.{url}.extraheader")
    }
    assert found["http.proxy"] == ["http://proxy.example"]
    older, reset, ours = found[f"http.{url}.extraheader"]
    assert (older, reset) == ("older", "")  # an empty one takes back what was before
    assert ours.startswith("AUTHORIZATION: basic ")


@pytest.mark.parametrize(
    "text",
    mostly(
        [
            "no JSON",
            '{"A": 1}',
            '{"LD_PRELOAD": "x"}',
            '{"a b": "x"}',
            '["a"]',
            '{"PATH": "/tmp"}',
            '{"PYTHONSTARTUP": "x"}',
            '{"GITHUB_OUTPUT": "x"}',
            '{"GIT_SSH_COMMAND": "x"}',
            '{"BASH_ENV": "x"}',
            '{"HTTPS_PROXY": "x"}',
            '{"XDG_CONFIG_HOME": "x"}',
            '{"OPENSSL_CONF": "x"}',
            '{"REQUESTS_CA_BUNDLE": "x"}',
        ],
        fast=4,
        rest=pytest.mark.thorough,
    ),
)
def test_secrets_that_are_no_names_and_values_are_refused(run, saved, text):
    ran = run("apply", {}, SECRETS=text, **saved)
    assert (ran.code, ran.outputs) == (1, {"failure-reason": "credentials"})
    assert [asked for asked, _ in ran.asked] == [["--version"]]


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


STOPPED = """#!@PYTHON@
import json, signal, sys, time
if sys.argv[1] == "--version":
    raise SystemExit(print("tenantctl 1.2.3"))
def stop(*_):
    print(json.dumps(@RECEIPT@))
    raise SystemExit(130)
signal.signal(signal.SIGINT, stop)
print("begun", file=sys.stderr, flush=True)
time.sleep(20)
"""


def test_an_apply_that_is_cancelled_still_leaves_its_receipt(fake, saved, tmp_path):
    receipt = {**RECEIPT, "status": "partial"}
    step = next(each.step for each in every_step() if each.id == "actions/apply/action.yml::Apply")
    environ = {
        "PATH": fake.put(text=STOPPED.replace("@RECEIPT@", repr(receipt))),
        "GITHUB_ACTION_PATH": str(ACTIONS / "apply"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_SHA": COMMIT,
        **{f"INPUT_{key}": value for key, value in saved.items()},
    }
    script = tmp_path / "script.sh"  # a file, as there: of what -c is given bash execs the last
    script.write_text(step["run"])
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    with subprocess.Popen(shell, env=environ, stdout=subprocess.PIPE, text=True) as entry:
        while entry.stdout.readline() != "begun\n":
            assert entry.poll() is None
        for number in (signal.SIGINT, signal.SIGTERM):  # as GitHub does, and to this process alone
            entry.send_signal(number)
        log = entry.communicate(timeout=15)[0]
    outputs = outputs_of((tmp_path / "output").read_text())
    assert (outputs["result"], outputs["failure-reason"]) == ("partial", "apply-failed"), log
    assert json.loads((tmp_path / "plan" / "receipt.json").read_text()) == receipt


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
