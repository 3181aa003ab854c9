"""Looking at locks and leases from the command line, and releasing a lease."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.locking import desk_of, home_of_locks
from tenantctl.cli.wiring import Project
from tenantctl.errors import Refused, UsageError
from tenantctl.files import find, read_environment
from tenantctl.ledger import holder
from tenantctl.model import Environment, Json
from tenantctl.report import visible

if TYPE_CHECKING:
    from tenantctl.ledger.lease import Found


def tell(project: Project, target: str, *, as_json: bool) -> int:
    """Tell who holds the lock of this machine, and who the lease."""
    environment = read_environment(project.root, *find(project.root, target))
    here = holder(home_of_locks(project, environment), environment.domain)
    found = _found(project, environment)
    if as_json:
        terminal.out_json(_document(environment, here, found, "lock"))
        return 0
    terminal.out(f"on this machine: {here or 'nobody'} applies to {environment.domain}")
    if environment.receipts is None:
        terminal.out("on others: not known, receipts of this environment are not shared")
    else:
        terminal.out(f"on others: {_words(found)}")
    return 0


def free(project: Project, target: str, *, yes: bool, as_json: bool) -> int:
    """Release the lease, whoever holds it; asks where that run may still be there."""
    from tenantctl.ledger.lease import release
    from tenantctl.ledger.remote import Beaten

    environment = read_environment(project.root, *find(project.root, target))
    found = _found(project, environment)
    if found is not None:
        over = found.lease is not None and found.lease.over(dt.datetime.now(dt.UTC))
        if not (yes or over):
            _ask(environment, found)
        try:
            release(desk_of(project, environment), found)
        except Beaten:
            raise Refused(
                f"the lease of {environment.domain} has been renewed or released meanwhile",
                help=f"tenantctl lock show {environment.id}",
            ) from None
    if as_json:
        terminal.out_json(_document(environment, "", found, "lock_released"))
    elif found is None:
        terminal.out(f"nobody holds a lease of {environment.domain}")
    else:
        terminal.out(f"released: {_words(found)}")
    return 0


def _ask(environment: Environment, found: Found) -> None:
    terminal.say(f"{environment.domain}: {_words(found)}")
    try:
        agreed = terminal.confirm("If that run is still there, it stops. Release? Type", "yes")
    except UsageError:
        raise UsageError(
            f"the lease of {environment.domain} has not ended, and there is nobody to ask",
            help="give --yes to release it all the same; a run that is still there stops",
        ) from None
    if not agreed:
        raise Refused("not released: nobody agreed")


def _found(project: Project, environment: Environment) -> Found | None:
    if environment.receipts is None:
        return None
    from tenantctl.ledger.lease import look

    with terminal.waiting(f"asking {environment.receipts.remote}"):
        return look(desk_of(project, environment))


def _words(found: Found | None) -> str:
    from tenantctl.ledger.lease import described

    if found is None:
        return "nobody holds a lease"
    if found.lease is None:
        return "a lease that this version cannot read"
    return visible(described(found.lease, dt.datetime.now(dt.UTC)))


def _document(environment: Environment, here: str, found: Found | None, type: str) -> Json:
    lease: Json = None
    if found is not None:
        known = asdict(found.lease) if found.lease else {}
        lease = {name: visible(v) if isinstance(v, str) else v for name, v in known.items()}
    return {
        "format": 1,
        "type": type,
        "environment": environment.id,
        "domain": environment.domain,
        "shared": environment.receipts is not None,
        "here": here,
        "lease": lease,
    }
