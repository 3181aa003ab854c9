"""What doctor finds where a team shares receipts and leases."""

from __future__ import annotations

import datetime as dt

import pytest

from support.shared import DEV, team
from tenantctl.cli.locking import desk_of
from tenantctl.cli.wiring import Project as Wired
from tenantctl.files import read_environment
from tenantctl.ledger.lease import held


@pytest.fixture
def ada(tmp_path):
    return team(tmp_path / "team").project("ada")


def probes(project, *arguments):
    ran = project.run("doctor", "dev", "--json", *arguments)
    return ran.code, {probe["name"]: probe for probe in ran.json["probes"]}


@pytest.mark.thorough
def test_receipts_are_in_step_once_they_are_pushed_and_fetched(ada, tmp_path):
    code, found = probes(ada)
    assert (code, found["receipts"]["status"], found["git"]["status"]) == (0, "ok", "ok")
    ada.ok("apply", "dev", "--yes")
    _, found = probes(ada)
    assert found["receipts"]["said"] == "in step with origin tenantctl/receipts"
    assert found["receipt"]["said"].startswith("converged at ")
    bob = team(tmp_path / "team").project("bob")
    code, found = probes(bob)
    assert (code, found["receipts"]["status"]) == (0, "warn")
    assert found["receipts"]["said"] == "origin tenantctl/receipts: 1 only there, 0 only here"
    assert "tenantctl receipts fetch small/dev" in found["receipts"]["help"]
    assert not (bob.root / ".tenantctl" / "receipts").exists()


def test_a_remote_that_is_gone_fails_and_offline_it_is_not_asked(ada, tmp_path):
    (tmp_path / "team" / "remote.git").rename(tmp_path / "gone.git")
    code, found = probes(ada)
    assert (code, found["receipts"]["status"], found["lease"]["status"]) == (1, "fail", "fail")
    code, found = probes(ada, "--offline")
    assert (code, found["receipts"]["status"], found["lease"]["status"]) == (
        0,
        "skipped",
        "skipped",
    )


def test_who_holds_the_lease_is_told(ada):
    here = Wired(ada.root)
    desk = desk_of(here, read_environment(ada.root, "small", "dev"))
    with held(desk, 60, print):
        code, found = probes(ada)
    assert (code, found["lease"]["status"], found["lock"]["status"]) == (0, "warn", "ok")
    assert "held by " in found["lease"]["said"]
    assert str(dt.datetime.now(dt.UTC).year) in found["lease"]["said"]
    assert found["lease"]["help"] == "tenantctl lock show small/dev"
    assert probes(ada)[1]["lease"]["status"] == "ok"


def test_files_that_are_not_committed_are_a_warning(ada):
    path = ada.root / DEV
    path.write_text(path.read_text() + "# more\n")
    _, found = probes(ada)
    assert found["git"]["status"] == "warn"
    assert "not committed" in found["git"]["said"]


def test_a_key_to_sign_with_is_looked_for_from_the_project(ada):
    path = ada.root / DEV
    path.write_text(path.read_text().replace("lease: 30s", "lease: 30s, sign: file:keys/sign.pem"))
    _, found = probes(ada)
    assert found["receipts.sign"]["status"] == "warn"
    (ada.root / "keys").mkdir()
    (ada.root / "keys/sign.pem").write_text("a key\n")
    assert probes(ada)[1]["receipts.sign"]["status"] == "ok"
