"""Backups on the command line: making one, listing those that there are, and finding one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tenantctl.cli import terminal
from tenantctl.cli.planning import Session, open_session
from tenantctl.cli.wiring import Project
from tenantctl.errors import UsageError
from tenantctl.files import find, read_environment
from tenantctl.ledger import commit_of, open_ledger, read_backup, who
from tenantctl.model import Backup, BackupReceipt, Note
from tenantctl.report.backups import backup_as_json, backups_as_json, backups_text, made_text

PARTLY = 4
LATEST = "latest"


def keep(project: Project, target: str, to: Path | None, *, as_json: bool) -> int:
    """Make a backup of the environment *target*, tell about it; the exit code."""
    session = open_session(project, target)
    if to is not None and not to.absolute().parent.is_dir():
        raise UsageError(f"{to.absolute().parent} is no folder", help="make it, or give another")
    made, notes = _read(session)
    receipt = session.ledger.write_backup(made, to, commit=commit_of(project.root), who=who())
    if as_json:
        terminal.out_json(backup_as_json(receipt, notes))
    else:
        terminal.out(made_text(receipt, notes))
    return 0 if receipt.complete else PARTLY


def _read(session: Session) -> tuple[Backup, tuple[Note, ...]]:
    from tenantctl.workflows.backup import backup
    from tenantctl.workflows.prepare import scope

    environment = session.loaded.environment
    entries = session.receipt.entries if session.receipt else {}
    wanted = scope(session.loaded.desired, entries, retire=False)

    async def job() -> tuple[Backup, tuple[Note, ...]]:
        async with session.opener()(environment, session.vault, "plan") as gateway:
            with terminal.waiting(f"reading {environment.domain}"):
                return await backup(gateway, environment, wanted, session.vault)

    return asyncio.run(job())


def list_kept(project: Project, target: str, *, as_json: bool) -> int:
    """Tell which backups of the environment *target* there are, the newest first."""
    environment = read_environment(project.root, *find(project.root, target))
    kept = open_ledger(project.state).backups(environment.tenant, environment.name)[::-1]
    if as_json:
        terminal.out_json(backups_as_json(environment.id, kept))
    else:
        terminal.out(backups_text(environment.id, kept))
    return 0


def kept(session: Session, file: str) -> Backup:
    """The backup in *file*; the word `latest` is the newest one of the environment."""
    environment = session.loaded.environment
    if file != LATEST:
        return read_backup(Path(file))
    found: tuple[BackupReceipt, ...] = session.ledger.backups(environment.tenant, environment.name)
    if not found:
        raise UsageError(
            f"there is no backup of {environment.id} yet",
            help=f"tenantctl backup {environment.id}",
        )
    return read_backup(Path(found[-1].file))
