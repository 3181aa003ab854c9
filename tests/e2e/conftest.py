from __future__ import annotations

from pathlib import Path

import pytest

from support.project import Project, copy_of_repository


@pytest.fixture(autouse=True)
def _one_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said does not depend on the terminal that the tests run in, or on having none."""
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy of the repository's tenant; nothing has been applied."""
    return copy_of_repository(tmp_path)


@pytest.fixture(scope="session")
def _applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dev, applied once for all tests of a worker."""
    project = copy_of_repository(tmp_path_factory.mktemp("applied"))
    project.ok("apply", "dev", "--yes")
    return project.root


@pytest.fixture
def applied(_applied: Path, tmp_path: Path) -> Project:
    """A copy of the project in which dev has been applied."""
    import shutil

    shutil.copytree(_applied, tmp_path / "project")
    return Project(tmp_path / "project")
