from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from campaigns.recovery import Undisturbed, undisturbed
from support.killed import Interpreter, interpreter
from support.project import copy_of_repository


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    """One warm interpreter for all tests of a worker."""
    with interpreter(copy_of_repository(tmp_path_factory.mktemp("warm")).root) as found:
        yield found


@pytest.fixture(scope="session")
def goal(warm: Interpreter, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """What an apply of dev leaves behind that nobody kills."""
    return undisturbed(warm, tmp_path_factory.mktemp("goal") / "project")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
