"""What an update keeps, replaces and takes away."""

import pytest


def test_metadata_merges_and_null_takes_a_key_away(api):
    client = api.post("/clients", {"name": "a", "client_metadata": {"x": "1", "y": "2"}})
    path = f"/clients/{client['client_id']}"
    api.patch(path, {"client_metadata": {"x": None, "z": "3"}})
    assert api.get(path)["client_metadata"] == {"y": "2", "z": "3"}
    api.patch(path, {"client_metadata": {}})
    assert api.get(path)["client_metadata"] == {}


def test_null_unsets_a_field(api):
    client = api.post("/clients", {"name": "a", "description": "d"})
    path = f"/clients/{client['client_id']}"
    api.patch(path, {"description": None})
    assert "description" not in api.get(path)


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/tenants/settings", {"flags": {"enable_sso": False}}, ("flags", "universal_login", True)),
        (
            "/attack-protection/suspicious-ip-throttling",
            {"stage": {"pre-login": {"max_attempts": 5}}},
            ("stage", "pre-login", {"max_attempts": 5, "rate": 864000}),
        ),
        (
            "/attack-protection/captcha",
            {"arkose": {"site_key": "s", "secret": "k"}},
            ("arkose", "verify_subdomain", "verify-api"),
        ),
    ],
)
def test_these_objects_merge(api, path, body, expected):
    api.patch(path, body)
    outer, inner, value = expected
    assert api.get(path)[outer][inner] == value


def test_a_clients_jwt_configuration_merges_but_its_callbacks_are_replaced(api):
    client = api.post("/clients", {"name": "a", "callbacks": ["https://a.example"]})
    path = f"/clients/{client['client_id']}"
    change = {"jwt_configuration": {"alg": "RS256"}, "callbacks": ["https://b.example"]}
    api.patch(path, change)
    live = api.get(path)
    assert live["callbacks"] == ["https://b.example"]
    assert live["jwt_configuration"] == {
        "alg": "RS256",
        "lifetime_in_seconds": 36000,
        "secret_encoded": False,
    }


def test_connection_options_are_replaced_but_for_what_the_server_keeps(api):
    given = {
        "icon_url": "https://i.example",
        "authentication_methods": {"passkey": {"enabled": True}},
    }
    made = api.post("/connections", {"name": "db", "strategy": "auth0", "options": given})
    path = f"/connections/{made['id']}"
    assert made["options"]["mfa"]["active"] is True
    api.patch(path, {"options": {"passwordPolicy": "excellent"}})
    options = api.get(path)["options"]
    assert options["passwordPolicy"] == "excellent"
    assert options["authentication_methods"]["passkey"] == {"enabled": True}
    assert "mfa" not in options
    assert "icon_url" not in options


def test_a_tenants_lifetimes_in_minutes_come_back_in_hours(api):
    api.patch("/tenants/settings", {"session_lifetime_in_minutes": 120})
    settings = api.get("/tenants/settings")
    assert settings["session_lifetime"] == 2
    assert "session_lifetime_in_minutes" not in settings


def test_the_answer_to_a_tenant_update_is_not_what_a_read_shows(api):
    answer = api.patch("/tenants/settings", {"friendly_name": "Shop"})
    live = api.get("/tenants/settings")
    assert live["friendly_name"] == answer["friendly_name"] == "Shop"
    extra = set(answer["flags"]) - set(live["flags"])
    assert extra == {
        "enforce_client_authentication_on_passwordless_start",
        "cannot_change_enforce_client_authentication_on_passwordless_start",
    }
    assert "sandbox_versions_available" in live.keys() - answer.keys()


def test_another_email_provider_forgets_the_settings_of_the_first(api):
    first = {"name": "ses", "credentials": {"region": "us-east-1"}, "settings": {"message": {}}}
    api.post("/emails/provider", first)
    api.patch("/emails/provider", {"name": "mandrill", "credentials": {"api_key": "k"}})
    live = api.get("/emails/provider")
    assert live == {"name": "mandrill", "enabled": True, "credentials": {}}


def test_custom_text_is_replaced_as_a_whole(api):
    path = "/prompts/login/custom-text/pt-BR"
    assert api.get(path) == {}
    assert api.call("PUT", path, {"login": {"title": "Olá", "button": "Entrar"}}).is_success
    assert api.call("PUT", path, {"login": {"title": "Oi"}}).is_success
    assert api.get(path) == {"login": {"title": "Oi"}}
    assert api.get("/prompts/login/custom-text/en") == {}
    assert api.sandbox.documents("prompt_custom_text")["login/pt-BR"] == {"login": {"title": "Oi"}}


@pytest.mark.parametrize(
    ("path", "body", "status", "again"),
    [
        ("/clients", {"name": "a"}, 204, 204),
        ("/resource-servers", {"name": "a", "identifier": "urn:a"}, 204, 204),
        ("/connections", {"name": "db", "strategy": "auth0"}, 202, 204),
        ("/roles", {"name": "admin"}, 200, 404),
        ("/custom-domains", {"domain": "i.shop.example", "type": "auth0_managed_certs"}, 204, 204),
        (
            "/network-acls",
            {"description": "d", "active": True, "priority": 1,
             "rule": {"action": {"block": True}, "scope": "tenant", "match": {"asns": [1]}}},
            200,
            404,
        ),
        (
            "/log-streams",
            {"name": "s", "type": "http", "sink": {"httpEndpoint": "https://log.example"}},
            204,
            204,
        ),
    ],
)  # fmt: skip
def test_deleting_twice_answers_as_this_endpoint_does(api, path, body, status, again):
    made = api.post(path, body)
    id = next(made[name] for name in ("id", "client_id", "custom_domain_id") if name in made)
    assert api.call("DELETE", f"{path}/{id}").status_code == status
    assert api.call("GET", f"{path}/{id}").status_code == 404
    assert api.call("DELETE", f"{path}/{id}").status_code == again


def test_what_hangs_on_a_client_goes_with_it(api):
    client = api.post("/clients", {"name": "a"})["client_id"]
    api.post("/resource-servers", {"name": "a", "identifier": "urn:a"})
    api.post("/client-grants", {"client_id": client, "audience": "urn:a", "scope": []})
    connection = api.post("/connections", {"name": "db", "strategy": "auth0"})["id"]
    api.patch(f"/connections/{connection}/clients", [{"client_id": client, "status": True}])
    assert api.call("DELETE", f"/clients/{client}").status_code == 204
    grants = api.sandbox.documents("client_grants").values()
    assert client not in {grant["client_id"] for grant in grants}
    assert api.get(f"/connections/{connection}/clients") == {"clients": []}


def test_a_role_loses_a_permission_whose_scope_its_api_no_longer_has(api):
    scopes = [{"value": "read:x"}, {"value": "read:y"}]
    server = api.post("/resource-servers", {"name": "a", "identifier": "urn:a", "scopes": scopes})
    role = api.post("/roles", {"name": "admin"})["id"]
    links = [
        {"resource_server_identifier": "urn:a", "permission_name": scope["value"]}
        for scope in scopes
    ]
    api.post(f"/roles/{role}/permissions", {"permissions": links})
    api.patch(f"/resource-servers/{server['id']}", {"scopes": scopes[:1]})
    assert [item["permission_name"] for item in api.get(f"/roles/{role}/permissions")] == ["read:x"]
