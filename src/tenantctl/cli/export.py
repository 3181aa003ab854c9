"""`tenantctl export`: a live tenant as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir

Target = Annotated[
    str,
    typer.Argument(
        metavar="TENANT/ENV",
        help="What the tenant and its environment are called in the project.",
        show_default=False,
    ),
]
Into = Annotated[
    Path | None,
    typer.Option("--into", help="The folder of another project.", show_default=False),
]
PlaybookName = Annotated[
    str | None,
    typer.Option("--playbook", help="b2c or b2b, for a tenant that has no files yet."),
]
Domain = Annotated[
    str | None,
    typer.Option(
        "--domain",
        help="The tenant's domain, for an environment that has no file yet.",
        show_default=False,
    ),
]
Full = Annotated[bool, typer.Option("--full", help="Write defaults too.")]
Second = Annotated[
    bool,
    typer.Option(
        "--second-environment",
        help="Another tenant of the same product: write what it has otherwise.",
    ),
]


def export(
    target: Target,
    into: Into = None,
    playbook: PlaybookName = None,
    domain: Domain = None,
    full: Full = False,
    second_environment: Second = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Write a live tenant down as files.

    Sorts it into phases, workstreams and topics, leaves out what goes without saying, and tells
    which secrets have to be supplied. Where there are files already, it keeps them, with their
    comments, keys and variables, and writes only what differs. Reads only, and needs reading
    scopes only.
    """
    from tenantctl.cli.exporting import Asked, run_export

    asked = Asked(target, into, playbook, domain, full, second_environment)
    return run_export(asked, chdir, as_json=as_json)
