"""`tenantctl resume`: go on with the plan of the last unfinished run."""

from __future__ import annotations

from tenantctl.cli.options import AsJson, Chdir, Into, LockTimeout, Stats, Target
from tenantctl.cli.reporting import Reports, check_reports


def resume(
    target: Target,
    lock_timeout: LockTimeout = None,
    report: Reports = None,
    json_into: Into = None,
    stats: Stats = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Go on with the plan of the last unfinished apply.

    What the tenant shows to be done is not done again; secrets that it hides are written anew.
    """
    from tenantctl.cli import terminal
    from tenantctl.cli.run import Run
    from tenantctl.cli.running import run_plan
    from tenantctl.cli.watching import watched
    from tenantctl.cli.wiring import project
    from tenantctl.files import find, read_environment
    from tenantctl.ledger import open_ledger

    check_reports(report, into=json_into)
    here = project(chdir, patience=lock_timeout)
    tenant, name = find(here.root, target)
    unfinished = open_ledger(here.state).unfinished(tenant, name)
    if unfinished is None:
        if as_json:
            terminal.out_json({"environment": f"{tenant}/{name}", "unfinished": None}, "resume")
        else:
            terminal.out(f"{tenant}/{name}: nothing to resume, the last run was finished")
        return 0
    environment = read_environment(here.root, tenant, name)
    plan = unfinished.plan
    return watched(
        here,
        Run("resume", target, json_into, stats, tuple(report or ())),
        lambda here: run_plan(here, environment, plan, as_json=as_json, resume=True),
    )
