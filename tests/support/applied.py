"""Fixtures of tests that drive the command line: the shop, as it is or with dev applied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.project import Project, copy_of_repository


@pytest.fixture(autouse=True)
def one_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said does not depend on the terminal that the tests run in, or on having none."""
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy of the repository's tenant; nothing has been applied."""
    return copy_of_repository(tmp_path)


@pytest.fixture(scope="session")
def applied_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dev, applied once for all tests of a worker."""
    project = copy_of_repository(tmp_path_factory.mktemp("applied"))
    project.ok("apply", "dev", "--yes")
    return project.root


@pytest.fixture
def applied(applied_once: Path, tmp_path: Path) -> Project:
    """A copy of the project in which dev has been applied."""
    shutil.copytree(applied_once, tmp_path / "project")
    return Project(tmp_path / "project")
