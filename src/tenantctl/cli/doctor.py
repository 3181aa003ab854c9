"""`tenantctl doctor`: is everything there that a run needs?"""

from __future__ import annotations

from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Offline

Where = Annotated[
    str | None,
    typer.Argument(
        metavar="[TENANT/ENV]",
        help="An environment; ENV alone where the project has one tenant. Without it, this machine "
        "and the project's files.",
        show_default=False,
    ),
]
Job = Annotated[
    str,
    typer.Option(
        "--for",
        metavar="plan|apply",
        help="What is to run here: for apply, every secret and its own credentials must be there.",
    ),
]


def doctor(
    target: Where = None,
    job: Job = "plan",
    offline: Offline = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Look whether all is there that a run needs.

    Versions, files, Git, receipts, locks, secrets, network, credentials and scopes: each with what
    to do about it. Reads only; shows no secret; ends within a minute, whatever does not answer.

    Exits 0 where nothing failed, with the code of a run where every failure has the same (65 files
    or secrets, 69 unreachable, 77 credentials), 1 otherwise.
    """
    from tenantctl.cli import terminal
    from tenantctl.cli.doctoring import JOBS, Asked, examine
    from tenantctl.errors import UsageError
    from tenantctl.model.probe import exit_code
    from tenantctl.report.doctor import doctor_as_json, doctor_text

    if job not in JOBS:
        raise UsageError(f"there is no job {job}", help=f"write --for {' or '.join(JOBS)}")
    found = examine(Asked(target or "", job, offline, chdir))
    code = exit_code(found.probes)
    if as_json:
        terminal.out_json(doctor_as_json(found.environment, job, found.probes, code))
    else:
        terminal.out(doctor_text(found.probes, color=terminal.coloured()))
    return code
