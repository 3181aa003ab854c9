"""
The example tenants in their states: an environment with some phases released, applied to its
embedded tenant through the command line, phase after phase.

A test copies projects of the repository with `copy_of`, takes an environment from state to state
with `reach`, and looks at the result with `counts` (what the receipt holds) or `Project.sandbox`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
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


def decline(project: Project, environment: str, *topics: str) -> None:
    """Have *environment* decline *topics*, and those alone; none: it declines nothing."""
    file = project.root / f"environments/{environment}.yaml"
    kept = re.sub(r"(?m)^topics: .*\n", "", file.read_text())
    said = ", ".join(f"{topic}: declined" for topic in topics)
    file.write_text(re.sub(r"(?m)^(?=phases: )", f"topics: {{{said}}}\n" if topics else "", kept))


ALONE = {
    "tenant",
    "email_provider",
    "branding",
    "branding_theme",
    "universal_login_template",
    "prompts",
    "attack_protection",
}
"""What the table of the reference counts in one row: kinds of which there is one, or four parts."""


def table(shared: Path, tenant: str) -> dict[str, tuple[int, ...]]:
    """What the reference counts of *tenant*: by kind, for dev, qa and prod after each phase."""
    page = (shared / "reference/example-tenants.md").read_text()
    section = page.partition(f"(`{tenant}`")[2].partition("\n### ")[0]
    rows = re.findall(r"(?m)^\| (\w+)[^|]* \|((?: \d+ \|){9})$", section)
    return {kind: tuple(map(int, re.findall(r"\d+", cells))) for kind, cells in rows}


def row(counted: Sequence[Mapping[str, int]], kind: str) -> tuple[int, ...]:
    """A row of that table out of the nine `counts` of a tenant."""
    kinds = {"singletons": ALONE}.get(kind, {kind})
    return tuple(sum(counts.get(each, 0) for each in kinds) for counts in counted)


NOW = "2026-09-01"
"""The day as of which the example tenants are judged: their attestations are young then."""


def blocking(project: Project, environment: str) -> set[str]:
    """The checks that close the gate of *environment* as of NOW."""
    ran = project.run("check", environment, "--now", NOW, "--json")
    assert ran.code in {0, 5}, ran.err
    return {each["check"] for each in ran.json["findings"] if each["blocking"]}
