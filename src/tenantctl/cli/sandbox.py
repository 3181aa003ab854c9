"""`tenantctl sandbox`: the embedded tenant of an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from tenantctl.cli.options import AsJson, Chdir, Target
from tenantctl.cli.sandbox_serve import serve

if TYPE_CHECKING:
    from pathlib import Path

    from tenantctl.sandbox import Sandbox

app = typer.Typer(
    help="The embedded tenant of an environment.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


app.command()(serve)


def _open(target: str, chdir: Path | None) -> Sandbox:
    from tenantctl.cli.wiring import open_sandbox, project
    from tenantctl.errors import UsageError
    from tenantctl.files import find, read_environment

    here = project(chdir)
    environment = read_environment(here.root, *find(here.root, target))
    if not environment.embedded:
        raise UsageError(
            f"{environment.id} is {environment.domain}, not an embedded tenant",
            help="the sandbox verbs work where the environment file says domain: embedded",
        )
    return open_sandbox(environment, here.state)


@app.command()
def status(target: Target, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Count what the embedded tenant holds."""
    from tenantctl.cli import terminal

    sandbox = _open(target, chdir)
    found = sandbox.status()
    sandbox.close()
    if as_json:
        terminal.out_json(found)
        return 0
    terminal.out(f"{found['domain']}    {found['path']}")
    for name, count in found["resources"].items():
        terminal.out(f"  {count:>5} {name}")
    asked = ", ".join(f"{count} {name}" for name, count in found["requests"].items())
    terminal.out(f"  requests: {asked or 'none'}")
    return 0


@app.command()
def reset(target: Target, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Make the embedded tenant a fresh one again.

    Receipts are kept, so the next plan shows everything as new.
    """
    from tenantctl.cli import terminal

    sandbox = _open(target, chdir)
    sandbox.reset()
    domain = sandbox.status()["domain"]
    sandbox.close()
    if as_json:
        terminal.out_json({"domain": domain, "reset": True})
    else:
        terminal.out(f"{domain} is a fresh tenant again")
    return 0
