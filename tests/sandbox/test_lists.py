"""Envelopes, pages and projections of lists."""

import pytest

from tenantctl.sandbox import Hostility

ROLES = 7


@pytest.fixture
def roles(api):
    return [api.post("/roles", {"name": f"role-{index}"})["id"] for index in range(ROLES)]


def test_an_offset_list_is_an_array_unless_totals_are_asked_for(api, roles):
    assert [item["id"] for item in api.get("/roles", per_page=5)] == roles[:5]
    second = api.get("/roles", per_page=5, page=1, include_totals="true")
    assert {name: second[name] for name in ("start", "limit", "total")} == {
        "start": 5,
        "limit": 5,
        "total": ROLES,
    }
    assert [item["id"] for item in second["roles"]] == roles[5:]


def test_a_page_past_the_end_is_empty_and_keeps_the_total(api, roles):
    found = api.get("/roles", per_page=5, page=9, include_totals="true")
    assert (found["roles"], found["total"]) == ([], len(roles))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/clients", {"per_page": 101}),
        ("/clients", {"per_page": 0}),
        ("/clients", {"page": "x"}),
        ("/connections", {"take": 101}),
        ("/connections", {"take": 2, "from": "not-a-token"}),
    ],
)
def test_a_page_out_of_bounds_is_refused(api, path, query):
    answer = api.call("GET", path, **query)
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "invalid_query_string"


def walk(api, path, items, take):
    found, query = [], {"take": take}
    for _ in range(50):
        body = api.get(path, **query)
        found += body[items]
        if "next" not in body:
            return found
        query = {"take": take, "from": body["next"]}
    raise AssertionError("the list never ends")


def test_a_checkpoint_list_goes_on_until_there_is_no_next(api):
    for index in range(5):
        api.post("/connections", {"name": f"db-{index}", "strategy": "auth0"})
    names = [item["name"] for item in walk(api, "/connections", "connections", 2)]
    assert names[2:] == [f"db-{index}" for index in range(5)]
    assert len(set(names)) == len(names) == 7


@pytest.mark.thorough
def test_connection_clients_are_paged_and_changed_by_fifty_at_most(api):
    connection = api.post("/connections", {"name": "db", "strategy": "auth0"})["id"]
    clients = [api.post("/clients", {"name": f"c{index}"})["client_id"] for index in range(51)]
    path = f"/connections/{connection}/clients"
    links = [{"client_id": client, "status": True} for client in clients]
    refused = api.call("PATCH", path, links)
    assert refused.status_code == 400
    assert "'Array is too long (51), maximum 50'" in refused.json()["message"]
    assert api.call("PATCH", path, links[:50]).status_code == 204
    assert api.call("PATCH", path, links[50:]).status_code == 204
    listed = [item["client_id"] for item in walk(api, path, "clients", 20)]
    assert listed == clients
    gone = [{"client_id": client, "status": False} for client in clients[:50]]
    assert api.call("PATCH", path, gone).status_code == 204
    assert api.get(path) == {"clients": [{"client_id": clients[50]}]}


@pytest.mark.parametrize(
    ("path", "query", "names"),
    [
        ("/clients", {"is_global": "true"}, {"All Applications"}),
        ("/clients", {"app_type": "non_interactive"}, {"tenantctl"}),
        ("/connections", {"name": "google-oauth2"}, {"google-oauth2"}),
        ("/connections", {"strategy": "auth0"}, {"Username-Password-Authentication"}),
        ("/roles", {"name_filter": "none"}, set()),
    ],
)
def test_lists_are_filtered(api, path, query, names):
    assert {item["name"] for item in api.get(path, **query)} == names


def test_fields_show_a_part_and_never_less_than_the_endpoint_always_shows(api):
    (first, *_) = api.get("/connections", fields="name")
    always = {"id", "is_domain_connection", "authentication", "connected_accounts"}
    assert set(first) == {"name", *always}
    (first, *_) = api.get("/clients", fields="name,client_id", include_fields="true")
    assert set(first) == {"name", "client_id", "tenant"}
    (first, *_) = api.get("/clients", fields="signing_keys", include_fields="false")
    assert "signing_keys" not in first
    assert "name" in first


def test_custom_domains_are_an_array_or_a_checkpoint_list(api):
    for name in ("a", "b", "c"):
        body = {"domain": f"{name}.shop.example", "type": "auth0_managed_certs"}
        api.post("/custom-domains", body)
    assert len(api.get("/custom-domains")) == 3
    walked = walk(api, "/custom-domains", "custom_domains", 2)
    assert [item["domain"][0] for item in walked] == ["a", "b", "c"]
    found = api.get("/custom-domains", q="domain:b*")
    assert [item["domain"] for item in found] == ["b.shop.example"]


def test_actions_leave_zeros_out_of_their_envelope(api):
    assert api.get("/actions/actions", per_page=50) == {"actions": [], "per_page": 50}
    trigger = [{"id": "post-login", "version": "v3"}]
    api.post("/actions/actions", {"name": "a", "supported_triggers": trigger})
    body = api.get("/actions/actions", per_page=50)
    assert (body["total"], "page" in body) == (1, False)


def test_a_hostile_server_shortens_pages_and_shuffles_sets_the_same_way_for_a_seed(api, roles):
    callbacks = [f"https://{index}.example" for index in range(20)]
    client = api.post("/clients", {"name": "a", "callbacks": callbacks})["client_id"]

    def look():
        api.sandbox._machine.number = 0
        api.sandbox.hostility = Hostility(seed=4, page_cap=3)
        page = api.get("/roles", include_totals="true", per_page=50)
        return page, api.get(f"/clients/{client}")["callbacks"]

    page, shown = look()
    assert (page["limit"], page["total"], len(page["roles"])) == (3, ROLES, 3)
    assert shown != callbacks
    assert sorted(shown) == sorted(callbacks)
    assert look() == (page, shown)
    second = api.get("/roles", include_totals="true", page=2)
    assert [item["id"] for item in second["roles"]] == roles[6:]
    api.sandbox.hostility = None
    assert api.get(f"/clients/{client}")["callbacks"] == callbacks


def test_a_hostile_server_leaves_ordered_lists_alone(api):
    api.sandbox.hostility = Hostility(seed=1)
    locales = ["en", "de", "fr", "es", "it", "pt", "nl", "sv"]
    api.patch("/tenants/settings", {"enabled_locales": locales})
    assert api.get("/tenants/settings")["enabled_locales"] == locales
