"""What tests of this folder are given: one run, with all that was told of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from events.collector import Collector, collecting
from support.applied import one_width, project
from support.project import REPOSITORY, Project, copy_of_repository

__all__ = ["one_width", "project"]

TRACE, ABOVE = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    """What docs/events.md promises of every line."""
    found: dict[str, Any] = json.loads((REPOSITORY / "docs/events.schema.json").read_text())
    return found


@pytest.fixture(scope="session")
def kept(schema) -> jsonschema_rs.Validator:
    """Tells whether a line keeps to that."""
    return jsonschema_rs.validator_for(schema)


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> tuple[Project, Collector]:
    """dev applied from nothing, and the spans of that; nobody changes either."""
    project = copy_of_repository(tmp_path_factory.mktemp("seen"))
    into = str(project.root / "events.jsonl")
    with collecting() as collector, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        patch.setenv("TRACEPARENT", f"00-{TRACE}-{ABOVE}-01")
        project.ok("apply", "dev", "--yes", "--json-into", into)
    return project, collector


@pytest.fixture
def seen_once(once) -> tuple[Project, list[dict[str, Any]]]:
    """The same project, and the lines of that run."""
    project, _ = once
    text = (project.root / "events.jsonl").read_text()
    return project, [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def applied(once, tmp_path: Path) -> Project:
    """A copy of the project in which dev has been applied."""
    shutil.copytree(once[0].root, tmp_path / "project")
    (tmp_path / "project" / "events.jsonl").unlink()
    return Project(tmp_path / "project")


@pytest.fixture
def collector(monkeypatch) -> Iterator[Collector]:
    """A collector that runs of this test send their spans to."""
    with collecting() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.url)
        yield found
