"""Receipts of tests: what is kept, what takes whose place, and what damage is told of."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest

from tenantctl.errors import LedgerError
from tenantctl.ledger import open_ledger
from tenantctl.model import TestReceipt

RECEIPT = TestReceipt(
    tenant="shop",
    environment="qa",
    environment_kind="qa",
    ran="unit",
    passed=True,
    digest="a" * 64,
    counts={"passed": 3, "skipped": 1},
    code={"actions.claims": ("b" * 64, True), "connections.customers/login": ("c" * 64, False)},
    version="1.0",
    commit="d" * 40,
    who="somebody",
    when="2026-09-01T10:00:00.000+00:00",
)


@pytest.fixture
def ledger(tmp_path):
    return open_ledger(tmp_path / "state")


def test_what_was_written_is_read_and_nobody_else_can_read_it(ledger):
    path = ledger.write_test(RECEIPT)
    assert ledger.tests("shop", "qa") == (RECEIPT,)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (ledger.state / ".gitignore").read_text() == "*\n"


def test_there_are_none_where_nothing_was_tested(ledger):
    assert ledger.tests("shop", "qa") == ()
    assert not ledger.state.exists()


def test_a_later_run_of_the_same_tests_takes_the_place_of_the_earlier_one(ledger):
    ledger.write_test(RECEIPT)
    failed = replace(RECEIPT, passed=False, when="2026-09-02T10:00:00.000+00:00")
    ledger.write_test(failed)
    assert ledger.tests("shop", "qa") == (failed,)


@pytest.mark.parametrize(
    "change",
    [{"ran": "mock"}, {"digest": "e" * 64}, {"digest": ""}],
    ids=["other tests", "another definition", "no definition"],
)
def test_other_tests_and_other_definitions_stand_beside_each_other(ledger, change):
    other = replace(RECEIPT, when="2026-08-01T10:00:00.000+00:00", **change)
    ledger.write_test(RECEIPT)
    ledger.write_test(other)
    assert ledger.tests("shop", "qa") == (other, RECEIPT)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text.replace('"passed": true', '"passed": false'), "checksum"),
        (lambda text: text.replace('"test"', '"other"'), "holds no test"),
        (lambda _: "{", "line 1 is not JSON"),
        (lambda text: text + "é", "never written"),
    ],
    ids=["changed", "something else", "torn", "bytes"],
)
def test_what_was_changed_since_is_told_with_the_way_out(ledger, damage, said):
    path = ledger.write_test(RECEIPT)
    path.write_text(damage(path.read_text()), "utf-8")
    with pytest.raises(LedgerError, match=said) as caught:
        ledger.tests("shop", "qa")
    assert "tenantctl test" in caught.value.help


def test_a_receipt_of_another_environment_does_not_count(ledger):
    path = ledger.write_test(RECEIPT)
    place = ledger.state / "tests" / "shop" / "prod" / path.name
    place.parent.mkdir()
    place.write_text(path.read_text())
    with pytest.raises(LedgerError, match="it is of shop/qa"):
        ledger.tests("shop", "prod")


def test_names_cannot_lead_out_of_the_folder(ledger):
    with pytest.raises(LedgerError, match="cannot name a folder"):
        ledger.write_test(replace(RECEIPT, tenant=".."))
