"""The phone provider and its templates (recorded traffic, OpenAPI)."""

import pytest

PROVIDERS, TEMPLATES = "/branding/phone/providers", "/branding/phone/templates"
TWILIO = {
    "name": "twilio",
    "configuration": {"default_from": "+15550100", "sid": "AC1", "delivery_methods": ["text"]},
    "credentials": {"auth_token": "secret"},
}
CUSTOM = {"name": "custom", "configuration": {"delivery_methods": ["voice"]}, "credentials": {}}
TRY = {"to": "+15550199", "delivery_method": "text"}


def test_a_provider_is_read_without_its_credentials_and_listed_with_none(api, sandbox):
    made = api.post(PROVIDERS, TWILIO)
    assert (made["channel"], made["disabled"]) == ("phone", False)
    assert made["tenant"] == "hearthhollow-dev"
    assert api.get(f"{PROVIDERS}/{made['id']}") == made
    assert "credentials" not in made
    assert api.get(PROVIDERS) == {"providers": [{**made, "credentials": None}]}
    assert sandbox.documents("branding_phone_providers")[made["id"]]["credentials"] == {
        "auth_token": "secret"
    }


def test_another_provider_takes_the_place_of_the_only_one(api):
    """`configuration` is replaced as a whole (recorded traffic 8b)."""
    made = api.post(PROVIDERS, TWILIO)
    refused = api.call("POST", PROVIDERS, CUSTOM)
    assert (refused.status_code, "errorCode" in refused.json()) == (409, False)
    changed = api.patch(f"{PROVIDERS}/{made['id']}", CUSTOM)
    assert changed["configuration"] == {"delivery_methods": ["voice"]}
    assert (changed["name"], changed["created_at"]) == ("custom", made["created_at"])


@pytest.mark.parametrize(
    "body",
    [
        {"name": "twilio", "credentials": {}},
        {"name": "pigeon", "credentials": {}},
        {"name": "custom"},
        TWILIO | {"configuration": {"delivery_methods": ["text"]}},
        CUSTOM | {"configuration": {"delivery_methods": ["smoke"]}},
    ],
)
def test_a_provider_that_could_not_send_is_refused(api, body):
    assert api.call("POST", PROVIDERS, body).status_code == 400
    assert api.get(PROVIDERS) == {"providers": []}


@pytest.mark.parametrize(
    ("path", "body"), [(PROVIDERS, CUSTOM), (TEMPLATES, {"type": "password_breach"})]
)
def test_what_is_deleted_twice_is_not_found_nor_tried(api, path, body):
    item = f"{path}/{api.post(path, body)['id']}"
    tried = api.call("POST", f"{item}/try", TRY)
    assert (tried.status_code, tried.json()["code"]) == (202, 202)
    assert [api.call("DELETE", item).status_code for _ in range(2)] == [204, 404]
    assert api.call("POST", f"{item}/try", TRY).status_code == 404
    assert api.call("GET", item).status_code == 404


def test_a_template_is_changed_by_field_and_reset_to_auth0s_words(api):
    made = api.post(TEMPLATES, {"type": "otp_verify", "content": {"from": "+15550100"}})
    item, own = f"{TEMPLATES}/{made['id']}", made["content"]["body"]
    assert "{{ code | escape }}" in own["text"]
    assert "{{ pause }}" in own["voice"]
    assert made["content"]["syntax"] == "liquid"
    changed = api.patch(item, {"content": {"body": {"text": "Code: {{ code }}"}}})
    assert changed["content"]["from"] == "+15550100"
    assert changed["content"]["body"]["text"] == "Code: {{ code }}"
    assert api.patch(item, {"content": None})["content"] == {"syntax": "liquid", "body": own}
    api.patch(item, {"content": {"from": "+15550100", "body": {"text": "x"}}})
    reset = api.call("PATCH", f"{item}/reset", {})
    assert reset.json()["content"] == {"syntax": "liquid", "body": own, "from": "+15550100"}
    assert api.get(item) == reset.json()


def test_there_is_one_template_of_a_type_and_the_type_stays(api):
    made = api.post(TEMPLATES, {"type": "otp_enroll", "disabled": True})
    assert api.call("POST", TEMPLATES, {"type": "otp_enroll"}).status_code == 409
    assert api.call("POST", TEMPLATES, {}).status_code == 400
    changed = api.call("PATCH", f"{TEMPLATES}/{made['id']}", {"type": "otp_verify"})
    assert changed.status_code == 400
    api.post(TEMPLATES, {"type": "otp_verify"})
    assert [item["type"] for item in api.get(TEMPLATES)["templates"]] == [
        "otp_enroll",
        "otp_verify",
    ]
    listed = api.get(TEMPLATES, disabled="true")["templates"]
    assert [item["type"] for item in listed] == ["otp_enroll"]
