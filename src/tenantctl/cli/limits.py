"""`tenantctl limits`: what the subscription permits, and what that means for a run."""

from __future__ import annotations

from tenantctl.cli.options import AsJson, Chdir, Target


def limits(target: Target, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Show the rate limits that runs keep to, and how long they take.

    Told from the files alone: it asks no tenant.
    """
    from tenantctl.cli import terminal
    from tenantctl.cli.wiring import project
    from tenantctl.files import find, load
    from tenantctl.report.limits import limits_as_json, limits_text
    from tenantctl.workflows.limits import profile

    here = project(chdir)
    found = profile(load(here.root, *find(here.root, target)))
    if as_json:
        terminal.out_json(limits_as_json(found))
    else:
        terminal.out(limits_text(found))
    return 0
