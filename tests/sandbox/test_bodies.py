"""What a write may hold, and how Auth0 says no."""

import pytest

THEME_PARTS = ("borders", "colors", "fonts", "page_background", "widget")


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("POST", "/clients", {"name": "a", "foo": 1}, "'Additional properties not allowed: foo'."),
        ("POST", "/clients", {"app_type": "spa"}, "'Missing required property: name'."),
        ("POST", "/clients", {"name": "<b>"}, "on property name."),
        (
            "POST",
            "/clients",
            {"name": "a", "app_type": "kiosk"},
            "'No enum match for: \"kiosk\"' on property app_type.",
        ),
        (
            "POST",
            "/clients",
            {"name": "a", "callbacks": "x"},
            "'Expected type array but found type string' on property callbacks.",
        ),
        (
            "POST",
            "/clients",
            {"name": "a", "refresh_token": {
                "expiration_type": "expiring", "rotation_type": "rotating", "policies": []}},
            "'Array is too short (0), minimum 1' on property refresh_token.policies.",
        ),
        (
            "POST",
            "/clients",
            {"name": "a", "async_approval_notification_channels": []},
            "'Array is too short (0), minimum 1'",
        ),
        ("POST", "/clients", {"name": "a", "description": "x" * 141}, "'String is too long"),
        (
            "POST",
            "/connections",
            {"name": "db", "strategy": "auth0", "enabled_clients": []},
            "'Additional properties not allowed: enabled_clients'.",
        ),
        ("POST", "/connections", {"name": "-db", "strategy": "auth0"}, "on property name."),
        (
            "POST",
            "/connections",
            {"name": "db", "strategy": "auth0", "options": {"precedence": []}},
            "'Array is too short (0), minimum 3' on property options.precedence.",
        ),
        ("PATCH", "/tenants/settings", {}, "'Too few properties defined (0), minimum 1'."),
        ("PATCH", "/tenants/settings", {"enabled_locales": []}, "'Array is too short (0)"),
        (
            "PATCH",
            "/attack-protection/brute-force-protection",
            {"max_attempts": 101},
            "'Value 101 is greater than maximum 100' on property max_attempts.",
        ),
        (
            "POST",
            "/network-acls",
            {
                "description": "d", "active": True, "priority": 1,
                "rule": {"action": {"block": True}, "scope": "tenant",
                         "match": {"auth0_managed": ["auth0.low_reputation"] * 2}},
            },
            "'Array items are not unique (indexes 0 and 1)' on property rule.match.auth0_managed.",
        ),
    ],
)  # fmt: skip
def test_a_body_is_refused_in_the_words_of_auth0(api, method, path, body, message):
    answer = api.call(method, path, body)
    assert answer.status_code == 400, answer.text
    found = answer.json()
    assert found["errorCode"] == "invalid_body"
    assert found["error"] == "Bad Request"
    assert found["message"].startswith("Payload validation error: '")
    assert message in found["message"]


@pytest.mark.parametrize(
    ("path", "create", "update"),
    [
        ("/connections", {"name": "db", "strategy": "auth0"}, {"name": "other"}),
        ("/connections", {"name": "db", "strategy": "auth0"}, {"strategy": "sms"}),
        ("/resource-servers", {"name": "a", "identifier": "urn:a"}, {"identifier": "urn:b"}),
        (
            "/custom-domains",
            {"domain": "id.shop.example", "type": "auth0_managed_certs"},
            {"domain": "x.shop.example"},
        ),
        (
            "/log-streams",
            {"name": "s", "type": "http", "sink": {"httpEndpoint": "https://log.example"}},
            {"type": "splunk"},
        ),
    ],
)
def test_a_field_that_only_a_create_knows_is_refused_by_an_update(api, path, create, update):
    made = api.post(path, create)
    id = made.get("id", made.get("custom_domain_id"))
    answer = api.call("PATCH", f"{path}/{id}", update)
    assert answer.status_code == 400
    assert "Additional properties not allowed" in answer.json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/client-grants", {"client_id": "x", "audience": "urn:api", "scope": []}, 404),
        ("PATCH", "/tenants/settings", {"default_directory": "nowhere"}, 400),
        (
            "PATCH",
            "/actions/triggers/post-login/bindings",
            {"bindings": [{"ref": {"type": "action_name", "value": "none"}}]},
            404,
        ),
        ("PATCH", "/custom-domains/default", {"domain": "id.shop.example"}, 400),
    ],
)
def test_a_reference_to_nothing_is_refused(api, method, path, body, status):
    answer = api.call(method, path, body)
    assert answer.status_code == status
    assert answer.json()["statusCode"] == status


def test_a_grant_needs_a_client_and_an_api_and_is_unique(api):
    client = api.post("/clients", {"name": "m2m", "app_type": "non_interactive"})["client_id"]
    grant = {"client_id": client, "audience": "urn:api", "scope": ["read:x"]}
    assert api.call("POST", "/client-grants", grant).status_code == 404
    api.post("/resource-servers", {"name": "a", "identifier": "urn:api"})
    assert api.post("/client-grants", grant)["subject_type"] == "client"
    assert api.call("POST", "/client-grants", grant).status_code == 409


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/connections", {"name": "db", "strategy": "auth0"}),
        ("/resource-servers", {"name": "a", "identifier": "urn:a"}),
        ("/roles", {"name": "admin"}),
        ("/custom-domains", {"domain": "id.shop.example", "type": "auth0_managed_certs"}),
        (
            "/email-templates",
            {"template": "welcome_email", "body": "x", "from": "a@b.example", "subject": "s",
             "syntax": "liquid", "enabled": True},
        ),
        ("/emails/provider", {"name": "mandrill", "credentials": {"api_key": "k"}}),
    ],
)  # fmt: skip
def test_a_natural_key_exists_once(api, path, body):
    assert api.call("POST", path, body).is_success
    assert api.call("POST", path, body).status_code == 409


def test_a_query_parameter_nobody_knows_is_refused(api):
    answer = api.call("GET", "/clients", colour="red")
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "invalid_query_string"


def test_text_that_is_no_json_is_refused(api):
    headers = {"authorization": f"Bearer {api.token}", "content-type": "application/json"}
    answer = api.raw("POST", "/api/v2/clients", content=b"{", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/nothing", "/clients/a/b/c", "/people"])
def test_a_path_that_is_not_served_is_not_found(api, path):
    answer = api.call("GET", path)
    assert answer.status_code == 404
    assert answer.json() == {"statusCode": 404, "error": "Not Found", "message": "Not Found"}
