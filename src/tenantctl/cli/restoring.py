"""From a backup to a plan, on the command line."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.keeping import kept
from tenantctl.cli.planning import Session
from tenantctl.cli.showing import show_plan
from tenantctl.errors import Refused, UsageError
from tenantctl.kinds import KINDS
from tenantctl.ledger import save_plan
from tenantctl.model import Backup

if TYPE_CHECKING:
    from tenantctl.workflows.restore import Way


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked of a restore."""

    file: str
    kinds: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    delete: bool = False
    elsewhere: bool = False
    out: Path | None = None


def run_restore(session: Session, asked: Asked, *, full: bool, as_json: bool) -> int:
    """Plan the way back to a backup, show the plan, and save it; the exit code."""
    if strange := sorted({*asked.kinds} - KINDS.keys()):
        raise UsageError(f"there is no kind {strange[0]}", help="`tenantctl kinds` lists them all")
    backup = kept(session, asked.file)
    _check_kinds(backup, asked)
    _check_home(session, backup, asked)
    way = _planned(session, backup, asked)
    if asked.out is not None:
        save_plan(way.plan, asked.out)
    show_plan(
        way.plan,
        session.vault,
        as_json=as_json,
        full=full,
        environment=session.loaded.environment,
        file=str(asked.out or ""),
        notes=way.notes,
    )
    return Refused.exit_code if way.plan.blocking else 0


def _check_kinds(backup: Backup, asked: Asked) -> None:
    """Raise UsageError where the backup has what this version does not know."""
    if strange := sorted({address.kind for address in backup.resources} - KINDS.keys()):
        raise UsageError(
            f"{asked.file} has {', '.join(strange)}, which this version does not know",
            help=f"it was made by tenantctl {backup.version}: restore it with that, or a later one",
        )


def _check_home(session: Session, backup: Backup, asked: Asked) -> None:
    """Raise UsageError where a backup of something else is restored by mistake."""
    environment = session.loaded.environment
    there = (backup.tenant, backup.environment, backup.domain)
    if there != (environment.tenant, environment.name, environment.domain) and not asked.elsewhere:
        raise UsageError(
            f"the backup is of {backup.tenant}/{backup.environment} ({backup.domain}), not of "
            f"{environment.id} ({environment.domain})",
            help="if it is meant, give --from-elsewhere: ids of the other tenant are forgotten",
        )


def _planned(session: Session, backup: Backup, asked: Asked) -> Way:
    from tenantctl.workflows.restore import Chosen, restore

    environment = session.loaded.environment
    chosen = Chosen(asked.kinds, asked.globs, asked.delete)

    async def job() -> Way:
        async with session.opener()(environment, session.vault, "plan") as gateway:
            with terminal.waiting(f"reading {environment.domain}"):
                return await restore(
                    session.loaded,
                    gateway,
                    backup,
                    chosen,
                    receipt=session.receipt,
                    vault=session.vault,
                )

    return asyncio.run(job())
