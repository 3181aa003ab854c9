"""A saved plan, carried out phase by phase in runs of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from tenantctl.engine.steps import as_far
from tenantctl.errors import PlanError, UsageError
from tenantctl.model import Address, Entry, Plan, Receipt, StepId


def done_of(plan: Plan, receipts: Iterable[Receipt]) -> frozenset[StepId]:
    """The steps of *plan* that runs of it have done since it was made.

    *receipts* are those of its environment, the newest first; what another plan wrote ends them.
    """
    ids = {step.id for step in plan.steps}
    found: set[StepId] = set()
    for receipt in receipts:
        mine = receipt.digest == plan.digest and receipt.outcomes.keys() <= ids
        if receipt.when == plan.since or receipt.kind != "apply" or not mine:
            break
        found |= {id for id, outcome in receipt.outcomes.items() if outcome.done}
    return frozenset(found)


def part_of(plan: Plan, phases: Collection[int], done: Collection[StepId]) -> Plan:
    """*plan* with the steps of *phases* alone, where earlier runs of it have *done* others.

    What needs a step of a later phase goes with that one: an action of phase 3 that is bound where
    phase 1 binds its own. It is a selection as long as steps of other phases are left. Raises
    UsageError for a phase that is not released in the plan, PlanError if a step needs one that is
    neither done nor among them.
    """
    if strange := sorted(set(phases) - set(plan.phases)):
        released = ", ".join(map(str, plan.phases)) or "none"
        raise UsageError(
            f"the plan is of the phases {released}, not of phase {strange[0]}",
            help=f"release it in the environment's file, and: tenantctl plan {plan.tenant}/"
            f"{plan.environment} --out plan.json",
        )
    turn = _turns(plan)
    chosen = tuple(step for step in plan.steps if turn[step.id] in phases)
    there = {step.id for step in chosen} | set(done)
    left = {step.id for step in plan.steps} - there
    missing = [f"  {s.id} needs {n}" for s in chosen for n in sorted(s.needs) if n in left]
    if missing:
        raise PlanError(
            "steps of these phases need others that were not done:\n" + "\n".join(missing),
            help="apply the plan's earlier phases first; if that was done elsewhere, bring its"
            f" receipts: tenantctl receipts fetch {plan.tenant}/{plan.environment}",
        )
    words = tuple(f"phase {number}" for number in sorted(set(phases))) if left else ()
    entries = _entries(plan, left)
    return replace(plan, steps=chosen, entries=entries, selection=plan.selection or words)


def _entries(plan: Plan, left: Collection[StepId]) -> Mapping[Address, Entry]:
    """What the receipt will say; of fields that steps which are *left* would write, nothing yet."""
    entries = dict(plan.entries)
    for step in plan.steps:
        if step.id in left and step.address in entries:
            entries[step.address] = as_far(entries[step.address], Entry(), [step])
    return entries


def _turns(plan: Plan) -> Mapping[StepId, int]:
    """The phase in which each step can be carried out; what a step needs comes before it."""
    found: dict[StepId, int] = {}
    for step in plan.steps:
        found[step.id] = max(step.place.phase, *(found.get(need, 0) for need in step.needs), 0)
    return found
