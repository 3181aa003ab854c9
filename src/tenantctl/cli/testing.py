"""From a command line to tests that ran: which, on what, and where the receipts go."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.choosing import Several, meant
from tenantctl.cli.sharing import ledger_of, push
from tenantctl.cli.wiring import Project, open_embedded
from tenantctl.errors import LedgerError, UsageError
from tenantctl.files import environments_of, find, read_environment, tenants
from tenantctl.files.testing import TestFiles, read_tests
from tenantctl.ledger import commit_of
from tenantctl.model import Environment, Shown
from tenantctl.report import Style
from tenantctl.report.tests import tests_as_json, tests_junit, text_tests
from tenantctl.testing.node import find_node
from tenantctl.workflows.mock import Tries
from tenantctl.workflows.testing import Subject, mock_tests, subject, unit_tests

if TYPE_CHECKING:
    from tenantctl.cli.many import Work
    from tenantctl.workflows.several import Target

KINDS = ("unit", "mock")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person asks for: a tenant or an environment, and which tests of it."""

    what: str
    live: bool = False
    kind: str = ""
    pattern: str = ""
    node: Path | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.kind,) if self.kind else KINDS


def run_tests(project: Project, chosen: Chosen) -> tuple[str, Shown]:
    """The tenant that was tested, and what was shown of it; its receipts are written.

    Raises UsageError where nothing of that name can be tested.
    """
    if chosen.kind not in {"", *KINDS}:
        raise UsageError(f"there are no {chosen.kind} tests", help=f"give {' or '.join(KINDS)}")
    tenant, names = _meant(project.root, chosen.what)
    if chosen.live:
        shown = _live(project, tenant, names, chosen)
    else:
        subjects = [subject(project.root, tenant, name) for name in names]
        files = read_tests(project.root, tenant)
        shown = _offline(project, subjects, files, chosen)
    _keep(project, shown)
    return tenant, shown


def several_work(
    project: Project,
    chosen: Chosen,
    several: Several,
    verb: Callable[..., int],
    *,
    junit: Path | None,
) -> Work | None:
    """The tests of several environments, each by itself; None where it is a tenant or less.

    Raises UsageError where the command line means neither.
    """
    from tenantctl.cli.many import Work

    one = "/" in chosen.what or chosen.what in tenants(project.root)
    if one and not several.given:
        return None
    found = meant(project.root, chosen.what or None, several)
    if found is None:
        return None
    if junit:
        raise UsageError("--junit is about one tenant", help="give --json for several")
    options = {
        "live": chosen.live,
        "kind": chosen.kind or None,
        "pattern": chosen.pattern,
        "node": chosen.node,
    }
    each = partial(_for_one, options)
    return Work(verb, project.root, *found, each, jobs=several.at_once, called="test")


def _for_one(options: Mapping[str, object], target: Target) -> Mapping[str, object]:
    return {**options, "what": target.id}


def tell(tenant: str, shown: Shown, *, as_json: bool, every: bool, junit: Path | None) -> None:
    """What was shown, to stdout, and as JUnit XML into the file *junit*."""
    if junit is not None:
        junit.write_text(tests_junit(tenant, shown), "utf-8")
    if as_json:
        terminal.out_json(tests_as_json(tenant, shown))
        return
    style = Style(terminal.coloured(), terminal.width())
    terminal.out(text_tests(tenant, shown, style=style, every=every))


def _meant(root: Path, what: str) -> tuple[str, tuple[str, ...]]:
    """The tenant and the environments that *what* names."""
    if "/" not in what and what in tenants(root):
        if names := environments_of(root, what):
            return what, names
        raise UsageError(f"{what} has no environments", help="write environments/TENANT/ENV.yaml")
    tenant, name = find(root, what)
    return tenant, (name,)


def _offline(project: Project, subjects: list[Subject], files: TestFiles, chosen: Chosen) -> Shown:
    shown = Shown()
    if "unit" in chosen.kinds:
        node = find_node(chosen.node, os.environ) if files.code else None
        with terminal.waiting("testing code"):
            shown += unit_tests(project.root, subjects, files, node=node, pattern=chosen.pattern)
    if "mock" in chosen.kinds:
        with terminal.waiting("applying to fresh tenants"):
            job = mock_tests(project.root, subjects, files, _scratch, chosen.pattern)
            shown += asyncio.run(job)
    if not shown.tests and chosen.pattern:
        raise UsageError(f"no test has {chosen.pattern!r} in its name", help="leave out -k")
    return shown


def _live(project: Project, tenant: str, names: tuple[str, ...], chosen: Chosen) -> Shown:
    """What the environment's own tenant shows. Raises UsageError for more than one environment."""
    from tenantctl.cli.planning import open_session
    from tenantctl.workflows.live import live_tests

    if len(names) != 1 or chosen.kind or chosen.pattern:
        what = "one environment" if len(names) != 1 else "no other tests"
        raise UsageError(f"--live is about {what}", help=f"write {tenant}/{names[0]} --live")
    session = open_session(project, f"{tenant}/{names[0]}")

    async def job() -> Shown:
        opener = session.opener()
        async with opener(session.loaded.environment, session.vault, "plan") as gateway:
            return await live_tests(session.loaded, gateway, session.receipt)

    with terminal.waiting(f"asking {session.loaded.environment.domain}"):
        return asyncio.run(job())


@asynccontextmanager
async def _scratch(environment: Environment) -> AsyncIterator[Tries]:
    """A fresh tenant in memory, gone when this ends."""
    from tenantctl.sandbox import Sandbox

    sandbox = Sandbox(environment.domain)
    try:
        yield lambda vault: open_embedded(environment, vault, sandbox)
    finally:
        sandbox.close()


def _keep(project: Project, shown: Shown) -> None:
    """Writes receipts down, and pushes them where they are shared; tests that passed, passed."""
    commit = commit_of(project.root) if shown.receipts else ""
    for receipt in shown.receipts:
        environment = read_environment(project.root, receipt.tenant, receipt.environment)
        ledger_of(project, environment).write_test(replace(receipt, commit=commit))
        try:
            push(project, environment)
        except LedgerError as error:
            terminal.note(f"{error.message}; {error.help}")
