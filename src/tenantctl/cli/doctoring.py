"""Everything that a run depends on, looked at side by side; nothing is waited for without end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tenantctl.cli import probes_here, probes_there, terminal
from tenantctl.cli.wiring import Project, project
from tenantctl.errors import FilesError, TenantctlError, UsageError
from tenantctl.files import Loaded, find, load
from tenantctl.model import Probe
from tenantctl.report import cleaner
from tenantctl.report.redact import cleaned

JOBS = ("plan", "apply")
PATIENCE = 45.0
"""Seconds until a look that does not end is given up; commands for secrets may take 30."""

Look: TypeAlias = Callable[[], Iterable[Probe]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to know: about an environment if *target* names one, for a *job*."""

    target: str
    job: str
    offline: bool
    chdir: Path | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, fit to be shown; *environment* is empty where none was looked at."""

    environment: str
    probes: tuple[Probe, ...]


def examine(asked: Asked) -> Found:
    """All there is to find. Raises UsageError where the environment is not there."""
    machine = probes_here.machine()
    try:
        here = project(asked.chdir)
    except UsageError as error:
        lacking = Probe("project", "project", "fail", error.message, error.help, error.exit_code)
        return Found("", (*machine, lacking))
    first = (*machine, *probes_here.project(here))
    if not asked.target:
        return Found("", (*first, *probes_here.all_files(here)))
    tenant, name = find(here.root, asked.target)
    try:
        loaded = load(here.root, tenant, name)
    except FilesError as error:
        return Found(f"{tenant}/{name}", (*first, probes_here.wrong(f"{tenant}/{name}", error)))
    found = (*first, *_environment(here, loaded, asked))
    return Found(
        loaded.environment.id,
        cleaned(found, cleaner(probes_here.at_hand(here, loaded.environment))),
    )


def _environment(here: Project, loaded: Loaded, asked: Asked) -> tuple[Probe, ...]:
    """All that concerns one environment, side by side."""
    looks: dict[str, Look] = {
        "receipts": lambda: probes_here.receipts(here, loaded.environment, offline=asked.offline),
        "lock": lambda: probes_here.locks(here, loaded.environment, offline=asked.offline),
        "secrets": lambda: probes_here.secrets(here, loaded, asked.job, offline=asked.offline),
        "tenant": lambda: probes_there.tenant(here, loaded, asked.job, offline=asked.offline),
    }
    return (probes_here.right(loaded), *all_at_once(looks, PATIENCE))


def all_at_once(looks: Mapping[str, Look], patience: float) -> tuple[Probe, ...]:
    """What *looks* find, in their order; of one that outlasts *patience* seconds, just that.

    Each has a thread that the process does not wait for: a name server that never answers holds
    nobody up.
    """
    found: dict[str, tuple[Probe, ...]] = {}

    def run(name: str, look: Look) -> None:
        found[name] = _looked(name, look)

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in looks.items()]
    until = time.monotonic() + patience
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    help = "run it again; if it goes on, the other lines tell what does not answer"
    said = f"no end within {patience:.0f} s"
    lost = {name: (Probe(name, name, "fail", said, help),) for name in looks}
    return tuple(probe for name in looks for probe in (lost | found)[name])


def _looked(name: str, look: Look) -> tuple[Probe, ...]:
    """What *look* finds; an error is found, too."""
    try:
        return tuple(look())
    except TenantctlError as error:
        return (Probe(name, name, "fail", error.message, error.help, error.exit_code),)
    except Exception as error:  # noqa: BLE001 - the other looks are shown all the same
        said, _, help = terminal.mistake(error).partition("\n")
        said, help = said.removeprefix("error: "), help.removeprefix("help: ")
        return (Probe(name, name, "fail", said, help),)
