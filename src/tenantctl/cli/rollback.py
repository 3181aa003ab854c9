"""`tenantctl rollback`: what an environment had before, again."""

from __future__ import annotations

from typing import Annotated

import typer

from tenantctl.cli.options import (
    AllowDelete,
    AsJson,
    Chdir,
    Full,
    Into,
    LockTimeout,
    Out,
    Stats,
    Target,
    Yes,
)
from tenantctl.cli.reporting import Reports

To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="RECEIPT",
        help="A receipt as `receipts log` names it, or the beginning of a digest or a commit; "
        "without it the last one of another definition.",
        show_default=False,
    ),
]


def rollback(
    target: Target,
    to: To = None,
    out: Out = None,
    yes: Yes = False,
    delete: AllowDelete = False,
    report: Reports = None,
    full: Full = False,
    lock_timeout: LockTimeout = None,
    json_into: Into = None,
    stats: Stats = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Plan and apply a definition that an environment had before.

    It is an apply as any other, of earlier files with today's environment file. Shows the plan and
    what cannot be undone; then asks, and applies. No file is changed: mend the definition before
    the next apply, for that brings it back. Exits 5 where the plan breaks a rule.
    """
    from tenantctl.cli.rolling import Asked, run_rollback
    from tenantctl.cli.run import Run
    from tenantctl.cli.watching import watched
    from tenantctl.cli.wiring import project

    asked = Asked(
        target=target,
        to=to,
        out=out,
        yes=yes,
        delete=delete,
        reports=tuple(report or ()),
        full=full,
        as_json=as_json,
    )
    run = Run("rollback", target, json_into, stats)
    root = project(chdir, patience=lock_timeout)
    return watched(root, run, lambda here: run_rollback(here, asked))
