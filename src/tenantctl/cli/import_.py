"""`tenantctl import`: choose objects of a live tenant to be declared from now on."""

from __future__ import annotations

from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Target

KindName = Annotated[
    str | None,
    typer.Argument(
        metavar="[KIND]",
        help="A kind, such as clients; without it, all that nobody declares is listed.",
        show_default=False,
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help="Names of objects, or patterns such as 'Shop *'."),
]


def import_(
    target: Target,
    kind: KindName = None,
    names: Names = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """List what nobody declares, or write some of it into the files.

    With a kind and names, writes these objects of the live tenant into the YAML, with what they
    cannot be declared without; everything that is there stays. Reads the tenant only.
    """
    from tenantctl.cli.revising import import_objects, list_unmanaged

    if kind is None or not names:
        return list_unmanaged(target, kind or "", chdir, as_json=as_json)
    return import_objects(target, kind, names, chdir, as_json=as_json)
