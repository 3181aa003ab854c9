"""The verbs: which there are, and where each is. A run builds no more of them than it needs."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer

from tenantctl import __version__
from tenantctl.cli import terminal

VERBS: Mapping[str, str] = {
    "validate": "validate:validate",
    "plan": "plan:plan",
    "apply": "apply:apply",
    "check": "check:check",
    "drift": "drift:drift",
    "show": "show:show",
    "resume": "resume:resume",
    "promote": "promote:promote",
    "rehearse": "rehearse:rehearse",
    "rollback": "rollback:rollback",
    "diff": "diff:diff",
    "parity": "parity:parity",
    "explain": "explain:explain",
    "status": "status:status",
    "kinds": "kinds:kinds",
    "playbooks": "playbooks:playbooks",
    "scopes": "scopes:scopes",
    "outputs": "outputs:outputs",
    "test": "test:prove",
    "backup": "backup:backup",
    "restore": "restore:restore",
    "receipts": "receipts:app",
    "attest": "attest:attest",
    "lock": "lock:app",
    "doctor": "doctor:doctor",
    "bootstrap": "bootstrap:bootstrap",
    "limits": "limits:limits",
    "addresses": "addresses:addresses",
    "fleet": "fleet:fleet",
    "init": "init:init",
    "export": "export:export",
    "import": "import_:import_",
    "convert": "convert:app",
    "sandbox": "sandbox:app",
}
"""A function, or an app of several, by module of this package and name in it; as --help lists."""

EXITS = (
    "Exit codes: 0 done, 1 failed, 2 changes (--detailed-exitcode), 3 the tenant moved, "
    "4 partly applied, 5 refused, 6 waiting, 64 usage, 65 files, 69 unreachable, 75 locked or "
    "rate-limited, 77 credentials, 130 interrupted."
)


def found(name: str) -> Any:
    """The function or the app of the verb *name*."""
    module, _, attribute = VERBS[name].partition(":")
    return getattr(import_module(f"tenantctl.cli.{module}"), attribute)


@cache
def command_for(word: str) -> Any:
    """The command line as it is called with *word* first.

    Where that is a verb it has no other, and where it is none all of them, without their options:
    to look at the options of every verb takes longer than most verbs do.
    """
    app = typer.Typer(
        name="tenantctl",
        help="Tenant as code for Auth0: declare a tenant in YAML, plan the difference, apply it.",
        no_args_is_help=True,
        rich_markup_mode=None,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        epilog=EXITS,
    )
    app.callback()(root)
    for name in (word,) if word in VERBS else VERBS:
        verb = found(name)
        if name != word:
            app.command(name, help=_told(verb))(_nothing)
        elif isinstance(verb, typer.Typer):
            app.add_typer(verb, name=name)
        else:
            app.command(name)(verb)
    return typer.main.get_command(app)


def _told(verb: Any) -> str:
    """What a verb is for."""
    return str(verb.info.help) if isinstance(verb, typer.Typer) else inspect.getdoc(verb) or ""


def _nothing() -> None:
    """Stands for a verb that was not asked for."""


def _version(asked: bool) -> None:
    if asked:
        terminal.out(f"tenantctl {__version__}")
        raise typer.Exit


def root(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Tenant as code for Auth0: declare a tenant in YAML, plan the difference, apply exactly it."""
