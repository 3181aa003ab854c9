"""Repositories as people have them: a work tree, and a bare one that it is pushed to."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ci.documents import ROOT
from support.project import command

GIVEN = Path(__file__).parent / "given"
PHASE_2 = """\
rbac:
  roles:
    buyer: {name: Buyer, description: May order.}
"""
BUILT = ("src", "schemas", "pyproject.toml", "README.md", "LICENSE", "tools", "requirements")
"""What a wheel is made of, and what makes and tries it."""


def git(folder: Path, *arguments: str) -> str:
    """What Git says in *folder*."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


class Repository:
    """A work tree in *folder*, and the bare repository that it is pushed to."""

    def __init__(self, folder: Path) -> None:
        self.work, self.origin = folder / "work", folder / "origin.git"
        for path, bare in ((self.work, []), (self.origin, ["--bare"])):
            subprocess.run(["git", "init", "-q", *bare, "-b", "main", str(path)], check=True)
        git(self.work, "remote", "add", "origin", str(self.origin))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.work / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new))

    def push(self, message: str) -> None:
        git(self.work, "add", "-A")
        git(self.work, "commit", "-q", "-m", message)
        git(self.work, "push", "-q", "origin", "main")


def shop(folder: Path) -> Repository:
    """Two tenants as `init` makes them; the first has two phases and shares its receipts."""
    made = Repository(folder)
    for tenant in ("hearthhollow", "tallowbridge"):
        ran = command("init", "--tenant", tenant, "--into", str(made.work))
        assert ran.code == 0, ran.err
    shutil.rmtree(made.work / ".github")
    for file in ("hearthhollow/prod", "tallowbridge/qa", "tallowbridge/prod"):
        (made.work / "environments" / f"{file}.yaml").unlink()
    # A playbook whose gates a fresh tenant can pass.
    shutil.copy(GIVEN / "playbook.yaml", made.work / "tenants/hearthhollow/playbook.yaml")
    made.edit("tenants/hearthhollow/tenant.yaml", "playbook: b2c", "playbook: ./playbook.yaml")
    made.edit("tenants/hearthhollow/tenant.yaml", "adopts:  ", "adopts:\n  - rbac\n  #")
    phase2 = made.work / "tenants/hearthhollow/phase2/access.yaml"
    phase2.parent.mkdir()
    phase2.write_text(PHASE_2)
    for env in ("dev", "qa"):
        file = f"environments/hearthhollow/{env}.yaml"
        made.edit(file, "phases: [1]", "phases: [1, 2]\nreceipts: {remote: origin}")
    made.push("The first commit")
    return made


def small(folder: Path) -> Repository:
    """One tenant in one environment."""
    made = Repository(folder)
    ran = command("init", "--tenant", "tallowbridge", "--into", str(made.work))
    assert ran.code == 0, ran.err
    for env in ("qa", "prod"):
        (made.work / "environments" / "tallowbridge" / f"{env}.yaml").unlink()
    made.push("The first commit")
    return made


def tool(folder: Path) -> Repository:
    """The tool's own repository, as far as it is built."""
    made = Repository(folder)
    for name in BUILT:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, made.work / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, made.work / name)
    (made.work / ".gitignore").write_text("dist/\n.venv/\n__pycache__/\n")
    made.push("What is built")
    return made
