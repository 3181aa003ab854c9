"""What can be read: explain, show, phases, JSON beside every text, and what a pipe gets to see."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys

import pytest

from support.largely import mostly
from support.project import REPOSITORY, Project

ESCAPE = "\x1b"
PHASE = "tenants/hearthhollow/phase1"
DEV = "environments/hearthhollow/dev.yaml"


def line_of(project: Project, file: str, text: str) -> str:
    """Where *text* first stands in *file*, as `file:line`."""
    for number, line in enumerate((project.root / file).read_text().splitlines(), 1):
        if text in line:
            return f"{file}:{number}"
    raise AssertionError(f"{file} has no {text}")


def explained(project: Project, where: str) -> list[dict]:
    return project.ok("explain", "dev", where, "--json").json["values"]


def test_explain_says_where_a_value_of_the_definition_stands(project):
    (row,) = explained(project, "tenant.friendly_name")
    assert row["value"] == '"Hearth & Hollow"'
    assert row["origin"]["layer"] == "definition"
    assert row["origin"]["topic"] == "tenant_association"
    place = line_of(project, f"{PHASE}/architecture.yaml", "friendly_name:")
    assert row["origin"]["where"].startswith(f"{place}:")
    assert place in project.ok("explain", "dev", "tenant.friendly_name").out


def test_explain_says_which_variable_a_value_is_made_of_and_where_it_is_set(project):
    (row,) = explained(project, "tenant.support_url")
    assert row["value"] == '"https://help.dev.hearthhollow.example"'
    (variable,) = row["origin"]["via"]
    assert (variable["layer"], variable["name"]) == ("variable", "help_url")
    assert variable["where"].startswith(f"{line_of(project, DEV, 'help_url:')}:")
    said = project.ok("explain", "dev", "tenant.support_url").out
    assert "variable help_url" in said
    assert line_of(project, DEV, "help_url:") in said


def test_explain_says_what_an_override_adds_and_what_it_replaces(project):
    rows = explained(project, "clients.web-shop.callbacks")
    layers = {row["value"]: row["origin"]["layer"] for row in rows}
    assert layers['"http://localhost:3000/callback"'] == "override"
    assert layers['"https://www.dev.hearthhollow.example/callback"'] == "definition"
    project.edit(
        DEV, "  clients.web-shop:", "  tenant: {friendly_name: Dev Shop}\n  clients.web-shop:"
    )
    (row,) = explained(project, "tenant.friendly_name")
    assert row["value"] == '"Dev Shop"'
    assert row["origin"]["layer"] == "override"
    assert row["origin"]["over"]["layer"] == "definition"
    assert row["origin"]["over"]["where"].startswith(
        line_of(project, f"{PHASE}/architecture.yaml", "friendly_name:")
    )
    assert "instead of" in project.ok("explain", "dev", "tenant.friendly_name").out


def test_explain_suggests_an_address_and_says_why_one_is_not_here(project):
    ran = project.run("explain", "dev", "clients.webshop")
    assert ran.code == 64
    assert "did you mean clients.web-shop?" in ran.err
    ran = project.run("explain", "dev", "log_streams.datadog")
    assert ran.code == 64
    assert "only" in ran.err


@pytest.mark.thorough
def test_every_value_of_a_resource_has_a_line_of_a_file(project):
    plan = project.ok("plan", "dev", "--json").json
    for address in sorted(addresses(plan))[::5]:
        for row in explained(project, address):
            file, line, _ = row["origin"]["where"].rsplit(":", 2)
            assert 1 <= int(line) <= len((project.root / file).read_text().splitlines())


def addresses(plan: dict) -> set[str]:
    steps = [s for g in plan["groups"] for t in g["topics"] for s in t["steps"]]
    return {step["address"] for step in [*steps, *plan["deletes"]]}


def in_text(text: str) -> set[str]:
    """The addresses of the steps that a plan shows as text."""
    return set(re.findall(r"^    [+~-] ([a-z_]+(?:\.[^ ]+)?)", text, re.MULTILINE))


@pytest.mark.thorough
@pytest.mark.parametrize("env", ["dev", "qa", "prod"])
def test_the_json_of_a_plan_has_every_step_and_value_that_the_text_has(project, env):
    text = project.ok("plan", env, "--full").out
    plan = project.ok("plan", env, "--full", "--json").json
    assert addresses(plan) == in_text(text)
    steps = [s for g in plan["groups"] for t in g["topics"] for s in t["steps"]]
    assert len(steps) == plan["counts"]["steps"]
    for step in steps:
        for row in step["rows"]:
            assert f"{row['field']}:" in text
            assert row["after"] is None or row["after"] in text
            assert all(line["text"].rstrip() in text for line in row["lines"])


def test_the_json_of_a_receipt_has_every_outcome_that_the_text_has(applied):
    text = applied.ok("show", "dev").out
    outcomes = applied.ok("show", "dev", "--json").json["outcomes"]
    assert len(outcomes) >= 43
    shown = set(re.findall(r"^  [✓!~-]? *([a-z_]+[^ ]*)  [a-z]+", text, re.MULTILINE))
    assert shown == {outcome["id"] for outcome in outcomes}


SAVED = "{root}/saved.json"
VERBS = [
    ("validate", "dev"),
    ("plan", "dev"),
    ("plan", "dev", "--full"),
    ("plan", "dev", "--out", SAVED),
    ("plan", "dev", "--phase", "1"),
    ("plan", "nowhere"),
    ("plan", "dev", "--phase", "7"),
    ("apply", "dev", "--yes"),
    ("apply", "dev"),
    ("apply", "prod", "--yes"),
    ("apply", SAVED),
    ("show", "dev"),
    ("show", "qa"),
    ("show", SAVED),
    ("resume", "dev"),
    ("explain", "dev", "clients.web-shop"),
    ("explain", "dev", "clients.nobody"),
    ("scopes", "dev", "--for", "apply"),
    ("outputs", "dev"),
    ("outputs", "qa"),
    ("sandbox", "status", "dev"),
    ("sandbox", "reset", "qa"),
]


def words(project: Project, arguments: tuple[str, ...]) -> list[str]:
    """What to run; the plan that it may be about is there."""
    if SAVED in arguments:
        project.ok("plan", "dev", "--out", SAVED.format(root=project.root))
    return [word.format(root=project.root) for word in arguments]


@pytest.mark.parametrize("arguments", VERBS, ids=" ".join)
def test_json_is_one_document_whatever_happens(applied, arguments):
    ran = applied.run(*words(applied, arguments), "--json")
    document = json.loads(ran.out)
    assert isinstance(document, dict)
    if ran.code:
        assert document["exit_code"] == ran.code
        assert document["message"]


def test_json_of_a_refused_apply_is_the_plan_with_its_violations(applied):
    applied.edit(DEV, "delete: managed", 'delete: managed\n  protect: ["log_streams.*"]')
    applied.edit(
        f"{PHASE}/operations.yaml", "      name: siem", "      $only: [prod]\n      name: siem"
    )
    ran = applied.run("apply", "dev", "--yes", "--json")
    assert ran.code == 5
    assert ran.json["outcome"] == "refused"
    assert [v["rule"] for v in ran.json["violations"]] == ["protected"]


def test_json_of_wrong_files_has_every_problem(project):
    project.edit(f"{PHASE}/architecture.yaml", "support_email:", "suport_email:")
    project.edit(f"{PHASE}/branding.yaml", "layout: center", "layout: middle")
    text = project.run("validate", "dev").err
    ran = project.run("validate", "dev", "--json")
    assert ran.code == 65
    problems = ran.json["problems"]["problems"]
    assert len(problems) == 2
    for problem in problems:
        assert f"{problem['file']}:{problem['line']}:{problem['column']}" in text
        assert problem["message"] in text
    assert text.rstrip().endswith("in the files.")


def test_a_phase_selects_steps_and_an_unknown_one_is_a_usage_error(project):
    every = project.steps()
    assert project.steps("dev", "--phase", "1") == every
    ran = project.run("plan", "dev", "--phase", "9")
    assert ran.code == 64
    assert "has no phase 9" in ran.err


def test_show_tells_of_a_saved_plan_what_plan_told(project):
    saved = str(project.root / "plan.json")
    made = project.ok("plan", "dev", "--out", saved, "--json").json
    shown = project.ok("show", saved, "--json").json
    assert addresses(shown) == addresses(made)
    assert shown["counts"]["steps"] == made["counts"]["steps"]
    assert shown["digest"] == made["digest"]


@pytest.mark.parametrize(
    "arguments",
    mostly(zip(VERBS), fast=[*zip(VERBS)][::4], rest=pytest.mark.thorough),
    ids=" ".join,
)
def test_a_pipe_gets_no_escape_codes(applied, arguments, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    ran = applied.run(*words(applied, arguments))
    assert ESCAPE not in ran.out + ran.err


def test_no_color_is_obeyed_even_where_colour_is_forced(project, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert ESCAPE in project.ok("plan", "dev").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert ESCAPE not in project.ok("plan", "dev").out


def on_terminals(project: Project, *arguments: str, answer: bytes = b"") -> tuple[int, str, str]:
    """Run a command with a terminal of its own for each of its streams."""
    mine, its = zip(*(pty.openpty() for _ in range(3)), strict=True)
    child = subprocess.Popen(
        [sys.executable, "-m", "tenantctl", *arguments, "--chdir", str(project.root)],
        stdin=its[0],
        stdout=its[1],
        stderr=its[2],
        cwd=REPOSITORY,
        env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm-256color"},
    )
    for end in its:
        os.close(end)
    os.write(mine[0], answer)
    said: dict[int, bytes] = {mine[1]: b"", mine[2]: b""}
    still = set(said)
    while still:
        ready, _, _ = select.select(list(still), [], [], 30)
        assert ready, "nothing was said for 30 seconds"
        for end in ready:
            try:
                data = os.read(end, 65536)
            except OSError:
                data = b""
            said[end] += data
            if not data:
                still.discard(end)
    code = child.wait(30)
    for end in mine:
        os.close(end)
    return code, said[mine[1]].decode(), said[mine[2]].decode()


@pytest.mark.thorough
def test_a_terminal_gets_colour_a_question_and_progress_on_stderr_only(project):
    code, out, err = on_terminals(project, "apply", "dev", answer=b"yes\n")
    assert code == 0, err
    assert f"{ESCAPE}[" in out, "the plan is in colour"
    assert "Type [yes]" in err
    assert re.search(r"\S+: started", err), "what runs is named"
    assert ": applied" not in err, "the receipt says that, on stdout"
    assert re.search(r"\d+/44", err), "a bar counts the steps"
    assert "Type [" not in out
    assert not re.search(r"\d+/44", out)
    assert f"{ESCAPE}[2K" not in out, "nothing is drawn over on stdout"
    assert "converged: 44 applied" in out


@pytest.mark.thorough
def test_a_person_who_does_not_agree_changes_nothing(project):
    code, _, err = on_terminals(project, "apply", "dev", answer=b"no\n")
    assert code == 5
    assert "nobody agreed" in err
    assert project.writes() == 0
