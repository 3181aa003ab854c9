"""`tenantctl scopes`: what to grant the client that plans or applies."""

from __future__ import annotations

from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Target

Purpose = Annotated[
    str,
    typer.Option(
        "--for",
        metavar="plan|apply|check|drift|export",
        help="The job that is to be permitted.",
        show_default=False,
    ),
]


def scopes(target: Target, purpose: Purpose, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """List the scopes that plan, apply, check, drift or export needs.

    The least set for what is declared, or of an export to read all there is; it asks no tenant.
    JSON says what each is for.
    """
    import datetime as dt

    from tenantctl.cli import terminal
    from tenantctl.cli.wiring import project
    from tenantctl.errors import UsageError
    from tenantctl.files import find, load
    from tenantctl.ledger import open_ledger
    from tenantctl.workflows.scopes import PURPOSES, needed_scopes, scopes_to_export

    if purpose not in PURPOSES:
        help = f"write --for {', '.join(PURPOSES)}"
        raise UsageError(f"there are no scopes for {purpose}", help=help)
    if purpose == "export":
        needed = scopes_to_export()
    else:
        here = project(chdir)
        loaded = load(here.root, *find(here.root, target))
        target = loaded.environment.id
        receipt = open_ledger(here.state).receipt(*target.split("/"))
        today = dt.date.today()  # noqa: DTZ011 - a person's day
        needed = needed_scopes(loaded, receipt, purpose, today)
    if as_json:
        terminal.out_json(
            {
                "format": 1,
                "type": "scopes",
                "environment": target,
                "for": purpose,
                "scopes": [{"scope": each, "kinds": kinds} for each, kinds in needed.items()],
            }
        )
        return 0
    for each in needed:
        terminal.out(each)
    return 0
