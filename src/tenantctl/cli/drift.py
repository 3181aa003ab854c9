"""`tenantctl drift`: what has somebody changed in the tenant since the last apply?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli.options import (
    AsJson,
    Chdir,
    EnvKinds,
    EnvNames,
    Every,
    Into,
    Jobs,
    Shard,
    Stats,
    Targets,
    Wave,
)

if TYPE_CHECKING:
    from tenantctl.cli.drifting import Asked
    from tenantctl.cli.wiring import Project
    from tenantctl.workflows.several import Target

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[GLOB...|SECONDS]",
        help="What to --accept, such as clients.shop or 'connections.*', everything that has "
        "drifted without; or the time between two looks to --watch, 60 without.",
        show_default=False,
    ),
]
Detailed = Annotated[bool, typer.Option("--detailed-exitcode", help="Exit 2 if there is drift.")]
Accept = Annotated[
    bool, typer.Option("--accept", help="Write what was changed there into the files.")
]
Watch = Annotated[
    bool, typer.Option("--watch", help="Look again and again, in a terminal, until Ctrl-C.")
]
Reports = Annotated[
    list[Path] | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Write a report, too: .md for an issue, .json, .sarif or .txt; repeatable.",
        show_default=False,
    ),
]
Since = Annotated[
    dt.datetime | None,
    typer.Option(
        "--since",
        metavar="DATE",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        help="Ask the tenant's log from then on (UTC) instead of from the last apply.",
        show_default=False,
    ),
]


def drift(
    target: Targets = None,
    names: Names = None,
    detailed_exitcode: Detailed = False,
    accept: Accept = False,
    watch: Watch = False,
    since: Since = None,
    report: Reports = None,
    every: Every = False,
    env: EnvNames = None,
    kind: EnvKinds = None,
    wave: Wave = None,
    shard: Shard = None,
    jobs: Jobs = None,
    json_into: Into = None,
    stats: Stats = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Show what was changed in a tenant behind the files.

    Compares what the last apply left, what is there, and what the files say, field by field, and
    asks the tenant's log who changed it. Reads only, and needs reading scopes only: those of a
    plan, and read:logs to know who. --accept writes into the project's files, never into a tenant.
    """
    from tenantctl.cli.choosing import Several, meant
    from tenantctl.cli.drifting import Asked, check_asked
    from tenantctl.cli.run import Run
    from tenantctl.cli.watching import each_of, watched
    from tenantctl.cli.wiring import project

    here = project(chdir)
    several = Several(every, env, kind, wave, shard, jobs)
    run = Run("drift", target or "", json_into, stats)
    asked = Asked(
        target or "", tuple(names or ()), accept, watch, since, tuple(report or ()), as_json
    )
    found = meant(here.root, target, several)
    check_asked(asked, several=found is not None)
    if found:
        from tenantctl.cli.many import Work, run_many

        options = {"detailed_exitcode": detailed_exitcode, "accept": accept, "since": since}
        each = each_of(run, partial(_options, options, report))
        work = Work(drift, here.root, *found, each, jobs=several.at_once)
        return run_many(work, as_json=as_json)
    return watched(here, run, partial(_one, asked, detailed=detailed_exitcode))


def _one(asked: Asked, here: Project, *, detailed: bool) -> int:
    """Look at one environment, once or again and again, and accept what is to be accepted."""
    if asked.accept:
        from tenantctl.cli.accepting import accept_one

        return accept_one(here, asked, detailed=detailed)
    from tenantctl.cli.drifting import drift_one, watch_one

    return watch_one(here, asked) if asked.watch else drift_one(here, asked, detailed=detailed)


def _options(
    options: Mapping[str, object], report: list[Path] | None, each: Target
) -> dict[str, object]:
    """The options for one of several; its reports go into a folder of its own."""
    from tenantctl.cli.reporting import reports_of

    return {**options, "target": each.id, "report": reports_of(report, each)}
