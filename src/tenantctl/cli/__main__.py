"""The command line: parse, wire, print, exit. One file a verb."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from tenantctl import __version__
from tenantctl.cli import convert, lock, receipts, sandbox, terminal
from tenantctl.cli.addresses import addresses
from tenantctl.cli.apply import apply
from tenantctl.cli.attest import attest
from tenantctl.cli.backup import backup
from tenantctl.cli.bootstrap import bootstrap
from tenantctl.cli.check import check
from tenantctl.cli.diff import diff
from tenantctl.cli.doctor import doctor
from tenantctl.cli.drift import drift
from tenantctl.cli.ending import ended
from tenantctl.cli.explain import explain
from tenantctl.cli.export import export
from tenantctl.cli.fleet import fleet
from tenantctl.cli.import_ import import_
from tenantctl.cli.init import init
from tenantctl.cli.kinds import kinds
from tenantctl.cli.limits import limits
from tenantctl.cli.outputs import outputs
from tenantctl.cli.parity import parity
from tenantctl.cli.plan import plan
from tenantctl.cli.playbooks import playbooks
from tenantctl.cli.promote import promote
from tenantctl.cli.rehearse import rehearse
from tenantctl.cli.restore import restore
from tenantctl.cli.resume import resume
from tenantctl.cli.rollback import rollback
from tenantctl.cli.scopes import scopes
from tenantctl.cli.show import show
from tenantctl.cli.status import status
from tenantctl.cli.test import prove
from tenantctl.cli.validate import validate

USAGE = 64
WRONG_USAGE: type[Exception] = typer.BadParameter.__mro__[1]
"""The base of typer's usage errors; typer brings its own click and exports only this leaf."""

app = typer.Typer(
    name="tenantctl",
    help="Tenant as code for Auth0: declare a tenant in YAML, plan the difference, apply it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 failed, 2 changes (--detailed-exitcode), 3 the tenant moved, "
    "4 partly applied, 5 refused, 6 waiting, 64 usage, 65 files, 69 unreachable, 75 locked or "
    "rate-limited, 77 credentials, 130 interrupted.",
)
for verb in (
    validate,
    plan,
    apply,
    check,
    drift,
    show,
    resume,
    explain,
    kinds,
    playbooks,
    scopes,
    outputs,
):
    app.command()(verb)
app.command()(rehearse)
app.command()(diff)
app.command()(parity)
app.command()(status)
app.command()(promote)
app.command()(rollback)
app.command()(backup)
app.command()(restore)
app.command()(addresses)
app.command()(limits)
app.command()(doctor)
app.command()(bootstrap)
app.command()(fleet)
app.command()(init)
app.command()(export)
app.command("import")(import_)
app.command("test")(prove)
app.add_typer(convert.app, name="convert")
app.add_typer(sandbox.app, name="sandbox")
app.command()(attest)
app.add_typer(receipts.app, name="receipts")
app.add_typer(lock.app, name="lock")


def _version(asked: bool) -> None:
    if asked:
        terminal.out(f"tenantctl {__version__}")
        raise typer.Exit


@app.callback()
def root(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Tenant as code for Auth0: declare a tenant in YAML, plan the difference, apply exactly it."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code. Whatever goes wrong is told in words, never a traceback."""

    def command() -> object:
        try:
            return app(args=list(arguments), prog_name="tenantctl", standalone_mode=False)
        except WRONG_USAGE as error:
            error.show(sys.stderr)  # type: ignore[attr-defined]
            return USAGE

    return ended(command, as_json="--json" in arguments)


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
