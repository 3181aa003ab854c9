"""The environments of a tenant beside each other on the command line: found and shown."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.reporting import forms_of, json_text, write_reports
from tenantctl.cli.sharing import fetch
from tenantctl.cli.wiring import Project, open_tenant
from tenantctl.errors import UsageError
from tenantctl.files import Loaded, resolve, tenants
from tenantctl.ledger import open_ledger
from tenantctl.model import Receipt, Vault
from tenantctl.report.parity import parity_as_json, view_parity
from tenantctl.report.parity_text import parity_markdown, parity_text

if TYPE_CHECKING:
    from tenantctl.engine.parity import Parity

SUFFIXES = (".md", ".json", ".txt")
PLAIN = 100
"""Columns of a report as text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether tenants are read, whether everything is listed, and as of which day."""

    live: bool = False
    everything: bool = False
    now: dt.date | None = None


def find_parity(project: Project, tenant: str, asked: Asked) -> tuple[Parity, Vault]:
    """In what the environments differ, and all secrets that were at hand. Raises UsageError."""
    from tenantctl.workflows.parity import by_files, by_tenants, environments
    from tenantctl.workflows.secrets import to_compare

    name = _tenant(project, tenant)
    loaded = environments(project.root, name)
    found = by_files(name, loaded, asked.now or dt.datetime.now(dt.UTC).date())
    secrets: dict[str, str] = {}

    def vault_of(one: Loaded, receipt: Receipt) -> Vault:
        environment = one.environment
        vault = resolve(
            environment,
            root=project.root,
            state=project.state,
            environ=os.environ,
            asked=to_compare(one, receipt),
            strict=False,
        )
        secrets.update({f"{n} of {environment.name}": v for n, v in vault.values.items()})
        return vault

    if asked.live:
        for one in loaded:
            fetch(project, one.environment)
        ledger = open_ledger(project.state)
        opener = partial(open_tenant, project=project)
        with terminal.waiting(f"reading the tenants of {name}"):
            live, notes = asyncio.run(by_tenants(loaded, ledger, vault_of, opener))
        found = replace(found, live=live, notes=notes)
    return found, Vault(secrets)


def _tenant(project: Project, name: str) -> str:
    known = tenants(project.root)
    if name in known:
        return name
    if not name and len(known) == 1:
        return known[0]
    listed = f"there is {', '.join(known[:10]) or 'none'}"
    if not name:
        raise UsageError("which tenant?", help=listed)
    if "/" in name:
        tenant = name.partition("/")[0]
        raise UsageError("parity is of all environments of a tenant", help=f"write {tenant}")
    raise UsageError(f"there is no tenant {name}", help=listed)


def show_parity(
    found: tuple[Parity, Vault],
    asked: Asked,
    reports: Sequence[Path] | None,
    *,
    as_json: bool,
) -> None:
    """Print what was found, and write the reports that are asked for."""
    view = view_parity(*found, everything=asked.everything)
    document = partial(parity_as_json, view)
    plain = partial(parity_text, view, color=False, width=PLAIN)
    markdown = partial(parity_markdown, view)
    write_reports(reports, forms_of(markdown, lambda: json_text(document()), plain))
    if as_json:
        terminal.out_json(document())
    else:
        terminal.out(parity_text(view, color=terminal.coloured(), width=terminal.width()))
