"""What a read shows of what was written: defaults, and secrets absent, masked or enciphered."""

import pytest


def test_a_fresh_tenant_has_what_auth0_gives_one(api):
    clients = {client["name"]: client for client in api.get("/clients")}
    assert set(clients) == {"All Applications", "Default App", "tenantctl"}
    assert clients["All Applications"]["global"] is True
    connections = {item["name"]: item for item in api.get("/connections")}
    database = connections.pop("Username-Password-Authentication")
    assert set(connections) == {"google-oauth2"}
    enabled = api.get(f"/connections/{database['id']}/clients")["clients"]
    assert enabled == [{"client_id": clients["Default App"]["client_id"]}]
    (server,) = api.get("/resource-servers")
    assert server["identifier"] == "https://hearthhollow-dev.sandbox.invalid/api/v2/"
    assert server["is_system"] is True
    assert api.get("/branding") == {}
    assert api.get("/roles") == api.get("/custom-domains") == api.get("/log-streams") == []
    assert api.get("/prompts")["universal_login_experience"] == "new"
    assert api.get("/actions/triggers/post-login/bindings") == {"bindings": [], "per_page": 50}


@pytest.mark.parametrize(
    "path",
    [
        "/emails/provider",
        "/email-templates/welcome_email",
        "/branding/themes/default",
        "/branding/templates/universal-login",
        "/clients/none",
        "/connections/none",
        "/roles/none",
        "/actions/actions/none",
        "/log-streams/none",
        "/network-acls/none",
        "/client-grants/none",
        "/resource-servers/none",
    ],
)
def test_what_is_not_there_is_not_found_in_auth0s_form(api, path):
    answer = api.call("GET", path)
    assert answer.status_code == 404
    assert answer.json()["error"] == "Not Found"


def test_the_management_api_is_found_by_its_encoded_identifier_and_cannot_go(api):
    for encoded in ("https%3A%2F%2F{}%2Fapi%2Fv2%2F", "https%253A%252F%252F{}%252Fapi%252Fv2%252F"):
        path = f"/resource-servers/{encoded.format(api.sandbox.domain)}"
        assert api.get(path)["name"] == "Auth0 Management API"
        assert api.call("DELETE", path).status_code == 400
        assert api.call("PATCH", path, {"name": "mine"}).status_code == 400
        api.patch(path, {"token_lifetime": 3600})


@pytest.mark.parametrize(
    ("app_type", "grants", "lifetime"),
    [
        ("spa", {"authorization_code", "implicit", "refresh_token"}, 2592000),
        ("native", {"authorization_code", "implicit", "refresh_token"}, 2592000),
        (
            "regular_web",
            {"authorization_code", "implicit", "refresh_token", "client_credentials"},
            2592000,
        ),
        (
            "non_interactive",
            {"authorization_code", "implicit", "refresh_token", "client_credentials"},
            2592000,
        ),
    ],
)
def test_a_client_is_filled_in_according_to_its_type(api, app_type, grants, lifetime):
    client = api.post("/clients", {"name": "a", "app_type": app_type})
    assert set(client["grant_types"]) == grants
    assert client["refresh_token"]["token_lifetime"] == lifetime
    assert client["is_first_party"] is True
    assert client["oidc_conformant"] is False


def test_an_api_is_filled_in(api):
    server = api.post("/resource-servers", {"name": "a", "identifier": "urn:a"})
    assert server["signing_alg"] == "RS256"
    assert server["token_lifetime"] == 86400
    assert server["subject_type_authorization"]["user"] == {"policy": "allow_all"}


def test_a_client_secret_is_for_those_who_may_read_keys(sandbox, api, connect):
    made = api.post("/clients", {"name": "a"})
    assert made["client_secret"]
    path = f"/clients/{made['client_id']}"
    assert api.get(path)["client_secret"] == made["client_secret"]
    reader = connect(sandbox, sandbox.provision("reader", ["read:clients"]))
    assert "client_secret" not in reader.get(path)
    assert all("client_secret" not in client for client in reader.get("/clients"))


def test_rotating_gives_another_secret(api):
    made = api.post("/clients", {"name": "a"})
    rotated = api.post(f"/clients/{made['client_id']}/rotate-secret")
    assert rotated["client_secret"] != made["client_secret"]


def test_a_database_configuration_comes_back_as_another_ciphertext_after_every_write(api):
    options = {"configuration": {"KEY": "plain"}}
    made = api.post("/connections", {"name": "db", "strategy": "auth0", "options": options})
    path = f"/connections/{made['id']}"
    first = api.get(path)["options"]["configuration"]["KEY"]
    assert first == api.get(path)["options"]["configuration"]["KEY"]
    api.patch(path, {"options": options})
    second = api.get(path)["options"]["configuration"]["KEY"]
    assert "plain" not in {first, second}
    assert first != second
    stored = api.sandbox.documents("connections")[made["id"]]
    assert stored["options"]["configuration"] == {"KEY": "plain"}


def test_secrets_that_auth0_keeps_to_itself_are_absent(api):
    api.post("/emails/provider", {"name": "mandrill", "credentials": {"api_key": "k"}})
    assert api.get("/emails/provider")["credentials"] == {}
    api.patch("/attack-protection/captcha", {"hcaptcha": {"site_key": "s", "secret": "x"}})
    assert api.get("/attack-protection/captcha")["hcaptcha"] == {"site_key": "s"}
    stored = api.sandbox.documents("attack_protection_captcha")[""]
    assert stored["hcaptcha"]["secret"] == "x"


def test_a_mixpanel_password_is_masked_and_other_sinks_are_in_clear(api):
    sink = {
        "mixpanelRegion": "us",
        "mixpanelProjectId": "1",
        "mixpanelServiceAccountUsername": "u",
        "mixpanelServiceAccountPassword": "p",
    }
    made = api.post("/log-streams", {"name": "m", "type": "mixpanel", "sink": sink})
    shown = api.get(f"/log-streams/{made['id']}")["sink"]
    assert shown["mixpanelServiceAccountPassword"] == "********"
    sink = {"datadogApiKey": "k", "datadogRegion": "us"}
    made = api.post("/log-streams", {"name": "d", "type": "datadog", "sink": sink})
    assert api.get(f"/log-streams/{made['id']}")["sink"] == sink
    assert made["status"] == "active"


def test_a_role_without_a_description_shows_an_empty_one_on_the_first_read(api):
    made = api.post("/roles", {"name": "admin"})
    assert "description" not in made
    assert api.get(f"/roles/{made['id']}")["description"] == ""


def test_a_network_acl_shows_its_tenant_only_when_read(api):
    rule = {"action": {"block": True}, "scope": "tenant", "match": {"asns": [1]}}
    body = {"description": "d", "active": True, "priority": 1, "rule": rule}
    made = api.post("/network-acls", body)
    assert "tenant_id" not in made
    live = api.get(f"/network-acls/{made['id']}")
    assert (live["tenant_id"], live["deleted_at"]) == ("hearthhollow-dev", None)
    answer = api.call("PUT", f"/network-acls/{made['id']}", {**body, "priority": 2})
    assert answer.json()["priority"] == 2
