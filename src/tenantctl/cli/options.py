"""The options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Target = Annotated[
    str,
    typer.Argument(
        metavar="TENANT/ENV",
        help="An environment; ENV alone where the project has one tenant.",
        show_default=False,
    ),
]
Chdir = Annotated[
    Path | None,
    typer.Option("--chdir", "-C", help="The project folder.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Everything the text says, as JSON.")]
Phases = Annotated[
    list[int] | None,
    typer.Option("--phase", help="Only the steps of this phase; repeatable.", show_default=False),
]
Retire = Annotated[
    bool, typer.Option("--retire", help="Plan the deletes of phases that are no longer released.")
]
AllowDelete = Annotated[
    bool, typer.Option("--delete", help="Permit deletes where the policy says per_run.")
]
Rotate = Annotated[
    list[str] | None,
    typer.Option("--rotate", metavar="SECRET", help="Write this secret again; repeatable."),
]
Full = Annotated[bool, typer.Option("--full", help="Show every field of what is created.")]
