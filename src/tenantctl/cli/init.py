"""`tenantctl init`: a project, in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenantctl.cli.options import AsJson

From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="TENANT/ENV|deploy-cli|terraform",
        help="A live tenant, or the configuration at PATH; without it, a small tenant.",
        show_default=False,
    ),
]
Source_ = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PATH]",
        help="With --from deploy-cli or --from terraform: where the configuration lies.",
        show_default=False,
    ),
]
TenantName = Annotated[
    str | None,
    typer.Option(
        "--tenant",
        help="What the tenant is called in the project; the folder's name without.",
        show_default=False,
    ),
]
Into = Annotated[
    Path | None,
    typer.Option(
        "--into",
        help="The folder of the project, made if need be; this one without.",
        show_default=False,
    ),
]
PlaybookName = Annotated[str, typer.Option("--playbook", help="b2c or b2b.")]
Domain = Annotated[
    str | None,
    typer.Option(
        "--domain", help="With --from TENANT/ENV: the tenant's domain.", show_default=False
    ),
]
Mapping_ = Annotated[
    list[str] | None,
    typer.Option(
        "--mapping",
        metavar="ENV=FILE",
        help="With --from a configuration: an environment and its values; repeatable.",
        show_default=False,
    ),
]
Embedded = Annotated[
    bool,
    typer.Option("--embedded", help="With --from a configuration: environments on this machine."),
]


def init(
    path: Source_ = None,
    source: From = None,
    tenant: TenantName = None,
    playbook: PlaybookName = "b2c",
    into: Into = None,
    domain: Domain = None,
    mapping: Mapping_ = None,
    embedded: Embedded = False,
    as_json: AsJson = False,
) -> int:
    """Set up a project: a tenant in its environments.

    Also what editors and pipelines need. Files that are there stay as they are. Ends with what to
    run next.
    """
    from tenantctl.cli.starting import Start, run_init

    start = Start(path, source, tenant, playbook, into, domain, tuple(mapping or ()), embedded)
    return run_init(start, as_json=as_json)
