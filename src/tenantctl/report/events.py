"""What happens in a run, as JSON objects of one line each: see docs/events.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tenantctl.engine.account import Account, Ended, Tally, percentile
from tenantctl.engine.risk import judge
from tenantctl.model import (
    DriftReceipt,
    Event,
    Exchange,
    Finding,
    Lacking,
    Noted,
    Plan,
    Receipt,
    Violation,
)
from tenantctl.report.redact import Clean
from tenantctl.report.shown import field_name

FORMAT = 1
Line = dict[str, Any]


def lines(
    noted: Noted, account: Account, ended: tuple[Ended, ...], now: float, clean: Clean
) -> Iterator[Line]:
    """The lines for *noted*, which *account* has counted already; every text is *clean*."""
    match noted:
        case Plan():
            yield from _plan(noted, clean)
        case Event(outcome=None):
            yield _started(noted, account, clean)
        case Event():
            yield _settled(noted, account, now, clean)
            yield from map(_ended, ended)
        case Exchange():
            yield _request(noted, clean)
            if noted.status == 429:
                yield _limited(noted, clean)
        case Receipt():
            yield _receipt(noted, clean)
        case DriftReceipt():
            yield _drift(noted, clean)
        case Lacking():
            yield _lacking(noted, clean)


def _plan(plan: Plan, clean: Clean) -> Iterator[Line]:
    verbs = Counter(type(step.change).__name__.lower() for step in plan.steps)
    risks = Counter(risk for judged in judge(plan).values() for risk in judged.risks)
    yield {
        "type": "plan",
        "level": "info",
        "environment": f"{plan.tenant}/{plan.environment}",
        "domain": plan.domain,
        "digest": plan.digest,
        "phases": list(plan.phases),
        "steps": len(plan.steps),
        "creates": verbs["create"],
        "updates": verbs["update"],
        "deletes": verbs["delete"],
        "requests": sum(step.requests for step in plan.steps),
        "risks": dict(sorted(risks.items())),
        "violations": len(plan.violations),
        "blocking": len(plan.blocking),
        "findings": len(plan.findings),
        "selection": [clean(each) for each in plan.selection],
    }
    blocking = set(map(id, plan.blocking))
    yield from (_violation(each, clean, id(each) in blocking) for each in plan.violations)
    yield from (_finding(each, clean) for each in plan.findings)


def _violation(violation: Violation, clean: Clean, blocking: bool) -> Line:
    return {
        "type": "violation",
        "level": "error" if blocking else "warn",
        "rule": violation.rule,
        "address": clean(violation.address),
        "detail": clean(violation.detail),
        "help": clean(violation.help),
        "allowed": clean(violation.allowed),
    }


def _finding(finding: Finding, clean: Clean) -> Line:
    level = "error" if finding.blocking else "warn" if finding.open else "info"
    return {
        "type": "finding",
        "level": level,
        "check": finding.check,
        "title": clean(finding.title),
        "severity": finding.severity,
        "status": finding.status,
        "means": finding.level,
        "details": [clean(each) for each in finding.details],
        "phase": finding.phase,
        "milestone": finding.milestone,
    }


def _started(event: Event, account: Account, clean: Clean) -> Line:
    return {"type": "step_started", "level": "info", **_step(event, account, clean)}


def _settled(event: Event, account: Account, now: float, clean: Clean) -> Line:
    outcome = event.outcome
    assert outcome is not None
    tally = account.steps.get(event.step, Tally())
    bad = outcome.status in {"failed", "moved"}
    return {
        "type": "step_settled",
        "level": "error" if bad else "info" if outcome.done else "warn",
        **_step(event, account, clean),
        "status": outcome.status,
        "detail": clean(outcome.detail),
        "record": {clean(name): clean(value) for name, value in outcome.record.items()},
        "because": [clean(str(each)) for each in outcome.because],
        "ms": _ms(account.seconds(event.step, now)),
        "requests": tally.requests,
        "writes": outcome.writes,
        "limited": tally.limited,
        "wait_ms": _ms(tally.waited),
    }


def _step(event: Event, account: Account, clean: Clean) -> Line:
    step = account.known.get(event.step)
    place = step.place if step else None
    return {
        "step": clean(str(event.step)),
        "address": clean(str(event.step.address)),
        "verb": type(step.change).__name__.lower() if step else "",
        "phase": place.phase if place else 0,
        "workstream": place.workstream if place else "",
        "topic": place.topic if place else "",
    }


def _ended(ended: Ended) -> Line:
    phase, workstream = ended.group
    name = {"workstream": workstream} if workstream else {}
    return {
        "type": "workstream_finished" if workstream else "phase_finished",
        "level": "info",
        "phase": phase,
        **name,
        "ms": _ms(ended.seconds),
        "statuses": dict(sorted(ended.statuses.items())),
    }


def _request(exchange: Exchange, clean: Clean) -> Line:
    return {
        "type": "request",
        "level": "debug",
        "method": exchange.method,
        "path": clean(exchange.path),
        "status": exchange.status,
        "ms": _ms(exchange.seconds),
        "attempt": exchange.attempt,
        "wait_ms": _ms(exchange.waited),
        "bucket": exchange.bucket,
        "limit": exchange.limit,
        "remaining": exchange.remaining,
        "step": clean(str(exchange.step)) if exchange.step else None,
    }


def _limited(exchange: Exchange, clean: Clean) -> Line:
    return {
        "type": "rate_limited",
        "level": "warn",
        "method": exchange.method,
        "path": clean(exchange.path),
        "bucket": exchange.bucket,
        "limit": exchange.limit,
        "step": clean(str(exchange.step)) if exchange.step else None,
    }


def _receipt(receipt: Receipt, clean: Clean) -> Line:
    counts = Counter(outcome.status for outcome in receipt.outcomes.values())
    return {
        "type": "receipt",
        "level": "info" if receipt.status == "converged" else "warn",
        "kind": receipt.kind,
        "environment": f"{receipt.tenant}/{receipt.environment}",
        "domain": receipt.domain,
        "digest": receipt.digest,
        "phases": list(receipt.phases),
        "status": receipt.status,
        "full": receipt.full,
        "outcomes": dict(sorted(counts.items())),
        "commit": receipt.commit,
        "who": clean(receipt.who),
        "when": receipt.when,
    }


def _drift(receipt: DriftReceipt, clean: Clean) -> Line:
    return {
        "type": "drift",
        "level": "info" if receipt.clean else "warn",
        "environment": f"{receipt.tenant}/{receipt.environment}",
        "domain": receipt.domain,
        "digest": receipt.digest,
        "applied": receipt.applied,
        "drifted": [clean(address) for address in receipt.drifted],
        "pending": receipt.pending,
        "when": receipt.when,
    }


def _lacking(lacking: Lacking, clean: Clean) -> Line:
    return {
        "type": "not_converged",
        "level": "error",
        "step": clean(str(lacking.step)) if lacking.step else None,
        "field": clean(field_name(lacking.path)) if lacking.path else "",
        "detail": clean(lacking.detail),
    }


def stats(account: Account) -> Line:
    """What a run has cost, in all and by rate limit."""
    return {
        **_tally(account.total),
        "ms_p50": _ms(percentile(account.latencies, 0.5)),
        "ms_p95": _ms(percentile(account.latencies, 0.95)),
        "buckets": {name: _tally(each) for name, each in sorted(account.buckets.items())},
    }


def stats_text(account: Account) -> str:
    """The same for people; times are those of single requests."""
    total = account.total
    half, most = percentile(account.latencies, 0.5), percentile(account.latencies, 0.95)
    first = (
        f"{total.requests} requests, {total.writes} of them writes; {total.limited} answered 429, "
        f"{total.retried} repeated; {total.waited:.1f} s waited for rate limits; "
        f"half within {_ms(half)} ms, 95 % within {_ms(most)} ms"
    )
    buckets = (_bucket(name, tally) for name, tally in sorted(account.buckets.items()))
    return "\n".join((first, *buckets))


def _bucket(name: str, tally: Tally) -> str:
    left = f", at least {tally.least:g} of {tally.limit:g} left" if _seen(tally) else ""
    return f"  {name}: {tally.requests} requests, {tally.limited} answered 429{left}"


def _seen(tally: Tally) -> bool:
    return tally.least is not None and tally.limit is not None


def _tally(tally: Tally) -> Mapping[str, Any]:
    return {
        "requests": tally.requests,
        "writes": tally.writes,
        "limited": tally.limited,
        "retried": tally.retried,
        "wait_ms": _ms(tally.waited),
        "remaining": tally.least,
    }


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
