"""What the checks of a tenant see of the separate tenants that connect to it."""

from __future__ import annotations

import pytest

from fleet.projects import FILES, FLEET, ROWS, written
from support.project import REPOSITORY
from tenantctl.files import fleet_of

LOOK = """\
universal_login_branding:
  branding:
    logo_url: "https://cdn.example/${var.title}.png"
    colors: {primary: "#123456"}
custom_domains:
  custom_domains:
    login: {domain: "login.${var.url}", type: auth0_managed_certs}
"""
TENANT = "tenants/school/tenant.yaml"


def look():
    """The project, where schools have a face."""
    adopts = FILES[TENANT].replace(
        "adopts: [", "adopts: [universal_login_branding, custom_domains, "
    )
    return {
        TENANT: adopts,
        "tenants/school/phase1/look.yaml": LOOK,
        "tenants/fleet.yaml": FLEET.replace('"https://${row', '"${row'),
        "tenants/schools.csv": ROWS.replace(" School", ""),
    }


def test_each_is_seen_as_the_environment_of_the_same_name_has_it(tmp_path):
    written(tmp_path, look())
    alder, birch = fleet_of(tmp_path, "district", "prod")
    assert alder == {
        "name": "alder",
        "connection": "alder-oidc",
        "custom_domain": "login.alder.prod.example",
        "brand": {"logo_url": "https://cdn.example/Alder.png", "primary": "#123456"},
        "environments": [
            {"name": "dev", "kind": "development", "domain": "alder-dev.sandbox.invalid"},
            {"name": "prod", "kind": "production", "domain": "alder-prod.sandbox.invalid"},
        ],
    }
    assert (birch["name"], birch["connection"]) == ("birch", None)


@pytest.mark.parametrize(
    ("connections", "found"), [(None, "alder-oidc"), (["alder-oidc"], "alder-oidc"), ([], None)]
)
def test_a_connection_that_the_tenant_does_not_declare_is_none(tmp_path, connections, found):
    written(tmp_path)
    alder, _ = fleet_of(tmp_path, "district", "dev", connections)
    assert alder["connection"] == found


def test_one_whose_files_are_wrong_is_there_and_has_no_face(tmp_path):
    files = look()
    files["tenants/schools.csv"] = ROWS.replace(",12,", ",twelve,")
    written(tmp_path, files)
    alder, birch = fleet_of(tmp_path, "district", "dev")
    assert (alder["custom_domain"], alder["brand"]["primary"]) == (None, None)
    assert birch["brand"]["primary"] == "#123456"


@pytest.mark.parametrize("tenant", ["alder", "district"])
def test_a_tenant_that_nobody_connects_to_has_no_fleet(tmp_path, tenant):
    if tenant == "alder":
        written(tmp_path)
    else:
        written(tmp_path, {"tenants/fleet.yaml": None})
    assert fleet_of(tmp_path, tenant, "dev") == ()


def test_the_university_of_the_example_is_branded_connected_and_has_three_environments():
    (found,) = fleet_of(REPOSITORY, "tallowbridge", "prod")
    assert found["name"] == "meridian-university"
    assert found["connection"] == "meridian-university-tenant"
    assert found["custom_domain"]
    assert found["brand"]["logo_url"].startswith("https://")
    assert found["brand"]["primary"]
    assert [each["kind"] for each in found["environments"]] == ["development", "production", "qa"]
