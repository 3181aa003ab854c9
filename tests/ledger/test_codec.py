"""What is written is what is read, and what was touched is refused."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.examples import EVENTS, PLAN, RECEIPT
from ledger.shapes import events, plans, receipts
from tenantctl.errors import LedgerError, PlanError
from tenantctl.ledger import (
    dump_event,
    dump_plan,
    dump_receipt,
    load_event,
    load_plan,
    load_receipt,
    read_plan,
    save_plan,
)
from tenantctl.ledger.codec import _seal, coder
from tenantctl.model import Address, Entry, Outcome, StepId

GOLDEN = Path(__file__).parent / "golden"


def resealed(text, change):
    """*text* after *change* of its document, with a checksum that fits again."""
    document = json.loads(text)
    (name,) = document.keys() - {"checksum", "format"}
    change(document[name])
    return _seal(name, document[name])


@pytest.mark.thorough
@given(plans)
@settings(max_examples=60)
def test_a_plan_survives_its_file_which_says_nothing_to_a_terminal(plan):
    text = dump_plan(plan)
    loaded = load_plan(text, "plan.json")
    assert loaded == plan
    assert dump_plan(loaded) == text
    assert text.isascii()
    assert text.replace("\n", "").isprintable()


@given(receipts)
def test_a_receipt_survives_its_file(receipt):
    assert load_receipt(dump_receipt(receipt), "last.json") == receipt


@given(events)
def test_an_event_survives_its_line(event):
    line = dump_event(event)
    assert load_event(line) == event
    assert line.isprintable()
    assert line.isascii()


def test_the_order_of_mappings_is_irrelevant():
    two = {**PLAN.entries, Address("a"): Entry()}
    turned = dict(reversed(two.items()))
    one, other = (dataclasses.replace(PLAN, entries=entries) for entries in (two, turned))
    assert dump_plan(one) == dump_plan(other)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan.json", dump_plan(PLAN)),
        ("receipt.json", dump_receipt(RECEIPT)),
        ("events.jsonl", "".join(f"{dump_event(event)}\n" for event in EVENTS)),
    ],
)
def test_the_form_of_files_does_not_change_unnoticed(name, text):
    path = GOLDEN / name
    if os.environ.get("TENANTCTL_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="ascii")
    assert path.read_text(encoding="ascii") == text


@pytest.mark.thorough
def test_a_flipped_bit_anywhere_in_a_plan_file_is_refused(tmp_path):
    path = tmp_path / "plan.json"
    data = dump_plan(PLAN).encode()
    for at in range(len(data)):
        flipped = bytearray(data)
        flipped[at] ^= 1 << (at % 8)
        path.write_bytes(flipped)
        with pytest.raises(PlanError):
            read_plan(path)


@given(at=st.integers(0), byte=st.integers(0, 255))
@settings(max_examples=150)
def test_every_replaced_byte_of_a_receipt_is_refused(at, byte):
    data = bytearray(dump_receipt(RECEIPT).encode())
    at %= len(data)
    if data[at] != byte:
        data[at] = byte
        with pytest.raises(LedgerError):
            load_receipt(data.decode("latin-1"), "last.json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        "1",
        '"plan"',
        "{" * 100_000,
        "[" * 100_000,
        '{"checksum": 1, "format": 1, "plan": {}}',
        '{"checksum": null, "format": 1, "plan": {}}',
        '{"checksum": "", "format": true, "plan": {}}',
        '{"checksum": "", "format": {}, "plan": {}}',
        '{"checksum": "", "format": 1, "plan": NaN}',
        "\ud800",
    ],
)
def test_what_is_no_plan_is_refused_without_a_traceback(text):
    with pytest.raises(PlanError, match=r"x\.json is no plan that can be applied") as caught:
        load_plan(text, "x.json")
    assert "tenantctl plan" in caught.value.help


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda plan: plan.pop("steps"), "it lacks steps"),
        (lambda plan: plan.update(colour="red"), "'colour' is not known to this version"),
        (lambda plan: plan.update(phases="1"), "it has another form"),
        (lambda plan: plan.update(phases=[True]), "out of place"),
        (lambda plan: plan["steps"].append(None), "it has another form"),
        (lambda plan: plan["steps"][0].update(change={}), "not enough values"),
        (lambda plan: plan["steps"][0].update(change={"burn": {}}), "'burn' is not known"),
        (lambda plan: plan["identities"].update(x={"key": [{"$ref": []}]}), "another form"),
        (lambda plan: plan["identities"].update(x={"key": [{"$json": 1}]}), "another form"),
        (lambda plan: plan["identities"].update(x={"key": [{"$new": 1}]}), "unknown marker"),
        (lambda plan: plan["entries"].update(x={"sealed": [[["a"], ["1"]]]}), "shorter"),
    ],
)
def test_a_plan_of_another_shape_is_refused_although_its_checksum_fits(change, said):
    with pytest.raises(PlanError, match=said):
        load_plan(resealed(dump_plan(PLAN), change), "plan.json")


def test_resealing_what_nobody_changed_gives_the_same_text():
    assert resealed(dump_plan(PLAN), lambda _: None) == dump_plan(PLAN)


def test_a_plan_of_a_later_format_says_which_format_can_be_read():
    text = dump_plan(PLAN).replace('"format": 1', '"format": 2')
    with pytest.raises(PlanError, match="it has format 2, and this version reads format 1"):
        load_plan(text, "plan.json")


def test_a_receipt_is_no_plan():
    with pytest.raises(PlanError, match="it holds no plan"):
        load_plan(dump_receipt(RECEIPT), "last.json")


def test_what_a_file_leaves_out_has_its_default():
    text = resealed(dump_receipt(RECEIPT), lambda receipt: receipt.pop("who"))
    assert load_receipt(text, "last.json") == dataclasses.replace(RECEIPT, who="")


def test_a_plan_saved_on_disk_is_read_back_and_private(tmp_path):
    path = tmp_path / "plan.json"
    save_plan(PLAN, path)
    assert read_plan(path) == PLAN
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_missing_plan_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(PlanError, match="there is no file"):
        read_plan(tmp_path / "plan.json")


def test_a_step_of_an_odd_key_is_not_taken_for_a_late_one():
    odd = StepId(Address("clients", "a#late"))
    outcomes = {odd: Outcome("applied")}
    receipt = dataclasses.replace(RECEIPT, outcomes=outcomes)
    assert load_receipt(dump_receipt(receipt), "x").outcomes == outcomes


def test_a_value_that_json_does_not_have_is_not_written():
    receipt = dataclasses.replace(RECEIPT, phases=(float("nan"),))
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump_receipt(receipt)


@pytest.mark.parametrize("type", [bytes, int | str, list[int]])
def test_a_type_without_a_form_is_noticed_when_the_coder_is_made(type):
    with pytest.raises(TypeError, match="no JSON form"):
        coder(type)
