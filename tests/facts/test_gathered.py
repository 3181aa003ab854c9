"""What is gathered from the files and from what earlier runs have left."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from facts.given import receipt
from tenantctl.errors import LedgerError
from tenantctl.files import load
from tenantctl.ledger import Ledger, open_ledger
from tenantctl.model import TestReceipt
from tenantctl.workflows.facts import gather, records_of

ROOT = Path(__file__).parents[2]
LOADED = load(ROOT, "hearthhollow", "prod")
DIGEST = LOADED.desired.digest


def kept(ledger: Ledger, env: str, digest: str, day: int, status: str = "converged") -> None:
    ledger.write_receipt(
        receipt(
            tenant="hearthhollow",
            environment=env,
            digest=digest,
            status=status,
            when=f"2026-08-{day:02}T00:00:00Z",
        )
    )


HISTORIES: dict[str, tuple[list[tuple[str, str]], tuple[str, ...]]] = {
    "none": ([], ()),
    "the first": ([(DIGEST, "converged")], (DIGEST,)),
    "one before it": ([("d0", "converged"), (DIGEST, "converged")], (DIGEST, "d0")),
    "several before it": (
        [("d0", "converged"), ("d1", "converged"), (DIGEST, "converged"), (DIGEST, "converged")],
        (DIGEST, "d1"),
    ),
    "one that was not finished does not count": (
        [("d0", "converged"), ("d1", "partial"), (DIGEST, "failed")],
        ("d0",),
    ),
}


@pytest.mark.parametrize(("history", "former"), HISTORIES.values(), ids=HISTORIES)
def test_the_definition_to_go_back_to_is_the_last_that_was_another(
    tmp_path: Path, history: list[tuple[str, str]], former: tuple[str, ...]
) -> None:
    ledger = open_ledger(tmp_path)
    for day, (digest, status) in enumerate(history, 1):
        kept(ledger, "prod", digest, day, status)
    assert records_of(LOADED, ledger).former == former


def test_receipts_and_tests_of_all_environments_are_known(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    kept(ledger, "qa", DIGEST, 1)
    test = TestReceipt(
        "hearthhollow", "qa", "qa", "integration", passed=True, digest=DIGEST, when="2026-08-02"
    )
    ledger.write_test(test)
    ledger.write_test(replace(test, environment="prod", environment_kind="production"))
    found = records_of(LOADED, ledger)
    assert {name: bool(last) for name, last in found.last.items()} == {
        "dev": False,
        "qa": True,
        "prod": False,
    }
    assert {each.environment for each in found.tests or ()} == {"qa", "prod"}
    assert (found.backup, found.backups_known) == (None, True)


def test_a_damaged_receipt_stops_its_own_environment_and_no_other(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    kept(ledger, "qa", DIGEST, 1)
    (tmp_path / "receipts" / "hearthhollow" / "qa" / "last.json").write_text("{")
    assert "qa" not in records_of(LOADED, ledger).last
    with pytest.raises(LedgerError):
        records_of(load(ROOT, "hearthhollow", "qa"), ledger)


def test_what_is_gathered_knows_every_part_of_the_project(tmp_path: Path) -> None:
    facts = gather(LOADED, ROOT, open_ledger(tmp_path), dt.date(2026, 9, 1))
    assert facts.project is not None
    assert facts.project.unread == {}
    assert [each.name for each in facts.project.environments or ()] == ["dev", "prod", "qa"]
    assert facts.project.secrets == ()
    assert facts.project.parity == ()
    assert facts.project.fleet is None  # no adopted topic asks for it
    assert (facts.live, facts.own, facts.surveyed) == (None, None, None)
    university = load(ROOT, "tallowbridge", "prod")
    fleet = gather(university, ROOT, open_ledger(tmp_path), dt.date(2026, 9, 1)).project
    assert fleet is not None
    assert [each["name"] for each in fleet.fleet or ()] == ["meridian-university"]
