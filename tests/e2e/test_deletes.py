"""What goes: managed deletes, in order, and everything that must stay."""

from __future__ import annotations

import shutil

import pytest

from support.watched import Watched
from tenantctl.sandbox import Request

PHASE = "tenants/hearthhollow/phase1"
DEV = "environments/hearthhollow/dev.yaml"


def cut(project, file: str, start: str, end: str) -> None:
    """Take out of a file what stands from *start* up to *end*."""
    path = project.root / file
    text = path.read_text()
    first = text.index(start)
    path.write_text(text[:first] + text[text.index(end, first) :])


def without_siem(project) -> None:
    project.edit(
        f"{PHASE}/operations.yaml", "      name: siem", "      $only: [prod]\n      name: siem"
    )


def without_the_check_of_mail(project) -> None:
    cut(
        project,
        f"{PHASE}/profile_management.yaml",
        "  actions:\n    require-verified",
        "\nblocked_users:",
    )


def plan_of(project) -> dict:
    return project.ok("plan", "dev", "--json").json


def updates(plan: dict) -> list[dict]:
    return [step for g in plan["groups"] for t in g["topics"] for step in t["steps"]]


def written(watched: Watched) -> list[Request]:
    return [r for r in watched.log if r.method != "GET" and r.path != "/oauth/token"]


def applied_while_watched(project) -> Watched:
    from tenantctl.cli.running import plan_and_run
    from tenantctl.workflows import Ask

    watched = Watched(project)
    assert plan_and_run(watched.session(), Ask(), yes=True, full=False, as_json=False) == 0
    return watched


@pytest.mark.thorough
def test_a_log_stream_taken_out_is_one_delete_and_one_write(applied):
    without_siem(applied)
    plan = plan_of(applied)
    assert updates(plan) == []
    (step,) = plan["deletes"]
    assert (step["verb"], step["address"]) == ("delete", "log_streams.siem")
    (request,) = written(applied_while_watched(applied))
    assert request.method == "DELETE"
    assert request.path.startswith("/log-streams/")
    with applied.sandbox() as sandbox:
        assert sandbox.documents("log_streams") == {}
    assert applied.steps() == []


def test_an_action_is_unbound_before_it_is_deleted_in_one_plan(applied):
    without_the_check_of_mail(applied)
    plan = plan_of(applied)
    assert [step["address"] for step in updates(plan)] == ["trigger_bindings.post-login"]
    (step,) = plan["deletes"]
    assert step["address"] == "actions.require-verified-email"
    assert step["needs"] == ["trigger_bindings.post-login"]
    first, second = written(applied_while_watched(applied))
    assert (first.method, first.path) == ("PATCH", "/actions/triggers/post-login/bindings")
    assert second.method == "DELETE"
    assert second.path.startswith("/actions/actions/")
    with applied.sandbox() as sandbox:
        names = {action["name"] for action in sandbox.documents("actions").values()}
    assert names == {"add-id-token-claims", "init-profile"}
    assert applied.steps() == []


@pytest.mark.thorough
def test_a_trigger_that_loses_its_last_action_is_emptied_first(applied):
    """`pre-user-registration` is declared no longer at all, and its action goes as well."""
    cut(applied, f"{PHASE}/profile_management.yaml", "metadata:", "password_reset:")
    applied.edit("tenants/hearthhollow/tenant.yaml", "  - metadata\n", "")
    applied_while_watched(applied)
    with applied.sandbox() as sandbox:
        names = {action["name"] for action in sandbox.documents("actions").values()}
    assert names == {"add-id-token-claims", "require-verified-email"}
    assert applied.steps() == []


@pytest.mark.thorough
def test_a_client_taken_from_a_connection_is_one_patch(applied):
    applied.edit(f"{PHASE}/authentication.yaml", ", ios-app, android-app]", ", ios-app]")
    plan = plan_of(applied)
    assert [step["address"] for step in updates(plan)] == ["connection_clients.customers"]
    assert plan["deletes"] == []
    (request,) = written(applied_while_watched(applied))
    assert request.method == "PATCH"
    assert request.path.endswith("/clients")
    with applied.sandbox() as sandbox:
        clients = {c["name"]: id for id, c in sandbox.documents("clients").items()}
        links = [link.rpartition("/")[2] for link in sandbox.documents("connection_clients")]
    assert clients["iOS App"] in links
    assert clients["Android App"] not in links
    assert applied.steps() == []


@pytest.mark.thorough
def test_a_client_that_somebody_else_added_to_the_connection_stays(applied):
    with applied.sandbox() as sandbox:
        clients = {c["name"]: id for id, c in sandbox.documents("clients").items()}
        (customers,) = [
            id for id, c in sandbox.documents("connections").items() if c["name"] == "customers"
        ]
        theirs = clients["Default App"]
        link = {"client_id": theirs}
        sandbox.put("connection_clients", f"{customers}/{theirs}", link, parent=customers)
    assert applied.steps() == []
    applied.edit(f"{PHASE}/authentication.yaml", ", ios-app, android-app]", ", ios-app]")
    applied.ok("apply", "dev", "--yes")
    with applied.sandbox() as sandbox:
        assert f"{customers}/{theirs}" in sandbox.documents("connection_clients")


@pytest.mark.thorough
def test_a_client_and_all_that_hangs_on_it_goes_after_what_names_it(applied):
    cut(applied, f"{PHASE}/operations.yaml", "monitoring:", "logging:")
    applied.edit("tenants/hearthhollow/tenant.yaml", "  - monitoring\n", "")
    plan = plan_of(applied)
    deletes = [step["address"] for step in plan["deletes"]]
    assert set(deletes) == {"clients.synthetic-monitor", "connections.synthetic"}
    applied.ok("apply", "dev", "--yes")
    with applied.sandbox() as sandbox:
        assert "Synthetic Monitor" not in {c["name"] for c in sandbox.documents("clients").values()}
        assert "synthetic" not in {c["name"] for c in sandbox.documents("connections").values()}
        assert "Default App" in {c["name"] for c in sandbox.documents("clients").values()}
    assert applied.steps() == []


@pytest.mark.thorough
@pytest.mark.parametrize("policy", ["never", "per_run"])
def test_a_policy_that_does_not_permit_it_plans_no_delete_and_says_what_stays(applied, policy):
    applied.edit(DEV, "delete: managed", f"delete: {policy}")
    without_siem(applied)
    plan = plan_of(applied)
    assert plan["counts"]["steps"] == 0
    assert [one["address"] for one in plan["released"]] == ["log_streams.siem"]
    assert "log_streams.siem" in applied.ok("plan", "dev").out
    before = applied.writes()
    applied.ok("apply", "dev", "--yes")
    assert applied.writes() == before


def test_per_run_deletes_where_the_run_says_so(applied):
    applied.edit(DEV, "delete: managed", "delete: per_run")
    without_siem(applied)
    assert applied.steps("dev", "--delete") == ["log_streams.siem"]
    applied.ok("apply", "dev", "--yes", "--delete")
    with applied.sandbox() as sandbox:
        assert sandbox.documents("log_streams") == {}


@pytest.mark.thorough
def test_without_its_receipts_the_tool_deletes_nothing_and_says_so(applied):
    shutil.rmtree(applied.root / ".tenantctl/receipts")
    without_siem(applied)
    ran = applied.ok("plan", "dev")
    assert "no receipt of an earlier apply" in " ".join(ran.out.split())
    plan = plan_of(applied)
    assert plan["deletes"] == []
    assert "no receipt" in plan["notes"][0]
    applied.ok("apply", "dev", "--yes")
    with applied.sandbox() as sandbox:
        assert len(sandbox.documents("log_streams")) == 1
    assert "no receipt" not in applied.ok("plan", "dev").out


def test_where_there_is_nothing_of_ours_yet_nothing_is_said_about_receipts(project):
    assert plan_of(project)["notes"] == []
    assert "receipt" not in project.ok("plan", "qa").out


@pytest.mark.thorough
def test_a_tenant_that_was_reset_is_built_again_and_loses_nothing(applied):
    applied.ok("sandbox", "reset", "dev")
    plan = plan_of(applied)
    assert plan["deletes"] == []
    assert plan["counts"]["create"] >= 37
    applied.ok("apply", "dev", "--yes")
    assert applied.steps() == []


def test_what_was_deleted_is_not_ours_any_more(applied):
    """Somebody who makes it again owns it: no later plan takes it for what we had."""
    before = applied.ok("show", "dev", "--json").json["addresses"]
    without_siem(applied)
    applied.ok("apply", "dev", "--yes")
    assert applied.ok("show", "dev", "--json").json["addresses"] == before - 1
