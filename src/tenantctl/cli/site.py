"""A project, its environment and its live tenant, where something is taken over."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from tenantctl.cli.sharing import fetch, ledger_of, push
from tenantctl.cli.wiring import Project, open_tenant
from tenantctl.errors import UsageError
from tenantctl.files import Loaded, load, made_of, resolve
from tenantctl.gateway import Survey
from tenantctl.ledger import Ledger, commit_of, open_ledger
from tenantctl.model import Address, Draft, Environment, Receipt, Scope, Vault


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
    def here(self) -> Project:
        """The project in the folder that is written to."""
        return self.project if self.root == self.project.root else Project(self.root)

    @property
    def ledger(self) -> Ledger:
        """What is kept there."""
        return open_ledger(self.here.state)


def refuse_made(root: Path, tenant: str) -> None:
    """Raise UsageError where a tenant's files are those of a template, and so of others, too."""
    if template := made_of(root, tenant):
        raise UsageError(
            f"{tenant} is made of the template {template}: what is written there is every tenant's",
            help=f"change tenants/{template} or the row by hand, or export with --into FOLDER",
        )


def environment_path(environment: Environment) -> str:
    return f"environments/{environment.tenant}/{environment.name}.yaml"


def survey(
    site: Site, scope: Scope, vault: Vault, kinds: Collection[str] = ()
) -> tuple[Draft, Survey]:
    """What the live tenant has, as a draft, and what was read of it."""
    from tenantctl.cli import terminal
    from tenantctl.workflows.export import survey as read

    async def job() -> tuple[Draft, Survey]:
        async with open_tenant(site.environment, vault, "plan", project=site.project) as gateway:
            with terminal.waiting(f"reading {site.environment.domain}"):
                return await read(gateway, scope, vault, kinds=kinds)

    return asyncio.run(job())


def settle(site: Site, texts: Mapping[str, str], ids: Mapping[Address, str]) -> Loaded:
    """Write *texts*, check that they load, and keep a receipt of what is declared from now on.

    Files that were right stay as they are where the new ones would not be: FilesError tells why.
    """
    from tenantctl.drafts import write_files
    from tenantctl.workflows.export import adopted

    environment = site.environment
    if site.defined:
        load(site.root, environment.tenant, environment.name, texts=texts)
    write_files(site.root, texts)
    loaded = load(site.root, environment.tenant, environment.name)
    if site.root == site.project.root or not environment.embedded:
        before = receipt_of(site)
        vault = vault_of(site, loaded.environment)
        commit = commit_of(site.root)
        ledger = ledger_of(site.here, loaded.environment)
        ledger.write_receipt(adopted(loaded, ids, before, vault, commit))
        push(site.here, loaded.environment)
    return loaded


def receipt_of(site: Site) -> Receipt | None:
    fetch(site.here, site.environment)
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
