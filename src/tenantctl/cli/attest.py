"""`tenantctl attest`: stand for what no tenant shows."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Target

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="What is attested: what a check asks people for.")
]
Link = Annotated[
    str, typer.Option("--link", metavar="URL", help="Where more is told.", show_default=False)
]
Until = Annotated[
    dt.datetime | None,
    typer.Option(
        "--until",
        metavar="DATE",
        formats=["%Y-%m-%d"],
        help="The last day on which it holds.",
        show_default=False,
    ),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="What it goes by.", show_default=False)
]


def attest(
    target: Target,
    name: Name,
    link: Link = "",
    until: Until = None,
    reason: Reason = "",
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """State, under your name, what a check asks people for.

    Keeps a receipt of it, and pushes it where receipts are shared. Counts as an entry of
    attestations.yaml does.
    """
    from tenantctl.cli.attesting import state
    from tenantctl.cli.wiring import project

    day = until.date() if until else None
    return state(project(chdir), target, name, link, day, reason, as_json=as_json)
