"""A bare Git remote and clones of a project, each as another machine would have it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ledger.examples import RECEIPT
from support.project import Project
from tenantctl.ledger import open_ledger
from tenantctl.ledger.branch import Branch, Moved, send, take, update
from tenantctl.ledger.remote import remote_of
from tenantctl.model import DriftReceipt, Environment, Receipt, Statement, TestReceipt

NOW = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
BRANCH = "tenantctl/receipts"
ENVIRONMENT = Environment("hearth", "dev", "development", RECEIPT.domain)

FILES = {
    "tenants/small/tenant.yaml": """
playbook: b2c
adopts: [tenant_provision, application_integration]
""",
    "tenants/small/phase1/all.yaml": """
tenant_provision:
  tenant: {friendly_name: Small}
application_integration:
  clients:
    shop: {name: Shop, app_type: spa}
    old: {name: Old, app_type: spa}
""",
    "environments/small/dev.yaml": """
kind: development
domain: embedded
phases: [1]
receipts: {remote: origin, lease: 30s}
policy: {delete: managed, max_deletes: 100%}
""",
    ".gitignore": ".tenantctl/\n",
}
DEV = "environments/small/dev.yaml"


def git(folder: Path, *arguments: str, given: str | bytes = b"") -> str:
    """What Git says, asked without any of our code."""
    config = ("-c", "user.name=ada", "-c", "user.email=ada@localhost")
    given = given.encode() if isinstance(given, str) else given
    ran = subprocess.run(
        ["git", *config, *arguments], cwd=folder, check=True, capture_output=True, input=given
    )
    return ran.stdout.decode("utf-8", "replace").strip()


@dataclass(frozen=True)
class Team:
    """A bare remote in a folder, and clones beside it."""

    folder: Path

    @property
    def bare(self) -> Path:
        return self.folder / "remote.git"

    def machine(self, name: str) -> Branch:
        """An empty clone, and its receipts of `ENVIRONMENT`."""
        root = self.folder / name
        git(self.folder, "clone", "-q", str(self.bare), name)
        return Branch(
            remote_of(root, "origin"), BRANCH, open_ledger(root / ".tenantctl"), ENVIRONMENT
        )

    def project(self, name: str) -> Project:
        """A clone of the small project, which the first one to ask brings to the remote."""
        root = self.folder / name
        git(self.folder, "clone", "-q", str(self.bare), name)
        if not (root / "tenants").is_dir():
            for file, text in FILES.items():
                path = root / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text.lstrip("\n"))
            git(root, "add", ".")
            git(root, "commit", "-qm", "the project")
            git(root, "push", "-q", "origin", "HEAD")
        return Project(root)

    def listed(self) -> list[str]:
        """The paths on the branch of receipts."""
        return git(self.bare, "ls-tree", "-r", "--name-only", BRANCH).splitlines()


def team(folder: Path) -> Team:
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-q", "--bare", "-b", "main", "remote.git")
    return Team(folder)


def at(minutes: int) -> str:
    """A time, *minutes* after the first receipt."""
    when = dt.datetime.fromisoformat(RECEIPT.when) + dt.timedelta(minutes=minutes)
    return when.isoformat(timespec="milliseconds")


def receipt(minutes: int, **fields: object) -> Receipt:
    return dataclasses.replace(RECEIPT, when=at(minutes), **fields)


def proven(minutes: int, *, passed: bool) -> TestReceipt:
    return TestReceipt("hearth", "dev", "development", "unit", passed, "d1", when=at(minutes))


def stated(minutes: int, about: str = "privacy_review") -> Statement:
    return Statement("hearth", "dev", "attested", about, who="ada", when=at(minutes))


def drifted(minutes: int) -> DriftReceipt:
    return DriftReceipt("hearth", "dev", RECEIPT.domain, "d1", RECEIPT.when, when=at(minutes))


def fetch(machine: Branch, most: int | None = None) -> Moved:
    return take(machine, update(machine), NOW, most=most)


def push(machine: Branch) -> Moved:
    return send(machine, NOW, "ada")


def files_of(machine: Branch) -> dict[str, bytes]:
    """Every record that a machine has, by its path, without what is derived from them."""
    state = machine.ledger.state
    return {
        str(path.relative_to(state)): path.read_bytes()
        for path in sorted(state.rglob("*.json"))
        if path.name != "last.json"
    }
