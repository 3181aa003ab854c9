"""`tenantctl plan`: what would an apply do?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    from tenantctl.cli.run import Run
    from tenantctl.cli.wiring import Project
    from tenantctl.model import Plan
    from tenantctl.workflows.several import Known, Target

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
    from tenantctl.cli.watching import watched
    from tenantctl.cli.wiring import project

    check_reports(report, beside=out, into=json_into)
    here, run = project(chdir), Run("plan", target or "", json_into, stats)
    several = Several(every, env, kind, wave, shard, jobs)
    wish: dict[str, Any] = {"phase": phase, "until_milestone": until_milestone, "retire": retire}
    wish |= {"delete": delete, "rotate": rotate, "now": now, "only": only, "exclude": exclude}
    if found := meant(here.root, target, several):
        options = {**wish, "full": full, "detailed_exitcode": detailed_exitcode}
        files = partial(_options, options, out.resolve() if out else None, report)
        return _plan_many(here, run, *found, files, jobs=several.at_once, as_json=as_json)
    shown: dict[str, Any] = {"detailed": detailed_exitcode, "full": full, "as_json": as_json}
    job = partial(_job, target=target or "", wish=wish, files=(out, report), **shown)
    return watched(here, run, job)


def _plan_many(
    here: Project,
    run: Run,
    known: Known,
    targets: tuple[Target, ...],
    options: Callable[[Target], Mapping[str, object]],
    *,
    jobs: int,
    as_json: bool,
) -> int:
    """Plan several environments, side by side."""
    from tenantctl.cli.many import Work, run_many
    from tenantctl.cli.watching import each_of

    work = Work(plan, here.root, known, targets, each_of(run, options), jobs=jobs)
    return run_many(work, as_json=as_json)


def _job(here: Project, *, detailed: bool, **given: Any) -> int:
    """Plan one environment; the exit code, which tells what there is to do if *detailed*."""
    made = _plan_one(here, **given)
    if not detailed:
        return 0
    return 5 if made.blocking else 2 if made.steps else 0


def _plan_one(
    here: Project,
    *,
    target: str,
    wish: Mapping[str, Any],
    files: tuple[Path | None, list[Path] | None],
    full: bool,
    as_json: bool,
) -> Plan:
    """Plan one environment, save it into the first of *files*, report into the others, show it."""
    from tenantctl.cli.planning import ask_of, open_session, plan_of, stamped, told
    from tenantctl.cli.showing import show_plan
    from tenantctl.ledger import commit_of, save_plan

    session = open_session(here, target)
    prepared = plan_of(session, ask_of(**wish))
    out, reports = files
    if out is not None:
        save_plan(stamped(here, prepared.plan), out)
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
        home=session.home,
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
