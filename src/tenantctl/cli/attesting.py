"""From the command line to a statement that is kept and shared."""

from __future__ import annotations

import datetime as dt

from tenantctl import __version__
from tenantctl.cli import terminal
from tenantctl.cli.sharing import ledger_of, push
from tenantctl.cli.wiring import Project
from tenantctl.errors import UsageError
from tenantctl.files import find, load
from tenantctl.files.findings import suggestion
from tenantctl.files.promises import attestation_names
from tenantctl.ledger import commit_of, who
from tenantctl.model import Statement
from tenantctl.model.record import ATTESTED
from tenantctl.playbooks import Playbook
from tenantctl.report import visible


def state(
    project: Project,
    target: str,
    name: str,
    link: str,
    until: dt.date | None,
    reason: str,
    *,
    as_json: bool,
) -> int:
    """Keep that *name* is attested in the environment *target*, and push it."""
    loaded = load(project.root, *find(project.root, target))
    environment = loaded.environment
    now = dt.datetime.now(dt.UTC)
    _refuse(loaded.playbook, name, link, until, now.date())
    statement = Statement(
        tenant=environment.tenant,
        environment=environment.name,
        says=ATTESTED,
        about=name,
        reason=reason,
        until=until.isoformat() if until else "",
        link=link,
        version=__version__,
        commit=commit_of(project.root),
        who=who(),
        when=now.isoformat(timespec="milliseconds"),
    )
    kept = ledger_of(project, environment).write_record(statement)
    if as_json:
        said = {"environment": environment.id, "name": kept.stem, "about": name}
        more = {"who": visible(statement.who), "when": statement.when, "until": statement.until}
        terminal.out_json({"format": 1, "type": "attestation", **said, **more})
    else:
        held = f", until {statement.until}" if until else ""
        terminal.out(f"{environment.id}: {name} attested by {visible(statement.who)}{held}")
        terminal.out(f"  {kept.stem}")
    push(project, environment)
    return 0


def _refuse(book: Playbook, name: str, link: str, until: dt.date | None, today: dt.date) -> None:
    """Raise UsageError on what attestations.yaml would not take either."""
    known = attestation_names(book)
    if name not in known:
        help = suggestion(name, known, f"there are {', '.join(known)}")
        raise UsageError(f"no check of playbook {book.id} asks for {name}", help=help)
    if link and not link.startswith("https://"):
        raise UsageError(f"{link} is no link", help="write an address with https://")
    if until is not None and until < today:
        raise UsageError(f"{until} is over", help="give a day to come with --until")
