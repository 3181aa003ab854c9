"""Safety: what a plan may not do unasked, and what a person writes to permit it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from support.worlds import declare, environment, planned, resource
from tenantctl.engine import Known
from tenantctl.model import Address, Allow, Entry, Resource, Sealed, Tenant


def flat(address, **fields):
    return Resource(Address.parse(address), fields)


def case(desired, live, entries=(), env=None, **wish):
    known = Known({Address.parse(a): e for a, e in dict(entries).items()})
    return planned(declare(*desired), Tenant.of(live), known, env, **wish)


ours = Entry(id="x")
ten = [flat(f"roles.r{n}", name=f"r{n}") for n in range(10)]
ten_entries = {str(r.address): ours for r in ten}

BROKEN = {
    "protected": lambda: case(
        [resource("tenant", {"friendly_name": "x"})], [flat("roles.r", name="r")],
        {"roles.r": ours, "tenant": ours},
        environment(delete="managed", protect=("roles.*",), max_deletes=9),
    ),
    "replacement": lambda: case(
        [flat("connections.c", name="c", strategy="okta")],
        [flat("connections.c", name="c", strategy="auth0")],
    ),
    "max_deletes": lambda: case(
        [*ten[:7]], ten, ten_entries, environment(delete="managed", max_deletes=0.2)
    ),
    "max_changes": lambda: case(
        [flat("roles.r", name="r", description="new")],
        [flat("roles.r", name="r", description="old")],
        env=environment(max_changes=0),
    ),
    "empty_input": lambda: case([], ten, ten_entries, environment(delete="never")),
    "placeholder": lambda: case(
        [flat("clients.a", name="a", description="##NAME##")], [flat("clients.a", name="a")]
    ),
    "unmanaged_secret": lambda: case(
        [flat("connections.c", name="c", strategy="auth0", options={"configuration": {}})],
        [flat("connections.c", name="c", strategy="auth0",
              options={"configuration": {"K": Sealed(None)}})],
    ),
    "illegal_unset": lambda: case(
        [flat("connections.c", name="c", strategy="auth0", options={"precedence": []})],
        [flat("connections.c", name="c", strategy="auth0", options={"precedence": ["email"]})],
    ),
    "self_lockout": lambda: case(
        [flat("clients.tool", name="tool", description="x")], [flat("clients.tool", name="tool")],
        own=frozenset({Address("clients", "tool")}),
    ),
    "entity_limit": lambda: case([flat(f"actions.a{n}", name=f"a{n}") for n in range(101)], []),
    "wrong_tenant": lambda: case([*ten], ten, receipt_domain="other.auth0.com"),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_a_violation_names_its_rule_its_address_and_the_way_out(rule):
    plan = BROKEN[rule]()
    found = [v for v in plan.violations if v.rule == rule]
    assert found, plan.violations
    assert all(v.detail and v.help and v.address for v in found)
    assert plan.blocking


@pytest.mark.parametrize("rule", sorted(BROKEN.keys() - {"wrong_tenant"}))
def test_a_permission_is_scoped_and_expires(rule):
    plan = BROKEN[rule]()
    (address, *_) = [v.address for v in plan.violations if v.rule == rule]
    permitted = Allow(rule, address, "we mean it", dt.date(2026, 1, 1))
    for allow, blocks in (
        (permitted, False),
        (replace(permitted, expires=dt.date(2025, 12, 31)), True),
        (replace(permitted, rule="other"), True),
        (replace(permitted, address="flows.elsewhere"), True),
    ):
        from tenantctl.engine.safety import permitted

        (violation, *_) = [v for v in plan.violations if v.rule == rule]
        assert bool(permitted(violation, (allow,), dt.date(2026, 1, 1))) is not blocks


LEGAL = {
    "two deletes of ten": lambda: case(
        [*ten[:8]], ten, ten_entries, environment(delete="managed", max_deletes=0.2)
    ),
    "one delete of a few": lambda: case(
        [*ten[:1]], ten[:2], dict.fromkeys(list(ten_entries)[:2], ours),
        environment(delete="managed", max_deletes=0.3),
    ),
    "Auth0's own markers": lambda: case(
        [flat("clients.a", name="a", description="@@config@@ {{ user.name }} {% x %}")], []
    ),
    "a declared secret goes": lambda: case(
        [flat("connections.c", name="c", strategy="auth0", options={"configuration": {}})],
        [flat("connections.c", name="c", strategy="auth0",
              options={"configuration": {"K": Sealed(None)}})],
        {"connections.c": Entry(paths=(("options", "configuration", "K"),))},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", LEGAL)
def test_what_is_legal_is_not_refused(what):
    assert LEGAL[what]().violations == ()


def test_without_a_policy_nothing_is_deleted_and_the_plan_says_what_is_let_go():
    plan = case([*ten[:9]], ten, ten_entries, environment())
    assert plan.steps == ()
    assert [str(r.address) for r in plan.released] == ["roles.r9"]


def test_deletes_per_run_need_to_be_asked_for():
    env = environment(delete="per_run", max_deletes=5)
    assert case([*ten[:9]], ten, ten_entries, env).steps == ()
    (step,) = case([*ten[:9]], ten, ten_entries, env, delete=True).steps
    assert str(step.id) == "roles.r9"


@pytest.mark.parametrize(
    ("why", "deletes"), [("phase", 0), ("hold", 0), ("only", 1), ("declined", 1)]
)
def test_what_an_environment_does_not_have_is_deleted_only_where_that_is_meant(why, deletes):
    address = Address("roles", "r9")
    desired = declare(*ten[:9], withheld={address: why})
    known = Known({Address.parse(a): e for a, e in ten_entries.items()})
    env = environment(delete="managed", max_deletes=5)
    assert len(planned(desired, Tenant.of(ten), known, env).steps) == deletes
    retired = planned(desired, Tenant.of(ten), known, env, retire=True)
    assert len(retired.steps) == (0 if why == "hold" else 1)
