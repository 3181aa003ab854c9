"""`tenantctl rehearse`, as people and pipelines call it."""

from __future__ import annotations

import json
import sqlite3
from xml.etree import ElementTree as ET

import pytest

from support.project import Project
from tenantctl.engine.scopes import to_carry_out
from tenantctl.ledger import checksum_of, open_ledger, read_plan

FILE = "tenants/small/phase1/all.yaml"
RENAMED = ("friendly_name: Small", "friendly_name: Smaller")


def broken(project: Project) -> None:
    """An action that cannot be built: nothing but the API can tell."""
    code = project.root / "tenants/small/actions/add-claims.js"
    assert code.exists()
    code.write_text("exports.onExecutePostLogin = async (event, api) => { if (")


def seen(project: Project) -> tuple[int, int]:
    """How many requests the tenant has answered, and how many of them wrote."""
    found = project.ok("sandbox", "status", "dev", "--json").json["requests"]
    return sum(n for name, n in found.items() if name not in {"writes", "TOKEN"}), found["writes"]


def saved(project: Project) -> str:
    file = str(project.root / "plan.json")
    project.ok("plan", "dev", "--out", file)
    return file


def test_a_first_plan_passes_and_a_receipt_of_exactly_that_plan_is_kept(project):
    file = saved(project)
    before = seen(project)
    ran = project.ok("rehearse", file, "--json")
    reads, writes = (now - then for now, then in zip(seen(project), before, strict=True))
    assert writes == 0
    assert (ran.json["format"], ran.json["type"], ran.json["verdict"]) == (1, "rehearsal", "passed")
    assert ran.json["requests"] == reads
    assert ran.json["again"] is True
    assert ran.json["counts"] == {"applied": ran.json["steps"]}
    plan = read_plan(project.root / "plan.json")
    ledger = open_ledger(project.root / ".tenantctl")
    (receipt,) = ledger.rehearsals("small", "dev")
    assert (receipt.ran, receipt.passed, receipt.digest) == ("rehearsal", True, checksum_of(plan))
    assert ledger.tests("small", "dev") == ()
    assert ran.json["plan"] == receipt.digest


def test_what_would_fail_is_told_with_its_step_and_files_are_written_beside(project):
    broken(project)
    files = [str(project.root / name) for name in ("r.md", "r.json", "r.txt")]
    reports = [word for file in files for word in ("--report", file)]
    ran = project.run("rehearse", "dev", *reports, "--junit", str(project.root / "r.xml"))
    assert ran.code == 1
    assert "create actions.add-claims" in ran.out
    assert "its build failed" in ran.out
    assert "would fail" in ran.out
    assert project.writes() == 0
    document = json.loads((project.root / "r.json").read_text())
    (problem,) = [p for stream in document["streams"] for p in stream["problems"]]
    assert (problem["step"], problem["status"]) == ("actions.add-claims", "failed")
    failures = ET.parse(project.root / "r.xml").iter("failure")
    assert any("its build failed" in failure.get("message", "") for failure in failures)
    assert "actions.add-claims" in (project.root / "r.md").read_text()
    assert (project.root / "r.txt").read_text().strip() in ran.out


def test_a_plan_whose_tenant_has_moved_is_stale(project):
    project.ok("apply", "dev", "--yes")
    project.edit(FILE, *RENAMED)
    file = saved(project)
    with project.sandbox(tenant="small") as sandbox:
        sandbox.edit("tenant_settings", "", {"friendly_name": "Somebody else's"})
    ran = project.run("rehearse", file)
    assert ran.code == 3
    assert "plan again" in ran.out


def test_a_plan_that_somebody_applied_after_is_stale(project):
    project.ok("apply", "dev", "--yes")
    project.edit(FILE, *RENAMED)
    file = saved(project)
    project.edit(FILE, "Smaller", "Smallest")
    project.ok("apply", "dev", "--yes")
    ran = project.run("rehearse", file)
    assert ran.code == 3
    assert "was applied to" in ran.err


def test_a_scope_that_the_apply_credentials_lack_is_told(project):
    file = saved(project)
    every = to_carry_out(read_plan(project.root / "plan.json").steps)
    with project.sandbox(tenant="small") as sandbox:
        own, _ = sandbox.credentials()
        grants = sandbox.documents("client_grants").items()
        (grant,) = [id for id, each in grants if each["client_id"] == own]
        sandbox.edit("client_grants", grant, {"scope": sorted(every - {"create:actions"})})
    ran = project.run("rehearse", file)
    assert ran.code == 1
    assert "The apply credentials lack create:actions." in ran.out


def test_other_files_than_the_plan_was_made_of_are_not_planned_again(project):
    file = saved(project)
    project.edit(FILE, *RENAMED)
    ran = project.ok("rehearse", file, "--json")
    assert ran.json["again"] is False
    assert any("not those that the plan was made of" in note for note in ran.json["notes"])


def test_a_copy_that_is_kept_can_be_looked_into_and_holds_no_secret_of_ours(project, tmp_path):
    kept = tmp_path / "kept"
    ran = project.ok("rehearse", "dev", "--keep", str(kept), "--json")
    file = kept / "small-dev.sqlite"
    assert ran.json["kept"] == str(file)
    assert ran.json["serve"] == (f"tenantctl sandbox serve --folder {kept} --tenant small-dev")
    assert file.stat().st_mode & 0o077 == 0
    text = "".join(sqlite3.connect(file).iterdump())
    assert "add-claims" in text
    values = json.loads((project.root / ".tenantctl/secrets/small-dev.json").read_text())
    secrets = [value for value in _texts(values) if len(value) > 20]
    assert secrets
    assert [value for value in secrets if value in text] == []
    again = project.run("rehearse", "dev", "--keep", str(kept))
    assert again.code == 64
    assert "is there already" in again.err


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("nowhere",), "nowhere"),
        (("missing.json",), "there is no file"),
        (("dev", "--report", "r.html"), "is no report of this command"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_read(project, options, says):
    ran = project.run("rehearse", *options)
    assert ran.code in {64, 65}
    assert says in ran.err
    assert not (project.root / ".tenantctl").exists()


# --- policy -------------------------------------------------------------------------------------


def test_where_policy_asks_for_it_an_apply_rehearses_first(strict):
    ran = strict.run("apply", "dev", "--yes")
    assert ran.code == 0, ran.err
    assert "rehearsing in a copy" in ran.err
    (receipt,) = open_ledger(strict.root / ".tenantctl").rehearsals("small", "dev")
    assert receipt.passed


def test_where_policy_asks_for_it_a_plan_that_would_fail_is_refused_and_nothing_is_written(strict):
    broken(strict)
    file = saved(strict)
    ran = strict.run("apply", file)
    assert ran.code == 5
    assert "its build failed" in ran.err
    assert "nothing was written" in ran.err
    assert strict.writes() == 0
    assert not (strict.root / ".tenantctl" / "journals").exists()
    assert strict.run("rehearse", file).code == 1
    assert strict.run("apply", file).code == 5


@pytest.mark.thorough
def test_a_plan_that_has_passed_its_rehearsal_is_not_rehearsed_again_but_another_one_is(strict):
    file = saved(strict)
    strict.ok("rehearse", file)
    ran = strict.run("apply", file)
    assert ran.code == 0
    assert "rehearsing" not in ran.err
    strict.edit(FILE, *RENAMED)
    assert "rehearsing" in strict.ok("apply", saved(strict)).err


def test_where_policy_does_not_ask_nothing_is_rehearsed(project):
    broken(project)
    ran = project.run("apply", "dev", "--yes")
    assert ran.code == 4
    assert "rehearsing" not in ran.err
