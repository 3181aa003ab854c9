"""
Every kind, case and law against the embedded tenant, with the real loader, planner and gateway.

The tenant shuffles its sets and gives pages of two; answers lag where a law says so. The tables are
`laws/<kind>.yaml`; what a table may say is in `laws/table.py`.
"""

from __future__ import annotations

from itertools import cycle, product

import pytest

from kinds.laws.complete import gaps
from kinds.laws.laws import LAWS
from kinds.laws.table import FOLDER, cases, every_case
from support.largely import mostly
from tenantctl.kinds import KINDS

TABLES = {path.stem for path in FOLDER.glob("*.yaml")}
WITHOUT: frozenset[str] = frozenset()
"""Kinds that have no table yet."""


def in_turn():
    """A law for a case of each kind, and another one for the next kind."""
    return zip((cases(kind)[0] for kind in sorted(TABLES)), cycle(LAWS), strict=False)


@pytest.mark.parametrize(
    ("case", "law"),
    mostly(product(every_case(), LAWS), fast={*in_turn()}, rest=pytest.mark.thorough),
    ids=lambda each: getattr(each, "id", each),
)
def test_the_law_holds(case, law, grounds):
    problems = list(LAWS[law](grounds(case)))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_every_field_of_the_kind_has_a_row_or_a_reason(kind):
    missing = gaps(KINDS[kind], cases(kind))
    assert not missing, "\n".join(missing)


def test_every_case_has_a_name_of_its_own():
    ids = [case.id for case in every_case()]
    assert sorted(ids) == sorted(set(ids))


def test_every_kind_that_can_be_declared_has_a_table():
    declared = {kind for kind in KINDS if not KINDS[kind].given}
    assert declared - TABLES == WITHOUT
    assert declared >= TABLES
