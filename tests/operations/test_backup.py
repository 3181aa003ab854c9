"""What a backup holds, what it never holds, and what is said where something cannot be read."""

from __future__ import annotations

import json
import stat

import pytest

from e2e import canaries
from operations.behind import do
from support.project import Project
from tenantctl.ledger import open_ledger, read_backup
from tenantctl.sandbox import Fault

BACKUPS = ".tenantctl/backups/hearthhollow/dev"


@pytest.fixture
def planted(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The shop with secrets that would be recognised anywhere, applied."""
    canaries.plant(project)
    for name, value in canaries.VALUES.items():
        monkeypatch.setenv(name, value)
    project.ok("apply", "dev", "--yes")
    return project


def test_no_secret_stands_in_a_backup_its_receipt_or_what_is_said(planted):
    said = [planted.ok("backup", "dev").out, planted.ok("backup", "dev", "--json").out]
    said += [planted.ok("restore", "dev", "latest", "--full").out]
    said += [planted.ok("restore", "dev", "latest", "--json").out]
    files = [path.read_text() for path in planted.root.glob(f"{BACKUPS}/**/*.json")]
    assert len(files) == 4
    secrets = {
        *canaries.VALUES.values(),
        *canaries.generated(planted),
        *canaries.kept_by_the_tenant(planted),
    }
    for text in [*said, *files]:
        assert canaries.seen(text, secrets) == []


def test_nothing_in_a_backup_was_made_of_a_secret(planted):
    """Without the secrets at hand, and without the key of fingerprints, it is the same."""
    planted.ok("backup", "dev")
    (file,) = planted.root.glob(f"{BACKUPS}/*.json")
    assert '"$sealed":null' in file.read_text()
    assert '"$sealed":"' not in file.read_text()


@pytest.mark.thorough
def test_two_backups_of_the_same_state_have_one_digest_and_are_listed_the_newest_first(applied):
    first = applied.ok("backup", "dev", "--json").json
    second = applied.ok("backup", "dev", "--json").json
    assert first["digest"] == second["digest"]
    listed = applied.ok("backup", "list", "dev", "--json").json
    assert [each["file"] for each in listed["backups"]] == [second["file"], first["file"]]
    assert "as the one before" in applied.ok("backup", "list", "dev").out


@pytest.mark.thorough
def test_a_change_in_the_tenant_is_another_digest(applied):
    first = applied.ok("backup", "dev", "--json").json
    change = {"session_lifetime": 7}
    do(applied, "hearthhollow", lambda api: api.send("PATCH", "/tenants/settings", change))
    assert applied.ok("backup", "dev", "--json").json["digest"] != first["digest"]


@pytest.mark.thorough
def test_a_backup_writes_nothing_to_the_tenant_nor_does_a_restore(applied):
    before = applied.writes()
    applied.ok("backup", "dev")
    applied.ok("restore", "dev", "latest")
    assert applied.writes() == before


def test_the_receipt_is_what_checks_read(applied):
    told = applied.ok("backup", "dev", "--json").json
    (receipt,) = open_ledger(applied.root / ".tenantctl").backups("hearthhollow", "dev")
    assert (receipt.when, receipt.digest) == (told["when"], told["digest"])
    assert receipt.domain == "hearthhollow-dev.sandbox.invalid"
    assert receipt.counts == told["counts"]
    assert receipt.complete


def test_a_file_of_ones_own_is_written_for_its_owner_alone(applied, tmp_path):
    file = tmp_path / "vault.json"
    told = applied.ok("backup", "dev", "--to", str(file)).out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f"tenantctl restore hearthhollow/dev {file}" in told
    assert read_backup(file).tenant == "hearthhollow"


def test_what_cannot_be_read_is_told_and_the_rest_is_kept(applied):
    with applied.sandbox() as sandbox:
        sandbox.faults = [
            Fault("status", "GET", "/hooks*", status=404),
            Fault("status", "GET", "/log-streams*", status=404),
        ]
    ran = applied.run("backup", "dev")
    assert ran.code == 4
    assert "could not be read and are not in it:" in ran.out
    assert "log_streams: the tenant does not have it" in ran.out
    (receipt,) = open_ledger(applied.root / ".tenantctl").backups("hearthhollow", "dev")
    assert "log_streams" in receipt.unread
    assert receipt.counts["clients"] > 5


@pytest.mark.thorough
def test_what_the_backup_could_not_read_is_left_alone_by_a_restore(applied):
    with applied.sandbox() as sandbox:
        sandbox.faults = [Fault("status", "GET", "/log-streams*", status=404)]
    assert applied.run("backup", "dev").code == 4
    with applied.sandbox() as sandbox:
        sandbox.faults = []
    told = applied.ok("restore", "dev", "latest", "--delete").out
    assert "The backup has no log_streams" in told
    assert "Nothing to do" in told


@pytest.mark.thorough
def test_what_cannot_be_read_now_is_not_made_a_second_time(applied):
    applied.ok("backup", "dev")
    with applied.sandbox() as sandbox:
        sandbox.faults = [Fault("status", "GET", "/log-streams*", status=404)]
    told = applied.ok("restore", "dev", "latest").out
    assert "log_streams.siem cannot be compared: it cannot be read now." in " ".join(told.split())
    assert "Nothing to do" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("dev", "qa"), "qa is one too many"),
        (("list", "dev", "--to", "x.json"), "there is nothing to keep"),
        (("dev", "--to", "nowhere/x.json"), "is no folder"),
    ],
)
def test_what_makes_no_sense_is_refused(applied, monkeypatch, arguments, told):
    monkeypatch.chdir(applied.root)
    ran = applied.run("backup", *arguments)
    assert (ran.code, told in ran.err) == (64, True)


def test_without_a_backup_the_list_says_how_to_make_one(applied):
    assert "tenantctl backup hearthhollow/dev" in applied.ok("backup", "list", "dev").out
    assert json.loads(applied.ok("backup", "list", "dev", "--json").out)["backups"] == []
