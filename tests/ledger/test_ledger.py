"""Receipts and journals on disk, whole or torn."""

from __future__ import annotations

import dataclasses
import os
import stat
import subprocess
import sys
from hashlib import sha256

import pytest

from ledger.examples import EVENTS, PLAN, RECEIPT, SETTLED
from tenantctl.errors import LedgerError
from tenantctl.ledger import dump_event, dump_receipt, open_ledger
from tenantctl.ledger.journal import KEPT


@pytest.fixture
def ledger(tmp_path):
    return open_ledger(tmp_path / ".tenantctl")


def modes(folder):
    return {
        (stat.S_ISDIR(mode), mode & 0o777)
        for mode in (path.stat().st_mode for path in [folder, *folder.rglob("*")])
    }


def test_opening_and_asking_makes_nothing(ledger):
    assert ledger.receipt("hearth", "dev") is None
    assert ledger.unfinished("hearth", "dev") is None
    assert not ledger.state.exists()


def test_a_receipt_comes_back_and_the_later_one_wins(ledger):
    first = ledger.write_receipt(RECEIPT)
    later = dataclasses.replace(RECEIPT, status="partial")
    second = ledger.write_receipt(later)
    assert ledger.receipt("hearth", "dev") == later
    assert [first.name, second.name] == [
        "20261121T015000-29b6239d305f.json",
        f"20261121T015000-{sha256(second.read_bytes()).hexdigest()[:12]}.json",
    ]
    assert first.read_text() == dump_receipt(RECEIPT)


def test_a_receipt_that_is_no_apply_does_not_become_the_last(ledger):
    ledger.write_receipt(RECEIPT)
    path = ledger.write_receipt(dataclasses.replace(RECEIPT, kind="drift", entries={}))
    assert path.exists()
    assert ledger.receipt("hearth", "dev") == RECEIPT


def test_environments_do_not_see_each_other(ledger):
    ledger.write_receipt(RECEIPT)
    assert ledger.receipt("hearth", "qa") is None
    assert ledger.receipt("other", "dev") is None


def test_only_the_owner_can_read_the_ledger(ledger):
    old = os.umask(0)
    try:
        ledger.write_receipt(RECEIPT)
        ledger.begin(PLAN).finish()
    finally:
        os.umask(old)
    assert modes(ledger.state) == {(True, 0o700), (False, 0o600)}


def test_the_ledger_hides_itself_from_git(ledger):
    ledger.begin(PLAN).close()
    assert (ledger.state / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "a b", "\x1b", ".", "a\n"])
def test_a_name_that_could_lead_elsewhere_is_refused(ledger, name):
    with pytest.raises(LedgerError, match="cannot name a folder"):
        ledger.receipt(name, "dev")
    with pytest.raises(LedgerError, match="cannot name a folder"):
        ledger.begin(dataclasses.replace(PLAN, environment=name))


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff", b'{"format": 9, "checksum": "", "receipt": {}}']
)
def test_a_damaged_receipt_says_what_is_lost_and_the_way_out(ledger, damage):
    ledger.write_receipt(RECEIPT)
    last = ledger.state / "receipts" / "hearth" / "dev" / "last.json"
    last.write_bytes(damage)
    with pytest.raises(LedgerError, match=r"delete.*secrets.*promoted") as caught:
        ledger.receipt("hearth", "dev")
    assert f"delete {last} and apply again" in caught.value.help


def test_the_way_out_of_a_damaged_receipt_works(ledger):
    kept = ledger.write_receipt(RECEIPT)
    last = kept.parent / "last.json"
    last.write_bytes(b"{")
    last.write_bytes(kept.read_bytes())
    assert ledger.receipt("hearth", "dev") == RECEIPT
    last.unlink()
    assert ledger.receipt("hearth", "dev") is None
    ledger.write_receipt(RECEIPT)
    assert ledger.receipt("hearth", "dev") == RECEIPT


def test_a_receipt_of_another_environment_is_not_believed(ledger):
    path = ledger.write_receipt(RECEIPT)
    qa = path.parents[1] / "qa"
    qa.mkdir()
    (qa / "last.json").write_bytes(path.read_bytes())
    with pytest.raises(LedgerError, match="it is of hearth/dev"):
        ledger.receipt("hearth", "qa")


def test_a_folder_in_the_place_of_a_file_is_an_error_of_ours(ledger):
    (ledger.state / "receipts" / "hearth" / "dev" / "last.json").mkdir(parents=True)
    with pytest.raises(LedgerError, match="cannot be read"):
        ledger.receipt("hearth", "dev")
    with pytest.raises(LedgerError, match="cannot be written"):
        ledger.write_receipt(RECEIPT)
    assert not list(ledger.state.rglob(".last.json.*"))


def test_a_file_in_the_place_of_the_state_is_an_error_of_ours(tmp_path):
    (tmp_path / ".tenantctl").write_text("")
    with pytest.raises(LedgerError, match="cannot be made"):
        open_ledger(tmp_path / ".tenantctl").write_receipt(RECEIPT)


def test_a_run_that_was_cut_off_is_found_with_its_events(ledger):
    with ledger.begin(PLAN) as journal:
        for event in EVENTS:
            journal.append(event)
    found = ledger.unfinished("hearth", "dev")
    assert found.plan == PLAN
    assert found.events == EVENTS


def test_an_event_is_on_disk_when_append_returns(ledger):
    journal = ledger.begin(PLAN)
    journal.append(SETTLED)
    assert ledger.unfinished("hearth", "dev").events == (SETTLED,)
    journal.close()


def test_several_events_get_there_together(ledger):
    with ledger.begin(PLAN) as journal:
        journal.append(*EVENTS)
        journal.append()
    assert ledger.unfinished("hearth", "dev").events == EVENTS


def test_a_finished_run_is_not_unfinished(ledger):
    with ledger.begin(PLAN) as journal:
        journal.append(SETTLED)
        journal.finish()
    assert ledger.unfinished("hearth", "dev") is None
    (kept,) = (ledger.state / "journals" / "hearth" / "dev").iterdir()
    assert kept.name == "000001-finished"
    assert (kept / "events.jsonl").read_text() == f"{dump_event(SETTLED)}\n"


@pytest.mark.parametrize("torn", ['{"type":"star', '{"type":"started"}\n', "\0\0\0", "é", "\n"])
def test_a_torn_last_line_is_ignored_and_cut_off_by_whoever_goes_on(ledger, torn):
    with ledger.begin(PLAN) as journal:
        journal.append(EVENTS[0])
    with (journal.folder / "events.jsonl").open("a", encoding="utf-8") as file:
        file.write(torn)
    assert ledger.unfinished("hearth", "dev").events == EVENTS[:1]
    with ledger.resume("hearth", "dev") as journal:
        journal.append(EVENTS[1])
    assert ledger.unfinished("hearth", "dev").events == EVENTS[:2]


def test_a_damaged_line_before_the_last_is_an_error_with_a_way_out(ledger):
    with ledger.begin(PLAN) as journal:
        journal.append(EVENTS[0])
        journal.append(EVENTS[1])
    path = journal.folder / "events.jsonl"
    path.write_text("x" + path.read_text())
    with pytest.raises(LedgerError, match=r"line 1 of events\.jsonl") as caught:
        ledger.unfinished("hearth", "dev")
    assert "plan again" in caught.value.help


@pytest.mark.parametrize("damage", [b"{}", b"\xff", b""])
def test_a_damaged_plan_in_a_journal_is_an_error_with_a_way_out(ledger, damage):
    journal = ledger.begin(PLAN)
    journal.close()
    (journal.folder / "plan.json").write_bytes(damage)
    with pytest.raises(LedgerError, match=r"damaged: plan\.json") as caught:
        ledger.unfinished("hearth", "dev")
    assert f"delete {journal.folder}" in caught.value.help


def test_a_new_run_puts_an_unfinished_one_away(ledger):
    ledger.begin(PLAN).close()
    later = dataclasses.replace(PLAN, digest="d2")
    ledger.begin(later).close()
    assert ledger.unfinished("hearth", "dev").plan == later
    folder = ledger.state / "journals" / "hearth" / "dev"
    assert sorted(path.name for path in folder.iterdir()) == ["000001-abandoned", "current"]


def test_there_is_nothing_to_resume_without_an_unfinished_run(ledger):
    with pytest.raises(LedgerError, match="no unfinished run"):
        ledger.resume("hearth", "dev")


def test_journals_do_not_pile_up(ledger):
    for _ in range(KEPT + 3):
        ledger.begin(PLAN).finish()
    names = sorted(p.name for p in (ledger.state / "journals" / "hearth" / "dev").iterdir())
    assert len(names) == KEPT
    assert names[-1] == f"{KEPT + 3:06}-finished"


def test_a_full_disk_leaves_no_torn_line_in_the_journal(tmp_path):
    script = """
import resource, signal, sys
from pathlib import Path
from ledger.examples import PLAN, SETTLED
from tenantctl.errors import LedgerError
from tenantctl.ledger import open_ledger
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = open_ledger(Path(sys.argv[1]))
journal = ledger.begin(PLAN)
journal.append(SETTLED)
size = (journal.folder / "events.jsonl").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, size + 20))
try:
    journal.append(SETTLED)
except LedgerError as error:
    print(error, (journal.folder / "events.jsonl").stat().st_size == size)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert "cannot be written: File too large True" in run.stdout
