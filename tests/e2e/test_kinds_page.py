"""docs/kinds.md: it says what the kinds are today, and nothing of the API is passed over."""

from __future__ import annotations

import json

import pytest
from tools.kinds_json import KEYS
from tools.kinds_page import PAGE, render, shapes_of
from tools.left_out import ELSEWHERE, LEFT_OUT

from kinds.laws.table import counts
from tenantctl.kinds import KINDS
from tenantctl.report import kinds_as_json, view_kinds


@pytest.fixture(scope="module")
def resources(shared) -> frozenset[str]:
    """The resources that the Management API has for configuration, by another's account."""
    text = (shared / "reference" / "coverage.json").read_text(encoding="utf-8")
    return frozenset(each["name"] for each in json.loads(text)["resources"])


def test_docs_kinds_md_is_what_the_kinds_and_their_laws_make_of_it():
    """Run `python -m tools.kinds_page` to write it again."""
    assert PAGE.read_text(encoding="utf-8") == render(view_kinds(), counts())


def test_every_resource_of_the_api_is_a_kind_or_left_out_with_a_reason(resources):
    managed = {shape for name in KINDS for shape in shapes_of(name)}
    assert resources - managed - LEFT_OUT.keys() - ELSEWHERE.keys() == set()


def test_what_is_said_to_be_left_out_is_there_and_is_no_kind(resources):
    managed = {shape for name in KINDS for shape in shapes_of(name)}
    listed = LEFT_OUT.keys() | ELSEWHERE.keys()
    assert listed <= resources
    assert listed & managed == set()
    assert LEFT_OUT.keys() & ELSEWHERE.keys() == set()
    assert set(ELSEWHERE.values()) <= KINDS.keys()
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_the_page_says_what_each_key_of_the_json_means():
    for kind in kinds_as_json(view_kinds())["kinds"]:
        assert [*kind] == [*KEYS]
