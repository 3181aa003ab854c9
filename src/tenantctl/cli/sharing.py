"""Receipts that a team shares: fetched before they are needed, pushed after they were written."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.wiring import Project
from tenantctl.errors import FilesError, LedgerError
from tenantctl.ledger import Ledger, open_ledger, who
from tenantctl.model import Environment, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenantctl.ledger.branch import Branch, Moved
    from tenantctl.ledger.codec import Sign

SHOWN = 3
"""How many files that were left out are named."""


def ledger_of(project: Project, environment: Environment) -> Ledger:
    """The ledger of *project*; what it writes of *environment* is signed where that has a key.

    The key is asked for at the first write. Where there is none a note says that nothing is signed;
    LedgerError is raised on one that cannot sign.
    """
    source = environment.receipts.sign if environment.receipts else None
    if source is None:
        return open_ledger(project.state)
    return open_ledger(project.state, cache(partial(_signer, project.root, environment, source)))


def _signer(root: Path, environment: Environment, source: Source) -> Sign | None:
    from tenantctl.files import credential
    from tenantctl.ledger.signing import signer

    try:
        pem = credential(source, environ=os.environ, root=root)
    except FilesError as error:
        (problem, *_) = error.problems
        terminal.note(f"receipts of {environment.id} are not signed: {problem.message}")
        return None
    return signer(pem)


def fetch(
    project: Project, environment: Environment, *, whole: bool = False, strict: bool = False
) -> None:
    """Brings the receipts of *environment* that others have pushed.

    The newest of each sort, which is what a plan needs; every one of them if *whole*. Does nothing
    where its receipts stay on this machine. A fetch that fails is said, and what this machine has
    is used; if *strict* it raises LedgerError, and the remote is asked again in any case.
    """
    unknown = f"unknown {environment.id}"
    if environment.receipts is None or (unknown in project.asked and not strict):
        return
    try:
        taken = fetched(project, environment, whole=whole, again=strict)
    except LedgerError as error:
        if strict:
            raise
        project.asked[unknown] = error.message
        terminal.note(
            f"receipts of {environment.id} could not be fetched: {error.message} ({error.help})."
            " What this machine knows is used"
        )
        return
    left_out(environment, "on the branch", taken.skipped)


def why_unfetched(project: Project, environment: Environment) -> str:
    """Why receipts that others have pushed could not be fetched; empty where they were."""
    return project.asked.get(f"unknown {environment.id}", "")


def unfetched(project: Project, environment: Environment) -> str:
    """What a plan may lack because receipts could not be fetched; empty where they were."""
    if not (why := why_unfetched(project, environment)):
        return ""
    return (
        f"Receipts that others have pushed could not be fetched: {why}. Deletes and secrets of what"
        " others have applied may be missing."
    )


def fetched(
    project: Project, environment: Environment, *, whole: bool = False, again: bool = False
) -> Moved:
    """As `fetch`, where receipts are shared; what came. Raises LedgerError where it fails."""
    from tenantctl.ledger.branch import FRESH, take

    branch = branch_of(project, environment)
    tip = _tip(project, branch, again=again)
    return take(branch, tip, dt.datetime.now(dt.UTC), most=None if whole else FRESH)


def _tip(project: Project, branch: Branch, *, again: bool) -> str:
    """The commit that the branch is at; each command asks the remote once, unless *again*."""
    from tenantctl.ledger.branch import update

    if again or branch.ref not in project.asked:
        with terminal.waiting(f"fetching receipts from {branch.remote.name}"):
            project.asked[branch.ref] = update(branch)
    return project.asked[branch.ref]


def push(project: Project, environment: Environment) -> None:
    """Gives the others the receipts of *environment* that only this machine has.

    Does nothing where its receipts stay on this machine. Raises LedgerError where it fails; the
    receipts stay here, and the next push takes them along.
    """
    if environment.receipts is not None:
        sent = pushed(project, environment)
        left_out(environment, "here", sent.skipped)


def pushed(project: Project, environment: Environment) -> Moved:
    """As `push`, where receipts are shared; what went."""
    from tenantctl.ledger.branch import send

    try:
        branch = branch_of(project, environment)
        with terminal.waiting(f"pushing receipts to {branch.remote.name}"):
            return send(branch, dt.datetime.now(dt.UTC), who())
    except LedgerError as error:
        help = f"they are kept here; once that is mended: tenantctl receipts push {environment.id}"
        said = f"receipts of {environment.id} were not pushed: {error.message}"
        raise LedgerError(said, help=f"{error.help}; {help}" if error.help else help) from None


def branch_of(project: Project, environment: Environment) -> Branch:
    """Where receipts of *environment* are shared. Raises LedgerError where there is no remote."""
    from tenantctl.ledger.branch import Branch
    from tenantctl.ledger.remote import remote_of

    shared = environment.receipts
    assert shared is not None
    remote = remote_of(project.root, shared.remote)
    return Branch(remote, shared.branch, open_ledger(project.state), environment)


def left_out(environment: Environment, where: str, skipped: Sequence[str]) -> None:
    """Says which files are no receipts that could be used."""
    for said in skipped[:SHOWN]:
        terminal.note(f"a file {where} was left out: {said}")
    if len(skipped) > SHOWN:
        terminal.note(f"{len(skipped) - SHOWN} more files of {environment.id} were left out")


@dataclass(frozen=True, slots=True)
class Standing:
    """How receipts of an environment are shared: how many files only the branch or we have.

    *said* is why that is not known, empty where it is; *remote* is empty where they stay here.
    """

    remote: str = ""
    branch: str = ""
    there: int = 0
    here: int = 0
    said: str = ""

    @property
    def in_step(self) -> bool:
        return not (self.there or self.here or self.said)


def standing(project: Project, environment: Environment) -> Standing:
    """How far the receipts of *environment* here and on the branch are apart; changes neither."""
    shared = environment.receipts
    if shared is None:
        return Standing()
    from tenantctl.ledger import branch as branches

    try:
        branch = branch_of(project, environment)
        tip = _tip(project, branch, again=False)
        found = branches.standing(branch, tip, dt.datetime.now(dt.UTC))
    except LedgerError as error:
        return Standing(shared.remote, shared.branch, said=error.message)
    return Standing(shared.remote, shared.branch, found.there, found.here)
