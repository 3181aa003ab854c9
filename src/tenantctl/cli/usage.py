"""What typer refuses, told as everything else is: what is wrong, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tenantctl.cli.verbs import VERBS
from tenantctl.errors import UsageError


def refused(error: Any, arguments: Sequence[str]) -> UsageError | None:
    """The usage error *error* of typer as ours; None where nothing but the help was asked for.

    typer brings its own click and exports none of these errors by name but the leaf.
    """
    said = str(error.format_message())
    if said.startswith("Usage:"):
        return None
    first = arguments[0].partition("=")[0] if arguments else ""
    verb = next((word for word in arguments if word in VERBS), "")
    if verb and first.startswith("-"):
        help = f"options stand behind it: tenantctl {verb} ... {first}"
        return UsageError(f"{first} stands before the verb", help=help)
    return UsageError(said[:1].lower() + said[1:].rstrip("."), help=_help(error, verb))


def _help(error: Any, verb: str) -> str:
    """How what was refused is written: the option or argument, or else the whole verb."""
    context, param = error.ctx, getattr(error, "param", None)
    path = context.command_path if context else f"tenantctl {verb}".rstrip()
    record = param.get_help_record(context) if param and context else None
    if record:
        name, told = record
        told = told.removesuffix("[required]").rstrip(" .")
        return f"{name}: {told}; {path} --help tells more"
    if context and verb:
        usage = " ".join(context.get_usage().removeprefix("Usage:").split())
        return f"{usage}; --help tells more"
    return f"{path} --help"
