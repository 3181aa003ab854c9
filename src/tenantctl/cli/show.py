"""`tenantctl show`: a saved plan, or how the last apply left an environment."""

from __future__ import annotations

from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Full
from tenantctl.cli.reporting import Reports, check_reports

What = Annotated[
    str,
    typer.Argument(
        metavar="TENANT/ENV|PLAN.json",
        help="An environment, for its last receipt, or a saved plan.",
        show_default=False,
    ),
]


def show(
    what: What,
    full: Full = False,
    report: Reports = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Show a saved plan, or the last receipt.

    Reads no tenant.
    """
    from contextlib import suppress

    from tenantctl.cli.planning import plan_file
    from tenantctl.cli.sharing import fetch
    from tenantctl.cli.showing import RECEIPTS, home_here, show_plan, show_receipt
    from tenantctl.cli.wiring import project
    from tenantctl.errors import FilesError, UsageError
    from tenantctl.files import find, read_environment
    from tenantctl.ledger import open_ledger, read_plan

    if file := plan_file(what):
        check_reports(report, beside=file)
        plan = read_plan(file)
        home = home_here(plan.tenant, chdir) if report else ""
        show_plan(plan, as_json=as_json, full=full, reports=report, home=home)
        return 0
    check_reports(report, RECEIPTS)
    here = project(chdir)
    tenant, environment = find(here.root, what)
    with suppress(FilesError):  # the last receipt is shown, whatever the files say by now
        fetch(here, read_environment(here.root, tenant, environment))
    receipt = open_ledger(here.state).receipt(tenant, environment)
    if receipt is None:
        raise UsageError(
            f"{tenant}/{environment} has no receipt: nothing was applied from here yet",
            help=f"tenantctl apply {tenant}/{environment}",
        )
    show_receipt(receipt, None, as_json=as_json, reports=report)
    return 0
