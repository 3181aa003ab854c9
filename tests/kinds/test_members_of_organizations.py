"""What must not happen to what organizations, roles and grants have."""

from pathlib import Path

import pytest

from kinds.converging import converge, held, nothing
from kinds.laws.ground import ground_of

ENGINEERS = "grp_1111111111111111111111"
CONNECTIONS = {name: {"strategy": "auth0"} for name in ("customers", "staff")}
API = {"orders": {"identifier": "https://orders.example", "scopes": {"read:orders": "Read"}}}


@pytest.fixture
def ground(tmp_path: Path):
    seed = {"groups": {ENGINEERS: {"id": ENGINEERS, "name": "Engineers"}}}
    made = ground_of(nothing(seed=seed), tmp_path)
    made.sandbox.seed(seed)
    yield made
    made.sandbox.close()


def acme(**more):
    return {"acme": {"display_name": "Acme", **more}}


def test_connections_that_somebody_else_gave_an_organization_are_not_silently_deleted(ground):
    mine = {"connections": CONNECTIONS, "organizations": acme(connections=["customers"])}
    converge(ground, **mine)
    ids = {c["name"]: c["id"] for c in held(ground, "connections")}
    (organization,) = held(ground, "organizations")
    theirs = {ids["staff"]: {"_parent": organization["id"]}}
    ground.sandbox.seed({"organization_connections": theirs})
    assert converge(ground, **mine) == []
    assert len(held(ground, "organization_connections")) == 2


def test_they_go_where_the_association_is_exclusive(ground):
    converge(
        ground,
        connections=CONNECTIONS,
        organizations=acme(connections=["customers", "staff"]),
    )
    ground.receipt = None
    only = acme(connections={"$mode": "exclusive", "customers": {}})
    writes = converge(ground, connections=CONNECTIONS, organizations=only)
    assert writes == ["DELETE organizations/enabled_connections"]


def test_an_organization_without_a_line_about_connections_keeps_them(ground):
    converge(
        ground, connections=CONNECTIONS, organizations=acme(connections=["customers", "staff"])
    )
    ground.receipt = None
    assert converge(ground, connections=CONNECTIONS, organizations=acme()) == []
    assert len(held(ground, "organization_connections")) == 2


def test_attributes_that_nobody_declares_survive_a_change_of_another(ground):
    converge(
        ground,
        connections=CONNECTIONS,
        organizations=acme(connections={"customers": {"assign_membership_on_login": True}}),
    )
    converge(
        ground,
        connections=CONNECTIONS,
        organizations=acme(connections={"customers": {"show_as_button": False}}),
    )
    (link,) = held(ground, "organization_connections")
    assert (link["assign_membership_on_login"], link["show_as_button"]) == (True, False)


def test_metadata_of_an_organization_is_not_wiped_by_a_change_of_its_name(ground):
    converge(ground, organizations=acme(metadata={"tier": "gold"}))
    converge(ground, organizations={"acme": {"display_name": "Acme Incorporated"}})
    (organization,) = held(ground, "organizations")
    assert organization["metadata"] == {"tier": "gold"}


def test_a_permission_of_a_system_api_is_taken_from_a_role_with_its_last_line(ground):
    (api,) = (s for s in held(ground, "resource_servers") if s.get("is_system"))
    name = api["scopes"][0]["value"]
    converge(ground, roles={"clerk": {"permissions": {"management-api": [name]}}})
    assert len(held(ground, "role_permissions")) == 1
    converge(ground, roles={"clerk": {"permissions": {}}})
    assert held(ground, "role_permissions") == []


def test_a_group_loses_a_role_with_its_last_line(ground):
    converge(ground, roles={"clerk": {"groups": ["Engineers"]}})
    assert len(held(ground, "group_roles")) == 1
    converge(ground, roles={"clerk": {"description": "alone"}})
    assert held(ground, "group_roles") == []


def test_a_grant_that_is_there_without_its_scopes_gets_them_in_the_same_run(ground):
    needs = {"clients": {"worker": {"app_type": "non_interactive"}}, "resource_servers": API}
    grant = {"worker": {"orders": {"client": {"scope": []}}}}
    converge(ground, **needs, client_grants=grant)
    ground.receipt = None
    grant["worker"]["orders"]["client"]["scope"] = ["read:orders"]
    assert converge(ground, **needs, client_grants=grant) == ["PATCH client-grants"]
    assert [g["scope"] for g in held(ground, "client_grants")][-1] == ["read:orders"]


def test_a_connection_leaves_its_organizations_before_it_is_deleted(ground):
    first = acme(connections=["customers", "staff"])
    converge(ground, connections=CONNECTIONS, organizations=first)
    left = {"customers": CONNECTIONS["customers"]}
    writes = converge(ground, connections=left, organizations=acme(connections=["customers"]))
    assert writes == ["DELETE organizations/enabled_connections", "DELETE connections"]
