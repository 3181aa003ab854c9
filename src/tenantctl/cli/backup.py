"""`tenantctl backup`: keep what a live tenant has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir
from tenantctl.errors import UsageError

What = Annotated[
    str,
    typer.Argument(
        metavar="TENANT/ENV|list",
        help="The environment to keep a backup of; or list, to see those that there are.",
        show_default=False,
    ),
]
Listed = Annotated[
    str | None,
    typer.Argument(metavar="[TENANT/ENV]", help="Whose backups to list.", show_default=False),
]
To = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FILE",
        help="Where to keep it; in .tenantctl/backups without it.",
        show_default=False,
    ),
]


def backup(
    what: What,
    target: Listed = None,
    to: To = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Keep what a live tenant has, or list what is kept.

    Everything that can be read of it, with names for ids and without any secret, in one file with
    a checksum. `tenantctl restore` plans the way back to it. Reads only, and needs reading scopes
    only. Exits 4 where something could not be read; the rest is kept.
    """
    from tenantctl.cli.keeping import keep, list_kept
    from tenantctl.cli.wiring import project

    here = project(chdir)
    if what == "list":
        if to is not None:
            raise UsageError("there is nothing to keep where backups are listed", help="no --to")
        return list_kept(here, target or "", as_json=as_json)
    if target is not None:
        raise UsageError(
            f"{target} is one too many", help=f"tenantctl backup {what}, or: backup list {what}"
        )
    return keep(here, what, to, as_json=as_json)
