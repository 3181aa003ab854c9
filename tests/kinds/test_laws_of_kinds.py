"""
Every kind, case and law against the embedded tenant, with the real loader, planner and gateway.

The tenant shuffles its sets and gives pages of two; answers lag where a law says so. The tables are
`laws/<kind>.yaml`; what a table may say is in `laws/table.py`.
"""

from __future__ import annotations

import pytest

from kinds.laws.complete import gaps
from kinds.laws.ground import Ground, ground_of, prepare_states
from kinds.laws.laws import LAWS
from kinds.laws.table import FOLDER, cases, every_case
from tenantctl.kinds import KINDS

WITHOUT: frozenset[str] = frozenset(KINDS) - {path.stem for path in FOLDER.glob("*.yaml")}


@pytest.fixture(scope="session")
def grounds(tmp_path_factory):
    """The ground of a case, built once in a process and shared by its laws."""
    made: dict[str, Ground] = {}

    def ground(case):
        if case.id not in made:
            made[case.id] = ground_of(case, tmp_path_factory.mktemp("laws"))
            prepare_states(made[case.id])
        if "there" not in made[case.id].states:
            pytest.fail("its case could not be set up: see the first of its laws")
        return made[case.id]

    yield ground
    for each in made.values():
        each.sandbox.close()


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("case", every_case(), ids=lambda case: case.id)
def test_the_law_holds(case, law, grounds):
    problems = list(LAWS[law](grounds(case)))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if cases(kind)])
def test_every_field_of_the_kind_has_a_row_or_a_reason(kind):
    missing = gaps(KINDS[kind], cases(kind))
    assert not missing, "\n".join(missing)


def test_every_table_is_of_a_kind():
    assert {path.stem for path in FOLDER.glob("*.yaml")} <= KINDS.keys()
