"""What an apply has done, written into files at its end, whatever the end."""

from __future__ import annotations

import json

import pytest

from tenantctl.errors import Locked
from tenantctl.ledger import lock
from tenantctl.model import Event
from tenantctl.sandbox import Fault

FORMS = (".md", ".html", ".json", ".sarif", ".xml", ".txt")


def documents(folder):
    return [word for form in FORMS for word in ("--report", str(folder / f"apply{form}"))]


@pytest.fixture
def changed(applied):
    """dev, applied, then with a change in the files."""
    file = "tenants/hearthhollow/phase1/authentication.yaml"
    applied.edit(file, "name: Checkout", "name: Check it out")
    return applied


def test_who_is_locked_out_finds_in_the_report_who_has_the_lock(changed):
    saved = str(changed.root / "plan.json")
    changed.ok("plan", "dev", "--out", saved)
    with lock(changed.root / ".tenantctl", "hearthhollow-dev.sandbox.invalid"):
        done = changed.run("apply", saved, *documents(changed.root))
    assert done.code == Locked.exit_code
    document = json.loads((changed.root / "apply.json").read_text())
    assert (document["status"], document["exit_code"]) == ("not_begun", 75)
    assert document["error"] in done.err
    assert {act["status"] for act in document["acts"]} == {"not_begun"}
    assert "0 applied" not in (changed.root / "apply.md").read_text()


def test_an_apply_in_part_says_which_step_the_tenant_refused_and_at_which_line(changed):
    with changed.sandbox() as sandbox:
        sandbox.faults = [Fault("status", "PATCH", "/clients/*", status=400, message="bad name")]
    done = changed.run("apply", "dev", "--yes", *documents(changed.root))
    document = json.loads((changed.root / "apply.json").read_text())
    assert done.code == document["exit_code"] != 0
    (failed,) = [act for act in document["acts"] if act["status"] == "failed"]
    assert failed["address"] == "clients.checkout"
    assert "bad name" in failed["detail"]
    assert failed["requests"] > 0
    (result,) = json.loads((changed.root / "apply.sarif").read_text())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert f"{place['artifactLocation']['uri']}:{place['region']['startLine']}" in failed["where"]
    again = changed.root / "again.md"
    with changed.sandbox() as sandbox:
        sandbox.faults = []
    changed.ok("resume", "dev", "--report", str(again))
    assert again.read_text().startswith("<!-- tenantctl:apply:hearthhollow/dev -->\n")
    assert "converged" in again.read_text()


def test_who_stops_a_run_at_once_is_told_how_to_go_on_and_so_is_who_reads_the_report(
    changed, monkeypatch
):
    async def stopped(plan, *_, notify, **__):
        notify(Event("started", plan.steps[0].id))
        raise KeyboardInterrupt

    monkeypatch.setattr("tenantctl.cli.running.apply", stopped)
    done = changed.run("apply", "dev", "--yes", *documents(changed.root))
    assert done.code == 130
    assert "help: tenantctl resume hearthhollow/dev looks, and goes on" in done.err
    document = json.loads((changed.root / "apply.json").read_text())
    assert (document["status"], document["acts"][0]["status"]) == ("unknown", "unknown")
    assert document["help"] in done.err


def test_a_reader_that_goes_away_stops_no_apply_and_hides_no_exit_code(changed, monkeypatch):
    def gone(*_, **__):
        raise BrokenPipeError

    for name in ("show_plan", "show_receipt"):
        monkeypatch.setattr(f"tenantctl.cli.running.{name}", gone)
    monkeypatch.setattr("tenantctl.cli.terminal.hush", lambda: None)
    with changed.sandbox() as sandbox:
        sandbox.faults = [Fault("status", "PATCH", "/clients/*", status=400)]
    done = changed.run("apply", "dev", "--yes", *documents(changed.root))
    document = json.loads((changed.root / "apply.json").read_text())
    assert done.code == document["exit_code"] == 1
    assert document["counts"] == [["failed", 1]]


def test_the_report_of_an_apply_never_takes_the_place_of_its_plan_or_its_events(project):
    file = str(project.root / "plan.json")
    for other in ((file,), ("dev", "--yes", "--json-into", file)):
        done = project.run("apply", *other, "--report", file)
        assert (done.code, "is another file of this command" in done.err) == (64, True)
