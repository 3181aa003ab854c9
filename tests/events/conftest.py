"""What tests of this folder are given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.applied import applied, applied_once, one_width, project
from support.project import REPOSITORY, Project, copy_of_repository

__all__ = ["applied", "applied_once", "one_width", "project"]


@pytest.fixture(scope="session")
def schema() -> dict[str, object]:
    """What docs/events.md promises of every line."""
    found: dict[str, object] = json.loads((REPOSITORY / "docs/events.schema.json").read_text())
    return found


@pytest.fixture(scope="session")
def seen_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[dict[str, object]]]:
    """dev applied from nothing, and the lines of that; nobody changes either."""
    project = copy_of_repository(tmp_path_factory.mktemp("seen"))
    into = project.root / "events.jsonl"
    project.ok("apply", "dev", "--yes", "--json-into", str(into))
    return project, lines_of(into)


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]
