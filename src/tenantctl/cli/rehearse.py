"""`tenantctl rehearse`: what would an apply come to, tried in a copy of the tenant?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Into, Junit, Stats
from tenantctl.cli.reporting import Reports

What = Annotated[
    str,
    typer.Argument(
        metavar="TENANT/ENV|PLAN.json",
        help="An environment to plan and rehearse, or a plan saved with `plan --out`.",
        show_default=False,
    ),
]
Keep = Annotated[
    Path | None,
    typer.Option(
        "--keep", metavar="DIR", help="Leave the copy in this folder.", show_default=False
    ),
]
SUFFIXES = (".md", ".json", ".xml", ".txt")


def rehearse(
    what: What,
    report: Reports = None,
    junit: Junit = None,
    keep: Keep = None,
    json_into: Into = None,
    stats: Stats = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Carry out a plan in a copy of its tenant.

    Reads the tenant, copies what it shows into a sandbox, applies the plan there, reads back and
    plans again. The tenant itself is not written to. Exits 1 where the apply would fail, 3 where
    the tenant has moved since the plan was made. docs/rehearsal.md says what it finds.
    """
    from tenantctl.cli.rehearsing import Asked, run_rehearsal
    from tenantctl.cli.reporting import check_reports
    from tenantctl.cli.run import Run
    from tenantctl.cli.watching import watched
    from tenantctl.cli.wiring import project

    check_reports(report, SUFFIXES, beside=what)
    asked = Asked(tuple(report or ()), junit, keep)
    return watched(
        project(chdir),
        Run("rehearse", what, json_into, stats),
        lambda here: run_rehearsal(here, what, asked, as_json=as_json),
    )
