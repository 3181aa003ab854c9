"""`tenantctl restore`: plan the way back to a backup."""

from __future__ import annotations

from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Full, Out, Target

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE|latest",
        help="A backup that `tenantctl backup` made; latest is the newest one that is listed.",
        show_default=False,
    ),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help="Only what is of this kind; repeatable.", show_default=False),
]
Globs = Annotated[
    list[str] | None,
    typer.Option(
        "--address",
        metavar="GLOB",
        help="Only what has such an address, as clients.web-*; repeatable.",
        show_default=False,
    ),
]
Delete = Annotated[
    bool,
    typer.Option(
        "--delete",
        help="Delete what an apply has made since, where the policy permits deletes.",
    ),
]
Elsewhere = Annotated[
    bool,
    typer.Option("--from-elsewhere", help="The backup is of another tenant or environment."),
]


def restore(
    target: Target,
    file: File,
    kind: Kinds = None,
    address: Globs = None,
    delete: Delete = False,
    from_elsewhere: Elsewhere = False,
    out: Out = None,
    full: Full = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Plan what makes a live tenant as it was when a backup was made.

    The plan is judged by the same rules as any other; save it with --out and apply it. No file is
    changed. Secrets come from where the environment has them from; what the backup does not have
    stays, unless --delete says otherwise. Exits 5 where the plan breaks a rule.
    """
    from tenantctl.cli.planning import open_session
    from tenantctl.cli.restoring import Asked, run_restore
    from tenantctl.cli.wiring import project

    asked = Asked(file, tuple(kind or ()), tuple(address or ()), delete, from_elsewhere, out)
    return run_restore(open_session(project(chdir), target), asked, full=full, as_json=as_json)
