"""The main job through the command line, looked at with an oracle that uses none of our readers."""

from __future__ import annotations

import json

import pytest


def test_the_first_plan_of_dev_creates_what_a_fresh_tenant_has_not(project):
    ran = project.ok("plan", "dev", "--json")
    plan = ran.json
    assert plan["counts"]["create"] + plan["counts"]["update"] >= 43
    assert plan["counts"]["delete"] == 0
    assert project.writes() == 0


def test_apply_makes_the_second_plan_empty_and_writes_what_the_files_say(applied):
    with applied.sandbox() as sandbox:
        clients = {c["name"]: c for c in sandbox.documents("clients").values()}
        connections = {c["name"]: c for c in sandbox.documents("connections").values()}
        actions = {a["name"]: a for a in sandbox.documents("actions").values()}
    assert {"Web Shop", "Checkout", "Account Centre", "iOS App", "Android App"} <= clients.keys()
    assert "https://www.dev.hearthhollow.example/callback" in clients["Web Shop"]["callbacks"]
    assert "http://localhost:3000/callback" in clients["Web Shop"]["callbacks"]
    assert connections["customers"]["options"]["passwordPolicy"] == "good"
    assert len(actions) == 3
    before = applied.writes()
    assert applied.steps() == []
    assert applied.ok("apply", "dev", "--yes").code == 0
    assert applied.writes() == before


def test_one_changed_field_is_one_write(applied):
    applied.edit(
        "tenants/hearthhollow/phase1/architecture.yaml",
        "friendly_name: Hearth & Hollow",
        "friendly_name: Hearth and Hollow",
    )
    assert applied.steps() == ["tenant"]
    before = applied.writes()
    said = applied.ok("apply", "dev", "--yes").out
    assert "Next: " not in said  # what comes next is done already
    assert applied.writes() == before + 1
    assert applied.steps() == []


@pytest.mark.thorough
def test_a_client_renamed_in_the_dashboard_is_one_update_of_the_same_client(applied):
    with applied.sandbox() as sandbox:
        (id,) = [key for key, c in sandbox.documents("clients").items() if c["name"] == "Web Shop"]
        sandbox.edit("clients", id, {"name": "Shop (renamed)"})
    before = applied.writes()
    assert applied.steps() == ["clients.web-shop"]
    applied.ok("apply", "dev", "--yes")
    assert applied.writes() == before + 1
    with applied.sandbox() as sandbox:
        assert sandbox.documents("clients")[id]["name"] == "Web Shop"


def test_lowering_phases_plans_nothing(applied):
    path = "environments/hearthhollow/dev.yaml"
    applied.edit(path, "phases: [1]", "phases: []")
    assert applied.ok("plan", "dev", "--json").json["counts"]["steps"] == 0
    retired = applied.ok("plan", "dev", "--json", "--retire").json
    assert retired["counts"]["delete"] > 20
    assert [violation["rule"] for violation in retired["violations"]] == ["max_deletes"]


@pytest.mark.thorough
def test_qa_and_prod_are_planned_from_the_same_files_with_their_own_values(project):
    for env, host in (("qa", "qa.hearthhollow.example"), ("prod", "www.hearthhollow.example")):
        saved = project.root / f"{env}.json"
        project.ok("plan", env, "--out", str(saved))
        text = saved.read_text()
        assert host in text
        assert "localhost:3000" not in text
    assert any("log_streams.datadog" in id for id in project.steps("prod"))
    assert not any("log_streams.datadog" in id for id in project.steps("qa"))


def test_a_saved_plan_is_applied_without_its_files_and_without_asking(project):
    saved = project.root / "plan.json"
    project.ok("plan", "dev", "--out", str(saved))
    (project.root / "tenants/hearthhollow/phase1/logout.yaml").write_text("broken: [")
    project.ok("apply", str(saved))


def test_a_saved_plan_is_refused_once_the_tenant_has_moved(applied):
    applied.edit(
        "tenants/hearthhollow/phase1/architecture.yaml",
        "friendly_name: Hearth & Hollow",
        "friendly_name: Hearth and Hollow",
    )
    saved = applied.root / "plan.json"
    applied.ok("plan", "dev", "--out", str(saved))
    with applied.sandbox() as sandbox:
        (id,) = sandbox.documents("tenant_settings")
        sandbox.edit("tenant_settings", id, {"friendly_name": "Somebody else's"})
    before = applied.writes()
    ran = applied.run("apply", str(saved))
    assert ran.code == 3
    assert applied.writes() == before


def test_a_damaged_plan_is_refused_whichever_byte_is_changed(project):
    saved = project.root / "plan.json"
    project.ok("plan", "dev", "--out", str(saved))
    whole = saved.read_bytes()
    for place in range(10, len(whole), len(whole) // 25):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        saved.write_bytes(bytes(damaged))
        assert project.run("apply", str(saved)).code == 65, place
    assert project.writes() == 0


def test_apply_without_a_terminal_needs_yes(project):
    ran = project.run("apply", "dev")
    assert ran.code == 64
    assert "--yes" in ran.err
    assert project.writes() == 0


def test_production_takes_saved_plans_only(project):
    ran = project.run("apply", "prod", "--yes")
    assert ran.code == 5
    assert "--out" in ran.err
    assert project.writes("prod") == 0


@pytest.mark.thorough
def test_detailed_exit_codes_tell_changes_from_none(project, applied):
    assert project.run("plan", "dev", "--detailed-exitcode").code == 2
    assert applied.run("plan", "dev", "--detailed-exitcode").code == 0


def test_a_receipt_names_every_address_with_its_id_and_no_secret(applied):
    ran = applied.ok("show", "dev", "--json")
    assert ran.json
    path = next((applied.root / ".tenantctl/receipts").rglob("last.json"))
    assert path.exists()
    secrets = json.loads(next((applied.root / ".tenantctl/secrets").glob("*.json")).read_text())
    values = [v for v in _strings(secrets) if len(v) > 8]
    for file in (applied.root / ".tenantctl/receipts").rglob("*.json"):
        text = file.read_text()
        assert not any(value in text for value in values)


def _strings(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, str):
        yield value
