"""Receipts that a team shares: fetched before they are needed, pushed after they were written."""

from __future__ import annotations

from tenantctl.cli.wiring import Project
from tenantctl.errors import UsageError
from tenantctl.model import Environment


def fetch(project: Project, environment: Environment) -> None:
    """Brings the receipts of *environment* that others have pushed.

    Does nothing where its receipts stay on this machine. A fetch that fails is said, and what this
    machine has is used.
    """
    if environment.receipts is not None:
        raise _cannot(project, environment)


def push(project: Project, environment: Environment) -> None:
    """Gives the others the receipts of *environment* that only this machine has.

    Does nothing where its receipts stay on this machine. Raises LedgerError where it fails; the
    receipts stay here, and the next push takes them along.
    """
    if environment.receipts is not None:
        raise _cannot(project, environment)


def _cannot(project: Project, environment: Environment) -> UsageError:
    return UsageError(
        f"receipts of {environment.id} cannot be shared from {project.root}",
        help="take `receipts` out of its environment file",
    )
