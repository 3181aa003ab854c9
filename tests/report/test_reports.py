"""`--report FILE` through the command line."""

from __future__ import annotations

import json

import pytest


def test_a_plan_is_written_in_every_form_that_is_asked_for(project) -> None:
    out = project.root / "out"
    out.mkdir()
    names = ("plan.md", "full.json", "plan.txt")
    files = [word for name in names for word in ("--report", str(out / name))]
    project.ok("plan", "hearthhollow/dev", *files)
    markdown, document, text = (out.joinpath(name).read_text("utf-8") for name in names)
    assert markdown.startswith("<!-- tenantctl:plan:hearthhollow/dev -->\n")
    assert json.loads(document)["type"] == "plan"
    assert "Plan: " in text


def test_a_report_of_no_known_form_is_refused_before_anything_is_read(project) -> None:
    done = project.run("plan", "hearthhollow/dev", "--report", "plan.docx")
    assert done.code == 64
    assert ".md, .html, .json, .sarif, .xml or .txt" in done.err


def test_a_report_into_a_folder_that_is_not_there_is_refused(project) -> None:
    done = project.run("plan", "hearthhollow/dev", "--report", "nowhere/plan.md")
    assert done.code == 64
    assert "nowhere is no folder" in done.err


def test_a_report_never_takes_the_place_of_the_saved_plan(project) -> None:
    file = str(project.root / "plan.json")
    done = project.run("plan", "hearthhollow/dev", "--out", file, "--report", file)
    assert (done.code, "another file of this command" in done.err) == (64, True)


def test_what_is_wrong_with_files_is_a_report_that_code_hosts_show_at_its_line(project) -> None:
    project.edit("tenants/hearthhollow/phase1/architecture.yaml", "friendly_name:", "frendly_name:")
    sarif, text = project.root / "problems.sarif", project.root / "problems.txt"
    done = project.run(
        "validate", "hearthhollow/dev", "--report", str(sarif), "--report", str(text)
    )
    assert done.code == 65
    (run,) = json.loads(sarif.read_text())["runs"]
    found = [
        result["locations"][0]["physicalLocation"]
        for result in run["results"]
        if "frendly_name" in result["message"]["text"]
    ]
    assert found[0]["artifactLocation"]["uri"].endswith("architecture.yaml")
    assert found[0]["region"]["startLine"] > 0
    assert "frendly_name" in text.read_text()


def test_files_that_are_right_leave_an_empty_report(project) -> None:
    sarif, junit = project.root / "problems.sarif", project.root / "problems.xml"
    project.ok("validate", "hearthhollow/dev", "--report", str(sarif), "--report", str(junit))
    assert json.loads(sarif.read_text())["runs"][0]["results"] == []
    assert 'failures="0"' in junit.read_text()


@pytest.mark.thorough
def test_one_report_tells_the_problems_of_all_environments_each_once(project) -> None:
    project.edit("tenants/hearthhollow/phase1/architecture.yaml", "friendly_name:", "frendly_name:")
    sarif = project.root / "all.sarif"
    done = project.run("validate", "--all", "--report", str(sarif))
    assert done.code == 65
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    told = [result["message"]["text"] for result in results]
    assert sum("frendly_name" in each for each in told) == 1


@pytest.mark.thorough
def test_checks_are_written_in_every_form_that_is_asked_for(project) -> None:
    names = ("check.md", "check.sarif", "check.json", "check.xml", "check.txt")
    files = [word for name in names for word in ("--report", str(project.root / name))]
    project.run("check", "hearthhollow/dev", "--offline", *files)
    markdown, sarif, document, junit, text = (
        project.root.joinpath(name).read_text("utf-8") for name in names
    )
    assert markdown.startswith("<!-- tenantctl:check:hearthhollow/dev -->\n")
    assert len(json.loads(sarif)["runs"]) == 1
    assert json.loads(document)["type"] == "check"
    assert junit.startswith("<?xml")
    assert "hearthhollow/dev" in text


@pytest.mark.thorough
def test_a_plan_as_sarif_and_junit_names_each_risky_change_and_each_step(project) -> None:
    sarif, junit, saved = (project.root / name for name in ("p.sarif", "p.xml", "p.json"))
    files = ("--report", str(sarif), "--report", str(junit), "--out", str(saved))
    document = project.ok("plan", "hearthhollow/dev", "--json", *files).json
    steps = [
        step for group in document["groups"] for topic in group["topics"] for step in topic["steps"]
    ]
    (run,) = json.loads(sarif.read_text())["runs"]
    told = [each for each in run["results"] if each["ruleId"].startswith("risk/")]
    assert len(told) == sum(bool(step["risks"]) for step in steps) > 0
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"], "GitHub refuses a file in which one result has no place"
    assert f'tests="{len(steps)}"' in junit.read_text()
    page = project.root / "page.html"
    project.ok("show", str(saved), "--report", str(page))
    assert page.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.thorough
def test_the_receipt_of_an_apply_is_written_too(project) -> None:
    project.ok("apply", "dev", "--yes")
    junit, text, markdown = (project.root / f"receipt.{end}" for end in ("xml", "txt", "md"))
    files = [word for path in (junit, text, markdown) for word in ("--report", str(path))]
    project.ok("show", "dev", *files)
    assert markdown.read_text("utf-8").startswith("<!-- tenantctl:apply:hearthhollow/dev -->\n")
    assert 'failures="0"' in junit.read_text()
    assert "converged" in text.read_text()
    assert project.run("show", "dev", "--report", "receipt.sarif").code == 64


@pytest.mark.thorough
def test_a_report_does_not_take_the_place_of_a_plan_or_of_another_report(project) -> None:
    plan = str(project.root / "plan.json")
    for arguments in (
        ("plan", "hearthhollow/dev", "--out", plan, "--report", plan),
        ("plan", "hearthhollow/dev", "--report", plan, "--report", plan),
    ):
        done = project.run(*arguments)
        assert (done.code, "is another file of this command" in done.err) == (64, True)
    project.ok("plan", "hearthhollow/dev", "--out", plan)
    for verb in ("show", "rehearse"):
        done = project.run(verb, plan, "--report", plan)
        assert (done.code, "is another file of this command" in done.err) == (64, True)
    project.ok("show", plan)
