"""A missing scope is found before the first write, not in the middle of an apply."""

from __future__ import annotations

import pytest

from tenantctl.engine.scopes import to_carry_out
from tenantctl.ledger import read_plan

ARCHITECTURE = "tenants/hearthhollow/phase1/architecture.yaml"


def granted(project, scopes) -> None:
    """Leave the tool's own client with these scopes of the Management API and no others."""
    with project.sandbox() as sandbox:
        own, _ = sandbox.credentials()
        (grant,) = [
            id for id, g in sandbox.documents("client_grants").items() if g["client_id"] == own
        ]
        sandbox.edit("client_grants", grant, {"scope": sorted(scopes)})


def needed(project) -> frozenset[str]:
    project.ok("plan", "dev", "--out", str(project.root / "plan.json"))
    return to_carry_out(read_plan(project.root / "plan.json").steps)


@pytest.mark.thorough
def test_an_apply_with_exactly_the_scopes_of_its_steps_carries_them_all_out(project):
    granted(project, needed(project))
    project.ok("apply", str(project.root / "plan.json"))
    assert project.steps() == []


@pytest.mark.parametrize("scope", ["create:clients", "update:branding", "create:actions"])
def test_an_apply_that_lacks_a_scope_says_so_and_writes_nothing(project, scope):
    every = needed(project)
    assert scope in every
    granted(project, every - {scope})
    ran = project.run("apply", str(project.root / "plan.json"))
    assert ran.code == 77
    assert "nothing was written" in ran.err
    assert scope in ran.err
    assert project.writes() == 0


@pytest.mark.thorough
def test_once_the_scope_is_granted_the_run_is_resumed(project):
    every = needed(project)
    granted(project, every - {"create:clients"})
    assert project.run("apply", "dev", "--yes").code == 77
    granted(project, every)
    project.ok("resume", "dev")
    assert project.steps() == []
