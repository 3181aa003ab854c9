"""Signatures: who signed is known, and what was changed since is not believed."""

from __future__ import annotations

import dataclasses

import pytest

from ledger.examples import RECEIPT
from support.shared import drifted, proven, receipt, stated
from tenantctl.errors import LedgerError
from tenantctl.ledger import dump_receipt, load_receipt, open_ledger
from tenantctl.ledger.codec import _digest
from tenantctl.ledger.shelves import dump_record
from tenantctl.ledger.signing import make_pair, signed_by, signer

PRIVATE, PUBLIC = make_pair()
SIGN = signer(PRIVATE)
RECORDS = (RECEIPT, proven(1, passed=True), stated(2), drifted(3))


def sealed(text: str) -> str:
    """*text* with a checksum that fits."""
    found = text.split('"checksum": "')[1][:64]
    blank = text.replace(found, "", 1)
    return blank.replace('"checksum": ""', f'"checksum": "{_digest(blank)}"', 1)


@pytest.fixture
def ledger(tmp_path):
    return open_ledger(tmp_path / ".tenantctl", lambda: SIGN)


def write(ledger, record):
    if record is RECEIPT:
        return ledger.write_receipt(record)
    return ledger.write_test(record) if record.kind == "test" else ledger.write_record(record)


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each.kind)
def test_receipts_of_every_kind_are_signed_and_read_as_before(ledger, record):
    path = write(ledger, record)
    assert ledger.signer(record) == PUBLIC
    assert signed_by(path.read_text()) == PUBLIC


def test_a_signed_receipt_says_the_same_as_an_unsigned_one():
    signed = dump_receipt(RECEIPT, SIGN)
    assert load_receipt(signed, "x") == load_receipt(dump_receipt(RECEIPT), "x") == RECEIPT


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each.kind)
def test_an_unsigned_receipt_has_no_signer(tmp_path, record):
    ledger = open_ledger(tmp_path)
    write(ledger, record)
    assert ledger.signer(record) == ""


def test_a_receipt_that_is_not_kept_has_no_signer(ledger):
    ledger.write_receipt(RECEIPT)
    assert ledger.signer(receipt(5)) == ""


@pytest.mark.parametrize("place", ["000000000000", "ffffffffffff"])
def test_an_unsigned_copy_takes_no_signature_away(ledger, place):
    path = ledger.write_receipt(RECEIPT)
    copy = path.with_name(f"{path.stem.rpartition('-')[0]}-{place}.json")
    copy.write_text(dump_receipt(RECEIPT))
    assert ledger.signer(RECEIPT) == PUBLIC


def twin(key: str) -> str:
    """Other base64 of the same bytes: two bits of the last letter mean nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return f"{key[:-2]}{letters[letters.index(key[-2]) ^ 1]}="


CHANGES = {
    "what it says": ("converged", "partial"),
    "who signed it": (PUBLIC, make_pair()[1]),
    "another name for the same key": (PUBLIC, twin(PUBLIC)),
    "something beside it": ('"format": 1', '"format": 1,\n"more": 1'),
}


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=CHANGES)
def test_what_was_changed_since_it_was_signed_is_an_error(ledger, old, new):
    path = ledger.write_receipt(RECEIPT)
    text = path.read_text()
    assert old in text
    path.write_text(sealed(text.replace(old, new)))
    with pytest.raises(ValueError, match="was changed since it was signed"):
        signed_by(path.read_text())


def test_the_ledger_says_that_a_receipt_was_changed(ledger):
    path = ledger.write_receipt(RECEIPT)
    changed = dataclasses.replace(RECEIPT, status="partial")
    path.write_text(sealed(path.read_text().replace("converged", "partial")))
    with pytest.raises(LedgerError, match="its signature does not fit, it was changed"):
        ledger.signer(changed)


def test_a_signature_does_not_fit_another_receipt():
    mine, other = dump_record(RECEIPT, SIGN), dump_record(receipt(9))
    signature = mine[mine.index('"signature"') :]
    moved = sealed(other.removesuffix("\n}\n") + ",\n" + signature)
    load_receipt(moved, "x")
    with pytest.raises(ValueError, match="does not fit"):
        signed_by(moved)


@pytest.mark.parametrize("value", ["[]", '"x"', "{}", '{"by":"ed25519:AA==","value":"AA=="}', "1"])
def test_what_is_no_signature_is_not_taken_for_one(value):
    text = dump_record(RECEIPT)
    with pytest.raises(ValueError, match="does not fit"):
        signed_by(sealed(text.removesuffix("\n}\n") + ',\n"signature": ' + value + "\n}\n"))


def test_a_signature_of_another_text_of_the_same_key_is_worth_nothing():
    """A key that also signs other things cannot be made to sign a receipt with them."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(PRIVATE.encode(), None)
    plain = dump_record(RECEIPT, lambda text: {"by": PUBLIC, "value": b64(key.sign(text.encode()))})
    with pytest.raises(ValueError, match="does not fit"):
        signed_by(plain)


def b64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode()


def other_keys():
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    curve = ec.generate_private_key(ec.SECP256R1())
    locked = BestAvailableEncryption(b"hunter2")
    own = ed25519.Ed25519PrivateKey.generate()
    yield curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    yield own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked).decode()
    yield "hunter2"
    yield ""


@pytest.mark.parametrize("pem", [*other_keys()], ids=["curve", "locked", "text", "empty"])
def test_what_is_no_key_is_refused_and_never_shown(pem):
    with pytest.raises(LedgerError) as caught:
        signer(pem)
    assert "hunter2" not in str(caught.value)
    assert "tenantctl receipts key" in caught.value.help
