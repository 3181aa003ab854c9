"""The email provider and the templates of mails (recorded traffic, Auth0's support articles)."""

import pytest

PROVIDER = "/emails/provider"
MAIL = {
    "template": "verify_email",
    "body": "<a href='{{ url }}'>",
    "from": "shop@example.com",
    "subject": "Hello",
    "syntax": "liquid",
    "enabled": True,
}
PROVIDERS = [
    ({"name": "mandrill", "credentials": {"api_key": "k"}}, {}),
    (
        {"name": "ses", "credentials": {"accessKeyId": "a", "secretAccessKey": "s", "region": "r"}},
        {"region": "r"},
    ),
    (
        {
            "name": "smtp",
            "credentials": {
                "smtp_host": "h.example",
                "smtp_port": 25,
                "smtp_user": "u",
                "smtp_pass": "p",
            },
        },
        {"smtp_host": "h.example", "smtp_port": 25, "smtp_user": "u"},
    ),
    ({"name": "azure_cs", "credentials": {"connectionString": "c"}}, {}),
    ({"name": "ms365", "credentials": {"tenantId": "t", "clientId": "c", "clientSecret": "s"}}, {}),
]


@pytest.mark.parametrize(("body", "shown"), PROVIDERS)
def test_a_provider_hides_what_it_sends_with(api, sandbox, body, shown):
    made = api.call("POST", PROVIDER, body)
    assert (made.status_code, made.json()["credentials"]) == (201, shown)
    assert api.get(PROVIDER) == {"enabled": True, "name": body["name"], "credentials": shown}
    assert sandbox.documents("email_provider")[""]["credentials"] == body["credentials"]


def test_there_is_one_provider_and_it_may_be_deleted_twice(api):
    assert api.call("PATCH", PROVIDER, {"enabled": False}).status_code == 404
    api.post(PROVIDER, PROVIDERS[0][0])
    assert api.call("POST", PROVIDER, PROVIDERS[1][0]).status_code == 409
    assert [api.call("DELETE", PROVIDER).status_code for _ in range(2)] == [204, 204]
    assert api.call("GET", PROVIDER).json()["errorCode"] == "inexistent_email_provider"


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT"])
def test_a_template_that_nobody_wrote_is_not_there(api, method):
    body = {"PATCH": {"enabled": True}, "PUT": MAIL}.get(method)
    answer = api.call(method, "/email-templates/verify_email", body)
    assert answer.status_code == 404
    assert answer.json()["errorCode"] == "inexistent_email_template"


def test_a_template_is_written_once_then_changed_or_replaced(api):
    made = api.call("POST", "/email-templates", MAIL)
    assert (made.status_code, made.json()) == (200, MAIL)
    again = api.call("POST", "/email-templates", MAIL)
    assert again.json()["message"] == "Template verify_email already exists."
    assert (again.status_code, "errorCode" in again.json()) == (409, False)
    path = "/email-templates/verify_email"
    assert api.patch(path, {"enabled": False, "urlLifetimeInSeconds": 60})["enabled"] is False
    assert api.get(path) == MAIL | {"enabled": False, "urlLifetimeInSeconds": 60}
    assert api.call("PUT", path, MAIL).json() == api.get(path) == MAIL
    assert api.call("PUT", path, MAIL | {"template": "reset_email"}).status_code == 400


def test_a_mail_auth0_does_not_send_has_no_template(api):
    assert api.call("POST", "/email-templates", MAIL | {"template": "spam"}).status_code == 400
    answer = api.call("GET", "/email-templates/spam")
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_uri")


def test_a_tenant_that_was_recorded_has_the_mail_that_every_sign_up_sends(api, sandbox):
    """Nothing deletes a template; what a recording read of it stands."""
    sandbox.reset({"reads": []})
    assert api.call("POST", "/email-templates", MAIL).status_code == 409
    path = "/api/v2/email-templates/verify_email"
    sandbox.reset({"reads": [{"path": path, "query": {}, "status": 404, "body": None}]})
    assert api.call("POST", "/email-templates", MAIL).status_code == 200
