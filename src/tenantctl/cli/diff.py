"""`tenantctl diff`: how do two states of tenants differ?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Into, Stats
from tenantctl.cli.reporting import Reports

if TYPE_CHECKING:
    from tenantctl.cli.wiring import Project

OPERAND = (
    "TENANT/ENV (the files here), TENANT/ENV@COMMIT, live:TENANT/ENV, receipt:TENANT/ENV[@NAME], a "
    "saved plan or a backup."
)
One = Annotated[str, typer.Argument(metavar="A", help=OPERAND, show_default=False)]
Other = Annotated[str, typer.Argument(metavar="B", help="Likewise.", show_default=False)]
Addresses = Annotated[
    list[str] | None,
    typer.Option(
        "--address",
        metavar="GLOB",
        help="Only what has such an address, as clients.web-*; repeatable.",
        show_default=False,
    ),
]
AllFields = Annotated[
    bool,
    typer.Option(
        "--all-fields",
        help="Show fields that only the tenants' domains tell apart, and secrets of which nobody "
        "can tell.",
    ),
]
Whole = Annotated[bool, typer.Option("--full", help="Show every field and every line.")]
Detailed = Annotated[bool, typer.Option("--detailed-exitcode", help="Exit 2 if they differ.")]


def diff(
    a: One,
    b: Other,
    address: Addresses = None,
    all_fields: AllFields = False,
    full: Whole = False,
    detailed_exitcode: Detailed = False,
    report: Reports = None,
    json_into: Into = None,
    stats: Stats = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Show how one state of a tenant differs from another.

    What leads from A to B is shown. Files, earlier commits, live tenants, plans, backups and
    receipts can stand beside each other, of one environment or of two. A live tenant is read with
    reading scopes; nothing is written.
    """
    from tenantctl.cli.differing import SUFFIXES, Shown, find_differences, show_differences
    from tenantctl.cli.reporting import check_reports
    from tenantctl.cli.run import Run
    from tenantctl.cli.watching import watched
    from tenantctl.cli.wiring import project

    check_reports(report, SUFFIXES)

    def job(here: Project) -> int:
        found = find_differences(here, a, b, tuple(address or ()), everything=all_fields)
        show_differences(found, Shown(report, full=full, as_json=as_json))
        return 2 if detailed_exitcode and found.changes else 0

    return watched(project(chdir), Run("diff", f"{a} {b}", json_into, stats), job)
