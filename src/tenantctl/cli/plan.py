"""`tenantctl plan`: what would an apply do?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenantctl.cli.options import (
    AllowDelete,
    AsJson,
    Chdir,
    EnvKinds,
    EnvNames,
    Every,
    Exclude,
    Full,
    Into,
    Jobs,
    Now,
    Only,
    Phases,
    Retire,
    Rotate,
    Shard,
    Stats,
    Targets,
    Until,
    Wave,
)
from tenantctl.cli.reporting import Reports, check_reports, reports_of

if TYPE_CHECKING:
    from tenantctl.cli.wiring import Project
    from tenantctl.model import Plan
    from tenantctl.workflows.several import Target

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        help="Save the plan for `apply PLAN`; those of several, in this folder.",
        show_default=False,
    ),
]
Detailed = Annotated[
    bool,
    typer.Option("--detailed-exitcode", help="Exit 2 if there are changes, 5 on violations."),
]


def plan(
    target: Targets = None,
    out: Out = None,
    phase: Phases = None,
    until_milestone: Until = None,
    only: Only = None,
    exclude: Exclude = None,
    retire: Retire = False,
    delete: AllowDelete = False,
    rotate: Rotate = None,
    now: Now = None,
    full: Full = False,
    detailed_exitcode: Detailed = False,
    every: Every = False,
    env: EnvNames = None,
    kind: EnvKinds = None,
    wave: Wave = None,
    shard: Shard = None,
    jobs: Jobs = None,
    report: Reports = None,
    json_into: Into = None,
    stats: Stats = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Show what an apply would change.

    Compares the files of an environment with its live tenant, field by field.

    Reads only, and needs reading scopes only.
    """
    from tenantctl.cli.choosing import Several, meant
    from tenantctl.cli.run import Run
    from tenantctl.cli.watching import each_of, watched
    from tenantctl.cli.wiring import project

    check_reports(report)
    here, run = project(chdir), Run("plan", target or "", json_into, stats)
    several = Several(every, env, kind, wave, shard, jobs)
    wish: dict[str, Any] = {"phase": phase, "until_milestone": until_milestone, "retire": retire}
    wish |= {"delete": delete, "rotate": rotate, "now": now, "only": only, "exclude": exclude}
    if found := meant(here.root, target, several):
        from tenantctl.cli.many import Work, run_many

        options = {**wish, "full": full, "detailed_exitcode": detailed_exitcode}
        files = partial(_options, options, out.resolve() if out else None, report)
        each = each_of(run, files)
        work = Work(plan, here.root, *found, each, jobs=several.at_once)
        return run_many(work, as_json=as_json)

    def job(here: Project) -> int:
        made = _plan_one(here, target or "", wish, (out, report), full=full, as_json=as_json)
        if not detailed_exitcode:
            return 0
        return 5 if made.blocking else 2 if made.steps else 0

    return watched(here, run, job)


def _plan_one(
    here: Project,
    target: str,
    wish: Mapping[str, Any],
    files: tuple[Path | None, list[Path] | None],
    *,
    full: bool,
    as_json: bool,
) -> Plan:
    """Plan one environment, save it into the first of *files*, report into the others, show it."""
    from tenantctl.cli.planning import ask_of, open_session, plan_of, told
    from tenantctl.cli.showing import show_plan
    from tenantctl.ledger import commit_of, save_plan

    session = open_session(here, target)
    prepared = plan_of(session, ask_of(**wish))
    out, reports = files
    if out is not None:
        save_plan(prepared.plan, out)
    show_plan(
        prepared.plan,
        session.vault,
        as_json=as_json,
        full=full,
        environment=session.loaded.environment,
        file=str(out or ""),
        notes=told(session, prepared),
        book=session.loaded.playbook,
        reports=reports,
        commit=commit_of(here.root) if reports else "",
    )
    return prepared.plan


def _options(
    options: Mapping[str, object], folder: Path | None, reports: list[Path] | None, each: Target
) -> dict[str, object]:
    """The options for one of several; its plan goes into *folder*, where `apply` finds it."""
    found = {**options, "target": each.id}
    if reports:
        found["report"] = reports_of(reports, each)
    if folder is None:
        return found
    path = folder / each.tenant / f"{each.environment}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    return {**found, "out": path}
