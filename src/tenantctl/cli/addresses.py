"""`tenantctl addresses`: what to let through a firewall."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Target
from tenantctl.errors import UsageError

Source = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="Auth0's list, downloaded before; it is fetched without.",
        show_default=False,
    ),
]
Region = Annotated[
    str,
    typer.Option(
        "--region", metavar="CODE", help="The region, where the domain does not say it: US, EU, ..."
    ),
]
Form = Annotated[
    str,
    typer.Option("--as", metavar="text|plain|nftables", help="What is printed."),
]


def addresses(
    target: Target,
    source: Source = None,
    region: Region = "",
    form: Form = "text",
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """List the addresses that Auth0 calls from, and what it calls.

    For whoever keeps a firewall in front of a database, a mail server or an API that code of the
    tenant calls. The addresses are those that Auth0 publishes for the tenant's region. Asks no
    tenant.
    """
    import datetime as dt

    from tenantctl.cli import terminal
    from tenantctl.cli.wiring import project
    from tenantctl.files import find, load
    from tenantctl.gateway.outbound import PUBLISHED, fetch, parse
    from tenantctl.report.addresses import addresses_as_json, addresses_text, nftables, plain
    from tenantctl.workflows.addresses import allowed

    if form not in {"text", "plain", "nftables"}:
        raise UsageError(f"nothing is printed as {form}", help="write text, plain or nftables")
    here = project(chdir)
    loaded = load(here.root, *find(here.root, target))
    name = str(source) if source else PUBLISHED
    outbound = parse(_read(source) if source else fetch(), name)
    found = allowed(loaded, outbound, name, region, dt.date.today())  # noqa: DTZ011 - a person's day
    if as_json:
        terminal.out_json(addresses_as_json(found))
    elif form == "plain":
        terminal.out(plain(found.cidrs))
    else:
        terminal.out(nftables(found) if form == "nftables" else addresses_text(found))
    return 0


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeError):
        raise UsageError(
            f"{file} cannot be read", help="give the list that Auth0 publishes"
        ) from None
