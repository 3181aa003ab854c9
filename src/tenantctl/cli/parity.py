"""`tenantctl parity`: in what do the environments of a tenant differ, and is that declared?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Into, Now, Stats
from tenantctl.cli.reporting import Reports

if TYPE_CHECKING:
    from tenantctl.cli.wiring import Project

TenantName = Annotated[
    str | None,
    typer.Argument(
        metavar="[TENANT]",
        help="A tenant; it need not be named where the project has one.",
        show_default=False,
    ),
]
Live = Annotated[
    bool,
    typer.Option(
        "--live",
        help="Read the tenants, too: what was changed there, and what no file manages.",
    ),
]
Listed = Annotated[
    bool, typer.Option("--all", help="List what only variables and domains tell apart, too.")
]
Detailed = Annotated[
    bool, typer.Option("--detailed-exitcode", help="Exit 5 if something is not declared.")
]


def parity(
    tenant: TenantName = None,
    live: Live = False,
    everything: Listed = False,
    now: Now = None,
    detailed_exitcode: Detailed = False,
    report: Reports = None,
    json_into: Into = None,
    stats: Stats = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Show in what the environments of a tenant differ, and why.

    Variables, overrides, $only and phases declare a difference. What is declined, on hold or
    unmanaged in one environment makes it another build; that is what the check of parity finds,
    and its waivers in tenant.yaml say where it is meant. Reads only.
    """
    from tenantctl.cli.reporting import check_reports
    from tenantctl.cli.run import Run
    from tenantctl.cli.siding import SUFFIXES, Asked, find_parity, show_parity
    from tenantctl.cli.watching import watched
    from tenantctl.cli.wiring import project

    check_reports(report, SUFFIXES)
    asked = Asked(live=live, everything=everything, now=now.date() if now else None)

    def job(here: Project) -> int:
        found = find_parity(here, tenant or "", asked)
        show_parity(found, asked, report, as_json=as_json)
        return 5 if detailed_exitcode and found[0].undeclared else 0

    return watched(project(chdir), Run("parity", tenant or "", json_into, stats), job)
