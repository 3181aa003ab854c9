"""A small project under Git: one tenant with dev, qa and prod, driven by the command line."""

from __future__ import annotations

import subprocess
from pathlib import Path

from support.project import Project

TENANT = """\
playbook: b2c
adopts: [application_integration, username_password, logout]
variables:
  shop_url: {type: string, description: Where the shop is served.}
secrets: {}
"""
CLIENTS = """\
application_integration:
  clients:
    web-shop:
      name: Web Shop
      app_type: spa
      description: The shop.
      callbacks: ["${var.shop_url}/callback"]
    probe:
      $only: [prod]
      name: Probe
      app_type: spa
"""
ENVIRONMENT = """\
kind: {kind}
domain: embedded
phases: [1]
{more}variables:
  shop_url: https://{name}.shop.example
policy: {{delete: managed, max_deletes: 100%}}
"""
ENVIRONMENTS = {"dev": ("development", ""), "qa": ("qa", "dev"), "prod": ("production", "qa")}


def git(folder: Path, *arguments: str) -> str:
    """What Git says, given *arguments*; nothing of the machine's own settings counts."""
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@shop.example", "-c", "commit.gpgsign=false"]
    run = subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def small(root: Path) -> Project:
    """The project in *root*, committed."""
    definition = root / "tenants" / "shop"
    (definition / "phase1").mkdir(parents=True)
    (definition / "tenant.yaml").write_text(TENANT)
    (definition / "phase1" / "authentication.yaml").write_text(CLIENTS)
    environments = root / "environments" / "shop"
    environments.mkdir(parents=True)
    for name, (kind, source) in ENVIRONMENTS.items():
        more = f"promotes_from: {source}\n" if source else ""
        text = ENVIRONMENT.format(kind=kind, name=name, more=more)
        (environments / f"{name}.yaml").write_text(text)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "Begin")
    return Project(root)


def commit(root: Path, message: str) -> str:
    """Commit everything below *root*; the commit."""
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", message)
    return git(root, "rev-parse", "HEAD")


def describe(project: Project, old: str, new: str) -> None:
    """Change the description of the shop from *old* to *new*."""
    file = "tenants/shop/phase1/authentication.yaml"
    project.edit(file, f"description: {old}\n", f"description: {new}\n")


def described(project: Project, env: str) -> str:
    """What the tenant itself says of the shop, without any of our readers."""
    with project.sandbox(env, "shop") as sandbox:
        found = sandbox.documents("clients").values()
    (shop,) = [client for client in found if client["name"] == "Web Shop"]
    return str(shop["description"])


def held(project: Project, env: str) -> set[str]:
    """The names of the clients that a project's tenant has, but for those that every one has."""
    with project.sandbox(env, "shop") as sandbox:
        names = {client["name"] for client in sandbox.documents("clients").values()}
    return {name for name in names if name in {"Web Shop", "Probe", "Second"}}
