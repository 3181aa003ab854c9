"""The options that several verbs share."""

from __future__ import annotations

import datetime as dt
import re
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
Targets = Annotated[
    str | None,
    typer.Argument(
        metavar="[TENANT/ENV|TENANT|FLEET]",
        help="An environment; ENV alone where the project has one tenant. Or all environments of "
        "a tenant, or of a fleet.",
        show_default=False,
    ),
]
Every = Annotated[bool, typer.Option("--all", help="All environments of the project.")]
EnvNames = Annotated[
    list[str] | None,
    typer.Option("--env", help="Of several, those of this name; repeatable.", show_default=False),
]
EnvKinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help="Of several, those of this kind; repeatable.", show_default=False),
]
Wave = Annotated[
    int | None,
    typer.Option("--wave", min=1, help="Of several, those that come n-th.", show_default=False),
]
Shard = Annotated[
    str | None,
    typer.Option(
        "--shard", metavar="I/N", help="Of several, every N-th tenant.", show_default=False
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", min=1, help="How many at once; 4 without it.", show_default=False),
]
Junit = Annotated[
    Path | None,
    typer.Option(
        "--junit",
        metavar="FILE",
        help="Write JUnit XML, too; of several, into this folder.",
        show_default=False,
    ),
]
Offline = Annotated[
    bool, typer.Option("--offline", help="Read no tenant; what only it can tell stays open.")
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
Until = Annotated[
    str | None,
    typer.Option(
        "--until-milestone",
        metavar="MILESTONE",
        help="Only the steps due by this milestone of the last phase, such as M1.",
        show_default=False,
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="GLOB",
        help="Only steps of such addresses, as clients.*, and what they need; repeatable.",
        show_default=False,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="GLOB",
        help="No steps of such addresses, nor what needs them; repeatable.",
        show_default=False,
    ),
]
Now = Annotated[
    dt.datetime | None,
    typer.Option(
        "--now",
        metavar="DATE",
        formats=["%Y-%m-%d"],
        help="Judge as if it were this day: attestations, waivers and permissions have their time.",
        show_default=False,
    ),
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
Into = Annotated[
    Path | None,
    typer.Option(
        "--json-into",
        metavar="FILE",
        help="Write what happens as lines of JSON, too, as it happens.",
        show_default=False,
    ),
]
Stats = Annotated[bool, typer.Option("--stats", help="Say at the end what was asked of Auth0.")]


def _seconds(text: object) -> float:
    """A time such as 90s, 5m or 1h, in seconds."""
    found = re.fullmatch(r"(\d{1,6})([smh])", str(text))
    if found is None:
        raise typer.BadParameter("a time is meant, such as 90s, 5m or 1h")
    return float(int(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2]])


LockTimeout = Annotated[
    float | None,
    typer.Option(
        "--lock-timeout",
        metavar="TIME",
        parser=_seconds,
        help="Wait this long, such as 5m, for whoever else applies to the tenant.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Save the plan for `apply PLAN`.", show_default=False),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
