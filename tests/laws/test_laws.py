"""
The laws through the gateway, on a hostile tenant: a few examples of each.

Failing examples are not made smaller here: that takes minutes. `make campaign` draws many more.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from laws.drawn import worlds
from laws.laws import TWO, converges, loses_answers, placed, starts_in_sequence, writes_once
from laws.oracle import amiss
from laws.scratch import scratch

few = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(TWO)
@few
def test_applying_converges_from_any_tenant_to_any_other(drawn):
    converges(drawn)


@pytest.mark.thorough
@given(TWO)
@few
def test_a_plan_carried_out_twice_writes_once(drawn):
    writes_once(drawn)


@pytest.mark.thorough
@given(TWO)
@few
def test_lost_answers_of_creates_make_no_duplicates(drawn):
    loses_answers(drawn)


@given(placed())
@few
def test_creates_start_in_the_order_of_the_playbook_unless_something_they_need_is_missing(drawn):
    starts_in_sequence(drawn)


@given(worlds(), worlds())
@settings(few, max_examples=3)
def test_the_oracle_finds_what_was_not_deleted_and_what_was_not_updated(first, second):
    """A tenant that holds the first is not taken for the second, unless both are the same."""
    with scratch() as tenant:
        tenant.converge(first)
        assert amiss(first, tenant.sandbox) == []
        if first != second:
            assert amiss(
                {**second, "tenant": {**second["tenant"], "friendly_name": "?"}}, tenant.sandbox
            )
        for id in list(tenant.sandbox.documents("clients"))[-1:]:
            tenant.sandbox.drop("clients", id)
        assert amiss(first, tenant.sandbox)
