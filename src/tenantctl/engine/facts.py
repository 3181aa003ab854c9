"""What is known of one environment, part by part: what checks are asked about.

A part that nobody looked at is None, and whatever hangs on it stays unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.model import (
    Address,
    Attestation,
    Desired,
    Environment,
    Json,
    Receipt,
    Tenant,
    TestReceipt,
)
from tenantctl.model.neighbour import Neighbour, Remark
from tenantctl.playbooks import Playbook


@dataclass(frozen=True, slots=True)
class Project:
    """What the files say beside the desired tenant.

    *fleet* has a document for each tenant that connects to this one. *secrets* are places where a
    file holds a secret, *parity* where an environment is built differently. *unread* says of a
    part that is None why nobody looked.
    """

    parameters: Mapping[str, Json] = field(default_factory=dict)
    environments: tuple[Neighbour, ...] | None = None
    fleet: tuple[Mapping[str, Json], ...] | None = None
    secrets: tuple[Remark, ...] | None = None
    parity: tuple[Remark, ...] | None = None
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Records:
    """What is kept of earlier runs.

    *last* is the last receipt of each environment, *former* the digests of converged applies of
    this one, the newest first, *backup* the day of its last backup. *tests* are of all.
    """

    last: Mapping[str, Receipt | None] = field(default_factory=dict)
    former: tuple[str, ...] | None = None
    tests: tuple[TestReceipt, ...] | None = None
    backup: dt.date | None = None
    backups_known: bool = False


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a closer look at the tenant has shown: all it has of some *kinds*.

    *unread* says why some of them could not be read. *shown* are fields of what is declared that
    change by themselves. *keys* are the signing keys as Auth0 lists them, *scopes* what the token
    permits and *needed* what it has to; *keys_unread* and *scopes_unread* say why they are not
    known.
    """

    tenant: Tenant = field(default_factory=lambda: Tenant({}))
    shown: Mapping[Address, Mapping[str, Json]] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[Mapping[str, Json], ...] | None = None
    keys_unread: str = ""
    scopes: frozenset[str] | None = None
    scopes_unread: str = ""
    needed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of *environment* on the day *now*.

    *live* is the tenant as far as it was read for what is declared. With *after* checks see it as
    it will be once an apply is through, without as it is. *own* are the tool's own client and its
    grants. *missing_phases* are those that released ones build on and that are not there yet.
    """

    now: dt.date
    environment: Environment
    adopted: frozenset[str]
    desired: Desired | None = None
    live: Tenant | None = None
    after: bool = True
    own: frozenset[Address] | None = None
    project: Project | None = None
    records: Records | None = None
    attestations: tuple[Attestation, ...] | None = None
    surveyed: Surveyed | None = None
    missing_phases: tuple[int, ...] | None = None


def missing_phases(
    environment: Environment, playbook: Playbook, last: Receipt | None, *, after: bool
) -> tuple[int, ...]:
    """The phases that released ones need and that are not there.

    Of an apply to come, those that are not released; else also those that no apply has left
    converged.
    """
    there = set(environment.phases)
    if not after:
        done = last is not None and last.status == "converged" and last.domain == environment.domain
        there &= set(last.phases) if last and done else set()
    needed = {n for p in playbook.phases if p.number in environment.phases for n in p.requires}
    return tuple(sorted(needed - there))
