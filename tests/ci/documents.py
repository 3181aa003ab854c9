"""The workflows and composite actions of this repository, as they stand in their files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
ACTIONS = ROOT / ".github" / "actions"
PAGES = ROOT / "docs" / "ci"


@cache
def document(path: Path) -> dict[str, Any]:
    """A file of YAML; its `on` is a word here, not the boolean that YAML 1.1 takes it for."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in found.items()}


def workflows() -> list[Path]:
    return sorted(WORKFLOWS.glob("*.yml"))


def actions() -> list[Path]:
    return sorted(ACTIONS.glob("*/action.yml"))


def local(uses: str) -> Path | None:
    """The file in this repository that `uses` names; None for what is elsewhere."""
    if not uses.startswith(("$/", "./")):
        return None
    path = ROOT / uses[2:]
    return path if path.suffix == ".yml" else path / "action.yml"


@dataclass(frozen=True)
class Placed:
    """A step, and where it stands."""

    file: str
    job: str
    number: int
    step: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{self.file}:{self.job}:{self.step.get('name', self.number)}"


def placed(path: Path) -> Iterator[Placed]:
    """Every step of a workflow or of a composite action."""
    found, file = document(path), str(path.relative_to(ROOT / ".github"))
    jobs = found["jobs"] if "jobs" in found else {"": found["runs"]}
    for job, body in jobs.items():
        for number, step in enumerate(body.get("steps", ())):
            yield Placed(file, job, number, step)


def every_step() -> list[Placed]:
    return [each for path in [*workflows(), *actions()] for each in placed(path)]
