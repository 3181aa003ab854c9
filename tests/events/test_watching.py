"""The seam by which runs are watched: what is hidden, and that watching stops no run."""

from __future__ import annotations

import json

import pytest

from tenantctl.cli.run import Run
from tenantctl.cli.watching import each_of, watched
from tenantctl.cli.wiring import Project
from tenantctl.errors import ApiError
from tenantctl.model import Address, Event, Lacking, Outcome, StepId, Vault
from tenantctl.workflows.several import Target

STEP = StepId(Address("clients", "shop"))


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_secrets_of_every_tenant_that_was_opened_are_hidden_from_then_on(tmp_path):
    into = tmp_path / "events.jsonl"

    def job(here):
        here.observe(Vault({"CRM": "canary-one-4711"}))
        here.observe(Vault({"MAIL": "canary-two-4711"}))
        said = "it says canary-one-4711 and canary-two-4711 \x1b[2J"
        here.observe(Event("settled", STEP, Outcome("failed", said, {"to do": said})))
        raise ApiError(f"409 {said}", status=409, help=said)

    with pytest.raises(ApiError):
        watched(Project(tmp_path), Run("apply", "shop/dev", into), job)
    text = into.read_text()
    assert "canary" not in text
    assert text.count("(secret CRM) and (secret MAIL)") == 4
    assert "\\u001b" not in text
    last = lines_of(into)[-1]
    assert (last["exit_code"], last["error"]["type"]) == (1, "ApiError")


def test_a_watcher_that_fails_is_dropped_with_a_word_and_the_run_goes_on(tmp_path, capsys):
    into = tmp_path / "events.jsonl"

    def job(here):
        here.observe(Event("settled", STEP, "no outcome"))  # what nobody sends
        here.observe(Event("settled", STEP, Outcome("applied")))
        return 4

    assert watched(Project(tmp_path), Run("apply", "shop/dev", into, stats=True), job) == 4
    err = capsys.readouterr().err
    assert err.count("warning: AttributeError") == 1
    assert "this is a mistake of tenantctl's own" in err
    assert [line["type"] for line in lines_of(into)][-1] == "run_finished"


def test_a_person_who_stops_the_run_is_told_apart(tmp_path):
    into = tmp_path / "events.jsonl"

    def job(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watched(Project(tmp_path), Run("plan", "shop/dev", into), job)
    assert lines_of(into)[-1]["exit_code"] == 130


def test_what_a_run_lacks_is_a_line_and_stands_in_its_report(tmp_path, kept):
    into, report = tmp_path / "events.jsonl", tmp_path / "apply.txt"

    def job(here):
        here.observe(Lacking(STEP, ("refresh_token", "leeway")))
        here.observe(Lacking(detail="503 no answer \x1b[2J"))
        return 1

    run = Run("apply", "shop/dev", into, reports=(report,))
    assert watched(Project(tmp_path), run, job) == 1
    found = [line for line in lines_of(into) if line["type"] == "not_converged"]
    assert all(map(kept.is_valid, found))
    assert [(line["step"], line["field"]) for line in found] == [
        ("clients.shop", "refresh_token.leeway"),
        (None, ""),
    ]
    assert "clients.shop refresh_token.leeway is not as it was written" in report.read_text()
    assert "503 no answer \\x1b[2J" in report.read_text()


def test_nothing_is_watched_where_nobody_asks(tmp_path):
    here = Project(tmp_path)
    assert watched(here, Run("plan", "shop/dev"), lambda given: int(given is here)) == 1


def test_each_of_several_has_a_file_of_its_own(tmp_path):
    reports = (tmp_path / "apply.md",)
    run = Run("apply", "shop", tmp_path / "run.jsonl", stats=True, reports=reports)
    options = each_of(run, lambda each: {"target": each.id})
    found = options(Target("shop", "dev", "development", "x.auth0.com"))
    assert found == {
        "target": "shop/dev",
        "json_into": tmp_path / "shop" / "dev" / "run.jsonl",
        "stats": True,
        "report": [tmp_path / "shop" / "dev" / "apply.md"],
    }
