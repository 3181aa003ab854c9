"""From a live tenant to files: what export and import do once they know what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli.revising import revise_project, second_environment
from tenantctl.cli.site import Site, environment_path, refuse_made, settle, survey
from tenantctl.cli.taking import name, playbook_of
from tenantctl.cli.wiring import Project
from tenantctl.cli.wiring import project as project_of
from tenantctl.errors import UsageError
from tenantctl.files import find, read_environment
from tenantctl.model import (
    Address,
    Credentials,
    Environment,
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
    if asked.into is None:
        refuse_made(project.root, tenant)
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

    draft, found = survey(site, NOTHING, Vault())
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
    return taken, found.ids
