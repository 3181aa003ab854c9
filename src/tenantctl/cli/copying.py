"""A copy of a tenant in a sandbox, for as long as it is needed; and one that is left behind."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from tenantctl.cli.wiring import Project, patient
from tenantctl.errors import TenantctlError, UsageError
from tenantctl.gateway import Access, limits_of, open_gateway
from tenantctl.model import Environment, Vault, scrubber
from tenantctl.sandbox import Sandbox, SandboxError, included

if TYPE_CHECKING:
    from tenantctl.workflows import Gateway
    from tenantctl.workflows.rehearse import Reads

VISITOR = "rehearsal"
"""The client that works in a copy: none of the tenant's own, and nothing in it belongs to it."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a copy is left: a database called *name* in *folder*."""

    folder: Path
    name: str

    @property
    def file(self) -> Path:
        return self.folder / f"{self.name}.sqlite"

    @property
    def serve(self) -> str:
        """The command that shows what is in it."""
        return f"tenantctl sandbox serve --folder {quote(str(self.folder))} --tenant {self.name}"


def keeping(folder: Path, environment: Environment) -> Keeping:
    """Where in *folder* the copy of *environment* goes. Raises UsageError where one is already."""
    found = Keeping(folder, f"{environment.tenant}-{environment.name}")
    if found.file.exists():
        raise UsageError(
            f"{found.file} is there already", help="give another folder, or delete the file"
        )
    return found


def features_of(project: Project, environment: Environment) -> Iterable[str] | None:
    """What the tenant may do: an embedded one tells, of others the subscription; None if neither.

    Without an answer a copy can do everything that the reads do not show to be missing.
    """
    if environment.embedded:
        sandbox = project.embed(environment, project.state)
        try:
            return sandbox.features
        finally:
            sandbox.close()
    return included(environment.subscription)[0] if environment.subscription else None


@asynccontextmanager
async def open_copy(
    reads: Reads,
    vault: Vault,
    *,
    environment: Environment,
    features: Iterable[str] | None,
    keep: Keeping | None = None,
) -> AsyncIterator[Gateway]:
    """A gateway to a tenant in memory in which *reads* are answered as they were.

    At the end it is gone, but for what *keep* says. Raises TenantctlError where no sandbox could
    have answered so.
    """
    sandbox = Sandbox(environment.domain)
    try:
        try:
            sandbox.copy(reads, features)
        except SandboxError as error:
            raise TenantctlError(
                f"{environment.domain} cannot be copied: {error}",
                help="report this: the sandbox does not know something that this tenant has. Until "
                "it does, the policy of the environment can say rehearse: optional",
            ) from None
        async with open_gateway(
            Access(environment.domain, VISITOR, client_secret=VISITOR),
            vault=vault,
            limits=limits_of("unlimited"),
            transport=sandbox.transport(VISITOR),
            patience=patient(),
        ) as gateway:
            yield gateway
        if keep is not None:
            _leave(sandbox, keep, scrubber(vault))
    finally:
        sandbox.close()


def _leave(sandbox: Sandbox, keep: Keeping, scrub: Callable[[str], str]) -> None:
    """Write what *sandbox* holds into a file of its own, secrets that we know by their names."""
    snapshot = json.loads(scrub(json.dumps(sandbox.snapshot(), ensure_ascii=False)))
    keep.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    left = Sandbox(f"{keep.name.lower()}.sandbox.invalid", keep.file)
    try:
        left.restore(snapshot)
    finally:
        left.close()
