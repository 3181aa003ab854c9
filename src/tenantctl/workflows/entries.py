"""What a receipt says of each address after a run: what is known to be so, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tenantctl.engine.steps import as_far, sent
from tenantctl.kinds import KINDS, Lens, ruled_leaves
from tenantctl.model import (
    Address,
    Create,
    Delete,
    Entry,
    Outcome,
    Path,
    Plan,
    Step,
    StepId,
    Vault,
    is_secret,
)
from tenantctl.workflows.prepare import Gateway

BEGUN = frozenset({"applied", "unchanged", "waiting"})
"""Outcomes after which the resource is there."""


def entries_after(
    plan: Plan,
    outcomes: Mapping[StepId, Outcome],
    before: Mapping[Address, Entry],
    gateway: Gateway,
    vault: Vault,
) -> Mapping[Address, Entry]:
    """The entries of the last receipt, with what this run is known to have done."""
    entries = dict(before)
    steps: dict[Address, list[Step]] = {}
    for step in plan.steps:
        steps.setdefault(step.address, []).append(step)
    for address in {released.address for released in plan.released if not released.path}:
        if KINDS[address.kind].stays(address.key):
            entries.pop(address, None)
    for address, entry in plan.entries.items():
        mine = steps.get(address, [])
        begun = any(outcomes[step.id].status in BEGUN for step in mine)
        if (not mine and not plan.selection) or begun:
            old = before.get(address, Entry())
            marks = _marks([s for s in mine if outcomes[s.id].done], vault)
            sealed = {path: marks.get(path) or _older(entry, old, path) for path in entry.sealed}
            id = gateway.id_of(address) or entry.id or old.id
            far = as_far(entry, old, [step for step in mine if not outcomes[step.id].done])
            entries[address] = replace(far, id=id, sealed=sealed)
    for address, mine in steps.items():
        if _gone(mine, outcomes):
            entries.pop(address, None)
    return entries


def _gone(steps: list[Step], outcomes: Mapping[StepId, Outcome]) -> bool:
    """Whether the last that happened at an address was that its object went away."""
    deleted = any(isinstance(s.change, Delete) and outcomes[s.id].done for s in steps)
    created = any(isinstance(s.change, Create) and outcomes[s.id].status in BEGUN for s in steps)
    return deleted and not created


def _older(entry: Entry, old: Entry, path: Path) -> tuple[str, str]:
    """The mark of a secret that was not written: as it was, else as the plan knows it."""
    return old.sealed.get(path) or entry.sealed[path]


def _marks(steps: list[Step], vault: Vault) -> Mapping[Path, tuple[str, str]]:
    """The marks of the secrets that *steps* have written, by keyed path."""
    found: dict[Path, tuple[str, str]] = {}
    for step in steps:
        lens = Lens(KINDS[step.address.kind], {})
        for path, value in sent(step):
            for leaf, rule, secret in ruled_leaves(lens, value, path):
                if is_secret(secret) or rule.read in {"absent", "masked"}:
                    found[leaf] = vault.mark(secret)
    return found
