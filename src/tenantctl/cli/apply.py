"""`tenantctl apply`: carry out a plan, a saved one or one made now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli.options import AllowDelete, AsJson, Chdir, Full, Phases, Retire, Rotate

if TYPE_CHECKING:
    from tenantctl.cli.wiring import Project

What = Annotated[
    str,
    typer.Argument(
        metavar="TENANT/ENV|PLAN.json",
        help="An environment to plan and apply, or a plan saved with `plan --out`.",
        show_default=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def apply(
    what: What,
    yes: Yes = False,
    phase: Phases = None,
    retire: Retire = False,
    delete: AllowDelete = False,
    rotate: Rotate = None,
    full: Full = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Make the live tenant what the files say.

    Plans, asks, and carries out the plan in dependency order; a saved plan never asks.
    """
    from tenantctl.cli.planning import open_session, plan_file
    from tenantctl.cli.wiring import project
    from tenantctl.workflows import Ask

    here = project(chdir)
    if file := plan_file(what):
        return _apply_saved(here, str(file), as_json=as_json)
    session = open_session(here, what)
    ask = Ask(tuple(phase or ()), retire, delete, frozenset(rotate or ()))
    from tenantctl.cli.running import plan_and_run

    return plan_and_run(session, ask, yes=yes, full=full, as_json=as_json)


def _apply_saved(here: Project, file: str, *, as_json: bool) -> int:
    """Carry out a saved plan; the environment file gives credentials and secrets, nothing else."""
    from pathlib import Path

    from tenantctl.cli.running import run_plan
    from tenantctl.files import read_environment
    from tenantctl.ledger import read_plan

    plan = read_plan(Path(file))
    environment = read_environment(here.root, plan.tenant, plan.environment)
    return run_plan(here, environment, plan, as_json=as_json)
