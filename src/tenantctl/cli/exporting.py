"""From a live tenant to files: what export and import do once they know what is asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli.taking import name, playbook_of
from tenantctl.cli.wiring import Project, open_tenant
from tenantctl.cli.wiring import project as project_of
from tenantctl.errors import UsageError
from tenantctl.files import Loaded, find, load, read_environment, resolve
from tenantctl.ledger import Ledger, commit_of, open_ledger
from tenantctl.model import (
    Address,
    Credentials,
    Draft,
    Environment,
    Receipt,
    Scope,
    Source,
    Vault,
)

if TYPE_CHECKING:
    from tenantctl.workflows.takeover import Taken

CREDENTIALS = Credentials(
    Source("env", "AUTH0_CLIENT_ID"), client_secret=Source("env", "AUTH0_CLIENT_SECRET")
)
"""Where an environment that has no file is signed in from: as other tools of Auth0's are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked an export for."""

    target: str
    into: Path | None = None
    playbook: str | None = None
    domain: str | None = None
    full: bool = False
    second: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """The project that an environment is read from, and the folder that is written to."""

    project: Project
    root: Path
    environment: Environment

    @property
    def defined(self) -> bool:
        """Whether the tenant has files already, where they are written to."""
        return (self.root / "tenants" / self.environment.tenant / "tenant.yaml").is_file()

    @property
    def known(self) -> bool:
        """Whether the environment has a file already, where they are written to."""
        return (self.root / environment_path(self.environment)).is_file()

    @property
    def ledger(self) -> Ledger:
        return open_ledger(self.root / ".tenantctl")


def environment_path(environment: Environment) -> str:
    return f"environments/{environment.tenant}/{environment.name}.yaml"


def run_export(asked: Asked, chdir: Path | None, *, as_json: bool) -> int:
    """Survey the tenant, write its files, and tell about them; the exit code."""
    from tenantctl.cli.taking import tell

    taken, site = exported(asked, chdir)
    tell(taken, site.root, site.environment.id, as_json=as_json)
    return 0


def exported(asked: Asked, chdir: Path | None) -> tuple[Taken, Site]:
    """Survey the tenant and write its files: what they are, and where."""
    site = _site(asked, chdir)
    if site.defined:
        from tenantctl.cli.revising import revise_project, second_environment

        job = second_environment if asked.second else revise_project
        taken, ids = job(site, full=asked.full)
    elif asked.second:
        raise UsageError(
            f"{site.environment.tenant} has no files yet: this would be its first environment",
            help="leave out --second-environment",
        )
    else:
        taken, ids = _first(site, asked)
    settle(site, taken.texts, ids)
    return taken, site


def _site(asked: Asked, chdir: Path | None) -> Site:
    tenant, mark, env = asked.target.rpartition("/")
    project = _project(asked, chdir)
    if not mark:
        tenant, env = find(project.root, asked.target)
    name(tenant, "the tenant")
    name(env, "the environment")
    root = asked.into.resolve() if asked.into else project.root
    there = project.root / "environments" / tenant / f"{env}.yaml"
    if there.is_file():
        if asked.domain:
            raise UsageError(f"{there.name} says the domain of {tenant}/{env}", help="no --domain")
        return Site(project, root, read_environment(project.root, tenant, env))
    if not asked.domain:
        raise UsageError(
            f"{tenant}/{env} has no file in environments/, so its domain is not known",
            help="give --domain, with AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET in the environment",
        )
    from tenantctl.workflows.takeover import kind_of

    credentials = {"plan": CREDENTIALS, "apply": CREDENTIALS}
    environment = Environment(tenant, env, kind_of(env), asked.domain, credentials=credentials)
    return Site(project, root, environment)


def _project(asked: Asked, chdir: Path | None) -> Project:
    """The project that the environment is in; where there is none yet, the folder for one."""
    try:
        return project_of(chdir)
    except UsageError:
        if not asked.domain:
            raise
        return Project((asked.into or chdir or Path.cwd()).resolve())


def _first(site: Site, asked: Asked) -> tuple[Taken, Mapping[Address, str]]:
    """A tenant that has no files yet."""
    from tenantctl.workflows.export import NOTHING
    from tenantctl.workflows.takeover import Wanted, settings_of, take_over

    draft, ids = survey(site, NOTHING, Vault())
    environment = site.environment
    book = playbook_of(asked.playbook or "b2c")
    wanted = Wanted(environment.tenant, book, live=True, full=asked.full)
    settings = {environment.name: settings_of(environment)}
    taken = take_over({environment.name: draft}, wanted, settings)
    path = environment_path(environment)
    if site.known and taken.definition:
        from tenantctl.drafts import environment_with

        here = taken.definition.environments[environment.name]
        text = environment_with((site.root / path).read_text("utf-8"), here)
        taken = replace(taken, texts={**taken.texts, path: text})
    return taken, ids


def survey(
    site: Site, scope: Scope, vault: Vault, kinds: Collection[str] = ()
) -> tuple[Draft, Mapping[Address, str]]:
    """What the live tenant has, and the ids of it."""
    from tenantctl.cli import terminal
    from tenantctl.workflows.export import survey as read

    async def job() -> tuple[Draft, Mapping[Address, str]]:
        async with open_tenant(site.environment, vault, "plan", project=site.project) as gateway:
            with terminal.waiting(f"reading {site.environment.domain}"):
                draft, found = await read(gateway, scope, vault, kinds=kinds)
            return draft, found.ids

    return asyncio.run(job())


def settle(site: Site, texts: Mapping[str, str], ids: Mapping[Address, str]) -> Loaded:
    """Write *texts*, check that they load, and keep a receipt of what is declared from now on."""
    from tenantctl.drafts import write_files
    from tenantctl.workflows.export import adopted

    write_files(site.root, texts)
    environment = site.environment
    loaded = load(site.root, environment.tenant, environment.name)
    if site.root == site.project.root or not environment.embedded:
        before = receipt_of(site)
        vault = vault_of(site, loaded.environment)
        commit = commit_of(site.root)
        site.ledger.write_receipt(adopted(loaded, ids, before, vault, commit))
    return loaded


def receipt_of(site: Site) -> Receipt | None:
    return site.ledger.receipt(site.environment.tenant, site.environment.name)


def vault_of(site: Site, environment: Environment) -> Vault:
    """The secrets at hand."""
    return resolve(
        environment,
        root=site.root,
        state=site.root / ".tenantctl",
        environ=os.environ,
        strict=False,
    )
