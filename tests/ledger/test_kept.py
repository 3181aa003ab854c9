"""All that is kept of an environment: what is asked for is read, and nothing else."""

from __future__ import annotations

import pytest

from support.shared import drifted, proven, receipt, stated
from tenantctl.ledger import open_ledger
from tenantctl.ledger.kept import kept, named


@pytest.fixture
def ledger(tmp_path):
    made = open_ledger(tmp_path)
    for minutes in range(3):
        made.write_receipt(receipt(minutes))
    made.write_record(stated(3))
    made.write_record(drifted(4))
    made.write_test(proven(5, passed=True))
    return made


def test_whatever_its_sort_a_record_is_found_by_its_name_or_how_that_begins(ledger):
    everything = kept(ledger.state, "hearth", "dev")
    assert len(everything) == 6
    for each in everything:
        for name in (each.name, each.name[:-1]):
            (read,) = named(ledger.state, "hearth", "dev", name)
            assert read() == each
    assert len(named(ledger.state, "hearth", "dev", "2026")) == 5
    assert named(ledger.state, "hearth", "dev", "last") == ()


def test_what_has_another_name_is_not_read(ledger):
    wanted, *others = (ledger.state / "receipts" / "hearth" / "dev").glob("2026*.json")
    for path in others:
        path.unlink()
        path.mkdir()  # an error for whoever reads it
    (read,) = named(ledger.state, "hearth", "dev", wanted.stem)
    assert read().damage == ""
    assert read().path == wanted
