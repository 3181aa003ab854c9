"""What the changes of a plan risk, and whom they reach, as views and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tenantctl.engine.reach import Reach
from tenantctl.engine.risk import Judgement
from tenantctl.kinds.hazard import RISKS
from tenantctl.model import Address
from tenantctl.report.shown import field_name
from tenantctl.report.view import ReachView, RiskCount, RiskView, StepView

NAMED = 10
"""How many of those whom a change reaches are named."""
SAFE = "safe"
RISK_ORDER = RISKS
"""Every risk, the worst first."""
WORDS: Mapping[str, str] = {
    "lockout": "lockout",
    "data_loss": "data loss",
    "token_breaking": "token-breaking",
    "login_affecting": "login-affecting",
    "secret_rotation": "secret rotation",
    SAFE: "safe",
}
"""How people call a risk."""


def view_risks(judgement: Judgement) -> tuple[RiskView, ...]:
    """What a step risks; not yet escaped."""
    return tuple(
        RiskView(each.risk, field_name(each.path) if each.path else "", each.why, each.source)
        for each in judgement.dangers
    )


def view_reach(addresses: Iterable[Address]) -> tuple[ReachView, ...]:
    """Addresses by kind, counted, and the first of their names; not yet escaped."""
    kinds: dict[str, list[str]] = {}
    for address in sorted(set(addresses)):
        kinds.setdefault(address.kind, []).append(address.key)
    return tuple(ReachView(kind, len(keys), tuple(keys[:NAMED])) for kind, keys in kinds.items())


def count_risks(judgements: Iterable[Judgement]) -> tuple[RiskCount, ...]:
    """How many steps have each risk, the worst first, and whom they reach; then the safe ones."""
    found = list(judgements)
    risky = [_count(risk, [each for each in found if risk in each.risks]) for risk in RISKS]
    unharmful = sum(not each.dangers for each in found)
    rest = (RiskCount(SAFE, unharmful),) if unharmful else ()
    return (*(count for count in risky if count.steps), *rest)


def _count(risk: str, judged: list[Judgement]) -> RiskCount:
    reaches: list[Reach] = [each.reach for each in judged]
    addresses = (address for reach in reaches for address in reach.counted)
    everybody = any(reach.everybody for reach in reaches)
    return RiskCount(risk, len(judged), everybody, view_reach(addresses))


def named_risks(step: StepView) -> tuple[str, ...]:
    """The risks of a step as people call them, the worst first."""
    return tuple(WORDS.get(name, name) for name in dict.fromkeys(r.risk for r in step.risks))


def reached(each: StepView | RiskCount, *, names: int = NAMED) -> str:
    """Whom something reaches, such as `everybody` or `2 clients: crm, shop`; else nothing."""
    if each.everybody:
        return "everybody"
    return "; ".join(_reached(reach, names) for reach in each.reach)


def _reached(reach: ReachView, names: int) -> str:
    noun = reach.kind.removesuffix("s") if reach.count == 1 else reach.kind
    shown = reach.names[:names]
    more = f" and {reach.count - len(shown)} more" if reach.count > len(shown) else ""
    return f"{reach.count} {noun}" + (f": {', '.join(shown)}{more}" if shown else "")


def summed(counts: Iterable[RiskCount]) -> Iterator[str]:
    """What each risk comes to, such as `2 token-breaking`."""
    return (f"{each.steps} {WORDS.get(each.risk, each.risk)}" for each in counts)
