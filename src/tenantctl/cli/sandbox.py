"""`tenantctl sandbox`: the embedded tenant of an environment."""

from __future__ import annotations

import typer

from tenantctl.cli import terminal
from tenantctl.cli.options import AsJson, Chdir, Target
from tenantctl.cli.sandbox_opened import opened
from tenantctl.cli.sandbox_serve import serve
from tenantctl.cli.sandbox_settings import clock, faults, features, requests
from tenantctl.cli.sandbox_state import restore, seed, snapshot

app = typer.Typer(
    help="The embedded tenant of an environment.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command()
def status(target: Target, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Count what the embedded tenant holds."""
    with opened(target, chdir) as sandbox:
        found = sandbox.status()
    if as_json:
        terminal.out_json(found, "sandbox")
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
    with opened(target, chdir) as sandbox:
        sandbox.reset()
    if as_json:
        terminal.out_json({"domain": sandbox.domain, "reset": True}, "sandbox_reset")
    else:
        terminal.out(f"{sandbox.domain} is a fresh tenant again")
    return 0


for verb in (seed, snapshot, restore, clock, features, faults, requests, serve):
    app.command()(verb)
