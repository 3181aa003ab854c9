"""`tenantctl apply`: carry out a plan, a saved one or one made now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli.options import (
    AllowDelete,
    AsJson,
    Chdir,
    EnvKinds,
    EnvNames,
    Every,
    Full,
    Jobs,
    Phases,
    Retire,
    Rotate,
    Shard,
    Wave,
)

if TYPE_CHECKING:
    from tenantctl.cli.wiring import Project

What = Annotated[
    str | None,
    typer.Argument(
        metavar="[TENANT/ENV|PLAN.json|TENANT|FLEET|FOLDER]",
        help="An environment to plan and apply, or a plan saved with `plan --out`. Or all "
        "environments of a tenant or of a fleet, or the folder of their saved plans.",
        show_default=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def apply(
    what: What = None,
    yes: Yes = False,
    phase: Phases = None,
    retire: Retire = False,
    delete: AllowDelete = False,
    rotate: Rotate = None,
    full: Full = False,
    every: Every = False,
    env: EnvNames = None,
    kind: EnvKinds = None,
    wave: Wave = None,
    shard: Shard = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Make the live tenant what the files say.

    Plans, asks, and carries out the plan in dependency order; a saved plan never asks.
    """
    from tenantctl.cli.choosing import Several, meant
    from tenantctl.cli.planning import open_session, plan_file
    from tenantctl.cli.wiring import project
    from tenantctl.workflows import Ask

    here = project(chdir)
    if file := plan_file(what or ""):
        return _apply_saved(here, str(file), as_json=as_json)
    several = Several(every, env, kind, wave, shard, jobs)
    if folder := _folder(what):
        from tenantctl.cli.many import apply_saved

        return apply_saved(here.root, folder, several, as_json=as_json)
    if found := meant(here.root, what, several):
        from tenantctl.cli.many import apply_many

        options = {
            "--phase": phase,
            "--retire": retire,
            "--delete": delete,
            "--rotate": rotate,
        }
        return apply_many(here.root, found, options, yes=yes, jobs=several.at_once, as_json=as_json)
    session = open_session(here, what or "")
    ask = Ask(tuple(phase or ()), retire, delete, frozenset(rotate or ()))
    from tenantctl.cli.running import plan_and_run

    return plan_and_run(session, ask, yes=yes, full=full, as_json=as_json)


def _folder(what: str | None) -> Path | None:
    """The folder of saved plans that *what* is; `TENANT` and `TENANT/ENV` are none."""
    return Path(what) if what and what.endswith("/") and Path(what).is_dir() else None


def _apply_saved(here: Project, file: str, *, as_json: bool) -> int:
    """Carry out a saved plan; the environment file gives credentials and secrets, nothing else."""
    from tenantctl.cli.running import run_plan
    from tenantctl.files import read_environment
    from tenantctl.ledger import read_plan

    plan = read_plan(Path(file))
    environment = read_environment(here.root, plan.tenant, plan.environment)
    return run_plan(here, environment, plan, as_json=as_json)
