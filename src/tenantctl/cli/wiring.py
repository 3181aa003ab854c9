"""Where the project is, and which tenant an environment opens."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tenantctl.errors import Denied, FilesError, Problem, UsageError
from tenantctl.model import Observer, nobody

if TYPE_CHECKING:
    from tenantctl.gateway import Access, Limits, Patience
    from tenantctl.model import Environment, Source, Vault
    from tenantctl.sandbox import Sandbox
    from tenantctl.workflows import Gateway


def open_sandbox(environment: Environment, state: Path) -> Sandbox:
    """The embedded tenant of an environment: one database file for each.

    Raises UsageError where the file is not that tenant's, or not of this version.
    """
    from tenantctl.sandbox import Sandbox, SandboxError

    folder = state / "sandbox"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return Sandbox(environment.domain, folder / f"{environment.domain}.sqlite")
    except SandboxError as error:
        raise UsageError(str(error)) from None


Embed: TypeAlias = "Callable[[Environment, Path], Sandbox]"
"""Opens the embedded tenant of an environment, kept below the project's state folder."""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with `tenants/` and `environments/`, and where the tool keeps its own files.

    *embed* opens the tenants of embedded environments. *observe* is told what runs here. *asked*
    is what a command has asked others already, with the answer; *patience* is for how many seconds
    it waits for whoever else applies.
    """

    root: Path
    embed: Embed = open_sandbox
    observe: Observer = nobody
    asked: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    patience: float = 0.0

    @property
    def state(self) -> Path:
        return self.root / ".tenantctl"


def project(chdir: Path | None, *, patience: float | None = None) -> Project:
    """The project that *chdir*, or the working directory, is in.

    Looks upward for `tenants/` beside `environments/`, no further than the Git root. Raises
    UsageError where there is none.
    """
    start = (chdir or Path.cwd()).resolve()
    if not start.is_dir():
        raise UsageError(f"{start} is not a folder", help="give --chdir a project folder")
    for folder in (start, *start.parents):
        if (folder / "tenants").is_dir() and (folder / "environments").is_dir():
            return Project(folder, patience=patience or 0.0)
        if (folder / ".git").exists():
            break
    raise UsageError(
        f"no project here: neither {start} nor a folder above it holds tenants/ and environments/",
        help="change to the project's folder, give it with --chdir, or begin one: tenantctl init",
    )


@asynccontextmanager
async def open_tenant(
    environment: Environment, vault: Vault, purpose: str, *, project: Project
) -> AsyncIterator[Gateway]:
    """The tenant of an environment, embedded or live; *purpose* chooses the credentials."""
    from tenantctl.gateway import open_gateway

    observe = project.observe
    observe(vault)
    if environment.embedded:
        sandbox = project.embed(environment, project.state)
        try:
            async with open_embedded(environment, vault, sandbox, observe) as gateway:
                yield gateway
        finally:
            sandbox.close()
        return
    access = access_of(environment, purpose, project.root)
    limits = limits_of_environment(environment)
    async with open_gateway(access, vault=vault, limits=limits, observe=observe) as gateway:
        yield gateway


@asynccontextmanager
async def open_embedded(
    environment: Environment, vault: Vault, sandbox: Sandbox, observe: Observer = nobody
) -> AsyncIterator[Gateway]:
    """A tenant that *sandbox* is, which stays open."""
    from tenantctl.gateway import Access, open_gateway

    id, secret = sandbox.credentials()
    access = Access(environment.domain, id, client_secret=secret)
    async with open_gateway(
        access,
        vault=vault,
        limits=limits_of_environment(environment, sandbox),
        transport=sandbox.transport(),
        patience=patient(),
        observe=observe,
    ) as gateway:
        yield gateway


def patient() -> Patience:
    """An embedded tenant does nothing between two requests, so there is little to wait for."""
    from tenantctl.gateway import Patience

    return Patience(
        retries=(0.01, 0.02, 0.05),
        builds=(0.01,) * 10,
        verifies=(0.01, 0.02),
        settles=(0.0, 0.01),
        limited=60.0,
    )


def limits_of_environment(environment: Environment, sandbox: Sandbox | None = None) -> Limits:
    """What a run may use; nobody knows better than the smallest where nothing is said.

    An embedded tenant limits nobody, unless it was given the limits of a subscription.
    """
    from tenantctl.gateway import limits_of

    if environment.embedded and not (sandbox and sandbox.buckets):
        return limits_of("unlimited")
    production = environment.kind == "production"
    return limits_of(environment.subscription or "free", production=production)


def rate_of(environment: Environment) -> tuple[int, float] | None:
    """Requests at once and requests a second that a run may make; None where nothing limits it."""
    limits = limits_of_environment(environment)
    if not limits.buckets:
        return None
    bucket = limits.buckets[0]
    return int(bucket.burst * limits.share), bucket.rate * limits.share


def _what_to_create(environment: Environment, root: Path) -> str:
    """Who says what credentials to make; of an environment without a file only an export asks."""
    from tenantctl.files import find

    try:
        find(root, environment.id)
    except (UsageError, FilesError):
        return f"tenantctl scopes {environment.id} --for export says what to grant"
    return f"tenantctl bootstrap {environment.id} says what to create"


def access_of(environment: Environment, purpose: str, root: Path) -> Access:
    """The credentials for *purpose*, files of them below *root*.

    Raises UsageError where the environment has none, Denied with all that have no value.
    """
    from tenantctl.files import credential
    from tenantctl.gateway import Access

    found = environment.credentials.get(purpose) or environment.credentials.get("apply")
    if found is None:
        raise UsageError(
            f"{environment.id} has no credentials to {purpose} with",
            help="write credentials: {plan: ..., apply: ...} into its environment file; "
            f"tenantctl bootstrap {environment.id} says which",
        )
    lacking: list[Problem] = []

    def value(source: Source | None) -> str | None:
        try:
            return credential(source, environ=os.environ, root=root) if source else None
        except FilesError as error:
            lacking.extend(error.problems)
            return None

    id, secret, key = map(value, (found.client_id, found.client_secret, found.private_key))
    if lacking:
        said = "; ".join(problem.message for problem in lacking)
        help = "; ".join(dict.fromkeys(problem.help for problem in lacking))
        help += f"; {_what_to_create(environment, root)}"
        raise Denied(f"{environment.id}: {said}", help=help)
    return Access(environment.domain, id or "", client_secret=secret, private_key=key)
