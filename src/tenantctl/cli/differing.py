"""Two operands on the command line: read, compared and shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.reporting import forms_of, json_text, write_reports
from tenantctl.cli.sharing import fetch
from tenantctl.cli.wiring import Project, open_tenant
from tenantctl.errors import UsageError
from tenantctl.files import find, read_environment, resolve
from tenantctl.ledger import open_ledger
from tenantctl.model import Environment, Vault
from tenantctl.report.compared import Named, compared_as_json, compared_text, view_compared
from tenantctl.report.compared_markdown import compared_markdown

if TYPE_CHECKING:
    from tenantctl.workflows.compare import Differences

SUFFIXES = (".md", ".json", ".txt")
PLAIN = 100
"""Columns of a report as text."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How differences are shown, and in which files beside."""

    reports: Sequence[Path] | None = None
    full: bool = False
    as_json: bool = False


def find_differences(
    project: Project, a: str, b: str, globs: tuple[str, ...], *, everything: bool
) -> Differences:
    """How what *b* names differs from what *a* names; live tenants are read."""
    from tenantctl.workflows.compare import differences, read
    from tenantctl.workflows.operands import LIVE, Place, operand

    for text in (a, b):
        _fetch(project, text)
    live = any(text.startswith(LIVE) for text in (a, b))
    place = Place(project.root, open_ledger(project.state), partial(_vault, project), live)
    sides = operand(a, place), operand(b, place)
    domains = ", ".join(side.domain for side in sides if side.form == "live")
    with terminal.waiting(f"reading {domains}" if domains else "reading files"):
        opener = partial(open_tenant, project=project)
        found = asyncio.run(read(*sides, opener))
    return differences(*found, globs, everything=everything)


def _vault(project: Project, environment: Environment, asked: Collection[str]) -> Vault:
    """What is known of secrets; of those that somebody has to be asked for, those *asked*."""
    return resolve(
        environment,
        root=project.root,
        state=project.state,
        environ=os.environ,
        asked=asked,
        strict=False,
    )


def _fetch(project: Project, text: str) -> None:
    """Bring the shared receipts of the environment that *text* names, where receipts matter."""
    from tenantctl.workflows.operands import LIVE, RECEIPT

    for form in (LIVE, RECEIPT):
        if text.startswith(form):
            target, named, _ = text.removeprefix(form).partition("@")
            with suppress(UsageError):  # it may have no file any more; the receipt may be here
                environment = read_environment(project.root, *find(project.root, target))
                fetch(project, environment, whole=bool(named))


def show_differences(found: Differences, shown: Shown) -> None:
    """Print *found*, and write the reports that are asked for."""
    vault = _both(found.a.vault, found.b.vault)
    named = Named(
        found.a.name,
        found.b.name,
        found.why,
        notes=found.notes,
        folded=(("domain", found.domain), ("unknown", found.unknown)),
    )
    view = view_compared(found.changes, named, vault, full=shown.full)
    document = partial(compared_as_json, view)
    plain = partial(compared_text, view, color=False, width=PLAIN)
    markdown = partial(compared_markdown, view)
    write_reports(shown.reports, forms_of(markdown, lambda: json_text(document()), plain))
    if shown.as_json:
        terminal.out_json(document())
    else:
        terminal.out(compared_text(view, color=terminal.coloured(), width=terminal.width()))


def _both(one: Vault, other: Vault) -> Vault:
    """The secrets of both sides, to be scrubbed; one of the same name and another value, twice."""
    known = one.values
    more = {f"{n} (the other one)" if n in known else n: v for n, v in other.values.items()}
    return Vault({**more, **known})
