"""The grounds of cases, shared by whatever tries their laws in one process."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kinds.laws.ground import Ground, ground_of, prepare_states
from kinds.laws.table import Case


@pytest.fixture(scope="session")
def folder():
    """A folder for projects, in memory where that can be: receipts wait for the disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def grounds(folder):
    """The ground of a case, built once in a process and shared by its laws."""
    made: dict[Case, Ground] = {}

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
