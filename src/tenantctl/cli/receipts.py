"""`tenantctl receipts`: what is kept of applies, tests, looks for drift and people's words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Target

app = typer.Typer(
    help="What is kept of applies and tests, and shared over Git.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Whose = Annotated[
    str | None,
    typer.Argument(
        metavar="[TENANT/ENV]",
        help="An environment; without it all that share their receipts.",
        show_default=False,
    ),
]
Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="A name of `receipts log`, or how it begins."),
]
Last = Annotated[int, typer.Option("--last", "-n", min=1, help="How many to list.")]
Out = Annotated[
    Path,
    typer.Option("--out", metavar="FILE", help="Where to write the private key, for its owner."),
]


@app.command()
def fetch(target: Whose = None, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Bring receipts that others have pushed.

    Checks each of them; what is damaged or of another tenant is left out, and said. Where the
    receipts of this machine are lost, this restores them.
    """
    from tenantctl.cli.keeping_receipts import bring
    from tenantctl.cli.wiring import project

    return bring(project(chdir), target, as_json=as_json)


@app.command()
def push(target: Whose = None, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Give others the receipts that only this machine has.

    Adds files to the branch of receipts. What somebody else has pushed meanwhile stays.
    """
    from tenantctl.cli.keeping_receipts import give
    from tenantctl.cli.wiring import project

    return give(project(chdir), target, as_json=as_json)


@app.command()
def log(target: Target, last: Last = 50, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """List the receipts of an environment, the newest first.

    With their kind, how it ended, who, when, and whose signature they carry.
    """
    from tenantctl.cli.keeping_receipts import listed
    from tenantctl.cli.wiring import project

    return listed(project(chdir), target, last, as_json=as_json)


@app.command()
def show(target: Target, name: Name, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Show everything that one receipt says."""
    from tenantctl.cli.keeping_receipts import shown
    from tenantctl.cli.wiring import project

    return shown(project(chdir), target, name, as_json=as_json)


@app.command()
def key(out: Out, as_json: AsJson = False) -> int:
    """Make a key that receipts are signed with.

    The private key goes into a file that only you can read; the public one is printed.
    """
    from tenantctl.cli.keeping_receipts import new_key

    return new_key(out, as_json=as_json)
