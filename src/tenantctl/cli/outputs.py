"""`tenantctl outputs`: client ids, audiences and domains for the pipelines of applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenantctl.cli.options import AsJson, Chdir, Target

if TYPE_CHECKING:
    from tenantctl.cli.planning import Session
    from tenantctl.workflows.outputs import Outputs

To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="FILE|env|github",
        help="A .env or .json file, lines for a shell, or the outputs of a GitHub Actions step.",
        show_default=False,
    ),
]
Secrets = Annotated[
    bool,
    typer.Option("--secrets", help="Client secrets, too; only to a file or to github."),
]


def outputs(
    target: Target,
    to: To = "",
    secrets: Secrets = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Publish client ids, audiences and domains.

    For application pipelines: of everything that is declared, under names that stay the same.
    Reads only, with the plan credentials.
    """
    import os

    from tenantctl.cli import terminal
    from tenantctl.cli.planning import open_session
    from tenantctl.cli.sinks import check_sink, publish
    from tenantctl.cli.wiring import project

    check_sink(to, secrets=secrets, as_json=as_json, environ=os.environ)
    session = open_session(project(chdir), target)
    found = _read(session, secrets=secrets)
    id = session.loaded.environment.id
    if to:
        publish(to, found.published, os.environ)
    if as_json:
        terminal.out_json(_document(id, to, found))
    elif not to:
        _show(found)
    elif to != "env":
        terminal.say(f"{len(found.published)} outputs of {id} are in {to}")
    for address in found.waiting:
        terminal.say(f"{address} is left out: it is not in service yet")
    return 0


def _read(session: Session, *, secrets: bool) -> Outputs:
    """Everything that is to be published, with the plan credentials."""
    import asyncio

    from tenantctl.workflows.outputs import outputs

    async def job() -> Outputs:
        opener = session.opener()
        async with opener(session.loaded.environment, session.vault, "plan") as gateway:
            return await outputs(session.loaded, gateway, session.receipt, secrets=secrets)

    return asyncio.run(job())


def _document(id: str, to: str, found: Outputs) -> dict[str, Any]:
    """What was published as JSON; of a secret only that it was."""
    rows = [
        {"name": p.name, "address": p.address, "field": p.field, "secret": p.secret}
        | ({} if p.secret else {"value": p.value})
        for p in found.published
    ]
    return {
        "format": 1,
        "type": "outputs",
        "environment": id,
        "to": to,
        "outputs": rows,
        "waiting": [str(address) for address in found.waiting],
    }


def _show(found: Outputs) -> None:
    from tenantctl.cli import terminal
    from tenantctl.report import visible

    room = max(len(each.name) for each in found.published)
    for each in found.published:
        terminal.out(f"{each.name:<{room}}  {visible(each.value)}")
