"""
The example tenants in their states: an environment with some phases released, applied to its embedded
tenant through the command line, phase after phase.

A test copies the repository's projects with `copy_of`, then takes an environment from state to state
with `reach`, and looks at the result with `counts` (what the receipt holds) or `Project.sandbox`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path

from support.project import REPOSITORY, Project

NEXT = ((1,), (1, 2), (1, 2, 3))
"""The phases in the order of the guides, each on top of the ones before."""


def copy_of(folder: Path, *tenants: str) -> Project:
    """These tenants of the repository with their environments and the schemas, in *folder*."""
    shutil.copytree(REPOSITORY / "schemas", folder / "schemas")
    for tenant in tenants:
        for name in ("tenants", "environments"):
            shutil.copytree(REPOSITORY / name / tenant, folder / name / tenant)
    return Project(folder)


def release(project: Project, environment: str, phases: tuple[int, ...]) -> None:
    """Write *phases* into the file of *environment*, as `tenant/env`."""
    file = project.root / f"environments/{environment}.yaml"
    text, times = re.subn(r"(?m)^phases: .*$", f"phases: {list(phases)}", file.read_text())
    assert times == 1, f"{file} says its phases {times} times"
    file.write_text(text)


def reach(project: Project, environment: str, phases: tuple[int, ...]) -> None:
    """Release *phases*, apply the saved plan, and see that the next plan is empty."""
    release(project, environment, phases)
    saved = str(project.root / "reach.json")
    project.ok("plan", environment, "--out", saved)
    project.ok("apply", saved)
    assert project.steps(environment) == []


def addresses(project: Project, environment: str) -> list[str]:
    """What the last receipt of *environment* holds, by address."""
    file = project.root / f".tenantctl/receipts/{environment}/last.json"
    return sorted(json.loads(file.read_text())["receipt"]["entries"])


def counts(project: Project, environment: str) -> dict[str, int]:
    """How many resources of each kind the last receipt of *environment* holds."""
    return dict(Counter(address.partition(".")[0] for address in addresses(project, environment)))
