"""What the actions post on GitHub, and what becomes of a run that cannot post."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from ci.documents import ACTIONS
from ci.fake_github import BOT, GitHub
from ci.rules import outputs_of

DEV = "hearthhollow/dev"
PLAN, DRIFT = f"<!-- tenantctl:plan:{DEV} -->", f"<!-- tenantctl:drift:{DEV} -->"


@dataclass
class Posted:
    code: int
    log: str
    outputs: dict[str, str]


@pytest.fixture
def post(tmp_path, github):
    """Runs one of the posting scripts as its action does."""
    github.comments.clear()
    github.issues.clear()
    github.requests.clear()
    github.allowed = frozenset({"issues", "pull-requests"})
    github.failing, github.waiting, github.elsewhere = [], "", ""

    def run(script: str, body: str = "", **inputs: str) -> Posted:
        (tmp_path / "body.md").write_text(body)
        (tmp_path / "output").write_text("")
        given = {"target": DEV, "token": "t0ken", "body_file": str(tmp_path / "body.md"), **inputs}
        ran = subprocess.run(
            [sys.executable, str(ACTIONS / "scripts" / f"{script}.py")],
            env={
                "PATH": os.environ["PATH"],
                "GITHUB_API_URL": github.elsewhere or github.url,
                "GITHUB_OUTPUT": str(tmp_path / "output"),
                "GITHUB_REPOSITORY": "octo/shop",
                "GITHUB_RUN_ID": "77",
                "TENANTCTL_PAUSE": "0",
                **{f"INPUT_{name.upper()}": value for name, value in given.items()},
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        outputs = outputs_of(Path(tmp_path / "output").read_text())
        return Posted(ran.returncode, ran.stdout + ran.stderr, outputs)

    return run


def comment(post, body: str, **inputs: str) -> Posted:
    return post("comment", body, number="7", **inputs)


def test_a_comment_is_written_once_and_then_kept_up_to_date(post, github):
    assert comment(post, f"{PLAN}\none").outputs == {"posted": "created"}
    assert comment(post, f"{PLAN}\none").outputs == {"posted": "unchanged"}
    assert comment(post, f"{PLAN}\ntwo").outputs == {"posted": "updated"}
    assert [each["body"] for each in github.comments] == [f"{PLAN}\ntwo"]
    assert github.tokens == {"Bearer t0ken"}


def test_a_comment_of_somebody_else_is_never_taken_for_ours(post, github):
    strange = {"id": 9, "issue": 7, "user": {"login": "eve"}, "body": f"{PLAN}\nall is well"}
    github.comments.append(strange)
    assert comment(post, "bad news").outputs == {"posted": "created"}
    assert strange["body"] == f"{PLAN}\nall is well"
    assert github.comments[-1]["body"] == f"{PLAN}\nbad news"


def test_our_comment_is_found_behind_many_others(post, github):
    other = {"issue": 7, "user": {"login": "ann"}, "body": "hello"}
    github.comments += [{"id": 1000 + n, **other} for n in range(250)]
    github.comments.append({"id": 5, "issue": 7, "user": BOT, "body": f"{PLAN}\nold"})
    assert comment(post, "new").outputs == {"posted": "updated"}


def test_where_nothing_changes_no_comment_is_begun(post):
    quiet = {"changes": "false", "only_changes": "true"}
    assert comment(post, "nothing", **quiet).outputs == {"posted": "left-out"}
    comment(post, "something")
    assert comment(post, "nothing", **quiet).outputs == {"posted": "updated"}


def test_a_report_that_is_too_long_becomes_a_pointer_to_the_run(post, github):
    assert comment(post, "😀" * 33_000).outputs == {"posted": "created"}
    assert "actions/runs/77" in github.comments[0]["body"]
    assert github.comments[0]["body"].startswith(PLAN)


@pytest.mark.parametrize("number", ["7", "seven"])
def test_a_comment_that_cannot_be_posted_is_a_warning(post, github, number):
    github.allowed = frozenset()
    ran = post("comment", "body", number=number)
    assert (ran.code, ran.outputs) == (0, {"posted": "failed"})
    assert "::warning title=tenantctl::" in ran.log


def test_drift_of_which_nobody_would_hear_is_a_failure(post, github):
    post("issue", "body", drifted="true")
    github.failing = [500] * 3
    ran = post("issue", "body", drifted="false")
    assert (ran.code, ran.outputs) == (0, {"issue": "failed"})
    github.allowed = frozenset()
    ran = post("issue", "worse", drifted="true")
    assert (ran.code, ran.outputs["issue"]) == (1, "failed")
    assert "::error title=tenantctl::hearthhollow/dev has drifted, and no issue says so" in ran.log


def test_a_server_that_fails_is_asked_again_but_never_told_to_make_a_thing_twice(post, github):
    github.failing = [502, 503]
    assert comment(post, "body").outputs == {"posted": "created"}
    github.requests.clear()
    github.comments.clear()
    github.failing = []
    missing = {"drifted": "true", "body_file": "/nowhere"}
    assert post("issue", **missing).outputs["issue"] == "failed"
    assert "POST" not in {method for method, _ in github.requests}


def test_a_post_that_fails_is_not_repeated(post, github):
    class OnPost(list):
        def __bool__(self) -> bool:
            return github.requests[-1][0] == "POST"

    github.failing = OnPost([502, 502, 502])
    assert comment(post, "body").outputs == {"posted": "failed"}
    assert [method for method, _ in github.requests] == ["GET", "POST"]
    github.failing = []


@pytest.mark.parametrize("script", ["comment", "issue"])
def test_what_the_server_did_not_take_for_being_one_too_many_is_sent_again(post, github, script):
    class OnPost(list):
        def __bool__(self) -> bool:
            return github.requests[-1][0] == "POST" and len(self) > 0

    github.failing = OnPost([429, 403])
    github.waiting = "1"
    ran = post(script, "body", drifted="true", number="7")
    assert set(ran.outputs.values()) <= {"created", "opened"}
    github.failing = OnPost([403])
    github.waiting = "3600"
    github.comments.clear()
    github.issues.clear()
    assert set(post(script, "body", drifted="true", number="7").outputs.values()) == {"failed"}
    github.failing, github.waiting = [], ""


def test_a_warning_has_the_words_of_the_server(post, github):
    github.allowed = frozenset()
    assert "403 Resource not accessible by integration" in comment(post, "body").log


@pytest.mark.thorough
@pytest.mark.parametrize("script", ["comment", "issue"])
def test_a_server_that_speaks_no_http_is_a_warning(post, github, script):
    class Babbling(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.readline()
            self.wfile.write(b"hello\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Babbling) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        github.elsewhere = f"http://127.0.0.1:{server.server_address[1]}"
        ran = post(script, "body", drifted="true", number="7")
        server.shutdown()
    github.elsewhere = ""
    assert (ran.code, set(ran.outputs.values())) == (int(script == "issue"), {"failed"})
    assert "::warning title=tenantctl::" in ran.log


def test_a_run_without_a_report_says_that_there_is_no_plan(post, github):
    comment(post, f"{PLAN}\nthree to create")
    ran = comment(post, "", body_file="/nowhere")
    assert ran.outputs == {"posted": "updated"}
    (kept,) = github.comments
    assert kept["body"].startswith(f"{PLAN}\n### {DEV}: no plan")
    assert "actions/runs/77" in kept["body"]


@pytest.mark.parametrize("label", ["drift: auth0", "a&b=c", "tenant/drift"])
def test_a_label_may_be_spelled_as_people_spell_them(post, github, label):
    assert post("issue", "one", drifted="true", label=label).outputs == {"issue": "opened"}
    assert post("issue", "two", drifted="true", label=label).outputs == {"issue": "updated"}
    assert [each["labels"] for each in github.issues] == [[label]]


def test_an_issue_stays_as_it_is_where_nobody_could_tell(post, github):
    post("issue", "one", drifted="true")
    assert post("issue", "", drifted="").outputs == {"issue": "none"}
    (issue,) = github.issues
    assert (issue["state"], issue["body"]) == ("open", f"{DRIFT}\none")


def test_an_issue_is_opened_kept_up_to_date_and_closed(post, github):
    assert post("issue", "clean", drifted="false").outputs == {"issue": "none"}
    assert post("issue", f"{DRIFT}\none", drifted="true").outputs == {"issue": "opened"}
    assert post("issue", f"{DRIFT}\none", drifted="true").outputs == {"issue": "unchanged"}
    assert post("issue", f"{DRIFT}\ntwo", drifted="true").outputs == {"issue": "updated"}
    (issue,) = github.issues
    assert (issue["title"], issue["labels"]) == ("Drift: hearthhollow/dev", ["drift"])
    assert issue["body"] == f"{DRIFT}\ntwo"
    assert post("issue", "clean", drifted="false").outputs == {"issue": "closed"}
    assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
    assert "as it was applied again" in github.comments[0]["body"]
    assert post("issue", f"{DRIFT}\nthree", drifted="true").outputs == {"issue": "opened"}
    assert len(github.issues) == 2


def test_issues_of_other_environments_and_of_other_people_stay_as_they_are(post, github):
    theirs = [
        {"number": 1, "user": {"login": "eve"}, "body": f"{DRIFT}\n"},
        {"number": 2, "user": BOT, "body": "<!-- tenantctl:drift:hearthhollow/qa -->\n"},
    ]
    github.issues += [{**each, "state": "open", "labels": ["drift"]} for each in theirs]
    assert post("issue", "clean", drifted="false").outputs == {"issue": "none"}
    assert post("issue", "drift", drifted="true").outputs == {"issue": "opened"}
    assert [each["body"] for each in github.issues[:2]] == [each["body"] for each in theirs]


def kinds_of_server(github: GitHub) -> set[str]:
    return {path.split("?")[0] for _, path in github.requests}


def test_nothing_but_comments_is_asked_for(post, github):
    comment(post, "body")
    assert kinds_of_server(github) == {"/repos/octo/shop/issues/7/comments"}
