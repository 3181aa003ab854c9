"""Factors, policies and providers of multi-factor authentication (recorded traffic, OpenAPI)."""

import pytest

FACTORS = [
    "sms", "push-notification", "otp", "email", "duo", "webauthn-roaming", "webauthn-platform",
    "recovery-code",
]  # fmt: skip
ROOT = "/guardian/factors"
PUSH = f"{ROOT}/push-notification"


def test_a_new_tenant_has_every_factor_and_none_is_enabled(api):
    found = api.get(ROOT)
    assert [factor["name"] for factor in found] == FACTORS
    assert not any(factor["enabled"] or factor["trial_expired"] for factor in found)


@pytest.mark.parametrize("name", FACTORS)
def test_a_factor_is_enabled_alone_and_disabled_again(api, name):
    answer = api.call("PUT", f"{ROOT}/{name}", {"enabled": True})
    assert (answer.status_code, answer.json()) == (200, {"enabled": True})
    assert [factor["name"] for factor in api.get(ROOT) if factor["enabled"]] == [name]
    api.call("PUT", f"{ROOT}/{name}", {"enabled": False})
    assert not any(factor["enabled"] for factor in api.get(ROOT))


def test_a_factor_auth0_does_not_know_is_refused(api):
    answer = api.call("PUT", f"{ROOT}/carrier-pigeon", {"enabled": True})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_uri")


def test_policies_are_replaced_as_a_whole_and_none_of_them_means_never(api):
    assert api.get("/guardian/policies") == []
    for policies in (["all-applications"], ["confidence-score"], []):
        assert api.call("PUT", "/guardian/policies", policies).json() == policies
        assert api.get("/guardian/policies") == policies
    assert api.call("PUT", "/guardian/policies", ["sometimes"]).status_code == 400
    assert api.call("PUT", "/guardian/policies", {"policies": []}).status_code == 400


TWILIO = {"from": "+15550100", "messaging_service_sid": "m", "auth_token": "t", "sid": "s"}
DUO = {"ikey": "i", "skey": "s", "host": "api.duo.example"}
SNS = {
    "aws_access_key_id": "a",
    "aws_region": "eu-west-1",
    "sns_apns_platform_application_arn": "x",
}
CODES = {"otp_length": 8, "otp_expiration_time": 120}
REMEMBER = {
    "display_remember_me_checkbox": False,
    "remember_me_default_value": True,
    "mfa_session_inactivity_timeout": 3600,
    "mfa_session_overall_timeout": 7200,
}
WRITTEN = [
    ("/guardian/settings", REMEMBER),
    (f"{ROOT}/email/settings", CODES),
    (f"{ROOT}/phone/settings", CODES),
    (f"{ROOT}/phone/message-types", {"message_types": ["sms", "voice"]}),
    (f"{ROOT}/phone/selected-provider", {"provider": "phone-message-hook"}),
    (f"{ROOT}/phone/providers/twilio", TWILIO),
    (f"{ROOT}/phone/templates", {"enrollment_message": "a", "verification_message": "b"}),
    (f"{PUSH}/selected-provider", {"provider": "sns"}),
    (f"{PUSH}/providers/sns", SNS),
    (f"{ROOT}/duo/settings", DUO),
    (f"{ROOT}/webauthn-roaming/settings", {"userVerification": "preferred"}),
    (f"{ROOT}/webauthn-platform/settings", {"overrideRelyingParty": True}),
]


@pytest.mark.parametrize(("path", "body"), WRITTEN)
def test_a_setting_reads_as_it_was_written_and_is_replaced_as_a_whole(api, path, body):
    """Tokens of Twilio and Duo come back in clear (api-behaviour 2.1)."""
    before = api.get(path)
    answer = api.call("PUT", path, body)
    assert (answer.status_code, answer.json()) == (200, body)
    assert api.get(path) == body
    restored = api.call("PUT", path, before)
    assert restored.status_code == 200, restored.text
    assert api.get(path) == before


@pytest.mark.parametrize(("path", "body"), [item for item in WRITTEN if "webauthn" not in item[0]])
def test_a_field_auth0_does_not_know_is_refused(api, path, body):
    answer = api.call("PUT", path, {**body, "colour": "red"})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_body")


@pytest.mark.parametrize("below", ["selected-provider", "providers/twilio", "templates"])
def test_the_older_names_below_sms_lead_to_the_same_objects(api, below):
    body = dict(WRITTEN)[f"{ROOT}/phone/{below}"]
    assert api.call("PUT", f"{ROOT}/sms/{below}", body).status_code == 200
    assert api.get(f"{ROOT}/phone/{below}") == api.get(f"{ROOT}/sms/{below}") == body


@pytest.mark.parametrize(
    ("inactivity", "overall", "status"),
    [(3600, 3600, 200), (3599, 7200, 400), (7200, 3600, 400), (2592000, 7776000, 200)],
)
def test_sessions_of_factors_keep_within_an_hour_and_ninety_days(api, inactivity, overall, status):
    times = {"mfa_session_inactivity_timeout": inactivity, "mfa_session_overall_timeout": overall}
    assert api.call("PUT", "/guardian/settings", REMEMBER | times).status_code == status


@pytest.mark.parametrize(
    ("path", "secret", "echoed"),
    [
        (f"{PUSH}/providers/apns", {"p12": "cert"}, {}),
        (f"{PUSH}/providers/sns", {"aws_secret_access_key": "k"}, {"aws_secret_access_key": "k"}),
        (f"{PUSH}/providers/fcm", {"server_key": "k"}, {}),
        (f"{PUSH}/providers/fcmv1", {"server_credentials": "{}"}, {}),
    ],
)
def test_what_delivers_pushes_hides_its_secret_but_for_the_answer_of_amazon(
    api, sandbox, path, secret, echoed
):
    assert api.call("PUT", path, secret).json() == echoed
    kind = "guardian_push_" + path.rpartition("/")[2]
    assert secret.items() <= sandbox.documents(kind)[""].items()
    if "fcm" in path:
        assert api.call("GET", path).status_code == 404
    else:
        assert not secret.keys() & api.get(path).keys()


def test_apple_pushes_are_enabled_by_a_certificate_and_an_update_keeps_it(api):
    path = f"{PUSH}/providers/apns"
    assert api.get(path)["enabled"] is False
    body = {"sandbox": False, "bundle_id": "com.example.app", "p12": "cert"}
    assert api.call("PUT", path, body).json() == {"sandbox": False, "bundle_id": "com.example.app"}
    api.patch(path, {"sandbox": True})
    assert api.get(path) == {"sandbox": True, "bundle_id": "com.example.app", "enabled": True}


def test_the_app_that_gets_pushes_is_updated_by_field(api):
    assert api.get("/prompts/mfa-push") == {}
    api.patch("/prompts/mfa-push", {"app_name": "Hearth", "google_app_link": "https://x.example"})
    api.patch("/prompts/mfa-push", {"app_name": "Hollow"})
    shown = {"app_name": "Hollow", "google_app_link": "https://x.example"}
    assert api.get("/prompts/mfa-push") == shown
    assert api.call("PATCH", "/prompts/mfa-push", [1]).status_code == 400
    assert api.call("PATCH", "/prompts/mfa-push", {"app_name": 3}).status_code == 400
