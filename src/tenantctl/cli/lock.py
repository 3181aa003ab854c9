"""`tenantctl lock`: who applies to a tenant, and releasing what a run that is gone has left."""

from __future__ import annotations

import typer

from tenantctl.cli.options import AsJson, Chdir, Target, Yes

app = typer.Typer(
    help="Who applies to a tenant.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command()
def show(target: Target, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Tell who applies to a tenant, on this machine or on others."""
    from tenantctl.cli.releasing import tell
    from tenantctl.cli.wiring import project

    return tell(project(chdir), target, as_json=as_json)


@app.command()
def release(target: Target, yes: Yes = False, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Release the lease of a run that is gone.

    A run that is not gone stops when it notices. The lock of this machine ends with its process.
    """
    from tenantctl.cli.releasing import free
    from tenantctl.cli.wiring import project

    return free(project(chdir), target, yes=yes, as_json=as_json)
