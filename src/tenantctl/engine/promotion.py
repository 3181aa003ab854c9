"""Whether a definition may go from one environment to the next. Pure.

What speaks against it are violations of one rule, so that a policy can permit it as anything else,
and a person can with a reason that is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenantctl.engine.safety import permitted
from tenantctl.model import DriftReceipt, Environment, Plan, Receipt, Violation

RULE = "promotion"
SHORT = 12
"""As many characters of a digest as are shown."""
SHOWN = 5
"""As many addresses as a sentence lists."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is known of the environment that a definition comes from.

    *receipt* is its last one, *since* when what that shows came to be there without anything else
    in between, in ISO 8601. *drift* is the last look for drift, *unsigned* what of all this nobody
    has signed who is trusted. *unfetched* says why what others know of it could not be fetched.
    """

    environment: Environment
    receipt: Receipt | None = None
    since: str = ""
    drift: DriftReceipt | None = None
    unsigned: tuple[str, ...] = ()
    unfetched: str = ""


@dataclass(frozen=True, slots=True)
class Promotion:
    """The definition *digest* on its way to *target* at the time *now*.

    *left* are the definitions that the target has gone back from, each with when.
    """

    target: Environment
    digest: str
    offer: Offer
    now: dt.datetime
    left: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return self.offer.environment.id


def violations(promotion: Promotion) -> tuple[Violation, ...]:
    """All that speaks against a promotion; what the target's policy permits is marked."""
    found = [
        Violation(RULE, "*", f"{promotion.source} {detail}", help)
        for condition in CONDITIONS
        for detail, help in condition(promotion)
    ]
    found += [Violation(RULE, "*", *each) for each in _gone_back_from(promotion)]
    allow, today = promotion.target.policy.allow, promotion.now.date()
    return tuple(replace(each, allowed=permitted(each, allow, today)) for each in found)


Said = Iterator[tuple[str, str]]
"""What is to be said of the source, and what to do about it."""


def _out_of_order(promotion: Promotion) -> Said:
    """An environment takes its definitions from the one that its file names."""
    asked = promotion.target.promotes_from
    if asked and asked != promotion.offer.environment.name:
        named = f"{promotion.target.id} promotes from {asked}"
        yield f"is not where definitions come from: {named}", "leave --from out"


def _unfetched(promotion: Promotion) -> Said:
    """What this machine knows may be of before somebody else went back."""
    if why := promotion.offer.unfetched:
        yield (
            f"may have something else by now: its shared receipts could not be fetched: {why}",
            f"once the remote answers: tenantctl receipts fetch {promotion.source}",
        )


def _not_applied(promotion: Promotion) -> Said:
    if promotion.offer.receipt is None:
        fetch = f"tenantctl receipts fetch {promotion.source}"
        yield (
            "has no receipt: as far as this machine knows, nothing was ever applied there",
            f"apply it there: tenantctl apply {promotion.source}; if somebody has: {fetch}",
        )


def _incomplete(promotion: Promotion) -> Said:
    """Only what is there as a whole, and as it was meant, has been tried."""
    receipt = promotion.offer.receipt
    if receipt is None:
        return
    if receipt.status != "converged":
        word = "waiting" if receipt.status == "waiting" else f"left {receipt.status}"
        yield (
            f"was {word} by its last apply, of {receipt.when}",
            f"finish it: tenantctl resume {promotion.source}",
        )
    if not receipt.full:
        yield (
            f"has had a selection of steps in its last apply, of {receipt.when}",
            f"apply all of it: tenantctl apply {promotion.source}",
        )
    domain = promotion.offer.environment.domain
    if receipt.domain != domain:
        yield (
            f"was {receipt.domain} when it was last applied to, and is {domain} now",
            f"apply it there: tenantctl apply {promotion.source}",
        )


def _other_phases(promotion: Promotion) -> Said:
    """Each phase that is released in the target has been applied in the source."""
    receipt = promotion.offer.receipt
    missing = sorted({*promotion.target.phases} - {*receipt.phases}) if receipt else []
    if missing:
        numbers = ", ".join(map(str, missing))
        word = "phase" if len(missing) == 1 else "phases"
        yield (
            f"has not had {word} {numbers}, which {promotion.target.id} releases",
            f"release it in {promotion.offer.environment.name} first, under phases in its file",
        )


def _another(promotion: Promotion) -> Said:
    receipt = promotion.offer.receipt
    if receipt and receipt.digest != promotion.digest:
        yield (
            f"has the definition {receipt.digest[:SHORT]}, not {promotion.digest[:SHORT]}",
            f"apply it there: tenantctl apply {promotion.source}",
        )


def _too_early(promotion: Promotion) -> Said:
    """What has not been in use for a while has not shown yet what is wrong with it."""
    soak, offer = promotion.target.policy.soak, promotion.offer
    receipt = offer.receipt
    if not soak or not offer.since or receipt is None or receipt.digest != promotion.digest:
        return
    since = dt.datetime.fromisoformat(offer.since)
    age = (promotion.now - since).total_seconds()
    if age < soak:
        when = (since + dt.timedelta(seconds=soak)).isoformat(timespec="minutes")
        asked = f"policy.soak of {promotion.target.id} asks for {duration(soak)}"
        had = f"has had it for {duration(max(0, int(age)))}, since {offer.since}"
        yield f"{had}; {asked}", f"promote it from {when} on"


def _not_looked_at(promotion: Promotion) -> Said:
    """A tenant that somebody has changed by hand shows nothing of the definition."""
    largest, offer = promotion.target.policy.max_drift_age, promotion.offer
    if largest is None or offer.receipt is None:
        return
    look = f"look: tenantctl drift {promotion.source}"
    drift = offer.drift
    if drift is None or not _is_of(drift, offer.receipt, offer.since):
        yield "was not looked at for drift since this definition was applied", look
        return
    age = int((promotion.now - dt.datetime.fromisoformat(drift.when)).total_seconds())
    if age > largest:
        asked = f"policy.max_drift_age of {promotion.target.id} asks for {duration(largest)}"
        yield f"was looked at for drift {duration(age)} ago; {asked} at most", look
    if not drift.clean:
        more = f" and {len(drift.drifted) - SHOWN} more" if len(drift.drifted) > SHOWN else ""
        yield (
            f"has drifted: {', '.join(drift.drifted[:SHOWN])}{more}, as seen at {drift.when}",
            f"take it over or undo it, and {look}",
        )


def _is_of(drift: DriftReceipt, receipt: Receipt, since: str) -> bool:
    """Whether a look was at what *receipt* shows, there *since*, and not at the same before it."""
    if (drift.digest, drift.domain) != (receipt.digest, receipt.domain):
        return False
    moments = [dt.datetime.fromisoformat(each) for each in (since, drift.when) if each]
    return moments == sorted(moments)


def _unsigned(promotion: Promotion) -> Said:
    trusted = f"receipts.trust of {promotion.target.id}"
    for what in promotion.offer.unsigned:
        yield (
            f"has {what} that nobody signed with a key which {trusted} names",
            f"do it again where receipts.sign of {promotion.source} finds its key",
        )


def _gone_back_from(promotion: Promotion) -> Said:
    if when := promotion.left.get(promotion.digest):
        yield (
            f"{promotion.target.id} has gone back from {promotion.digest[:SHORT]} at {when}",
            f"mend it, apply that to {promotion.source}, and promote it",
        )


CONDITIONS: tuple[Callable[[Promotion], Iterable[tuple[str, str]]], ...] = (
    _out_of_order,
    _unfetched,
    _not_applied,
    _incomplete,
    _other_phases,
    _another,
    _too_early,
    _not_looked_at,
    _unsigned,
)


def since(
    newest_first: Iterable[Receipt],
    phases: Collection[int],
    counts: Callable[[Receipt], bool] = lambda _: True,
) -> str:
    """When the definition of the first receipt came to be there, with all of *phases*.

    That is the first converged full apply of it that *counts*, with no other definition after,
    whether that counts or not; empty where there is none.
    """
    found, first = "", None
    for receipt in newest_first:
        first = first or receipt
        if (receipt.digest, receipt.domain) != (first.digest, first.domain):
            break
        whole = receipt.status == "converged" and receipt.full
        if whole and {*phases} <= {*receipt.phases} and counts(receipt):
            found = receipt.when
    return found


def gone_back_from(newest_first: Iterable[Receipt]) -> Mapping[str, str]:
    """The definitions that are newer than the one in force, which took their place again: when.

    Whoever goes back does so because something is wrong. A definition that was never there before
    lifts it.
    """
    receipts = list(newest_first)
    if not receipts:
        return {}
    first = {each.digest: index for index, each in enumerate(receipts)}  # the oldest stays
    there = receipts[0].digest
    others = (index for index, each in enumerate(receipts) if each.digest != there)
    when = receipts[next(others, len(receipts)) - 1].when
    return {digest: when for digest, index in first.items() if index < first[there]}


def with_exception(plan: Plan, order: Collection[str], reason: str, *, rule: str = RULE) -> Plan:
    """*plan*, for *reason* permitted what breaks *rule* and fails the checks *order*."""
    rules = {rule, *order}
    return replace(
        plan,
        violations=tuple(
            replace(each, allowed=reason) if each.rule in rules and not each.allowed else each
            for each in plan.violations
        ),
    )


def duration(seconds: int) -> str:
    """*seconds* as people write them in a policy: `36h`, `7d`; what is left over is left out."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= 2 * size or (seconds >= size and seconds % size == 0):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
