"""Laws of what is known: less is never more, and another evaluator says the same."""

from __future__ import annotations

import datetime as dt
import runpy
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.documents import for_reference
from support.largely import mostly
from tenantctl.engine.checks import State, evaluate
from tenantctl.engine.facts import Facts, Surveyed
from tenantctl.engine.state import state_of
from tenantctl.files import environments_of, load, tenants
from tenantctl.ledger import open_ledger
from tenantctl.model import Tenant
from tenantctl.playbooks import checks
from tenantctl.workflows.facts import gather
from tenantctl.workflows.scopes import closer_kinds

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = [(t, e) for t in tenants(ROOT) for e in environments_of(ROOT, t)]
NOW = dt.date(2026, 9, 1)
PARTS = (
    "desired",
    "live",
    "own",
    "project",
    "records",
    "attestations",
    "surveyed",
    "missing_phases",
)
WORDS = {"passed": "pass", "failed": "fail", "absent": "na"}


@cache
def whole(tenant: str, env: str, *, after: bool = True) -> Facts:
    """All that could be known of an environment, of a tenant that is as the files say."""
    loaded = load(ROOT, tenant, env)
    live = Tenant(loaded.desired.tenant.resources)
    look = Surveyed(
        tenant=live,
        kinds=closer_kinds(),
        keys=({"current": True, "current_since": "2026-08-01"},),
        scopes=frozenset(),
        shown={a: {"certificate": {"status": "provisioned"}} for a in live.resources},
    )
    ledger = open_ledger(Path("/nonexistent"))
    return gather(loaded, ROOT, ledger, NOW, live=live, own=frozenset(), surveyed=look, after=after)


@cache
def _books() -> dict[str, Any]:
    return {t: load(ROOT, t, environments_of(ROOT, t)[0]).playbook for t in tenants(ROOT)}


def judged(facts: Facts) -> dict[str, str]:
    state = state_of(facts)
    mine = checks(_books()[facts.environment.tenant])
    return {check.id: evaluate(check, state).status for check in mine}


@pytest.mark.parametrize("tenant", tenants(ROOT))
@pytest.mark.parametrize("part", mostly(PARTS, fast=PARTS[::3], rest=pytest.mark.thorough))
@pytest.mark.parametrize("after", [True, False])
def test_without_a_part_no_check_passes_that_did_not_pass_with_it(
    tenant: str, part: str, after: bool
) -> None:
    facts = whole(tenant, "prod", after=after)
    before, less = judged(facts), judged(replace(facts, **{part: None}))
    gained = {id for id, status in less.items() if status == "passed" != before[id]}
    assert gained <= {id for id, status in before.items() if status == "absent"}


@pytest.mark.thorough
@settings(max_examples=15)
@given(
    which=st.sampled_from(ENVIRONMENTS),
    order=st.permutations(PARTS),
    after=st.booleans(),
)
def test_the_less_is_known_the_less_passes(
    which: tuple[str, str], order: list[str], after: bool
) -> None:
    facts = whole(*which, after=after)
    before = judged(facts)
    for part in order:
        facts = replace(facts, **{part: None})
        found = judged(facts)
        gained = {
            id
            for id, status in found.items()
            if status == "passed" and before[id] in {"failed", "unknown"}
        }
        assert gained == set(), part
        before = found


def test_every_part_that_can_be_unknown_is_taken_away_in_these_laws() -> None:
    assert {f.name for f in fields(Facts)} - {"now", "environment", "adopted", "after"} == set(
        PARTS
    )


def document(state: State, facts: Facts) -> dict[str, Any]:
    """A state as the reference reads it: it knows no unknown, so nothing may be."""
    single = {
        "env",
        "params",
        "gate",
        "tenant",
        "branding",
        "attack_protection",
        "prompts",
        "email_provider",
        "guardian_phone",
        "universal_login_template",
        "branding_theme",
    }
    found: dict[str, Any] = {
        name: (dict(items[0].value) if items else None)
        if name in single
        else [dict(each.value) for each in items]
        for name, items in state.scopes.items()
    }
    newest: dict[str, Any] = {}
    for each in sorted(facts.attestations or (), key=lambda a: a.on):
        if not each.environments or state.name in each.environments:
            newest[each.name] = {"at": each.on.isoformat(), "by": each.by}
    return {
        **found,
        "now": state.now.isoformat(),
        "adopted": sorted(state.adopted),
        "attestations": newest,
    }


@pytest.mark.thorough
@pytest.mark.parametrize(("tenant", "env"), ENVIRONMENTS)
@pytest.mark.parametrize("after", [True, False])
def test_another_evaluator_says_the_same_of_every_environment(
    shared: Path, tenant: str, env: str, after: bool
) -> None:
    evaluated = runpy.run_path(str(shared / "tools" / "check_language.py"))["evaluate"]
    facts = whole(tenant, env, after=after)
    state = state_of(facts)
    agreed = 0
    for check in checks(_books()[tenant]):
        ours = evaluate(check, state)
        if ours.status != "unknown":
            theirs = evaluated(for_reference(check), document(state, facts))
            assert WORDS[ours.status] == theirs["status"], (check.id, ours.details, theirs)
            agreed += 1
    assert agreed > 130


@pytest.mark.parametrize(("tenant", "env"), ENVIRONMENTS)
def test_of_an_environment_of_which_nothing_is_known_no_check_passes(tenant: str, env: str) -> None:
    facts = replace(whole(tenant, env), **dict.fromkeys(PARTS))
    passed = {id for id, status in judged(facts).items() if status == "passed"}
    without_looking = {
        *("D02.prod-apply-approved", "D03.prod-delete-protected", "O05.synthetic-login"),
        *("O07.firewall-allowlist-fresh", "O10.rate-limit-alert"),  # the environment's own file
        *("M05.step-up-needs-mfa", "S04.linking-considered"),  # topics that are adopted
    }
    assert passed <= without_looking
