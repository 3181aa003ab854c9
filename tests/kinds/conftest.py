"""The grounds of cases, shared by whatever tries their laws in one process."""

from __future__ import annotations

import pytest

from kinds.laws.ground import Ground, ground_of, prepare_states
from kinds.laws.table import Case


@pytest.fixture(scope="session")
def grounds(tmp_path_factory):
    """The ground of a case, built once in a process and shared by its laws."""
    folder, made = tmp_path_factory.mktemp("grounds"), dict[Case, Ground]()

    def ground(case):
        if case not in made:
            made[case] = ground_of(case, folder / str(len(made)))
            prepare_states(made[case])
        if "there" not in made[case].states:
            pytest.fail("its case could not be set up: see the first of its laws")
        return made[case]

    yield ground
    for each in made.values():
        each.sandbox.close()
