"""Hearth & Hollow: three environments, phase after phase, on embedded tenants."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.states import (
    NEXT,
    blocking,
    copy_of,
    counts,
    decline,
    reach,
    release,
    row,
    table,
)
from support.largely import mostly
from support.project import Project

TENANT = "hearthhollow"
ENVIRONMENTS = ("dev", "qa", "prod")
EVERYWHERE = {
    "tenant": (1, 1, 1),
    "email_provider": (1, 1, 1),
    "branding": (1, 1, 1),
    "branding_theme": (1, 1, 1),
    "universal_login_template": (1, 1, 1),
    "prompts": (1, 1, 1),
    "attack_protection": (4, 4, 4),
    "custom_domains": (1, 1, 1),
    "email_templates": (5, 7, 7),
    "prompt_custom_text": (12, 21, 21),
    "log_streams": (1, 1, 1),
    "clients": (6, 10, 13),
    "connections": (2, 5, 6),
    "connection_clients": (2, 5, 6),
    "resource_servers": (1, 4, 5),
    "client_grants": (0, 19, 23),
    "roles": (0, 4, 5),
    "role_permissions": (0, 4, 5),
    "actions": (3, 5, 9),
    "trigger_bindings": (2, 2, 3),
    "guardian_factors": (0, 4, 4),
    "guardian_policies": (0, 1, 1),
    "guardian_phone_message_types": (0, 1, 1),
    "phone_providers": (0, 1, 1),
    "phone_templates": (0, 2, 2),
    "forms": (0, 0, 2),
    "flows": (0, 0, 3),
    "flow_vault_connections": (0, 0, 1),
}
PRODUCTION = EVERYWHERE | {"log_streams": (2, 2, 2), "network_acls": (1, 1, 1)}
NOT_COUNTED = {
    "connection_clients": "the reference counts them with their connections",
    "role_permissions": "the reference counts them with their roles",
    "guardian_policies": "that an action decides, and no policy, is said",
    "guardian_phone_message_types": "the sms factor sends nothing without them",
    "phone_templates": "customers read them, in three languages",
}
"""Kinds of ours that the table of the reference has no row for."""
MORE = {
    "resource_servers": (0, 0, 1),  # the companion's own API, so that phase 3 does not need phase 2
    "client_grants": (0, 0, 2),  # for that API, and for the scope that a refund is confirmed for
    "actions": (0, 0, 1),  # the one that shows the form for a new address, or nobody would see it
}
"""What we have more of than the reference has."""


ON_THE_WAY = {
    "Q01.actions-unit-tested",
    "Q02.mock-tests",
    "Q03.integration-tests-qa",
    "Q04.promotion-order",
    "G04.rollback-plan",
    "O11.backup-fresh",
}
"""Checks of what happens on the way to an environment, which is tested once."""
FLOWS_OF_FORMS = {
    "progressive-profile": ["save-profile"],
    "confirm-new-email": ["send-email-code", "apply-new-email"],
}

FORMS_OF_ACTIONS = {
    "progressive-profile": "progressive-profile",
    "change-email": "confirm-new-email",
}
AFTER_SIGN_IN = [
    "add-id-token-claims",
    "require-verified-email",
    "optional-mfa",
    "link-accounts",
    "step-up-refunds",
    "change-email",
    "progressive-profile",
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_of(tmp_path, TENANT)


def _of(environment: str) -> dict[str, tuple[int, ...]]:
    return PRODUCTION if environment == "prod" else EVERYWHERE


def _state(environment: str, phase: int) -> dict[str, int]:
    """What an environment holds once *phase* and those before it are there."""
    found = {kind: numbers[phase - 1] for kind, numbers in _of(environment).items()}
    return {kind: number for kind, number in found.items() if number}


@pytest.mark.thorough
@pytest.mark.parametrize("environment", mostly(reversed(ENVIRONMENTS), fast=1))
def test_every_phase_is_applied_on_top_of_the_ones_before(project, environment):
    for phases in NEXT:
        reach(project, f"{TENANT}/{environment}", phases)
        assert counts(project, f"{TENANT}/{environment}") == _state(environment, phases[-1])
        assert blocking(project, f"{TENANT}/{environment}") <= ON_THE_WAY


@pytest.mark.thorough
def test_what_refers_to_something_finds_it_in_the_tenant(project):
    reach(project, f"{TENANT}/dev", (1, 2, 3))
    with project.sandbox() as sandbox:
        kinds = ("clients", "forms", "flows", "flow_vault_connections", "actions", "client_grants")
        held = {kind: sandbox.documents(kind) for kind in kinds}
        bound = sandbox.documents("action_trigger_bindings")["post-login"]["bindings"]
    ids = {kind: {x.get("name"): id for id, x in found.items()} for kind, found in held.items()}
    for form, flows in FLOWS_OF_FORMS.items():
        nodes = held["forms"][ids["forms"][form]]["nodes"]
        used = [node["config"]["flow_id"] for node in nodes if node["type"] == "FLOW"]
        assert used == [ids["flows"][flow] for flow in flows]
    for action, form in FORMS_OF_ACTIONS.items():
        (secret,) = held["actions"][ids["actions"][action]]["secrets"]
        assert (secret["name"], secret["value"]) == ("FORM_ID", ids["forms"][form])
    (vault,) = held["flow_vault_connections"].values()
    assert vault["setup"]["client_id"] == ids["clients"]["Email Change Service"]
    companion = ids["clients"]["Support Companion"]
    grants = [each for each in held["client_grants"].values() if each["client_id"] == companion]
    assert {each["audience"].rpartition("/")[2] for each in grants} == {"orders", "support"}
    assert [each["display_name"] for each in bound] == AFTER_SIGN_IN


@pytest.mark.thorough
@pytest.mark.parametrize("environment", mostly(reversed(ENVIRONMENTS), fast=1))
def test_phase_3_does_without_phase_2_and_phase_2_may_follow_it(project, environment):
    name = f"{TENANT}/{environment}"
    decline(project, name, "step_up")  # it confirms with what phase 2 brings
    reach(project, name, (1, 3))
    first, second, third = (_state(environment, phase) for phase in (1, 2, 3))
    stepped_up = {"actions": 1, "client_grants": 1}
    expected = {
        kind: first.get(kind, 0) + number - second.get(kind, 0) - stepped_up.get(kind, 0)
        for kind, number in third.items()
    }
    assert counts(project, name) == {kind: number for kind, number in expected.items() if number}
    decline(project, name)
    reach(project, name, (1, 2, 3))
    assert counts(project, name) == _state(environment, 3)


def test_what_phase_3_confirms_with_phase_2_is_refused_without_it(project):
    release(project, f"{TENANT}/prod", (1, 3))
    ran = project.run("validate", f"{TENANT}/prod")
    assert ran.code == 65
    assert "tenants/hearthhollow/phase3/authentication.yaml:9" in ran.err
    assert (
        "resource_servers.orders is not in hearthhollow/prod: its phase is not released" in ran.err
    )


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("phases", [(2,), (2, 3)])
def test_phases_2_and_3_are_refused_without_phase_1_and_say_why(project, environment, phases):
    release(project, f"{TENANT}/{environment}", phases)
    ran = project.run("plan", f"{TENANT}/{environment}")
    assert ran.code == 65
    assert "phase 2 needs phase 1" in ran.err
    assert "release that, too" in ran.err


def test_the_three_environments_are_what_the_reference_counts_but_for_what_is_said(shared):
    counted = [_state(environment, phase) for environment in ENVIRONMENTS for phase in (1, 2, 3)]
    theirs = table(shared, TENANT)
    total = theirs.pop("total")
    ours = {kind: row(counted, kind) for kind in theirs}
    expected = {
        kind: tuple(a + b for a, b in zip(numbers, MORE.get(kind, (0, 0, 0)) * 3, strict=True))
        for kind, numbers in theirs.items()
    }
    assert ours == expected
    assert MORE.keys() <= theirs.keys()
    assert not NOT_COUNTED.keys() & theirs.keys()
    besides = row([{"all": sum(state.values())} for state in counted], "all")
    spared = [sum(n for kind, n in state.items() if kind in NOT_COUNTED) for state in counted]
    more = [sum(numbers) for numbers in zip(*MORE.values(), strict=True)] * 3
    assert [a - b - c for a, b, c in zip(besides, spared, more, strict=True)] == list(total)
