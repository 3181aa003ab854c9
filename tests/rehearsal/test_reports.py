"""A rehearsal as text, Markdown, JSON and JUnit: nothing that a tenant says gets through."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from laws.scratch import VAULT, scratch
from rehearsal.cases import action, client
from rehearsal.stage import rehearsal
from support.worlds import B2C
from tenantctl.model import Outcome, Rehearsal
from tenantctl.report import Style
from tenantctl.report.rehearsal import rehearsal_as_json, rehearsal_junit, view_rehearsal
from tenantctl.report.rehearsal_text import MOST, rehearsal_markdown, rehearsal_text

HOSTILE = (
    "| a | b |\n# @team <script>alert(1)</script> `x` ![i](https://x.example/i.png)",
    "\x1b[2Jgone \u202eback \u200bthere\x00",
    "a first secret value",
)


def failing(detail: str) -> Rehearsal:
    """A rehearsal in which every step fails for *detail*."""
    with scratch() as tenant:
        plan = tenant.plan({**client(), **action()})
        found = rehearsal(tenant, plan)
    outcomes = dict.fromkeys(found.outcomes, Outcome("failed", detail))
    return replace(found, outcomes=outcomes, notes=(detail,), left=(detail,), scopes=("read:x",))


def view_of(found: Rehearsal):
    return view_rehearsal(found, B2C, VAULT, checksum="0" * 64)


@pytest.mark.parametrize("said", HOSTILE)
def test_what_the_api_says_is_shown_and_does_nothing(said):
    view = view_of(failing(f"POST /clients: 400 {said}"))
    text, page = rehearsal_text(view, Style()), rehearsal_markdown(view)
    data, xml = json.dumps(rehearsal_as_json(view)), rehearsal_junit(view)
    for each in (text, page, data, xml):
        assert "a first secret value" not in each
        assert not set("\x1b\u202e\u200b\x00") & set(each)
    assert "<script" not in page
    assert "@team" not in page
    assert "![i]" not in page
    assert ET.fromstring(xml).tag == "testsuites"


def test_an_answer_of_the_api_is_taken_apart():
    view = view_of(failing("POST /actions/actions: 400 Payload validation error: 'x'"))
    problem = view.streams[0].problems[0]
    assert (problem.request, problem.code) == ("POST /actions/actions", 400)
    assert problem.message == "Payload validation error: 'x'"
    other = view_of(failing("its build failed: x")).streams[0].problems[0]
    assert (other.request, other.code, other.message) == ("", 0, "its build failed: x")


def test_markdown_of_any_number_of_problems_fits_into_a_comment():
    found = failing("POST /clients: 400 " + "<&|`*" * 100)
    (step, *_) = found.plan.steps
    many = replace(found.plan, steps=(step,) * 2000)
    page = rehearsal_markdown(view_of(replace(found, plan=many)))
    assert MOST / 2 < len(page) < 60_000
    (more,) = [line for line in page.splitlines() if line.endswith(" more")]
    assert more.startswith("- and 1")
    assert page.startswith("<!-- tenantctl:rehearsal:t/dev -->\n### ")


def test_json_has_all_that_the_text_says():
    view = view_of(failing("POST /clients: 400 no"))
    told = rehearsal_as_json(view)
    assert told["format"] == 1
    assert told["verdict"] == "failed"
    assert told["counts"] == {"failed": view.steps}
    assert told["scopes"] == ["read:x"]
