"""`tenantctl bootstrap`: what to create once by hand, so that the tool can sign in."""

from __future__ import annotations

from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Target

FORMATS = ("text", "auth0-cli")
Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="text|auth0-cli",
        help="Steps for people, or a script of the auth0 CLI's commands.",
    ),
]


def bootstrap(
    target: Target, format: Format = "text", as_json: AsJson = False, chdir: Chdir = None
) -> int:
    """Tell what to create once by hand.

    The applications that plan and apply, with the scopes that the files need, their keys, and
    where everything goes. Told from the files alone: it asks no tenant and writes nothing.
    """
    import datetime as dt

    from tenantctl.cli import terminal
    from tenantctl.cli.wiring import project
    from tenantctl.errors import UsageError
    from tenantctl.files import find, load
    from tenantctl.ledger import open_ledger
    from tenantctl.report.bootstrap import bootstrap_as_json, bootstrap_script, bootstrap_text
    from tenantctl.workflows.bootstrap import bootstrap as found_for

    if format not in FORMATS:
        raise UsageError(f"there is no format {format}", help=f"write {' or '.join(FORMATS)}")
    here = project(chdir)
    loaded = load(here.root, *find(here.root, target))
    receipt = open_ledger(here.state).receipt(loaded.environment.tenant, loaded.environment.name)
    found = found_for(loaded, receipt, dt.datetime.now(dt.UTC).date())
    if as_json:
        terminal.out_json(bootstrap_as_json(found))
    else:
        terminal.out(bootstrap_script(found) if format == "auth0-cli" else bootstrap_text(found))
    return 0
