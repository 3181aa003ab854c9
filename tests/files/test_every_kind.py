"""What the tables of laws declare of every kind: editors accept it, no slip in it is a crash."""

from __future__ import annotations

import contextlib
import random

import pytest
import yaml

from files.editors import AsAnEditorSees, marks
from kinds.laws.ground import TOPIC, document, ground_of
from kinds.laws.table import authored, every_case, put, with_row
from support.largely import mostly
from tenantctl.errors import FilesError
from tenantctl.files import load

CASES = every_case()
SLIPS = (None, 5, 1.5, True, "", "x", [], {}, [5], [[]], [{}], {"a": 1}, {"": None}, {"$at": 1})
"""What stands in a file by mistake."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_may_be_declared_is_nothing_that_an_editor_marks(case):
    declared = [case.fields, *(with_row(case.fields, row) for row in (*case.change, *case.unset))]
    for fields in declared:
        text = authored({TOPIC: document(case, fields)})
        seen = yaml.load(text, AsAnEditorSees)
        assert marks("fragment.json", seen) == [], text


def places(value, path=()):
    """Every place in *value* but its root."""
    inner = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = ((str(index), item) for index, item in enumerate(value))
    for key, item in inner:
        yield (*path, key)
        yield from places(item, (*path, key))


@pytest.mark.parametrize(
    "case", mostly(CASES, fast=CASES[::6], rest=pytest.mark.thorough), ids=lambda case: case.id
)
def test_whatever_slips_into_a_resource_of_any_kind_is_a_problem_or_nothing(case, tmp_path):
    ground = ground_of(case, tmp_path)
    order = random.Random(case.id)
    body = document(case, case.fields)
    spots = list(places(body))
    for path in order.sample(spots, k=min(len(spots), 5)):
        slipped = put(body, path, order.choice(SLIPS))
        text = authored({TOPIC: slipped})
        ground.declare(case.fields)
        (tmp_path / "tenants/laws/phase1/all.yaml").write_text(text, "utf-8")
        with contextlib.suppress(FilesError):
            load(tmp_path, "laws", "dev")
