"""What speaks against a promotion, one thing at a time, and what a person can do about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tenantctl.engine.promotion import (
    Offer,
    Promotion,
    duration,
    gone_back_from,
    since,
    violations,
    with_exception,
)
from tenantctl.model import Allow, DriftReceipt, Environment, Plan, Policy, Receipt, Violation

DIGEST, OTHER = "a" * 64, "b" * 64
NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
DAY = 86400


def environment(name: str, **more: object) -> Environment:
    return Environment("shop", name, "qa", f"{name}.eu.auth0.com", **more)  # type: ignore[arg-type]


def receipt(hour: int = 10, **more: object) -> Receipt:
    fields: dict[str, object] = {
        "kind": "apply",
        "tenant": "shop",
        "environment": "dev",
        "domain": "dev.eu.auth0.com",
        "digest": DIGEST,
        "phases": (1,),
        "status": "converged",
        "full": True,
        "entries": {},
        "outcomes": {},
        "version": "1",
        "when": f"2026-03-10T{hour:02}:00:00.000+00:00",
    }
    return Receipt(**{**fields, **more})  # type: ignore[arg-type]


def drift(hours_ago: int = 1, **more: object) -> DriftReceipt:
    when = (NOON - dt.timedelta(hours=hours_ago)).isoformat()
    fields = {"domain": "dev.eu.auth0.com", "digest": DIGEST, "applied": "", "when": when, **more}
    return DriftReceipt("shop", "dev", **fields)  # type: ignore[arg-type]


def promotion(**more: object) -> Promotion:
    """One that nothing speaks against, changed by *more*."""
    policy = Policy(soak=3600, max_drift_age=2 * DAY)
    target = environment("qa", promotes_from="dev", policy=policy)
    offer = Offer(environment("dev"), receipt(), receipt().when, drift())
    return replace(Promotion(target, DIGEST, offer, NOON), **more)  # type: ignore[arg-type]


def offered(**more: object) -> Promotion:
    fine = promotion()
    return replace(fine, offer=replace(fine.offer, **more))  # type: ignore[arg-type]


def test_nothing_speaks_against_what_was_applied_looked_at_and_has_soaked():
    assert violations(promotion()) == ()


CASES = {
    "another environment than the one that is named": (
        offered(
            environment=environment("lab"),
            receipt=receipt(domain="lab.eu.auth0.com"),
            drift=drift(domain="lab.eu.auth0.com"),
        ),
        "shop/lab is not where definitions come from: shop/qa promotes from dev",
    ),
    "no receipt": (offered(receipt=None, since="", drift=None), "has no receipt"),
    "an apply that failed half-way": (
        offered(receipt=receipt(status="partial"), since=""),
        "was left partial by its last apply",
    ),
    "an apply that waits": (offered(receipt=receipt(status="waiting"), since=""), "was waiting by"),
    "an apply of a selection": (
        offered(receipt=receipt(full=False), since=""),
        "has had a selection of steps in its last apply",
    ),
    "an apply to another tenant": (
        offered(environment=replace(environment("dev"), domain="new.eu.auth0.com")),
        "was dev.eu.auth0.com when it was last applied to, and is new.eu.auth0.com now",
    ),
    "phases that it has not had": (
        promotion(target=replace(promotion().target, phases=(1, 2, 3))),
        "has not had phases 2, 3, which shop/qa releases",
    ),
    "another definition": (
        offered(receipt=receipt(digest=OTHER), drift=drift(digest=OTHER)),
        f"has the definition {OTHER[:12]}, not {DIGEST[:12]}",
    ),
    "too short a time": (
        offered(since="2026-03-10T11:30:00.000+00:00", drift=drift(0)),
        "has had it for 30m, since 2026-03-10T11:30:00.000+00:00; policy.soak of shop/qa asks for",
    ),
    "a clock that ran ahead": (
        offered(since="2026-03-10T13:00:00.000+00:00", drift=drift(-2)),
        "has had it for 0s",
    ),
    "nobody looked for drift": (offered(drift=None), "was not looked at for drift since"),
    "a look at an earlier definition": (
        offered(drift=drift(digest=OTHER)),
        "was not looked at for drift since",
    ),
    "a look at the same definition before another one was there": (
        offered(since="2026-03-10T09:00:00.000+00:00", drift=drift(hours_ago=4)),
        "was not looked at for drift since",
    ),
    "a look at another tenant": (
        offered(drift=drift(domain="old.eu.auth0.com")),
        "was not looked at for drift since",
    ),
    "a look too long ago": (
        offered(since="2026-03-08T10:00:00.000+00:00", drift=drift(hours_ago=49)),
        "was looked at for drift 2d ago; policy.max_drift_age of shop/qa asks for 2d at most",
    ),
    "a look that found something": (
        offered(drift=drift(drifted=tuple(f"clients.{each}" for each in "abcdefg"))),
        "has drifted: clients.a, clients.b, clients.c, clients.d, clients.e and 2 more",
    ),
    "a remote that does not answer": (
        offered(unfetched="it timed out"),
        "may have something else by now: its shared receipts could not be fetched: it timed out",
    ),
    "what nobody trusted has signed": (
        offered(unsigned=("a receipt of Tuesday",)),
        "has a receipt of Tuesday that nobody signed with a key which receipts.trust of shop/qa",
    ),
    "what the target has gone back from": (
        promotion(left={DIGEST: "2026-03-09T08:00:00+00:00"}),
        f"shop/qa has gone back from {DIGEST[:12]} at 2026-03-09T08:00:00+00:00",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_condition_is_one_violation_that_says_what_and_what_to_do(name):
    asked, said = CASES[name]
    (found,) = violations(asked)
    assert (found.rule, found.address, found.allowed) == ("promotion", "*", "")
    assert said in found.detail
    assert found.help


def test_everything_that_speaks_against_it_is_said_at_once():
    asked = promotion(
        target=replace(promotion().target, phases=(1, 2)), left={DIGEST: "2026-03-09T08:00:00Z"}
    )
    asked = replace(asked, offer=replace(asked.offer, receipt=receipt(full=False), drift=None))
    assert len(violations(asked)) == 4


def test_fewer_phases_than_the_source_has_are_no_matter():
    assert violations(offered(receipt=receipt(phases=(1, 2)))) == ()


def test_neither_soak_nor_drift_matters_where_no_policy_asks():
    target = environment("qa", promotes_from="dev")
    asked = promotion(target=target)
    fresh = replace(asked.offer, since=NOON.isoformat(), drift=None)
    assert violations(replace(asked, offer=fresh)) == ()


def test_a_soak_is_over_at_the_very_second():
    asked = offered(since="2026-03-10T11:00:00+00:00")
    assert violations(asked) == ()
    earlier = replace(asked, now=NOON - dt.timedelta(seconds=1))
    assert len(violations(earlier)) == 1


def test_the_help_of_a_soak_says_from_when_on():
    (found,) = violations(offered(since="2026-03-10T11:30:00.000+00:00", drift=drift(0)))
    assert found.help == "promote it from 2026-03-10T12:30+00:00 on"


@pytest.mark.parametrize(
    ("expires", "permitted"),
    [(None, True), (dt.date(2026, 3, 10), True), (dt.date(2026, 3, 9), False)],
)
def test_a_policy_permits_a_promotion_until_it_expires(expires, permitted):
    allow = Allow("promotion", "*", "the pilot", expires)
    target = environment("qa", promotes_from="dev", policy=Policy(allow=(allow,)))
    asked = promotion(target=target, left={DIGEST: "2026-03-09T08:00:00Z"})
    (found,) = violations(asked)
    assert bool(found.allowed) is permitted


HISTORIES = {
    "one apply": ("A10", "10"),
    "the same again and again": ("A8 A9 A10", "08"),
    "something else in between": ("A7 B8 A9 A10", "09"),
    "an apply that failed first": ("Apartial8 A9", "09"),
    "a selection first": ("Aselection8 A9", "09"),
    "a phase later": ("Aphase8 A9", "09"),
    "the last one failed": ("A8 Apartial9", "08"),
    "never in full": ("Aselection8", ""),
    "nothing": ("", ""),
}


def history(text: str) -> list[Receipt]:
    """Receipts, the newest first, from words such as `Apartial8`: digest, how it ended, hour."""
    found = []
    for word in text.split():
        how, hour = word[1:].rstrip("0123456789"), int(word.lstrip("ABCDabcdehilnoprst"))
        found.append(
            receipt(
                hour,
                digest=word[0].lower() * 64,
                status="partial" if how == "partial" else "converged",
                full=how != "selection",
                phases=() if how == "phase" else (1,),
            )
        )
    return found[::-1]


@pytest.mark.parametrize("name", HISTORIES)
def test_a_soak_begins_with_the_first_full_apply_that_nothing_else_followed(name):
    text, hour = HISTORIES[name]
    expected = f"2026-03-10T{hour}:00:00.000+00:00" if hour else ""
    assert since(history(text), (1,)) == expected


@pytest.mark.parametrize(
    ("text", "hour"), [("A6 A7 A8", "07"), ("A7 B8 A9", "09"), ("A7 A8 B8 A10", "10"), ("A8", "")]
)
def test_what_nobody_trusted_has_signed_ends_a_soak_and_begins_none(text, hour):
    expected = f"2026-03-10T{hour}:00:00.000+00:00" if hour else ""
    trusted = ("T07:", "T09:", "T10:")
    found = since(history(text), (1,), lambda each: any(word in each.when for word in trusted))
    assert found == expected


LEFT = {
    "nothing": ("", ""),
    "one after the other": ("A7 B8 C9", ""),
    "back to the one before": ("A7 B8 A9", "B9"),
    "back and applied once more": ("A7 B8 A9 A10", "B9"),
    "back over two": ("A6 B7 C8 A9", "B9 C9"),
    "back step by step": ("A6 B7 C8 B9 A10", "B10 C10"),
    "a new one lifts it": ("A6 B7 A8 C9", ""),
    "forward once more": ("A6 B7 A8 B9", ""),
    "back from what failed": ("A6 Bpartial7 A8", "B8"),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_was_left_for_something_older_was_gone_back_from(name):
    text, expected = LEFT[name]
    found = gone_back_from(history(text))
    told = {f"{digest[0].upper()}{int(when[11:13])}" for digest, when in found.items()}
    assert told == set(expected.split())


def plan_with(*violations: Violation) -> Plan:
    return Plan(
        tenant="shop",
        environment="qa",
        domain="qa.eu.auth0.com",
        kind="qa",
        phases=(1,),
        digest=DIGEST,
        version="1",
        steps=(),
        identities={},
        violations=violations,
    )


def test_an_exception_permits_what_is_about_promotion_and_nothing_else():
    about = Violation("promotion", "*", "x", "")
    order = Violation("Q04.promotion-order", "sdlc_support", "x", "")
    other = Violation("protected", "clients.a", "x", "")
    known = replace(about, allowed="the pilot")
    plan = with_exception(plan_with(about, order, other, known), {"Q04.promotion-order"}, "INC-1")
    assert [each.allowed for each in plan.violations] == ["INC-1", "INC-1", "", "the pilot"]
    assert [each.rule for each in plan.blocking] == ["protected"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0s"), (59, "59s"), (60, "1m"), (90, "90s"), (3600, "1h"), (5400, "90m"), (86400, "1d")],
)
def test_a_duration_is_said_as_a_policy_writes_it(seconds, said):
    assert duration(seconds) == said
