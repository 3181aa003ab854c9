"""`--report FILE` through the command line."""

from __future__ import annotations

import json


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
