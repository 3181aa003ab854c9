"""Backups and their receipts: what is kept, what counts, and what damage is told of."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest

from tenantctl.errors import FilesError, LedgerError
from tenantctl.ledger import dump_backup, load_backup, open_ledger, read_backup
from tenantctl.model import Address, Backup, Foreign, Ref, Resource, Sealed

SHOP = Address("clients", "shop")
CALL = Address("client_grants", "shop/api")
BACKUP = Backup(
    tenant="shop",
    environment="qa",
    domain="shop-qa.eu.auth0.com",
    when="2026-09-01T10:00:00.000+00:00",
    version="1.0",
    resources={
        SHOP: Resource(SHOP, {"name": "Shöp", "client_secret": Sealed(None), "x": None}),
        CALL: Resource(CALL, {"client_id": Ref(SHOP, "client_id"), "to": Foreign("clients", "q")}),
    },
    ids={SHOP: "abc"},
    unread={"hooks": "the token lacks read:hooks"},
)
LATER = replace(BACKUP, when="2026-09-02T10:00:00.000+00:00")


@pytest.fixture
def ledger(tmp_path):
    return open_ledger(tmp_path / "state")


def test_what_was_kept_is_read_and_nobody_else_can_read_it(ledger):
    receipt = ledger.write_backup(BACKUP, commit="c" * 40, who="somebody")
    file = ledger.state / "backups" / "shop" / "qa" / "20260901T100000000.json"
    assert receipt.file == str(file)
    assert read_backup(file) == BACKUP
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert (ledger.state / ".gitignore").read_text() == "*\n"


def test_the_receipt_says_what_checks_ask_without_the_backup(ledger):
    receipt = ledger.write_backup(BACKUP)
    assert ledger.backups("shop", "qa") == (receipt,)
    assert receipt.counts == {"client_grants": 1, "clients": 1}
    assert not receipt.complete
    assert receipt.kind == "backup"


def test_the_newest_backup_is_the_last(ledger):
    second = ledger.write_backup(LATER)
    first = ledger.write_backup(BACKUP)
    assert ledger.backups("shop", "qa") == (first, second)
    assert ledger.backups("shop", "dev") == ()


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"when": LATER.when, "ids": {SHOP: "other"}, "version": "2"}, True),
        ({"resources": {SHOP: BACKUP.resources[SHOP]}}, False),
        ({"resources": {**BACKUP.resources, SHOP: Resource(SHOP, {"name": "Shop"})}}, False),
    ],
    ids=["another time", "less", "another name"],
)
def test_the_digest_is_of_what_the_tenant_had(ledger, change, same):
    one, other = ledger.write_backup(BACKUP), ledger.write_backup(replace(BACKUP, **change))
    assert (one.digest == other.digest) is same


def test_a_backup_that_was_lost_here_does_not_count_and_one_kept_elsewhere_does(ledger, tmp_path):
    lost = ledger.write_backup(BACKUP)
    elsewhere = ledger.write_backup(LATER, tmp_path / "vault.json")
    (tmp_path / "vault.json").unlink()
    ledger.state.joinpath("backups/shop/qa/20260901T100000000.json").unlink()
    assert lost not in ledger.backups("shop", "qa")
    assert ledger.backups("shop", "qa") == (elsewhere,)


@pytest.mark.parametrize("at", [0, 40, 200, -40, -3])
def test_a_changed_byte_makes_a_backup_useless_and_the_way_out_is_said(at):
    text = dump_backup(BACKUP)
    at %= len(text)
    changed = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
    with pytest.raises(FilesError, match=r"b\.json.*no backup that can be used") as caught:
        load_backup(changed, "b.json")
    assert "tenantctl backup list" in caught.value.problems[0].help


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(FilesError, match="no such file"):
        read_backup(tmp_path / "none.json")


def test_a_receipt_of_another_environment_is_refused(ledger):
    ledger.write_backup(BACKUP)
    there = ledger.state / "backups" / "shop"
    (there / "qa").rename(there / "dev")
    with pytest.raises(LedgerError, match="it is of shop/qa"):
        ledger.backups("shop", "dev")
