"""`tenantctl promote`: what one environment has, for the next one."""

from __future__ import annotations

from typing import Annotated

import typer

from tenantctl.cli.options import (
    AllowDelete,
    AsJson,
    Chdir,
    Exclude,
    Full,
    Into,
    LockTimeout,
    Now,
    Only,
    Out,
    Retire,
    Stats,
    Target,
    Yes,
)
from tenantctl.cli.reporting import Reports

From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="ENV",
        help="Where the definition comes from; without it what promotes_from says.",
        show_default=False,
    ),
]
Hotfix = Annotated[
    str | None,
    typer.Option(
        "--hotfix",
        metavar="REASON",
        help="Go past what speaks against the promotion; the reason is kept with the receipts.",
        show_default=False,
    ),
]
Here = Annotated[
    bool,
    typer.Option("--here", help="Take the definition from the files here, wherever else it is."),
]


def promote(
    target: Target,
    source: From = None,
    hotfix: Hotfix = None,
    here: Here = False,
    out: Out = None,
    yes: Yes = False,
    delete: AllowDelete = False,
    retire: Retire = False,
    only: Only = None,
    exclude: Exclude = None,
    report: Reports = None,
    now: Now = None,
    full: Full = False,
    lock_timeout: LockTimeout = None,
    json_into: Into = None,
    stats: Stats = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Plan and apply what has been seen to work elsewhere.

    Takes the definition that the last receipt of the environment before shows, from the files here
    or from the commit that has it. Shows what that environment got, what this one will get, and
    what will still differ and why; then asks, and applies. Exits 5 where something speaks against
    it. With --now it shows how that would be on another day, and applies nothing.
    """
    from tenantctl.cli.promoting import Asked, run_promote
    from tenantctl.cli.run import Run
    from tenantctl.cli.watching import watched
    from tenantctl.cli.wiring import project

    asked = Asked(
        target=target,
        source=source or "",
        hotfix=hotfix,
        here=here,
        out=out,
        yes=yes,
        delete=delete,
        retire=retire,
        only=tuple(only or ()),
        exclude=tuple(exclude or ()),
        reports=tuple(report or ()),
        now=now,
        full=full,
        as_json=as_json,
    )
    run, root = Run("promote", target, json_into, stats), project(chdir, patience=lock_timeout)
    return watched(root, run, lambda here: run_promote(here, asked))
