"""Tallowbridge and the university's own tenant: environment by environment, phase after phase."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from examples.states import NEXT, addresses, copy_of, counts, decline, reach, release, row, table
from support.largely import mostly
from support.project import REPOSITORY, Project
from tenantctl.files import load
from tenantctl.model import Address

TENANT = "tallowbridge"
UNIVERSITY = "meridian-university"
TEMPLATE = "university"
CAMPUSES = {
    f"connections.{key}"
    for key in ("north-campus", "medical-school", "business-school", "directory")
}
ENVIRONMENTS = ("dev", "qa", "prod")
NEED_PHASE_2 = ("step_up", "scim_deprovisioning", "self_service_connection_setup")
"""Topics of phase 3 that follow one of phase 2: without it an environment declines them."""
EVERYWHERE = {
    "tenant": (1, 1, 1),
    "email_provider": (1, 1, 1),
    "branding": (1, 1, 1),
    "branding_theme": (1, 1, 1),
    "universal_login_template": (1, 1, 1),
    "prompts": (1, 1, 1),
    "attack_protection": (4, 4, 4),
    "custom_domains": (1, 1, 1),
    "email_templates": (6, 6, 6),
    "prompt_custom_text": (12, 12, 12),
    "log_streams": (1, 1, 1),
    "clients": (6, 9, 10),
    "resource_servers": (1, 5, 5),
    "client_grants": (1, 4, 5),
    "roles": (1, 6, 6),
    "role_permissions": (0, 5, 5),
    "actions": (2, 2, 4),
    "trigger_bindings": (1, 1, 1),
    "guardian_factors": (0, 4, 4),
    "guardian_policies": (0, 1, 1),
    "forms": (0, 0, 1),
    "flows": (0, 0, 1),
    "flow_vault_connections": (0, 0, 1),
    "self_service_profiles": (0, 0, 2),
}
OWN = {
    "dev": {
        "connections": (3, 5, 6),
        "connection_clients": (3, 5, 6),
        "connection_scim_configuration": (0, 0, 2),
        "organizations": (1, 3, 4),
        "organization_enabled_connections": (1, 3, 4),
        "organization_discovery_domains": (0, 2, 3),
        "organization_client_grants": (0, 1, 1),
    },
    "qa": {
        "connections": (4, 8, 9),
        "connection_clients": (4, 8, 9),
        "connection_scim_configuration": (0, 0, 4),
        "organizations": (2, 6, 7),
        "organization_enabled_connections": (2, 6, 7),
        "organization_discovery_domains": (0, 4, 5),
        "organization_client_grants": (0, 1, 1),
    },
    "prod": {
        "log_streams": (2, 2, 2),
        "network_acls": (1, 1, 1),
        "connections": (7, 14, 15),
        "connection_clients": (7, 14, 15),
        "connection_scim_configuration": (0, 0, 7),
        "organizations": (5, 12, 13),
        "organization_enabled_connections": (5, 12, 13),
        "organization_discovery_domains": (0, 7, 8),
        "organization_client_grants": (0, 2, 2),
    },
}
NOT_COUNTED = {
    "connection_clients": "the reference counts them with their connections",
    "connection_scim_configuration": "the reference counts them with their connections",
    "organization_enabled_connections": "the reference counts them with their organizations",
    "organization_discovery_domains": "the reference counts them with their organizations",
    "organization_client_grants": "which customers the importer works for is said here only",
    "role_permissions": "the reference counts them with their roles",
    "guardian_policies": "the reference has it, and no row for it",
}
"""Kinds of ours that the table of the reference has no row for."""
CALLED_OTHERWISE = {
    "prompt_custom_text": "the address comes first: login-id and login-password are what is shown",
    "network_acls": "what it does is said in its description",
    "branding_theme": "it is ours",
}
"""Kinds whose names are not those of the reference."""
CUSTOMERS = sorted((REPOSITORY / "tenants" / TENANT).glob("phase*/customers/*.yaml"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_of(tmp_path, TENANT)


def _state(environment: str, phase: int) -> dict[str, int]:
    """What an environment holds once *phase* and those before it are there."""
    found = {kind: of[phase - 1] for kind, of in (EVERYWHERE | OWN[environment]).items()}
    return {kind: number for kind, number in found.items() if number}


@pytest.mark.thorough
@pytest.mark.parametrize("environment", mostly(reversed(ENVIRONMENTS), fast=1))
def test_every_phase_is_applied_on_top_of_the_ones_before(project, environment):
    for phases in NEXT:
        reach(project, f"{TENANT}/{environment}", phases)
        assert counts(project, f"{TENANT}/{environment}") == _state(environment, phases[-1])


@pytest.mark.thorough
@pytest.mark.parametrize("environment", mostly(reversed(ENVIRONMENTS), fast=1))
def test_phase_3_does_without_phase_2_and_phase_2_may_follow_it(project, environment):
    name = f"{TENANT}/{environment}"
    decline(project, name, *NEED_PHASE_2)
    reach(project, name, (1, 3))
    there = set(addresses(project, name))
    assert {"organizations.meridian-university", "forms.technician-profile"} <= there
    assert {"actions.step-up-sso-change", "self_service_profiles.standard"}.isdisjoint(there)
    assert {"resource_servers.jobs-api", "organizations.cobalt-grid"}.isdisjoint(there)
    decline(project, name)
    reach(project, name, (1, 2, 3))
    assert counts(project, name) == _state(environment, 3)


@pytest.mark.parametrize("phases", [(2,), (3,), (2, 3)])
def test_phases_2_and_3_are_refused_without_phase_1_and_say_why(project, phases):
    release(project, f"{TENANT}/prod", phases)
    ran = project.run("plan", f"{TENANT}/prod")
    assert ran.code == 65
    assert f"phase {phases[0]} needs phase 1" in ran.err


def test_the_three_environments_are_what_the_reference_counts(shared):
    counted = [_state(environment, phase) for environment in ENVIRONMENTS for phase in (1, 2, 3)]
    theirs = table(shared, TENANT)
    total = theirs.pop("total")
    assert {kind: row(counted, kind) for kind in theirs} == theirs
    assert not NOT_COUNTED.keys() & theirs.keys()
    assert total == tuple(
        sum(number for kind, number in state.items() if kind not in NOT_COUNTED)
        for state in counted
    )


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_things_are_called_what_the_reference_calls_them(shared, environment):
    path = shared / "data/example-tenants" / f"{TENANT}-{environment}.json"
    theirs = {
        kind: {each["name"] for each in body}
        for kind, body in json.loads(path.read_text("utf-8")).items()
        if kind in _state(environment, 3) and kind not in CALLED_OTHERWISE
        if isinstance(body, list) and "name" in body[0]
    }
    ours: dict[str, set[Any]] = {}
    for resource in load(REPOSITORY, TENANT, environment).desired.tenant:
        name = resource.fields.get("name", resource.address.key)
        ours.setdefault(resource.address.kind, set()).add(name)
    ours["resource_servers"] = ours["resource_servers"] - {"management-api"} | {
        "Auth0 Management API"
    }
    ours["guardian_policies"] = theirs["guardian_policies"]
    assert len(theirs) >= 12
    assert {kind: ours[kind] for kind in theirs} == theirs


def _customers_of(environment: str) -> Iterator[tuple[str, str]]:
    """Each organization of *environment* with the file that it is at home in."""
    desired = load(REPOSITORY, TENANT, environment).desired
    for address, declaration in desired.declarations.items():
        if address.kind == "organizations":
            yield address.key, declaration.home.file


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_customer_has_a_file_of_its_own(environment):
    found = dict(_customers_of(environment))
    assert {key: Path(file).stem for key, file in found.items()} == {key: key for key in found}
    assert set(found) <= {path.stem for path in CUSTOMERS}
    assert len(CUSTOMERS) == 13


@pytest.mark.thorough
@pytest.mark.parametrize("environment", mostly(reversed(ENVIRONMENTS), fast=1))
def test_the_university_has_a_tenant_that_ours_connects_to(tmp_path, environment):
    for name in ("tenants", "environments"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    project, name = Project(tmp_path), f"{UNIVERSITY}/{environment}"
    for phases in ((1,), (1, 2)):
        release(project, f"{TEMPLATE}/{environment}", phases)
        saved = str(tmp_path / "university.json")
        project.ok("plan", name, "--out", saved)
        project.ok("apply", saved)
        assert project.steps(name) == []
    assert set(addresses(project, name)) >= CAMPUSES
    said = project.ok("outputs", name, "--json").out
    own = load(REPOSITORY, TENANT, environment).desired.tenant
    options = own.resources[Address("connections", f"{UNIVERSITY}-tenant")].fields["options"]
    issuer = str(options["discovery_url"]).partition(".well-known")[0]
    assert f'"{issuer}"' in said


@pytest.fixture
def released(tmp_path: Path) -> Project:
    """The repository on the day on which everybody vouches for what they answer for."""
    for name in ("tenants", "environments"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    for file in (tmp_path / "environments").glob("*/*.yaml"):
        file.write_text(re.sub(r"2026-08-2[09]", today, file.read_text()))
    return Project(tmp_path)


def _tidied(project: Project, name: str) -> None:
    """What a person does once in the dashboard: take away what every new tenant comes with."""
    tenant, _, environment = name.partition("/")
    with project.sandbox(environment, tenant) as sandbox:
        for id, connection in sandbox.documents("connections").items():
            if connection["name"] in {"google-oauth2", "Username-Password-Authentication"}:
                sandbox.drop("connections", id)


KNOWN_TO_PASS = {"U15.oidc-conformant", "E16.enterprise-needs-hrd", "Q01.actions-unit-tested"}


def _counts(finding: Mapping[str, Any]) -> bool:
    """Whether somebody has to do something about it, or nobody knows."""
    settled = finding["status"] in {"passed", "absent"} or finding["waived"]
    return finding["level"] in {"block", "warn"} and not settled


@pytest.mark.thorough
@pytest.mark.parametrize("tenant", [TENANT, UNIVERSITY])
def test_nothing_is_in_the_way_of_going_live_with_all_phases(released, tenant):
    released.ok("test", tenant)
    for environment in ENVIRONMENTS:
        name = f"{tenant}/{environment}"
        saved = str(released.root / "plan.json")
        released.ok("plan", name, "--out", saved)
        released.ok("apply", saved)
        _tidied(released, name)
        if environment == "qa":
            released.ok("test", name, "--live")
        if environment == "prod":
            released.ok("backup", name)
        found = released.ok("check", name, "--json").json["findings"]
        assert {each["check"] for each in found if each["status"] == "passed"} > KNOWN_TO_PASS
        assert [each for each in found if _counts(each)] == []
