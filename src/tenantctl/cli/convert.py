"""`tenantctl convert`: the configuration of another tool as a project of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tenantctl.cli.options import AsJson

if TYPE_CHECKING:
    from tenantctl.foreign import Source

Environments: TypeAlias = "Mapping[str, Path | None]"
Sources: TypeAlias = "Mapping[str, Source]"

app = typer.Typer(
    help="Convert the configuration of another tool.", no_args_is_help=True, rich_markup_mode=None
)

Into = Annotated[
    Path,
    typer.Option("--into", help="The folder of the project; made if need be.", show_default=False),
]
TenantName = Annotated[
    str, typer.Option("--tenant", help="What the tenant is called in the project.")
]
Mapping_ = Annotated[
    list[str] | None,
    typer.Option(
        "--mapping",
        metavar="ENV=FILE",
        help="An environment, with the file of its values; repeatable.",
        show_default=False,
    ),
]
PlaybookName = Annotated[str, typer.Option("--playbook", help="b2c or b2b.")]
Embedded = Annotated[
    bool,
    typer.Option("--embedded", help="Environments on this machine, with made-up secrets."),
]
Provider = Annotated[
    str | None,
    typer.Option("--provider", help="The alias of the provider whose tenant is meant."),
]
Brief = Annotated[
    bool, typer.Option("--brief", help="Leave out fields whose value is Auth0's default.")
]


@app.command("deploy-cli")
def of_deploy_cli(
    path: Annotated[
        Path, typer.Argument(help="A folder, or a tenant.yaml, as auth0-deploy-cli imports it.")
    ],
    into: Into,
    tenant: TenantName,
    mapping: Mapping_ = None,
    playbook: PlaybookName = "b2c",
    embedded: Embedded = False,
    brief: Brief = False,
    as_json: AsJson = False,
) -> int:
    """Convert an auth0-deploy-cli configuration.

    Keywords become variables, secrets become !secret, and what was lost, guessed or is likely a
    mistake is told with file and line. A mapping is a config file or a map of keywords.
    """
    how = How(into, tenant, mapping, playbook, embedded, brief)
    return _convert(partial(read_deploy_cli, path), how, as_json=as_json)


@app.command("terraform")
def of_terraform(
    path: Annotated[
        Path, typer.Argument(help="A folder of .tf files, or the output of `terraform show -json`.")
    ],
    into: Into,
    tenant: TenantName,
    mapping: Mapping_ = None,
    provider: Provider = None,
    playbook: PlaybookName = "b2c",
    embedded: Embedded = False,
    brief: Brief = False,
    as_json: AsJson = False,
) -> int:
    """Convert the auth0 resources of a Terraform configuration.

    Needs no Terraform. What cannot be evaluated is told with file and line. A mapping is a .tfvars
    file.
    """
    how = How(into, tenant, mapping, playbook, embedded, brief)
    return _convert(partial(read_terraform, path, provider=provider), how, as_json=as_json)


@dataclass(frozen=True, slots=True)
class How:
    """Where a conversion goes, and what it is to be like."""

    into: Path
    tenant: str
    mapping: list[str] | None
    playbook: str
    embedded: bool
    brief: bool


def read_deploy_cli(path: Path, environments: Environments) -> Sources:
    from tenantctl.foreign import deploy_cli

    return deploy_cli.read(path, environments)


def read_terraform(path: Path, environments: Environments, provider: str | None = None) -> Sources:
    from tenantctl.foreign import terraform

    return terraform.read(path, environments, provider=provider)


READERS: Mapping[str, Callable[[Path, Environments], Sources]] = {
    "deploy-cli": read_deploy_cli,
    "terraform": read_terraform,
}
"""How a configuration of another tool is read."""


def _convert(read: Callable[[Environments], Sources], how: How, *, as_json: bool) -> int:
    from tenantctl.cli.taking import deliver, environments_of, new_tenant, playbook_of, tell
    from tenantctl.workflows.convert import convert
    from tenantctl.workflows.takeover import Wanted

    root = new_tenant(how.into, how.tenant)
    wanted = Wanted(how.tenant, playbook_of(how.playbook), full=not how.brief)
    environments = environments_of(how.mapping, "dev")
    taken = convert(read(environments), wanted, embedded=how.embedded)
    deliver(taken.texts, root, how.tenant, tuple(environments))
    tell(taken, root, f"{how.tenant}/{next(iter(environments))}", as_json=as_json)
    return 0
