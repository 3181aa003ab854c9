"""A published configuration as tenantctl takes it over: converted, validated, applied."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaigns.takeover.given import give
from campaigns.takeover.published import Published
from support.project import Project, command


@dataclass(frozen=True)
class Taken:
    """The project that a configuration became, and what was said about it."""

    project: Project
    published: Published
    told: Any


def taken(published: Published, root: Path) -> Taken:
    """Convert with the command line, into embedded environments."""
    mappings = [f"--mapping={env}={path}" for env, path in published.mappings.items()]
    root.mkdir(parents=True)
    tool = "terraform" if published.terraform else "deploy-cli"
    ran = command(
        "convert", tool, str(published.path), "--into", str(root), "--tenant", published.name,
        *mappings, "--embedded", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return Taken(Project(root), published, ran.json)


def came_true(taken: Taken, env: str) -> str:
    """Validate and apply an environment to an empty tenant, and plan again; what went wrong."""
    with taken.project.sandbox(env, taken.published.name) as sandbox:
        give(sandbox, taken.published)
    saved = str(taken.project.root / f"{env}.json")
    for arguments in (
        ("validate", env),
        ("plan", env, "--out", saved),
        ("apply", saved),
        ("plan", env, "--detailed-exitcode"),
    ):
        ran = taken.project.run(*arguments)
        if ran.code:
            said = [line.strip() for line in f"{ran.out}\n{ran.err}".splitlines()]
            worst = [line for line in said if line.startswith(("!", "error", "not converged"))]
            return f"{arguments[0]}: {' '.join(worst or said[:3])}"
    return ""
