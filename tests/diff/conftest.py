"""What tests of comparisons are given: a project whose states have all gone their own ways."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.applied import one_width, project
from support.project import Project, copy_of_repository

__all__ = ["one_width", "project"]

GOLDEN = Path(__file__).parent / "golden"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(\+00:00|Z)?")
COMMIT = re.compile(r"\([0-9a-f]{7}\)")
AUTHOR = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


def git(folder: Path, *arguments: str) -> str:
    """What Git says; nothing of this machine's own settings counts."""
    environ = {**os.environ, **AUTHOR, "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environ, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="session")
def went_apart_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dev and qa, applied; then the client of the shop is something else wherever one looks.

    Its description tells which state it is of.
    """
    project = copy_of_repository(tmp_path_factory.mktemp("apart"))
    file, root = "tenants/hearthhollow/phase1/authentication.yaml", project.root
    line = "      description: The shop on the {} web.\n"
    project.edit(file, SHOP, line.format("committed"))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "tenants", "environments")
    git(root, "commit", "-q", "-m", "first")
    project.edit(file, line.format("committed"), line.format("applied"))
    project.ok("apply", "dev", "--yes")
    project.ok("apply", "qa", "--yes")
    project.ok("backup", "dev", "--to", str(root / "backup.json"))
    project.edit(file, line.format("applied"), line.format("planned"))
    project.ok("plan", "dev", "--out", str(root / "plan.json"))
    project.edit(file, line.format("planned"), line.format("written"))
    with project.sandbox() as sandbox:
        clients = sandbox.documents("clients").items()
        (id,) = [key for key, client in clients if client["name"] == "Web Shop"]
        sandbox.edit("clients", id, {"description": "The shop as somebody left it."})
    return root


SHOP = "      description: The shop front, a single-page application.\n"


@pytest.fixture
def apart(went_apart_once: Path, tmp_path: Path) -> Project:
    """A copy of that project, to be changed at will."""
    shutil.copytree(went_apart_once, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")


@pytest.fixture(scope="session")
def looked_at(went_apart_once: Path) -> Project:
    """That project, of which nothing is to be changed."""
    return Project(went_apart_once)


Golden = Callable[[str, str], None]


@pytest.fixture
def golden() -> Golden:
    """Compares a text with a file; TENANTCTL_GOLDEN=1 writes it. Times and commits are no part."""

    def same(name: str, text: str) -> None:
        path = GOLDEN / name
        said = COMMIT.sub("(COMMIT)", TIME.sub("WHEN", text))
        if os.environ.get("TENANTCTL_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(said)
        assert said == path.read_text(), "TENANTCTL_GOLDEN=1 writes it again"

    return same
