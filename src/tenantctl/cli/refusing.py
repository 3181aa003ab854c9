"""Plans that are not carried out: they break rules, or are not of what there is now."""

from __future__ import annotations

from tenantctl.errors import Refused, StalePlan
from tenantctl.model import Environment, Plan, Receipt


def refuse(plan: Plan) -> None:
    """Raise Refused if the plan has violations that nobody has permitted."""
    if plan.blocking:
        lines = [f"  {v.rule}: {v.address} {v.detail}\n    {v.help}" for v in plan.blocking]
        raise Refused("the plan breaks rules and was not applied:\n" + "\n".join(lines))


def refuse_elsewhere(plan: Plan, environment: Environment) -> None:
    """Raise StalePlan if *plan* was made for another tenant than *environment* is now."""
    if environment.domain != plan.domain:
        raise StalePlan(
            f"the plan was made for {plan.domain}, {environment.id} is {environment.domain} now",
            help=f"plan again: tenantctl plan {environment.id}",
        )


def refuse_older(plan: Plan, receipt: Receipt) -> None:
    """Raise StalePlan if somebody has applied something else since *plan* was made.

    What the plan knows of receipts would put back what that apply wrote down. The same plan may
    be carried out again: what is done is not done twice.
    """
    ids = {step.id for step in plan.steps}
    again = receipt.digest == plan.digest and receipt.outcomes.keys() <= ids
    if receipt.when != plan.since and not again:
        environment = f"{plan.tenant}/{plan.environment}"
        raise StalePlan(
            f"{environment} was applied to at {receipt.when}, after this plan was made",
            help=f"plan again: tenantctl plan {environment}",
        )
