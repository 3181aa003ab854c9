"""`tenantctl kinds`: what can be declared, and how the API treats it."""

from __future__ import annotations

from typing import Annotated

import typer

from tenantctl.cli.options import AsJson

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[KIND]",
        help="One kind, such as clients; without it, a table of all.",
        show_default=False,
    ),
]


def kinds(name: Name = None, as_json: AsJson = False) -> int:
    """List the kinds of resources, or tell about one.

    Its key, references, sets, secrets, defaults, scopes, requests, and the topics it belongs to.
    """
    from tenantctl.cli import terminal
    from tenantctl.report import kind_page, kinds_as_json, kinds_table, view_kinds

    views = view_kinds()
    if name is not None:
        views = tuple(view for view in views if view.name == _known(name))
    if as_json:
        terminal.out_json(kinds_as_json(views))
        return 0
    color, width = terminal.coloured(), terminal.width()
    if name is None:
        terminal.out(kinds_table(views, color=color, width=width))
    else:
        terminal.out(kind_page(views[0], color=color, width=width))
    return 0


def _known(name: str) -> str:
    """*name*, if it is a kind's. Raises UsageError with a suggestion."""
    from difflib import get_close_matches

    from tenantctl.errors import UsageError
    from tenantctl.kinds import KINDS

    if name in KINDS:
        return name
    close = get_close_matches(name, KINDS, n=1)
    raise UsageError(
        f"there is no kind {name}",
        help=f"did you mean {close[0]}?" if close else "tenantctl kinds lists them",
    )
