"""`tenantctl parity`: in what environments differ, and whether somebody has declared it."""

from __future__ import annotations

import json

import pytest

from diff.conftest import SHOP
from tenantctl.engine.parity import Difference, Parity
from tenantctl.engine.residual import Reason
from tenantctl.model import Address
from tenantctl.report.parity import view_parity

QA = "environments/hearthhollow/qa.yaml"
TENANT = "tenants/hearthhollow/tenant.yaml"
WAIVER = """waivers:
  - check: D06.environment-parity
    reason: The auditors see to the log in QA.
    owner: platform@hearthhollow.example
    expires: "2027-01-01"
    environments: [{}]
"""


def append(project, file: str, text: str) -> None:
    path = project.root / file
    path.write_text(path.read_text() + text)


def waived(project, env: str) -> None:
    project.edit(TENANT, "waivers:\n", WAIVER.format(env))


def test_what_variables_overrides_and_only_say_is_declared(project, golden):
    ran = project.ok("parity", "--detailed-exitcode", "--now", "2026-12-01")

    assert ran.out.endswith("All of it is declared.\n")
    golden("parity.txt", ran.out)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("topics: {logging: declined}\n", "the topic logging is declined in qa alone"),
        ("hold: [log_streams.*]\n", "log_streams.* is on hold"),
    ],
)
def test_what_is_built_differently_is_not_declared_until_a_waiver_says_so(project, line, said):
    append(project, QA, line)

    found = project.run("parity", "--detailed-exitcode", "--now", "2026-12-01", "--json")
    assert found.code == 5
    (unlike,) = found.json["unlike"]
    assert (unlike["environment"], unlike["said"], unlike["waived"]) == ("qa", said, "")
    rows = {r["address"]: r for r in found.json["rows"] if r["status"] == "undeclared"}
    assert "log_streams.siem" in rows
    assert rows["log_streams.siem"]["values"][0]["environments"] == ["dev", "prod"]

    waived(project, "qa")
    found = project.run("parity", "--detailed-exitcode", "--now", "2026-12-01", "--json")
    assert (found.code, found.json["undeclared"]) == (0, 0)
    assert "The auditors see to the log in QA." in found.json["unlike"][0]["waived"]
    assert {r["status"] for r in found.json["rows"] if r["address"] in rows} == {"waived"}


def test_a_waiver_of_another_environment_waives_nothing_here(project):
    append(project, QA, "hold: [log_streams.*]\n")
    waived(project, "prod")

    assert project.run("parity", "--detailed-exitcode", "--now", "2026-12-01").code == 5


def test_a_waiver_that_has_expired_waives_nothing(project):
    append(project, QA, "hold: [log_streams.*]\n")
    waived(project, "qa")

    assert project.run("parity", "--detailed-exitcode", "--now", "2027-01-02").code == 5


def test_a_part_that_is_left_unmanaged_is_not_declared(project):
    project.edit(QA, "client_metadata: {banner: QA} ", "description: !unmanaged ")

    found = project.run("parity", "--detailed-exitcode", "--json")

    assert found.code == 5
    (unlike,) = found.json["unlike"]
    assert unlike["said"] == "part of clients.web-shop is unmanaged"
    rows = [r for r in found.json["rows"] if r["status"] == "undeclared"]
    assert [(r["address"], r["field"]) for r in rows] == [("clients.web-shop", "description")]


@pytest.mark.thorough
def test_it_says_what_the_check_of_parity_says(project):
    append(project, QA, "hold: [log_streams.*]\ntopics: {mfa: declined}\n")
    project.edit(QA, "phases: [1]", "phases: [1, 2]")

    unlike = project.run("parity", "--json").json["unlike"]
    checked = project.run("check", "qa", "--offline", "--full", "--json").json

    (finding,) = (f for f in checked["findings"] if f["check"] == "D06.environment-parity")
    assert finding["status"] == "failed"
    for each in unlike:
        assert each["environment"] == "qa"
        assert any(each["said"] in detail for detail in finding["details"]), finding
    assert len(unlike) == 2


@pytest.mark.thorough
def test_the_tenants_show_what_was_changed_there_and_what_no_file_manages(apart):
    """Two changes behind the back: one of a managed field, one of a field that no file names."""
    apart.edit(
        "tenants/hearthhollow/phase1/authentication.yaml",
        "      description: The shop on the written web.\n",
        SHOP,
    )
    apart.ok("apply", "dev", "--yes")
    apart.ok("apply", "qa", "--yes")
    with apart.sandbox("qa") as sandbox:
        clients = sandbox.documents("clients").items()
        (id,) = [key for key, client in clients if client["name"] == "Web Shop"]
        sandbox.edit("clients", id, {"description": "By hand.", "sso_disabled": True})
    before = apart.writes()

    ran = apart.run("parity", "--live", "--detailed-exitcode", "--json")

    found = {(r["address"], r["field"]): r for r in ran.json["live"]}
    assert ran.code == 5
    drifted = found["clients.web-shop", "description"]
    assert (drifted["status"], drifted["values"][1]["value"]) == ("drifted", "By hand.")
    nowhere = found["clients.web-shop", "sso_disabled"]
    assert (nowhere["status"], nowhere["values"][1]["environments"]) == ("unmanaged", ["qa"])
    assert len(found) == 2
    assert ran.json["notes"] == ["hearthhollow/prod has no receipt: its tenant was not looked at."]
    assert apart.writes() == before


@pytest.mark.thorough
def test_with_all_what_variables_tell_apart_is_listed_in_reports_with_a_column_for_each(
    project, tmp_path
):
    file, other = tmp_path / "parity.md", tmp_path / "parity.json"
    counted = project.ok("parity", "--json").json
    project.ok("parity", "--all", "--report", str(file), "--report", str(other))
    listed = json.loads(other.read_text())

    assert "| address | field | dev | qa | prod | why |" in file.read_text()
    assert len(listed["rows"]) == len(counted["rows"]) + counted["counts"]["variables"]
    (row,) = [r for r in listed["rows"] if r["field"] == "session_lifetime"]
    assert row["why"] == ["variable session_lifetime_hours"]
    assert [v["environments"] for v in row["values"]] == [["dev"], ["qa", "prod"]]


def test_values_that_look_alike_when_they_are_cut_are_not_said_to_be_alike():
    long = "https://shop.example/" + "x" * 100
    values = (long + "1", long + "2", long + "1")
    path = ("initiate_login_uri",)
    difference = Difference(Address("clients", "a"), path, values, (Reason("override"),))
    found = Parity("t", ("dev", "qa", "prod"), (difference,), ())

    (row,) = view_parity(found, everything=True).rows

    assert [each.environments for each in row.values] == [("dev", "prod"), ("qa",)]
    assert row.values[1].value == f"{row.values[0].value}, another one"


def test_a_tenant_that_is_not_there_is_refused(project):
    ran = project.run("parity", "hearthhollw")
    assert (ran.code, "there is hearthhollow" in ran.err) == (64, True)
    ran = project.run("parity", "hearthhollow/dev")
    assert (ran.code, "write hearthhollow" in ran.err) == (64, True)
