"""`tenantctl check`: is what is due there, and may the gate be passed?"""

from __future__ import annotations

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
    Full,
    Jobs,
    Junit,
    Now,
    Offline,
    Shard,
    Targets,
    Wave,
)
from tenantctl.cli.reporting import Reports, check_reports, reports_of

if TYPE_CHECKING:
    from tenantctl.workflows.several import Target

SUFFIXES = {"sarif": ".sarif", "junit": ".xml"}
PhaseOf = Annotated[
    int | None,
    typer.Option(
        "--phase", help="The gate of this phase, with all that it requires.", show_default=False
    ),
]
Milestone = Annotated[
    str | None,
    typer.Option(
        "--milestone",
        metavar="MILESTONE",
        help="Only what is due by this milestone of the phase, such as M1.",
        show_default=False,
    ),
]
Sarif = Annotated[
    Path | None,
    typer.Option(
        "--sarif",
        metavar="FILE",
        help="Write SARIF 2.1.0, too; of several, into this folder.",
        show_default=False,
    ),
]


def check(
    target: Targets = None,
    phase: PhaseOf = None,
    milestone: Milestone = None,
    offline: Offline = False,
    now: Now = None,
    full: Full = False,
    sarif: Sarif = None,
    junit: Junit = None,
    report: Reports = None,
    every: Every = False,
    env: EnvNames = None,
    kind: EnvKinds = None,
    wave: Wave = None,
    shard: Shard = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Judge an environment by the readiness checks that are due.

    Exits with 5 where the gate is closed: something that blocks has failed, or nobody knows.
    Reads only, and needs reading scopes only.
    """
    from tenantctl.cli.checking import FORMS, Asked, Written, check_one
    from tenantctl.cli.choosing import Several, meant
    from tenantctl.cli.wiring import project
    from tenantctl.workflows import Ask

    check_reports(report, FORMS)
    here = project(chdir)
    several = Several(every, env, kind, wave, shard, jobs)
    if found := meant(here.root, target, several):
        from tenantctl.cli.many import Work, run_many

        options = {"phase": phase, "milestone": milestone, "offline": offline, "now": now}
        each = partial(_options, options, {"sarif": sarif, "junit": junit}, report)
        work = Work(check, here.root, *found, each, jobs=several.at_once)
        return run_many(work, as_json=as_json)
    ask = Ask(today=now.date() if now else None)
    asked = Asked(phase, milestone or "", offline, ask)
    files = Written(sarif, junit, tuple(report or ()))
    return check_one(here, target or "", asked, full=full, as_json=as_json, files=files)


def _options(
    options: Mapping[str, object],
    folders: Mapping[str, Path | None],
    reports: list[Path] | None,
    each: Target,
) -> dict[str, object]:
    """The options for one of several; what it writes goes into the *folders*."""
    found = {**options, "target": each.id, "report": reports_of(reports, each)}
    for name, folder in folders.items():
        if folder is not None:
            path = folder.resolve() / each.tenant / f"{each.environment}{SUFFIXES[name]}"
            path.parent.mkdir(parents=True, exist_ok=True)
            found[name] = path
    return found
