"""Profiles, self-service, token exchange, agents; forms, flows and their vault.

Facts come from recorded traffic (sections 3 to 8) and from the OpenAPI document.
"""

import pytest

ATTRIBUTES = {
    "email": {
        "description": "Where to write to",
        "label": "Email",
        "profile_required": True,
        "auth0_mapping": "email",
    }
}
PROFILES = {
    "/connection-profiles": ({"name": "p"}, {"name": "q"}),
    "/user-attribute-profiles": ({"name": "p", "user_attributes": ATTRIBUTES}, {"name": "q"}),
    "/self-service-profiles": ({"name": "p"}, {"name": "q"}),
    "/client-profiles": (
        {
            "name": "p",
            "client_configuration": {},
            "apply_policy": {
                "external_metadata_type": "cimd",
                "external_metadata_created_by": "client",
            },
        },
        {"name": "q"},
    ),
    "/agents": ({"name": "p"}, {"name": "q"}),
    "/forms": ({"name": "p"}, {"name": "q"}),
    "/flows": ({"name": "p"}, {"name": "q"}),
    "/flows/vault/connections": ({"name": "p", "app_id": "HTTP"}, {"name": "q"}),
}
REFUSED_TWICE = {"/forms", "/flows", "/flows/vault/connections"}


@pytest.mark.parametrize(("path", "bodies"), PROFILES.items())
def test_what_is_made_is_read_listed_updated_and_deleted(api, path, bodies):
    created, updated = bodies
    answer = api.call("POST", path, created)
    assert answer.status_code == 201
    made = answer.json()
    item = f"{path}/{made.get('id') or made['agent_id']}"
    live = api.get(item)
    assert live.items() >= {**created, "name": "p"}.items()
    listed = api.get(path)
    listed = listed if isinstance(listed, list) else next(iter(listed.values()))
    assert [one["name"] for one in listed] == ["p"]
    assert api.patch(item, updated)["name"] == "q"
    assert api.get(item)["name"] == "q"
    second = 404 if path in REFUSED_TWICE else 204
    assert [api.call("DELETE", item).status_code for _ in range(2)] == [204, second]
    assert api.call("GET", item).status_code == 404


def test_a_user_attribute_profile_always_knows_its_users(api):
    body = {"name": "p", "user_attributes": ATTRIBUTES, "user_id": {"scim_mapping": "userName"}}
    made = api.post("/user-attribute-profiles", body)
    assert made["user_id"]["scim_mapping"] == "userName"
    assert made["user_id"]["oidc_mapping"] == "sub"
    later = api.patch(f"/user-attribute-profiles/{made['id']}", {"user_id": {}})
    assert later["user_id"]["scim_mapping"] == "externalId"
    assert len(later["user_id"]["saml_mapping"]) == 3


def test_a_connection_profile_shows_what_it_leaves_open(api):
    made = api.post("/connection-profiles", {"name": "p"})
    assert (made["connection_config"], made["strategy_overrides"]) == (None, None)


@pytest.mark.parametrize("sort", ["connection", "user-attribute"])
def test_there_are_templates_to_begin_with(api, sort):
    path = f"/{sort}-profiles/templates"
    (templates,) = api.get(path).values()
    (template,) = templates
    assert api.get(f"{path}/{template['id']}") == template
    assert api.call("GET", f"{path}/nothing").status_code == 404
    made = api.post(f"/{sort}-profiles", {**template["template"], "name": "p"})
    assert made["name"] == "p"


def test_a_self_service_profile_has_attributes_or_a_profile_of_them(api):
    users = api.post("/user-attribute-profiles", {"name": "u", "user_attributes": ATTRIBUTES})
    given = {"name": "p", "user_attribute_profile_id": users["id"]}
    made = api.post("/self-service-profiles", given)
    path = f"/self-service-profiles/{made['id']}"
    assert made["user_attributes"] == []
    attribute = {"name": "email", "description": "d", "is_optional": True}
    api.patch(path, {"user_attributes": [attribute]})
    live = api.get(path)
    assert live["user_attributes"] == [attribute]
    assert "user_attribute_profile_id" not in live
    api.patch(path, {"user_attributes": None})
    assert api.get(path)["user_attributes"] == []
    both = {**given, "user_attributes": [attribute]}
    assert api.call("POST", "/self-service-profiles", both).status_code == 400
    lost = {"name": "p", "user_attribute_profile_id": "uap_1cssjii7i2NMoVuzBDLSe2"}
    assert api.call("POST", "/self-service-profiles", lost).status_code == 400


def test_a_self_service_profile_that_is_missing_is_named(api):
    id = "ssp_d4th4UJZcmpjuJRg8treYP"
    answer = api.call("GET", f"/self-service-profiles/{id}")
    assert answer.json() == {
        "statusCode": 404,
        "error": "Not Found",
        "message": f"Profile with ID: {id} not found",
    }


def test_there_are_at_most_twenty_self_service_profiles(api):
    for number in range(20):
        api.post("/self-service-profiles", {"name": f"p{number}"})
    assert api.call("POST", "/self-service-profiles", {"name": "p"}).status_code == 409


def test_texts_of_a_self_service_profile_are_replaced_and_go_with_it(api):
    path = f"/self-service-profiles/{api.post('/self-service-profiles', {'name': 'p'})['id']}"
    text = f"{path}/custom-text/en/get-started"
    assert api.get(text) == {}
    assert api.call("PUT", text, {"introduction": "Welcome"}).json() == {"introduction": "Welcome"}
    assert api.get(text) == {"introduction": "Welcome"}
    assert api.call("GET", f"{path}/custom-text/en/nowhere").status_code == 404
    api.call("DELETE", path)
    assert api.call("GET", text).status_code == 404
    assert api.sandbox.documents("self_service_profile_custom_text") == {}


def test_a_ticket_lets_a_customer_in_and_is_revoked(api):
    path = f"/self-service-profiles/{api.post('/self-service-profiles', {'name': 'p'})['id']}"
    body = {"connection_config": {"name": "customer"}}
    ticket = api.post(f"{path}/sso-ticket", body)["ticket"]
    assert "/self-service/connections-flow?ticket=" in ticket
    secret = ticket.rpartition("=")[2]
    assert api.call("POST", f"{path}/sso-ticket/{secret}/revoke").status_code == 202
    api.post("/connections", {"name": "customer", "strategy": "okta"})
    assert api.call("POST", f"{path}/sso-ticket", body).status_code == 409
    assert api.call("POST", f"{path}/sso-ticket", {"nothing": 1}).status_code == 400


def test_token_exchange_needs_an_action_and_a_type_of_its_own(api):
    trigger = [{"id": "custom-token-exchange", "version": "v1"}]
    action = api.post("/actions/actions", {"name": "a", "supported_triggers": trigger, "code": "x"})
    body = {
        "name": "exchange",
        "subject_token_type": "https://shop.example/token",
        "action_id": action["id"],
        "type": "custom_authentication",
    }
    made = api.post("/token-exchange-profiles", body)
    path = f"/token-exchange-profiles/{made['id']}"
    assert made.keys() >= {"created_at", "updated_at"}
    again = api.call("POST", "/token-exchange-profiles", {**body, "name": "exchange two"})
    assert again.status_code == 409
    assert (
        api.patch(path, {"name": "exchange two"})["subject_token_type"]
        == body["subject_token_type"]
    )
    assert api.call("PATCH", path, {"action_id": action["id"]}).status_code == 400
    named = {**body, "name": "urn", "subject_token_type": "urn:shop:token"}
    assert api.post("/token-exchange-profiles", named)["subject_token_type"] == "urn:shop:token"
    none = {**body, "name": "none", "subject_token_type": "shop-token"}
    assert api.call("POST", "/token-exchange-profiles", none).status_code == 400
    lost = {**body, "subject_token_type": "urn:other", "action_id": "nothing"}
    assert api.call("POST", "/token-exchange-profiles", lost).status_code == 400


def test_a_form_ends_by_resuming_the_flow_unless_it_says_otherwise(api):
    made = api.post("/forms", {"name": "f", "messages": {}, "languages": {"primary": "en"}})
    assert made["ending"] == {"resume_flow": True}
    assert "messages" not in made
    assert api.get("/forms") == [
        {name: made[name] for name in ("id", "name", "created_at", "updated_at")}
    ]


def test_a_vault_connection_is_ready_once_set_up_and_never_shows_how(api):
    made = api.post("/flows/vault/connections", {"name": "v", "app_id": "HTTP"})
    path = f"/flows/vault/connections/{made['id']}"
    assert (made["ready"], made["refreshed_at"]) == (False, None)
    assert "refreshed_at" not in api.get(path)
    later = api.patch(path, {"setup": {"type": "BEARER", "token": "my-secret-token"}})
    assert (later["ready"], later["account_name"]) == (True, "Bearer my-***ken")
    assert "setup" not in later
    assert later["fingerprint"] != made["fingerprint"]


def test_executions_of_a_flow_are_read_and_deleted(api):
    flow = api.post("/flows", {"name": "f"})
    path = f"/flows/{flow['id']}/executions"
    assert api.get(path) == []
    run = {"id": "run1", "trace_id": "t", "status": "done"}
    api.sandbox.put("flow_executions", "run1", run, parent=flow["id"])
    assert api.get(path, take=10) == {"executions": [run]}
    assert api.get(f"{path}/run1") == run
    assert api.call("DELETE", f"{path}/run1").status_code == 204
    assert api.call("GET", f"{path}/run1").status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/flows", {"name": "f", "description": "d"}),
        ("/forms", {"name": "f", "description": "d", "style": {"theme": "SOFT"}}),
    ],
)
def test_only_tenants_of_the_older_sort_take_what_the_editor_knows(api, path, body):
    assert api.call("POST", path, body).status_code == 400
    api.sandbox.reset({"ids": [], "reads": []})
    answer = api.call("POST", path, body)
    assert answer.status_code == 200
    made = answer.json()
    assert made["description"] == "d"
    assert api.get(f"{path}/{made['id']}") == made
