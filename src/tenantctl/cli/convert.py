"""`tenantctl convert`: the configuration of another tool as a project of ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli.options import AsJson

if TYPE_CHECKING:
    from tenantctl.workflows.convert import Tool

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
    return _convert("deploy-cli", path, into, tenant, mapping, playbook, embedded, brief, as_json)


@app.command("terraform")
def of_terraform(
    path: Annotated[
        Path, typer.Argument(help="A folder of .tf files, or the output of `terraform show -json`.")
    ],
    into: Into,
    tenant: TenantName,
    mapping: Mapping_ = None,
    playbook: PlaybookName = "b2c",
    embedded: Embedded = False,
    brief: Brief = False,
    as_json: AsJson = False,
) -> int:
    """Convert the auth0 resources of a Terraform configuration.

    Needs no Terraform. What cannot be evaluated is told with file and line. A mapping is a .tfvars
    file.
    """
    return _convert("terraform", path, into, tenant, mapping, playbook, embedded, brief, as_json)


def _convert(
    tool: Tool,
    path: Path,
    into: Path,
    tenant: str,
    mapping: list[str] | None,
    playbook: str,
    embedded: bool,
    brief: bool,
    as_json: bool,
) -> int:
    from tenantctl.cli.taking import deliver, environments_of, new_tenant, playbook_of, tell
    from tenantctl.workflows.convert import convert
    from tenantctl.workflows.takeover import Wanted

    root = new_tenant(into, tenant)
    wanted = Wanted(tenant, playbook_of(playbook), full=not brief)
    environments = environments_of(mapping, "dev")
    taken = convert(tool, path, environments, wanted, embedded=embedded)
    deliver(taken.texts, root, tenant, tuple(environments))
    tell(taken, root, f"{tenant}/{next(iter(environments))}", as_json=as_json)
    return 0
