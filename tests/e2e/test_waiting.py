"""What Auth0 takes its time over: domains that wait for DNS, actions that wait for their build."""

from __future__ import annotations

import pytest

from tenantctl.sandbox import Delays

VERIFIES = 3
"""Verifications that one run asks for before it says that it waits."""
SECRETIVE = {"actions.add-id-token-claims", "connections.customers", "email_provider"}
"""What a repeated run writes again, because Auth0 does not show whether the secrets are right."""


def script(project, **delays) -> None:
    with project.sandbox() as sandbox:
        sandbox.delays = Delays(**delays)


def outcomes(ran) -> dict[str, dict]:
    return {each["id"]: each for each in ran.json["outcomes"]}


def statuses(ran) -> dict[str, set[str]]:
    """The ids of the steps by how they ended."""
    found: dict[str, set[str]] = {}
    for id, outcome in outcomes(ran).items():
        found.setdefault(outcome["status"], set()).add(id)
    return found


@pytest.fixture
def waiting(project):
    """dev, applied while the domain's DNS record was not there."""
    script(project, verify_calls=2 * VERIFIES + 1)
    return project, project.run("apply", "dev", "--yes", "--json")


def test_a_domain_without_its_record_is_waited_for_and_the_record_is_told(waiting):
    project, ran = waiting
    assert ran.code == 6
    found = outcomes(ran)["custom_domains.login"]
    assert found["status"] == "waiting"
    record = dict(found["record"])
    with project.sandbox() as sandbox:
        (domain,) = sandbox.documents("custom_domains").values()
    assert domain["status"] == "pending_verification"
    (method,) = domain["verification"]["methods"]
    assert record == {"type": method["name"], "name": method["domain"], "value": method["record"]}
    said = project.ok("show", "dev").out
    assert method["record"] in said
    assert method["domain"] in said
    assert "tenantctl resume hearthhollow/dev" in said


def test_what_needs_the_domain_is_put_off_and_everything_else_is_done(waiting):
    _, ran = waiting
    rest = {id: o for id, o in outcomes(ran).items() if o["status"] not in {"applied", "unchanged"}}
    assert rest.pop("custom_domains.login")["status"] == "waiting"
    assert rest
    assert "universal_login_template" in rest
    assert {o["status"] for o in rest.values()} == {"skipped"}
    assert {o["detail"] for o in rest.values()} == {"waits for custom_domains.login"}


@pytest.mark.thorough
def test_resume_waits_again_before_the_record_is_there_and_finishes_after(waiting):
    project, _ = waiting
    ran = project.run("resume", "dev", "--json")
    assert ran.code == 6
    by_status = statuses(ran)
    assert by_status["waiting"] == {"custom_domains.login"}
    assert by_status["skipped"] == {"universal_login_template"}
    assert by_status["applied"] == SECRETIVE, "the rest is seen to be done and left alone"
    ran = project.ok("resume", "dev", "--json")
    assert {o["status"] for o in ran.json["outcomes"]} <= {"applied", "unchanged"}
    with project.sandbox() as sandbox:
        (domain,) = sandbox.documents("custom_domains").values()
        assert domain["status"] == "ready"
        assert sandbox.documents("branding_universal_login_template")
    assert project.steps() == []
    assert "nothing to resume" in project.ok("resume", "dev").out


@pytest.mark.thorough
def test_a_plan_made_while_a_domain_waits_has_what_is_still_to_do(waiting):
    project, _ = waiting
    assert "universal_login_template" in project.steps()
    script(project)
    project.ok("apply", "dev", "--yes")
    assert project.steps() == []


@pytest.mark.thorough
def test_a_build_that_takes_its_time_is_waited_for(project):
    script(project, build_reads=4)
    project.ok("apply", "dev", "--yes")
    with project.sandbox() as sandbox:
        assert all(a["all_changes_deployed"] for a in sandbox.documents("actions").values())
    assert project.steps() == []


@pytest.mark.thorough
def test_a_build_that_takes_too_long_is_left_and_resumed(project):
    script(project, build_reads=1000)
    ran = project.run("apply", "dev", "--yes", "--json")
    assert ran.code == 4
    failed = {id for id, o in outcomes(ran).items() if o["status"] == "failed"}
    assert failed == {id for id in outcomes(ran) if id.startswith("actions.")}
    assert "resume" in outcomes(ran)["actions.init-profile"]["detail"]
    script(project)
    project.ok("resume", "dev")
    assert project.steps() == []


@pytest.mark.thorough
def test_a_failed_build_stops_what_is_bound_to_it_and_nothing_else(project):
    script(project, failing_builds=("add-*",))
    ran = project.run("apply", "dev", "--yes", "--json")
    assert ran.code == 4
    by_status = statuses(ran)
    assert by_status["failed"] == {"actions.add-id-token-claims"}
    assert by_status["skipped"] == {"trigger_bindings.post-login"}
    assert "its build failed" in outcomes(ran)["actions.add-id-token-claims"]["detail"]
    script(project)
    path = project.root / "tenants/hearthhollow/actions/add-id-token-claims.js"
    path.write_text(path.read_text() + "\n// corrected\n")
    project.ok("apply", "dev", "--yes")
    assert project.steps() == []
