"""Rollback: a definition that an environment had before, planned again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tenantctl.engine.promotion import with_exception
from tenantctl.engine.rollback import Named, chosen, former
from tenantctl.ledger import Ledger
from tenantctl.model import Environment, Plan
from tenantctl.playbooks import Playbook
from tenantctl.workflows.promote import order_checks


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


def as_rollback(plan: Plan, book: Playbook, to: Named) -> Plan:
    """*plan* without the checks that ask for what other environments have had first.

    This one has had the definition itself.
    """
    name, receipt = to
    reason = f"{plan.environment} had this definition before, see receipt {name} of {receipt.when}"
    allowed = with_exception(plan, order_checks(book), reason, rule="")
    return replace(allowed, commit=plan.commit)
