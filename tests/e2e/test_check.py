"""`tenantctl check` and the gates of a plan, on the repository's own tenant."""

from __future__ import annotations

import json

import pytest

from support.project import Project

NOW = ("--now", "2026-09-01")
"""The attestations of the example are young on that day."""


def enforce(project: Project, name: str) -> None:
    """The gates of an environment refuse."""
    path = project.root / "environments" / "hearthhollow" / f"{name}.yaml"
    path.write_text(path.read_text().replace("\nvariables:", "\ngates: enforce\n\nvariables:", 1))


def rules(document) -> set[str]:
    return {each["rule"] for each in document["violations"] if not each["allowed"]}


def test_without_the_tenant_what_only_it_can_tell_is_open_and_closes_the_gate(project):
    ran = project.run("check", "prod", "--offline", *NOW, "--json")
    found = {each["check"]: each for each in ran.json["findings"]}

    assert ran.code == 5
    assert found["A04.custom-domain-ready"]["status"] == "unknown"
    assert found["A04.custom-domain-ready"]["blocking"]
    assert found["A09.support-email"]["status"] == "passed"
    assert any(note.startswith("no tenant was read") for note in ran.json["notes"])


def test_a_gate_that_is_enforced_refuses_before_the_first_request_of_an_apply(project):
    enforce(project, "qa")
    plan = project.run("plan", "qa", *NOW, "--json", "--detailed-exitcode")

    assert plan.code == 5
    assert rules(plan.json) == {"Q01.actions-unit-tested", "Q04.promotion-order"}
    before = project.writes("qa")
    ran = project.run("apply", "qa", *NOW, "--yes")
    assert ran.code == 5
    assert "Q04.promotion-order" in ran.out
    assert project.writes("qa") == before


@pytest.mark.thorough
def test_a_saved_plan_carries_why_its_gate_is_closed(project):
    enforce(project, "qa")
    saved = str(project.root / "plan.json")
    project.ok("plan", "qa", *NOW, "--out", saved)
    ran = project.run("apply", saved)

    assert ran.code == 5
    assert "Q01.actions-unit-tested" in ran.err


@pytest.mark.thorough
def test_what_was_missing_is_mended_and_the_plan_goes_through(project):
    enforce(project, "qa")
    project.ok("apply", "dev", "--yes", *NOW)
    project.ok("test", "hearthhollow", "--kind", "unit")

    project.ok("apply", "qa", "--yes", *NOW)
    assert project.ok("plan", "qa", *NOW, "--json").json["counts"]["steps"] == 0


def test_what_only_the_tenant_can_tell_never_refuses_the_apply_that_mends_it(project):
    enforce(project, "prod")
    plan = project.run("plan", "prod", *NOW, "--json").json
    live = {"A04.custom-domain-ready", "O03.log-stream-active", "Q05.actions-deployed-and-bound"}

    assert rules(plan)
    assert not rules(plan) & live


def test_gates_that_report_refuse_nothing_and_show_the_same(project):
    plan = project.ok("plan", "qa", *NOW, "--json").json
    blocking = {each["check"] for each in plan["findings"] if each["blocking"]}

    assert plan["violations"] == []
    assert blocking >= {"Q01.actions-unit-tested", "Q04.promotion-order"}


@pytest.mark.parametrize("form", ["sarif", "junit"])
def test_findings_are_written_for_those_who_read_files(project, form):
    path = project.root / f"found.{form}"
    ran = project.run("check", "dev", "--offline", *NOW, f"--{form}", str(path))

    assert ran.code in {0, 5}
    text = path.read_text()
    if form == "sarif":
        results = json.loads(text)["runs"][0]["results"]
        uris = {
            place["physicalLocation"]["artifactLocation"]["uri"]
            for result in results
            for place in result["locations"]
        }
        assert "tenants/hearthhollow/phase1/authorization.yaml" in uris
        assert all((project.root / uri).is_file() for uri in uris)
    else:
        assert text.startswith("<?xml")
        assert 'name="hearthhollow/dev"' in text


def test_a_milestone_of_a_phase_that_is_not_there_is_refused_with_those_that_are(project):
    ran = project.run("check", "dev", "--offline", "--milestone", "M9")

    assert ran.code == 64
    assert "it has authentication_demo (M1), demo (M2), go_live (M3)" in ran.err


def test_a_phase_that_is_not_released_has_no_gate(project):
    ran = project.run("check", "dev", "--offline", "--phase", "2")

    assert ran.code == 64
    assert "phase 2 is not released" in ran.err


def test_only_what_is_due_by_a_milestone_is_judged(project):
    first = project.run("check", "prod", "--offline", "--milestone", "M1", *NOW, "--json").json
    every = project.run("check", "prod", "--offline", *NOW, "--json").json

    assert {each["check"] for each in first["findings"]} < {e["check"] for e in every["findings"]}
    assert "O02.log-stream" not in {each["check"] for each in first["findings"]}
    assert first["stage"] == "phase 1 until authentication_demo"


def test_a_topic_that_nobody_decided_on_closes_the_gate(project):
    path = project.root / "tenants" / "hearthhollow" / "tenant.yaml"
    path.write_text(path.read_text().replace("  - sdlc_support\n", ""))
    found = project.run("check", "dev", "--offline", *NOW, "--json").json["findings"]
    (topic,) = [each for each in found if each["check"] == "topic.sdlc_support"]

    assert topic["blocking"]
    assert "neither adopted nor declined" in topic["details"][0]


@pytest.mark.thorough
def test_several_environments_are_judged_at_once_and_the_worst_counts(project):
    ran = project.run(
        "check", "hearthhollow", "--offline", *NOW, "--sarif", str(project.root / "found")
    )

    assert ran.code == 5
    written = sorted(path.name for path in (project.root / "found" / "hearthhollow").iterdir())
    assert written == ["dev.sarif", "prod.sarif", "qa.sarif"]


def test_what_is_no_longer_worth_what_it_says_is_told_with_its_place(project):
    ran = project.run("check", "dev", "--offline", "--now", "2027-07-01", "--json")

    assert any(
        note.startswith("tenants/hearthhollow/tenant.yaml:") and "expired 2027-06-30" in note
        for note in ran.json["notes"]
    )
