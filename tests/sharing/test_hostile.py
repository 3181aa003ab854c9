"""What no honest ledger has written is left out with words, and never leads anywhere else."""

from __future__ import annotations

import dataclasses
import re

import pytest

from ledger.examples import RECEIPT
from support.shared import (
    BRANCH,
    ENVIRONMENT,
    NOW,
    fetch,
    files_of,
    git,
    proven,
    push,
    receipt,
    stated,
)
from tenantctl.errors import LedgerError
from tenantctl.ledger import branch
from tenantctl.ledger.branch import Moved, update
from tenantctl.ledger.shelves import dump_record, name_of
from tenantctl.ledger.signing import make_pair, signer
from tenantctl.ledger.trees import files_below

GOOD = receipt(1)
FOLDER = "hearth/dev/receipts"


@pytest.fixture
def ada(shared):
    return shared.machine("ada")


def blob(shared, data: str | bytes) -> str:
    return git(shared.bare, "hash-object", "-w", "--stdin", given=data)


def tree(shared, entries) -> str:
    """A tree as its bytes are, which no tool of Git's would write like this."""
    raw = b"".join(
        f"{mode} {name}\0".encode() + bytes.fromhex(id)
        for mode, name, id in sorted(entries, key=lambda each: each[1])
    )
    return git(shared.bare, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", given=raw)


def publish(shared, *entries) -> None:
    """A branch that has *entries* beside one good receipt, in the folder of receipts."""
    text = dump_record(GOOD)
    inner = tree(shared, [("100644", name_of(GOOD, text), blob(shared, text)), *entries])
    for name in reversed(FOLDER.split("/")):
        inner = tree(shared, [("40000", name, inner)])
    made = git(shared.bare, "commit-tree", inner, "-m", "x")
    git(shared.bare, "update-ref", f"refs/heads/{BRANCH}", made)


def written(record, *, name: str = "", text: str = "") -> tuple[str, str]:
    text = text or dump_record(record)
    return name or name_of(record, text), text


def resealed(record, old: str, new: str) -> tuple[str, str]:
    """A signed record that was changed, with a checksum that fits again."""
    from tenantctl.ledger.codec import _digest

    text = dump_record(record, signer(make_pair()[0])).replace(old, new)
    found = text.split('"checksum": "')[1][:64]
    blank = text.replace(found, "", 1)
    text = blank.replace('"checksum": ""', f'"checksum": "{_digest(blank)}"', 1)
    return name_of(receipt(2, status="partial"), text), text


CASES = {
    "another tenant": (written(receipt(2, tenant="tallow")), "it is of tallow/dev"),
    "another environment": (written(receipt(2, environment="prod")), "it is of hearth/prod"),
    "another domain": (
        written(receipt(2, domain="evil.eu.auth0.com")),
        f"it is of evil.eu.auth0.com, and hearth/dev is {ENVIRONMENT.domain}",
    ),
    "a time to come": (
        written(dataclasses.replace(RECEIPT, when="2099-01-01T00:00:00+00:00")),
        "which is to come",
    ),
    "a name of its own choice": (
        written(receipt(2), name="zzz.json"),
        "its name does not fit what it holds",
    ),
    "a record of another sort": (written(stated(2)), "it holds no receipt"),
    "no JSON": (written(receipt(2), text="{"), "line 1 is not JSON"),
    "other bytes": (written(receipt(2), name="x.json", text="é"), "ordinal not in range"),
    "a checksum that does not fit": (
        written(receipt(2), text=dump_record(receipt(2)).replace("converged", "partial")),
        "the checksum does not fit",
    ),
    "a signature that does not fit": (
        resealed(receipt(2), "converged", "partial"),
        "its signature does not fit",
    ),
    "a depth that nobody reads": (written(receipt(2), text="[" * 100_000), ""),
}


def test_what_is_no_receipt_of_the_environment_is_left_out_with_the_reason(shared, ada):
    publish(shared, *(("100644", name, blob(shared, text)) for (name, text), _ in CASES.values()))
    moved = fetch(ada)
    assert moved.count == 1
    why = dict(said.split(": ", 1) for said in moved.skipped)
    for (name, _), said in CASES.values():
        assert said in why.pop(f"{FOLDER}/{name}")
    assert why == {}
    assert ada.ledger.receipt("hearth", "dev") == GOOD


NAMES = ("a b.json", "\x1b[31m.json", ".hidden.json", "x.yaml", "a" * 200 + ".json", "é.json")


WORDS = {
    "no time at all": ("receipts", dataclasses.replace(RECEIPT, when="soon")),
    "a time of no zone": ("receipts", dataclasses.replace(RECEIPT, when="2026-11-21T01:51:00")),
    "a time of another zone": (
        "receipts",
        dataclasses.replace(RECEIPT, when="2026-11-22T01:51:00.000+12:00"),
    ),
    "an end that is no day": ("attestations", dataclasses.replace(stated(2), until="never")),
    "tests that nobody knows": ("tests", dataclasses.replace(proven(2, passed=True), ran="smoke")),
}


@pytest.mark.parametrize(("folder", "record"), WORDS.values(), ids=WORDS)
def test_what_would_stop_whoever_reads_it_is_left_out(shared, ada, folder, record):
    name, text = written(record)
    inner = tree(shared, [("100644", name, blob(shared, text))])
    for part in (folder, "dev", "hearth"):
        inner = tree(shared, [("40000", part, inner)])
    made = git(shared.bare, "commit-tree", inner, "-m", "x")
    git(shared.bare, "update-ref", f"refs/heads/{BRANCH}", made)
    moved = fetch(ada)
    assert moved.count == 0
    (skipped,) = moved.skipped
    assert re.search(r"is no time as ledgers|'never' is no day|of the kind 'smoke'", skipped)
    assert ada.ledger.receipt("hearth", "dev") is None


def test_names_that_no_ledger_gives_are_left_out_and_lead_nowhere(shared, ada, tmp_path):
    before = {path for path in tmp_path.rglob("*") if ".git" not in path.parts}
    text = blob(shared, dump_record(receipt(2)))
    upward = tree(shared, [("100644", "x.json", text)])
    publish(shared, ("40000", "..", upward), *(("100644", name, text) for name in NAMES))
    moved = fetch(ada)
    assert moved.count == 1
    assert len(moved.skipped) == len(NAMES) + 1
    after = {path for path in tmp_path.rglob("*") if ".git" not in path.parts} - before
    kept = {path for path in after if path.is_file() and "remote.git" not in path.parts}
    assert {path.name for path in kept} == {name_of(GOOD, dump_record(GOOD)), "last.json"}
    assert all(ada.ledger.state in path.parents for path in kept)


def test_links_programs_and_repositories_are_no_receipts(shared, ada, tmp_path):
    outside = blob(shared, "../../../../outside")
    names = [name_of(receipt(number), dump_record(receipt(number))) for number in (2, 3, 4)]
    modes = ("120000", "100755", "160000")
    publish(shared, *((mode, name, outside) for mode, name in zip(modes, names, strict=True)))
    moved = fetch(ada)
    assert moved.count == 1
    assert set(moved.skipped) == {
        f"{FOLDER}/{name}: no ledger writes such a file" for name in names
    }
    assert not (tmp_path / "outside").exists()


@pytest.mark.thorough
def test_a_file_too_large_is_not_even_read(shared, ada, monkeypatch):
    monkeypatch.setattr(branch, "LARGEST", 100_000)
    name, _ = written(receipt(2))
    publish(shared, ("100644", name, blob(shared, b"\0" * 100_001)))
    (skipped,) = fetch(ada).skipped
    assert "too many for a receipt" in skipped


@pytest.mark.thorough
def test_what_other_environments_have_there_is_none_of_our_business(shared, ada):
    publish(shared)
    root = tree(shared, [("40000", "..", tree(shared, [("100644", "x", blob(shared, "x"))]))])
    made = git(shared.bare, "commit-tree", root, "-p", BRANCH, "-m", "x")
    git(shared.bare, "update-ref", f"refs/heads/{BRANCH}", made)
    assert fetch(ada) == Moved()


@pytest.mark.thorough
def test_a_damaged_file_does_not_take_the_place_of_a_good_one_but_gives_way_to_it(shared, ada):
    ada.ledger.write_test(proven(1, passed=True))
    before = files_of(ada)
    push(ada)
    (path,) = shared.listed()
    inner = tree(shared, [("100644", path.rpartition("/")[2], blob(shared, "{"))])
    for name in ("tests", "dev", "hearth"):
        inner = tree(shared, [("40000", name, inner)])
    made = git(shared.bare, "commit-tree", inner, "-m", "x")
    git(shared.bare, "update-ref", f"refs/heads/{BRANCH}", made)
    moved = fetch(ada)
    assert moved.count == 0
    assert "line 1 is not JSON" in moved.skipped[0]
    assert files_of(ada) == before
    assert push(ada).count == 1
    bob = shared.machine("bob")
    fetch(bob)
    assert files_of(bob) == before


@pytest.mark.thorough
def test_a_file_in_the_place_of_a_folder_gives_way_to_receipts(shared, ada):
    root = tree(shared, [("100644", "hearth", blob(shared, "x"))])
    made = git(shared.bare, "commit-tree", root, "-m", "x")
    git(shared.bare, "update-ref", f"refs/heads/{BRANCH}", made)
    ada.ledger.write_receipt(GOOD)
    assert fetch(ada).count == 0
    assert push(ada).count == 1
    assert [
        file.path for file in files_below(ada.remote, update(ada), "hearth/")
    ] == shared.listed()


def test_what_is_damaged_here_is_not_pushed(ada):
    ada.ledger.write_receipt(GOOD)
    other = ada.ledger.write_receipt(receipt(2))
    other.write_text(other.read_text().replace("converged", "partial"))
    moved = push(ada)
    assert moved.count == 1
    assert moved.skipped == (
        f"{other}: the checksum does not fit, it was changed since it was written",
    )


def test_a_damaged_last_receipt_is_said_and_not_replaced_behind_a_persons_back(shared, ada):
    publish(shared)
    ada.ledger.write_receipt(receipt(2))
    last = ada.ledger.state / "receipts" / "hearth" / "dev" / "last.json"
    last.write_text("{")
    with pytest.raises(LedgerError, match="cannot be used"):
        fetch(ada)
    assert last.read_text() == "{"


def test_a_clock_a_little_ahead_is_no_reason_to_leave_a_receipt_out(shared, ada):
    ahead = dataclasses.replace(RECEIPT, when=NOW.isoformat())
    name, text = written(ahead)
    publish(shared, ("100644", name, blob(shared, text)))
    assert fetch(ada).count == 2
    assert ada.ledger.receipt("hearth", "dev") == ahead
