"""`--target` and `--exclude` on the command line, and what receipts say of such runs."""

from __future__ import annotations

import json

import pytest

from tenantctl.ledger import open_ledger

APIS = ("--target", "resource_servers.*")


def test_a_plan_says_what_is_selected_what_comes_along_and_how_to_apply_just_that(project):
    text = project.ok("plan", "dev", "--target", "connection_clients.synthetic").out
    found = project.ok("plan", "dev", "--target", "connection_clients.synthetic", "--json").json

    assert "development, phase 1, only connection_clients.synthetic" in text
    assert "Note: Also, because connection_clients.synthetic needs it: " in text
    assert text.endswith(
        "Next: tenantctl apply hearthhollow/dev --target connection_clients.synthetic\n"
    )
    assert found["selection"] == ["connection_clients.synthetic"]
    assert [note for note in found["notes"] if note.startswith("Also, because")]


@pytest.mark.thorough
def test_what_is_excluded_and_what_needs_it_stays_out_of_the_apply_and_of_the_receipt(project):
    project.ok("apply", "dev", "--yes", "--exclude", "connections.*")

    receipt = open_ledger(project.root / ".tenantctl").receipt("hearthhollow", "dev")
    assert receipt is not None
    assert (receipt.status, receipt.full) == ("converged", False)
    kinds = {address.kind for address in receipt.entries}
    assert kinds.isdisjoint({"connections", "connection_clients"})
    (tenant,) = (e for address, e in receipt.entries.items() if address.kind == "tenant")
    assert "session_lifetime" in tenant.fields
    assert "default_directory" not in tenant.fields
    rest = {id.partition(".")[0] for id in project.steps()}
    assert rest == {"connections", "connection_clients", "tenant#late"}
    project.ok("apply", "dev", "--yes")
    receipt = open_ledger(project.root / ".tenantctl").receipt("hearthhollow", "dev")
    assert receipt is not None
    assert receipt.full
    assert project.steps() == []


@pytest.mark.thorough
def test_a_saved_plan_of_a_selection_is_applied_as_it_was_saved_and_promotes_nothing(project):
    saved = project.root / "plan.json"
    project.ok("plan", "dev", "--out", str(saved), *APIS)
    ids = [step["id"] for step in json.loads(saved.read_text())["plan"]["steps"]]

    assert project.run("apply", str(saved), "--target", "clients.*").code == 64
    project.ok("apply", str(saved))

    assert not {*ids} & {*project.steps()}
    assert {id.partition(".")[0] for id in ids} == {"resource_servers"}
    assert "Nothing to do of what is selected." in project.ok("plan", "dev", *APIS).out
    promoted = project.run("promote", "qa", "--json")
    assert promoted.code == 5
    assert "has had a selection of steps in its last apply" in promoted.out


@pytest.mark.parametrize("option", ["--target", "--exclude"])
def test_a_glob_that_means_nothing_is_refused(project, option):
    ran = project.run("plan", "dev", option, "client.*")
    assert (ran.code, "did you mean clients.*" in ran.err) == (64, True)


def test_where_saved_plans_alone_are_applied_the_way_there_selects_the_same(project):
    ran = project.run("apply", "prod", "--yes", "--target", "roles.*", "--exclude", "clients.*")

    assert ran.code == 5
    way = (
        "tenantctl plan hearthhollow/prod --target 'roles.*' --exclude 'clients.*' --out plan.json"
    )
    assert way in ran.err or way in ran.out
