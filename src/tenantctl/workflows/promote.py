"""Promotion: the definition that one environment has, planned for the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tenantctl.engine.panels import Panels, came, had, secrets_of, unexercised
from tenantctl.engine.promotion import (
    Offer,
    Promotion,
    gone_back_from,
    since,
    violations,
    with_exception,
)
from tenantctl.engine.residual import Side, residue
from tenantctl.errors import LedgerError, UsageError
from tenantctl.files import Loaded
from tenantctl.files.document import MapNode
from tenantctl.ledger import Ledger
from tenantctl.model import Address, Environment, Origin, Plan, Receipt, TestReceipt
from tenantctl.model.record import EXCEPTED
from tenantctl.playbooks import Playbook, checks
from tenantctl.workflows.former_files import Definition
from tenantctl.workflows.trust import believed, trusted_by

HOTFIX = "hotfix: "
"""What a person's reason stands behind where violations are shown."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two environments of a promotion, loaded with one *definition*."""

    definition: Definition
    source: Loaded
    target: Loaded
    notes: tuple[str, ...] = ()


def offer_of(ledger: Ledger, source: Environment, target: Environment) -> Offer:
    """What is known of *source*, as *target* asks for it. Raises LedgerError on damage."""
    receipt = ledger.receipt(source.tenant, source.name)
    drift = next(iter(reversed(ledger.drifts(source.tenant, source.name))), None)

    def counts(receipt: Receipt) -> bool:  # one that nobody trusted signed could be backdated
        return bool(believed(ledger, target, (receipt,)))

    there = since(ledger.earlier(source.tenant, source.name), target.phases, counts)
    offer = Offer(source, receipt, there, drift)
    return replace(offer, unsigned=tuple(_unsigned(ledger, offer, target)))


def _unsigned(ledger: Ledger, offer: Offer, target: Environment) -> Iterator[str]:
    """What of an offer nobody has signed whom the target trusts; nothing where it trusts all."""
    if offer.receipt is None:
        return
    if not believed(ledger, target, (offer.receipt,)):
        yield f"a receipt of {offer.receipt.when}"
    asked = target.policy.max_drift_age is not None
    if asked and offer.drift and not believed(ledger, target, (offer.drift,)):
        yield f"a look for drift of {offer.drift.when}"


def judged(plan: Plan, ledger: Ledger, offer: Offer, target: Environment, now: dt.datetime) -> Plan:
    """*plan* with all that speaks against promoting its definition."""
    left = gone_back_from(ledger.earlier(target.tenant, target.name))
    found = violations(Promotion(target, plan.digest, offer, now, left))
    return replace(plan, violations=(*found, *plan.violations))


def as_hotfix(plan: Plan, book: Playbook, reason: str) -> Plan:
    """*plan*, permitted for a person's *reason*; as it is where nothing needs that."""
    found = with_exception(plan, order_checks(book), f"{HOTFIX}{reason}")
    return replace(found, hotfix=reason) if found != plan else plan


def hotfix_of(ledger: Ledger, receipt: Receipt) -> str:
    """The reason for which a run was a hotfix; empty for one that was none."""
    kept = ledger.statements(receipt.tenant, receipt.environment)
    known = (each for each in kept if (each.about, each.when) == (receipt.digest, receipt.when))
    return next((each.reason for each in known if each.says == EXCEPTED), "")


def order_checks(book: Playbook) -> frozenset[str]:
    """The checks of a playbook that ask for what other environments have had first."""
    return frozenset(check.id for check in checks(book) if check.order)


def panels(pair: Pair, offer: Offer, plan: Plan, ledger: Ledger) -> Panels:
    """The three panels of a promotion."""
    source, target = side_of(pair.source), side_of(pair.target)
    known = residue(source, target)
    there = ledger.receipt(target.environment.tenant, target.environment.name)
    brought = came(offer.receipt, there, _former(ledger, offer, there), known)
    return Panels(
        offer=offer,
        digest=plan.digest,
        commit=pair.definition.commit,
        came=brought,
        tests=believed(ledger, target.environment, _tests(ledger, offer, plan.digest)),
        plan=plan,
        unexercised=tuple(unexercised(plan, had(offer.receipt, source), target.desired, brought)),
        residue=known,
        secrets=secrets_of(target.desired),
        notes=pair.notes,
    )


def _former(ledger: Ledger, offer: Offer, there: Receipt | None) -> Receipt | None:
    """The source's own receipt of what the target has, as far as it says what was applied."""
    if there is None or offer.receipt is None:
        return None
    source = offer.environment
    return next(
        (
            receipt
            for receipt in ledger.earlier(source.tenant, source.name)
            if receipt.digest == there.digest
            and receipt.status == "converged"
            and receipt.full
            and any(entry.fields for entry in receipt.entries.values())
        ),
        None,
    )


def _tests(ledger: Ledger, offer: Offer, digest: str) -> Iterator[TestReceipt]:
    source = offer.environment
    for test in ledger.tests(source.tenant, source.name):
        if test.digest == digest and test.passed:
            yield test


def side_of(loaded: Loaded) -> Side:
    """An environment as it is compared with another one."""
    overridden: dict[tuple[Address, str], Origin] = {}
    for override in loaded.overrides:
        if isinstance(override.node, MapNode):
            for key, _ in override.node.entries:
                place = Origin(override.file, key.line, key.column)
                overridden[Address.parse(override.address), key.text] = place
    return Side(loaded.environment, loaded.desired, loaded.declined, overridden)


def not_promoted(
    loaded: Loaded, ledger: Ledger, source: Environment | None, now: dt.datetime
) -> str:
    """A note where `promote` would refuse this definition, for plans that nobody promotes.

    *source* is the environment before this one, None where that cannot be read. Nothing where
    there is none, or nothing speaks against it. Gates are asked of such a plan, soaks are not.
    """
    here, digest = loaded.environment, loaded.desired.digest
    if not here.promotes_from:
        return ""
    try:
        offer = _cheapest(ledger, source, here) if source else None
    except LedgerError:
        offer = None
    receipt = offer.receipt if offer else None
    if not offer or not receipt or (receipt.digest, receipt.status) != (digest, "converged"):
        return (
            f"this definition is not in {here.promotes_from} yet, which {here.name} promotes from: "
            f"tenantctl apply {here.tenant}/{here.promotes_from}, then tenantctl promote {here.id}."
        )
    found = violations(Promotion(here, digest, offer, now))
    open = [each.detail for each in found if not each.allowed]
    more = f"; and {len(open) - 1} more" if len(open) > 1 else ""
    return f"tenantctl promote {here.id} would refuse this: {open[0]}{more}." if open else ""


def _cheapest(ledger: Ledger, source: Environment, target: Environment) -> Offer:
    """What is known of *source*; of earlier receipts nothing where *target* asks for nothing."""
    policy = target.policy
    if policy.soak or policy.max_drift_age is not None or trusted_by(target):
        return offer_of(ledger, source, target)
    return Offer(source, ledger.receipt(source.tenant, source.name))


def source_of(target: Environment, asked: str, known: Sequence[str]) -> str:
    """The name of the environment to promote from. Raises UsageError where there is none."""
    from tenantctl.files.findings import suggestion

    name = asked.removeprefix(f"{target.tenant}/") or target.promotes_from
    others = [each for each in known if each != target.name]
    there = f"there is {', '.join(others) or 'none'}"
    if not name:
        raise UsageError(
            f"{target.id} does not say where its definitions come from",
            help=f"write promotes_from in its environment file, or give --from; {there}",
        )
    if name not in others:
        raise UsageError(
            f"{target.tenant} has no other environment {name} to promote from",
            help=suggestion(name, others, there),
        )
    return name
