"""dev of the shop, applied once for all tests of a worker, and copied for each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.project import Project, copy_of_repository


@pytest.fixture(autouse=True)
def _one_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said does not depend on the terminal that the tests run in, or on having none."""
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy of the shop; nothing has been applied."""
    return copy_of_repository(tmp_path)


@pytest.fixture(scope="session")
def _applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_of_repository(tmp_path_factory.mktemp("operated"))
    project.ok("apply", "dev", "--yes")
    return project.root


@pytest.fixture
def applied(_applied: Path, tmp_path: Path) -> Project:
    """A copy of the project in which dev has been applied."""
    shutil.copytree(_applied, tmp_path / "project")
    return Project(tmp_path / "project")
