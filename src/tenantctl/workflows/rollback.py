"""Rollback: a definition that an environment had before, planned again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tenantctl.engine.promotion import with_exception
from tenantctl.engine.rollback import Named, chosen, former, is_whole
from tenantctl.ledger import Ledger
from tenantctl.model import Environment, Plan
from tenantctl.playbooks import Playbook
from tenantctl.workflows.promote import order_checks
from tenantctl.workflows.trust import believed


def back_to(
    ledger: Ledger,
    environment: Environment,
    asked: str,
    digests_at: Callable[[str], tuple[str, ...]],
) -> Named:
    """The receipt to go back to: the one *asked* for, or the last of another definition.

    *digests_at* tells those of the definition of a commit. Raises UsageError where there is none.
    """
    history = tuple(ledger.history(environment.tenant, environment.name))
    if not asked:
        return former(history, environment.id)
    return chosen(history, environment.id, asked, digests_at(asked))


def as_rollback(plan: Plan, book: Playbook, to: Named, *, had: bool) -> Plan:
    """*plan* without the checks that ask for what other environments have had first.

    That is so where this one has *had* the definition itself.
    """
    name, receipt = to
    reason = f"{plan.environment} had this definition before, see receipt {name} of {receipt.when}"
    return with_exception(plan, order_checks(book), reason, rule="") if had else plan


def has_had(ledger: Ledger, environment: Environment, digest: str) -> bool:
    """Whether a receipt shows that *environment* had all of the definition *digest*."""
    found = ledger.earlier(environment.tenant, environment.name)
    return any(receipt.digest == digest and is_whole(receipt) for receipt in found)


def remarks(
    ledger: Ledger, environment: Environment, plan: Plan, to: Named, *, had: bool
) -> Iterator[str]:
    """What a person should know of a way back, besides what it does not bring back."""
    _, receipt = to
    if not believed(ledger, environment, (receipt,)):
        yield f"nobody whom receipts.trust of {environment.id} names has signed that receipt."
    if not had:
        yield (
            f"no receipt shows that {environment.id} ever had all of this definition, so checks of "
            "order are asked as of any plan."
        )
    fresh = {step.place.phase for step in plan.steps} - {*receipt.phases}
    for phase in sorted(fresh & {*plan.phases}):
        yield (
            f"phase {phase} was not released here then: what this definition has of it was never "
            "here."
        )
