"""`tenantctl apply`: carry out a plan, a saved one or one made now."""

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
    LockTimeout,
    Now,
    Only,
    Phases,
    Retire,
    Rotate,
    Shard,
    Stats,
    Until,
    Wave,
    Yes,
)
from tenantctl.cli.reporting import Reports, check_reports
from tenantctl.errors import UsageError

if TYPE_CHECKING:
    from tenantctl.cli.choosing import Several
    from tenantctl.cli.run import Run
    from tenantctl.cli.wiring import Project
    from tenantctl.workflows.several import Known, Target

What = Annotated[
    str | None,
    typer.Argument(
        metavar="[TENANT/ENV|PLAN.json|TENANT|FLEET|FOLDER]",
        help="An environment to plan and apply, or a plan saved with `plan --out`. Or all "
        "environments of a tenant or of a fleet, or the folder of their saved plans.",
        show_default=False,
    ),
]


def apply(
    what: What = None,
    yes: Yes = False,
    phase: Phases = None,
    until_milestone: Until = None,
    only: Only = None,
    exclude: Exclude = None,
    retire: Retire = False,
    delete: AllowDelete = False,
    rotate: Rotate = None,
    now: Now = None,
    full: Full = False,
    every: Every = False,
    env: EnvNames = None,
    kind: EnvKinds = None,
    wave: Wave = None,
    shard: Shard = None,
    jobs: Jobs = None,
    lock_timeout: LockTimeout = None,
    report: Reports = None,
    json_into: Into = None,
    stats: Stats = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Make the live tenant what the files say.

    Plans, asks, and carries out the plan in dependency order; a saved plan never asks.
    """
    from tenantctl.cli.choosing import Several
    from tenantctl.cli.planning import plan_file
    from tenantctl.cli.run import Run
    from tenantctl.cli.watching import watched
    from tenantctl.cli.wiring import project

    file = plan_file(what or "")
    check_reports(report, beside=file, into=json_into)
    here = project(chdir, patience=lock_timeout)
    run = Run("apply", what or "", json_into, stats, tuple(report or ()))
    wish: dict[str, Any] = {"phase": phase, "until_milestone": until_milestone, "retire": retire}
    wish |= {"delete": delete, "rotate": rotate, "now": now, "only": only, "exclude": exclude}
    if file:
        _refuse_planning(wish)
        return watched(here, run, partial(_apply_saved, file=file, phases=phase, as_json=as_json))
    several = Several(every, env, kind, wave, shard, jobs)
    shown = {"yes": yes, "full": full, "as_json": as_json}
    return _apply_planned(here, run, what, several, wish, shown)


def _apply_planned(
    here: Project,
    run: Run,
    what: str | None,
    several: Several,
    wish: Mapping[str, Any],
    shown: Mapping[str, bool],
) -> int:
    """Apply one environment, several, or a folder of saved plans, as *what* and *several* say."""
    from tenantctl.cli.choosing import meant
    from tenantctl.cli.watching import watched

    many = partial(_apply_many, jobs=several.at_once, as_json=shown["as_json"])
    if folder := _folder(what):
        return many(here, run, *_saved(here, folder, several))
    if found := meant(here.root, what, several):
        _refuse_unasked(len(found[1]), yes=shown["yes"])
        return many(here, run, *found, partial(_options, {**wish, "yes": True}))
    return watched(here, run, partial(_apply_one, target=what or "", wish=wish, shown=shown))


def _apply_one(
    here: Project, *, target: str, wish: Mapping[str, Any], shown: Mapping[str, bool]
) -> int:
    """Plan one environment now, ask, and carry out the plan."""
    from tenantctl.cli.planning import ask_of, open_session
    from tenantctl.cli.running import plan_and_run

    return plan_and_run(open_session(here, target), ask_of(**wish), **shown)


def _apply_many(
    here: Project,
    run: Run,
    known: Known,
    targets: tuple[Target, ...],
    options: Callable[[Target], Mapping[str, object]],
    *,
    jobs: int,
    as_json: bool,
) -> int:
    """Carry out the plans of several environments, in order."""
    from tenantctl.cli.many import Work, run_many
    from tenantctl.cli.watching import each_of

    each = partial(_patient, each_of(run, options), here.patience)
    work = Work(apply, here.root, known, targets, each, ordered=True, jobs=jobs)
    return run_many(work, as_json=as_json)


def _patient(
    options: Callable[[Target], Mapping[str, object]], patience: float, each: Target
) -> Mapping[str, object]:
    return {**options(each), "lock_timeout": patience}


def _options(options: Mapping[str, object], each: Target) -> dict[str, object]:
    return {**options, "what": each.id}


def _saved(
    here: Project, folder: Path, several: Several
) -> tuple[Known, tuple[Target, ...], Callable[[Target], Mapping[str, object]]]:
    """What of the plans in *folder* a person means, as `plan --out` saved them there."""
    from tenantctl.workflows.several import Known, choose, known_targets

    known = known_targets(here.root)
    paths = {f"{path.parent.name}/{path.stem}": path for path in folder.resolve().glob("*/*.json")}
    planned = [each for each in known.targets if each.id in paths]
    if strange := sorted(paths.keys() - {each.id for each in planned}):
        raise UsageError(
            f"{folder} has a plan of {strange[0]}, which the project does not have",
            help="take it away, or plan again",
        )
    if not planned:
        raise UsageError(f"{folder} has no plans", help=f"tenantctl plan ... --out {folder}")
    targets = choose(planned, several.asked(""))
    return Known(known.targets), targets, lambda each: {"what": str(paths[each.id])}


def _folder(what: str | None) -> Path | None:
    """The folder of saved plans that *what* is; `TENANT` and `TENANT/ENV` are none."""
    return Path(what) if what and what.endswith("/") and Path(what).is_dir() else None


def _refuse_unasked(count: int, *, yes: bool) -> None:
    """Raise UsageError where nobody has agreed to what several environments would get."""
    if not yes:
        raise UsageError(
            f"nobody can be asked about {count} environments one by one",
            help="give --yes; or plan ... --out plans, look at them, and apply plans/",
        )


def _refuse_planning(wish: Mapping[str, object]) -> None:
    """Raise UsageError where *wish*, by the names of options, asks for what a saved plan settles.

    Phases are chosen among what it has.
    """
    asked = [name for name, value in wish.items() if value and name != "phase"]
    if asked:
        name = f"--{asked[0].replace('only', 'target').replace('_', '-')}"
        raise UsageError(
            f"a saved plan is carried out as it is, and {name} would make another one",
            help=f"give {name} to `tenantctl plan`; a saved plan takes --phase alone",
        )


def _apply_saved(here: Project, file: Path, phases: list[int] | None, *, as_json: bool) -> int:
    """Carry out a saved plan, or *phases* of it.

    The environment file gives credentials and secrets, nothing else.
    """
    from tenantctl.cli.running import run_plan
    from tenantctl.files import read_environment
    from tenantctl.ledger import read_plan

    plan = read_plan(file)
    environment = read_environment(here.root, plan.tenant, plan.environment)
    return run_plan(here, environment, plan, as_json=as_json, phases=tuple(phases or ()))
