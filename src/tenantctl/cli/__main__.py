"""The command line: parse, wire, print, exit. One file a verb, listed in `verbs`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from tenantctl.cli import terminal
from tenantctl.cli.ending import ended
from tenantctl.cli.usage import refused
from tenantctl.cli.verbs import command_for

USAGE = 64
WRONG_USAGE: type[Exception] = typer.BadParameter.__mro__[1]
"""The base of typer's usage errors; typer brings its own click and exports only this leaf."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code. Whatever goes wrong is told in words, never a traceback."""

    def command() -> object:
        call = command_for(arguments[0] if arguments else "")
        try:
            # Not by its own `main`, which makes an interrupt a code and says nothing of it.
            with call.make_context("tenantctl", list(arguments)) as context:
                return call.invoke(context)
        except WRONG_USAGE as error:
            if told := refused(error, arguments):
                raise told from None
            error.show(sys.stderr)  # type: ignore[attr-defined]
            return USAGE

    return ended(command, as_json="--json" in arguments)


def main() -> None:
    """The console script."""
    terminal.forgive(sys.stdout, sys.stderr)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
