"""Organizations and what belongs to them (facts: recorded traffic 3 to 9, OpenAPI statuses)."""

import pytest

MISSING = "No organization found by that id or name"


@pytest.fixture
def organization(api):
    return api.post("/organizations", {"name": "acme", "display_name": "Acme"})["id"]


@pytest.fixture
def database(api):
    body = {"name": "staff", "strategy": "auth0"}
    return api.post("/connections", body)["id"]


@pytest.fixture
def client(api):
    return api.post("/clients", {"name": "shop", "organization_usage": "allow"})["client_id"]


@pytest.fixture
def grant(api, client):
    api.post("/resource-servers", {"identifier": "https://stock", "scopes": [{"value": "read"}]})
    body = {"client_id": client, "audience": "https://stock", "scope": ["read"]}
    return api.post("/client-grants", body)["id"]


def refused(answer, status, message):
    assert answer.status_code == status, answer.text
    assert message in answer.json()["message"]


def test_an_organization_is_made_found_changed_and_deleted(api):
    made = api.call("POST", "/organizations", {"name": "acme", "metadata": {"a": "1", "b": "2"}})
    assert made.status_code == 201
    id = made.json()["id"]
    assert id.startswith("org_")
    assert len(id) == 20
    assert api.get(f"/organizations/{id}") == made.json() == api.get("/organizations/name/acme")
    assert made.json()["third_party_client_access"] == "block"
    changed = api.patch(f"/organizations/{id}", {"display_name": "A", "metadata": {"b": "3"}})
    assert changed["metadata"] == {"b": "3"}  # replaced, not merged
    assert api.call("DELETE", f"/organizations/{id}").status_code == 204
    for method in ("GET", "DELETE"):
        refused(api.call(method, f"/organizations/{id}"), 404, MISSING)
    refused(api.call("GET", "/organizations/name/acme"), 404, MISSING)


def test_a_name_belongs_to_one_organization(api, organization):
    refused(api.call("POST", "/organizations", {"name": "acme"}), 409, "already exists")
    other = api.post("/organizations", {"name": "other"})["id"]
    refused(api.call("PATCH", f"/organizations/{other}", {"name": "acme"}), 409, "already exists")
    assert api.patch(f"/organizations/{organization}", {"name": "acme"})["name"] == "acme"


@pytest.mark.parametrize("name", ["Acme", "acme inc", "-acme", "", "a" * 51])
def test_a_name_is_of_small_letters_digits_hyphens_and_underscores(api, name):
    refused(api.call("POST", "/organizations", {"name": name}), 400, "on property name")
    assert api.post("/organizations", {"name": "a_b-2"})["name"] == "a_b-2"


def test_organizations_are_listed_by_pages_by_cursor_and_sorted(api):
    for name in ("b", "c", "a"):
        api.post("/organizations", {"name": name})
    listed = api.get("/organizations", include_totals="true", per_page=2)
    assert {name: listed[name] for name in ("start", "limit", "total")} == {
        "start": 0,
        "limit": 2,
        "total": 3,
    }
    first = api.get("/organizations", take=2)
    assert [item["name"] for item in first["organizations"]] == ["b", "c"]
    rest = api.get("/organizations", take=2, **{"from": first["next"]})
    assert [item["name"] for item in rest["organizations"]] == ["a"]
    assert "next" not in rest
    assert [item["name"] for item in api.get("/organizations", sort="name:-1")] == ["c", "b", "a"]
    refused(api.call("GET", "/organizations", sort="name"), 400, "pattern")
    refused(api.call("GET", "/organizations", page=50, per_page=50), 400, "1000")


def test_connections_can_be_enabled_as_an_organization_is_made(api, database):
    given = {"connection_id": database, "assign_membership_on_login": True}
    body = {"name": "acme", "enabled_connections": [given]}
    made = api.post("/organizations", body)
    [shown] = made["enabled_connections"]
    assert shown["connection"] == {"name": "staff", "strategy": "auth0"}
    path = f"/organizations/{made['id']}"
    assert "enabled_connections" not in api.get(path)
    [listed] = api.get(f"{path}/enabled_connections")
    assert listed["assign_membership_on_login"] is True
    unknown = {"name": "b", "enabled_connections": [{"connection_id": "con_0000000000000000"}]}
    refused(api.call("POST", "/organizations", unknown), 400, "does not exist")


def test_a_connection_of_an_organization_goes_around(api, organization, database):
    path = f"/organizations/{organization}/connections"
    made = api.call("POST", path, {"connection_id": database})
    assert made.status_code == 201
    assert made.json() == {
        "connection_id": database,
        "assign_membership_on_login": False,
        "is_enabled": True,
        "is_signup_enabled": False,
        "organization_access_level": "none",
        "show_as_button": True,
        "connection": {"name": "staff", "strategy": "auth0"},
    }
    assert api.get(f"{path}/{database}") == made.json()
    refused(api.call("POST", path, {"connection_id": database}), 409, "already exists")
    changed = api.patch(f"{path}/{database}", {"is_enabled": False, "show_as_button": False})
    assert changed["show_as_button"] is False
    assert api.get(path, is_enabled="true") == []
    assert api.get(f"/organizations/{organization}/enabled_connections") == []
    assert len(api.get(path, is_enabled="false")) == 1
    for _ in range(2):
        assert api.call("DELETE", f"{path}/{database}").status_code == 204
    refused(api.call("GET", f"{path}/{database}"), 404, "No connection found")


def test_only_a_database_can_sign_people_up(api, organization):
    made = api.post("/connections", {"name": "corp", "strategy": "samlp"})["id"]
    path = f"/organizations/{organization}/connections"
    assert "is_signup_enabled" not in api.post(path, {"connection_id": made})


def test_enabled_connections_and_connections_are_the_same(api, organization, database):
    path = f"/organizations/{organization}/enabled_connections"
    made = api.post(path, {"connection_id": database, "show_as_button": False})
    assert set(made) <= {
        "connection_id", "assign_membership_on_login", "show_as_button", "is_signup_enabled",
        "connection",
    }  # fmt: skip
    assert api.get(f"/organizations/{organization}/connections/{database}")["is_enabled"] is True
    listed = api.get(path, include_totals="true")
    assert listed["limit"] == 1  # the number shown, not the size of a page
    assert api.patch(f"{path}/{database}", {"show_as_button": True})["show_as_button"] is True
    assert api.call("DELETE", f"{path}/{database}").status_code == 204
    assert api.get(f"/organizations/{organization}/connections") == []


def test_the_same_connection_may_be_in_two_organizations(api, organization, database):
    other = api.post("/organizations", {"name": "other"})["id"]
    for id in (organization, other):
        api.post(f"/organizations/{id}/connections", {"connection_id": database})
    api.call("DELETE", f"/organizations/{organization}/connections/{database}")
    assert len(api.get(f"/organizations/{other}/connections")) == 1


def test_a_grant_is_given_to_an_organization_and_seen_from_both_sides(
    api, organization, client, grant
):
    path = f"/organizations/{organization}/client-grants"
    made = api.call("POST", path, {"grant_id": grant})
    assert made.status_code == 201
    assert made.json() == {
        "grant_id": grant,
        "client_id": client,
        "audience": "https://stock",
        "scope": ["read"],
    }
    refused(api.call("POST", path, {"grant_id": grant}), 409, "already been added")
    refused(api.call("POST", path, {"grant_id": "cgr_0000000000000000"}), 404, "grant")
    [listed] = api.get(path, grant_ids=grant, audience="https://stock")
    assert listed["subject_type"] == "client"
    assert api.get(path, audience="https://other") == []
    [found] = api.get(f"/client-grants/{grant}/organizations", take=10)["organizations"]
    assert found["id"] == organization
    for _ in range(2):
        assert api.call("DELETE", f"{path}/{grant}").status_code == 204
    assert api.get(path) == []


def test_clients_of_an_organization_come_in_batches(api, organization, client):
    path = f"/organizations/{organization}/clients"
    given = {"clients": [{"client_id": client, "use_for_member_access": True}]}
    made = api.call("POST", path, given)
    assert made.status_code == 201
    [shown] = made.json()
    assert shown["client"]["name"] == "shop"
    assert shown["client"]["organization_usage"] == "allow"
    refused(api.call("POST", path, given), 409, "already")
    assert api.get(f"{path}/{client}") == shown
    changed = api.patch(f"{path}/{client}", {"use_for_member_access": False})
    assert changed["use_for_member_access"] is False
    assert api.get(path, take=50) == {"clients": [changed]}
    [told] = api.get("/organizations", include_client_association_for=client)
    assert told["client"] == {"use_for_member_access": False}
    many = {"clients": [client] * 11}
    refused(api.call("DELETE", path, many), 400, "too long")
    for _ in range(2):
        assert api.call("DELETE", path, {"clients": [client]}).status_code == 204
    assert api.get(path) == {"clients": []}


def test_a_discovery_domain_is_pending_until_it_is_verified(api, organization):
    path = f"/organizations/{organization}/discovery-domains"
    made = api.call("POST", path, {"domain": "acme.example"})
    assert made.status_code == 201
    domain = made.json()
    assert domain["status"] == "pending"
    assert domain["verification_host"] == f"_ss-verification.{organization}.acme.example"
    assert len(domain["verification_txt"]) == 32
    assert domain["id"].startswith("ord_")
    refused(api.call("POST", path, {"domain": "acme.example"}), 409, "already registered")
    assert api.get(f"{path}/name/acme.example") == domain == api.get(f"{path}/{domain['id']}")
    changed = api.patch(f"{path}/{domain['id']}", {"status": "verified"})
    assert changed == {**domain, "status": "verified"}
    for _ in range(2):
        assert api.call("DELETE", f"{path}/{domain['id']}").status_code == 204
    refused(api.call("GET", f"{path}/{domain['id']}"), 404, "No organization domain found")
    other = api.post("/organizations", {"name": "other"})["id"]
    assert api.post(f"/organizations/{other}/discovery-domains", {"domain": "acme.example"})


def test_an_invitation_needs_a_login_route(api, organization, client):
    path = f"/organizations/{organization}/invitations"
    body = {
        "inviter": {"name": "Ann"},
        "invitee": {"email": "bob@acme.example"},
        "client_id": client,
        "ttl_sec": 60,
    }
    refused(api.call("POST", path, body), 400, "A default login route is required")
    api.patch(f"/clients/{client}", {"initiate_login_uri": "https://shop.example/login"})
    made = api.call("POST", path, body)
    assert made.status_code == 201
    invitation = made.json()
    assert invitation["id"].startswith("uinv_")
    assert invitation["organization_id"] == organization
    assert invitation["invitation_url"] == (
        f"https://shop.example/login?invitation={invitation['ticket_id']}"
        f"&organization={organization}&organization_name=acme"
    )
    assert "ttl_sec" not in invitation
    listed = api.get(path, include_totals="true")
    assert listed == {"start": 0, "limit": 1, "invitations": [invitation]}
    assert api.get(f"{path}/{invitation['id']}", fields="id") == {"id": invitation["id"]}
    assert api.call("DELETE", f"{path}/{invitation['id']}").status_code == 204
    refused(api.call("GET", f"{path}/{invitation['id']}"), 404, "invitation")


@pytest.mark.parametrize(
    "below",
    [
        "connections",
        "enabled_connections",
        "client-grants",
        "clients",
        "discovery-domains",
        "invitations",
        "members",
    ],
)
def test_nothing_is_below_an_organization_that_does_not_exist(api, below):
    answer = api.call("GET", f"/organizations/org_0000000000000000/{below}")
    refused(answer, 404, "No organization found by that id")


def test_an_organization_takes_along_what_belongs_to_it(api, organization, database, grant):
    path = f"/organizations/{organization}"
    api.post(f"{path}/connections", {"connection_id": database})
    api.post(f"{path}/client-grants", {"grant_id": grant})
    api.post(f"{path}/discovery-domains", {"domain": "acme.example"})
    api.call("DELETE", path)
    counts = api.sandbox.status()["resources"]
    assert not [kind for kind in counts if kind.startswith("organization")]
    assert api.get(f"/connections/{database}")
    assert api.get(f"/client-grants/{grant}")


@pytest.mark.parametrize("gone", ["connections", "clients", "client_grants", "resource_servers"])
def test_what_an_organization_uses_leaves_it_when_it_is_deleted(
    api, organization, database, client, grant, gone
):
    path = f"/organizations/{organization}"
    api.post(f"{path}/connections", {"connection_id": database})
    api.post(f"{path}/client-grants", {"grant_id": grant})
    api.post(f"{path}/clients", {"clients": [{"client_id": client, "use_for_member_access": True}]})
    [server] = [
        item["id"] for item in api.get("/resource-servers") if item["identifier"] == "https://stock"
    ]
    ids = {
        "connections": database,
        "clients": client,
        "client_grants": grant,
        "resource_servers": server,
    }
    assert api.call("DELETE", f"/{gone.replace('_', '-')}/{ids[gone]}").is_success
    left = {
        "connections": api.get(f"{path}/connections"),
        "clients": api.get(f"{path}/clients")["clients"],
        "client_grants": api.get(f"{path}/client-grants"),
    }
    gone_too = {"clients": {"clients", "client_grants"}, "resource_servers": {"client_grants"}}
    assert {kind for kind, items in left.items() if not items} == gone_too.get(gone, {gone})


def test_a_tenant_without_the_feature_has_no_organizations(api):
    api.sandbox.features -= {"organizations"}
    for path in ("", "/search", "/name/a", "/o/connections", "/o/members", "/o/discovery-domains"):
        answer = api.call("GET", f"/organizations{path}")
        refused(answer, 403, "upgrade your subscription")
