"""From a target on the command line to a plan: what plan, apply and explain share."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli.sharing import fetch, ledger_of, unfetched
from tenantctl.cli.wiring import Project, open_tenant
from tenantctl.errors import FilesError, UsageError
from tenantctl.files import Loaded, find, load, read_environment, resolve
from tenantctl.ledger import Ledger, commit_of
from tenantctl.model import Address, Plan, Receipt, Tenant, Vault
from tenantctl.workflows.secrets import to_compare

if TYPE_CHECKING:
    from tenantctl.engine.facts import Facts, Surveyed
    from tenantctl.workflows import Ask, Gather, Opener, Prepared


@dataclass(frozen=True, slots=True)
class Session:
    """One environment of a project, loaded, with its last receipt and what secrets are at hand."""

    project: Project
    loaded: Loaded
    ledger: Ledger
    receipt: Receipt | None
    vault: Vault

    def opener(self) -> Opener:
        return partial(open_tenant, project=self.project)

    @property
    def home(self) -> str:
        """The `file:line` that makes it a tenant; empty for one that is written nowhere here."""
        return self.loaded.source.home.place if self.loaded.source else ""


def open_session(project: Project, target: str, *, offline: bool = False) -> Session:
    """Load the environment *target*. Raises FilesError with every problem at once.

    Where no tenant will be read, *offline*, nobody is asked for a secret, nor for receipts.
    """
    return session_of(project, load(project.root, *find(project.root, target)), offline=offline)


def session_of(project: Project, loaded: Loaded, *, offline: bool = False) -> Session:
    """The session of an environment that was loaded, from the project's files or from others."""
    environment = loaded.environment
    ledger = ledger_of(project, environment)
    if not offline:
        _fetch(project, loaded)
    receipt = ledger.receipt(environment.tenant, environment.name)
    vault = resolve(
        environment,
        root=project.root,
        state=project.state,
        environ=os.environ,
        asked=() if offline else to_compare(loaded, receipt),
        strict=False,
    )
    return Session(project, loaded, ledger, receipt, vault)


def _fetch(project: Project, loaded: Loaded) -> None:
    """Brings receipts of the environment and of those beside it: checks of order go by both."""
    environment = loaded.environment
    fetch(project, environment)
    if environment.receipts is None or loaded.source is None:
        return
    for name in loaded.source.home.names:
        if name != environment.name:
            with suppress(FilesError):  # what is wrong with that one is told where it is asked for
                fetch(project, read_environment(project.root, environment.tenant, name))


def ask_of(
    *,
    phase: Sequence[int] | None,
    until_milestone: str | None,
    retire: bool,
    delete: bool,
    rotate: Sequence[str] | None,
    now: dt.datetime | None,
    only: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
) -> Ask:
    """What the options of plan and apply ask for, by the names that they have there."""
    from tenantctl.engine.selection import Globs
    from tenantctl.workflows import Ask

    today = now.date() if now else None
    phases, secrets = tuple(phase or ()), frozenset(rotate or ())
    globs = Globs(tuple(only or ()), tuple(exclude or ()))
    return Ask(phases, retire, delete, secrets, until_milestone or "", today, globs)


def known_of(session: Session, ask: Ask) -> Gather:
    """What gathers all that checks are asked about, given the tenant as it was read."""
    from tenantctl.workflows.facts import gather

    def known(
        live: Tenant | None, own: frozenset[Address] | None, surveyed: Surveyed | None = None
    ) -> Facts:
        return gather(
            session.loaded,
            session.project.root,
            session.ledger,
            ask.day,
            live=live,
            own=own,
            surveyed=surveyed,
            after=surveyed is None,  # who has looked closer asks how the tenant is now
        )

    return known


def plan_of(session: Session, ask: Ask) -> Prepared:
    """Read the live tenant with the plan credentials, and plan."""
    from tenantctl.workflows import prepare

    check(session, ask)
    gather = known_of(session, ask)

    async def job() -> Prepared:
        opener = session.opener()
        async with opener(session.loaded.environment, session.vault, "plan") as gateway:
            return await prepare(
                session.loaded, gateway, session.receipt, session.vault, ask, gather=gather
            )

    prepared = asyncio.run(job())
    session.project.observe(prepared.plan)
    return prepared


def told(session: Session, prepared: Prepared) -> tuple[str, ...]:
    """What a person should know about a plan beside its steps."""
    from tenantctl.workflows import notes
    from tenantctl.workflows.promote import not_promoted
    from tenantctl.workflows.trust import unbelieved

    loaded, environment, source = session.loaded, session.loaded.environment, None
    if before := environment.promotes_from:
        with suppress(UsageError, FilesError):  # what is wrong with that one is told there
            source = read_environment(session.project.root, environment.tenant, before)
    order = not_promoted(loaded, session.ledger, source, dt.datetime.now(dt.UTC))
    doubts = unbelieved(session.ledger, loaded)
    more = (order, unfetched(session.project, environment), doubts)
    return (*notes(prepared), *filter(None, more))


def stamped(project: Project, plan: Plan) -> Plan:
    """*plan* with the commit that it was made of: whoever carries it out may stand on another."""
    return plan if plan.commit else replace(plan, commit=commit_of(project.root))


def check(session: Session, ask: Ask) -> None:
    """Raise UsageError where a person asks for a phase or a secret that is not there."""
    known = {phase.number for phase in session.loaded.playbook.phases}
    if strange := sorted(set(ask.phases) - known):
        numbers = ", ".join(map(str, sorted(known)))
        raise UsageError(
            f"playbook {session.loaded.playbook.id} has no phase {strange[0]}",
            help=f"it has {numbers}",
        )
    secrets = session.loaded.environment.secrets
    if unknown := sorted(ask.rotate - secrets.keys()):
        raise UsageError(
            f"{session.loaded.environment.id} has no secret {unknown[0]}",
            help=f"it has {', '.join(sorted(secrets)) or 'none'}",
        )


def plan_file(text: str) -> Path | None:
    """*text* as a plan file, if that is what it names."""
    return Path(text) if text.endswith(".json") else None
