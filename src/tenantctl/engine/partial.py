"""A saved plan, carried out phase by phase in runs of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from tenantctl.errors import PlanError, UsageError
from tenantctl.model import Plan, Receipt, StepId


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

    It is a selection as long as steps of other phases are left. Raises UsageError for a phase that
    is not released in the plan, PlanError if a step needs one that is neither done nor among them.
    """
    if strange := sorted(set(phases) - set(plan.phases)):
        released = ", ".join(map(str, plan.phases)) or "none"
        raise UsageError(
            f"the plan is of the phases {released}, not of phase {strange[0]}",
            help=f"release it in the environment's file, and: tenantctl plan {plan.tenant}/"
            f"{plan.environment} --out plan.json",
        )
    chosen = tuple(step for step in plan.steps if step.place.phase in phases)
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
    return replace(plan, steps=chosen, selection=plan.selection or words)
