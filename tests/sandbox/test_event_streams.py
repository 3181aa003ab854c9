"""Event streams: what is kept, what is hidden, what is delivered (recorded traffic, OpenAPI)."""

import pytest

PATH = "/event-streams"
NOBODY = "est_" + "0" * 22


def webhook(**authorization):
    return {
        "name": "orders",
        "subscriptions": [{"event_type": "user.created"}],
        "destination": {
            "type": "webhook",
            "configuration": {
                "webhook_endpoint": "https://hooks.example.com",
                "webhook_authorization": authorization,
            },
        },
    }


BEARER = webhook(method="bearer", token="t")
AUTHORIZATIONS = [
    ({"method": "bearer", "token": "t"}, {"method": "bearer"}),
    (
        {"method": "basic", "username": "u", "password": "p"},
        {"method": "basic", "username": "u"},
    ),
    (
        {"method": "custom_header", "header_key": "x-key", "header_value": "v"},
        {"method": "custom_header", "header_key": "x-key"},
    ),
]


@pytest.mark.parametrize(("given", "shown"), AUTHORIZATIONS)
def test_the_secret_of_a_webhook_is_never_shown_and_can_be_changed(api, sandbox, given, shown):
    made = api.post(PATH, webhook(**given))
    assert made["status"] == "enabled"
    assert made["destination"]["configuration"]["webhook_authorization"] == shown
    assert api.get(f"{PATH}/{made['id']}") == made
    secret = next(iter(given.keys() - shown.keys()))
    api.patch(f"{PATH}/{made['id']}", webhook(**given) | {"status": "disabled"})
    api.patch(f"{PATH}/{made['id']}", webhook(**{**given, secret: "new"}))
    stored = sandbox.documents("event_streams")[made["id"]]
    kept = stored["destination"]["configuration"]["webhook_authorization"]
    assert (kept[secret], stored["status"]) == ("new", "disabled")


@pytest.mark.parametrize(
    "authorization",
    [
        {"method": "bearer"},
        {"method": "bearer", "token": ""},
        {"method": "bearer", "token": "t", "username": "u"},
        {"method": "basic", "username": "u"},
        {"method": "basic", "password": "p"},
        {"method": "custom_header", "header_value": "v"},
        {"method": "psychic"},
    ],
)
def test_a_webhook_that_could_not_authorize_itself_is_refused(api, authorization):
    assert api.call("POST", PATH, webhook(**authorization)).status_code == 400


def test_an_event_bridge_gets_a_source_and_keeps_its_kind(api):
    configuration = {"aws_account_id": "123456789012", "aws_region": "eu-west-1"}
    body = {"destination": {"type": "eventbridge", "configuration": configuration}}
    made = api.post(PATH, body)
    source = made["destination"]["configuration"]["aws_partner_event_source"]
    assert source.startswith("aws.partner/auth0.com/hearthhollow-dev-")
    assert source.endswith("/auth0.events")
    changed = api.call("PATCH", f"{PATH}/{made['id']}", {"destination": BEARER["destination"]})
    assert changed.status_code == 400
    assert api.get(f"{PATH}/{made['id']}")["destination"] == made["destination"]


def test_a_stream_that_leads_to_an_action_needs_the_action(api):
    body = {"destination": {"type": "action", "configuration": {"action_id": "none"}}}
    assert api.call("POST", PATH, body).status_code == 400


def test_a_name_is_taken_once_and_deleting_is_repeatable(api):
    made = api.post(PATH, BEARER)
    assert api.call("POST", PATH, BEARER).status_code == 409
    assert [item["id"] for item in api.get(PATH)["eventStreams"]] == [made["id"]]
    for _ in range(2):
        assert api.call("DELETE", f"{PATH}/{made['id']}").status_code == 204
    missing = api.call("GET", f"{PATH}/{made['id']}")
    assert (missing.status_code, "errorCode" in missing.json()) == (404, False)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_id_of_another_form_is_refused_before_it_is_looked_for(api, method):
    answer = api.call(method, f"{PATH}/est_short", {} if method == "PATCH" else None)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_uri")
    assert api.call("GET", f"{PATH}/{NOBODY}").status_code == 404


def test_a_test_event_fails_to_be_delivered_and_can_be_sent_again(api):
    item = f"{PATH}/{api.post(PATH, BEARER)['id']}"
    assert api.get(f"{item}/deliveries") == []
    sent = api.call("POST", f"{item}/test", {"event_type": "user.deleted", "data": {"a": 1}})
    assert (sent.status_code, sent.json()["status"]) == (202, "failed")
    assert sent.json()["event"]["data"] == {"a": 1}
    assert api.get(f"{item}/deliveries") == [sent.json()]
    assert api.get(f"{item}/deliveries", event_types="user.created") == []
    delivery = sent.json()["id"]
    assert api.get(f"{item}/deliveries/{delivery}") == sent.json()
    assert api.call("POST", f"{item}/redeliver", {"statuses": ["failed"]}).status_code == 202
    assert api.call("POST", f"{item}/redeliver/{delivery}").status_code == 202
    assert api.call("POST", f"{item}/redeliver/none").status_code == 404
    assert api.call("POST", f"{item}/redeliver", {"colour": "red"}).status_code == 400
    failed = {
        metric["name"]: metric["window_total"] for metric in api.get(f"{item}/stats")["metrics"]
    }
    assert failed == {"total_delivered": 0, "total_failed": 1}


def test_deliveries_belong_to_their_stream_and_end_with_it(api, sandbox):
    first = api.post(PATH, BEARER)["id"]
    second = api.post(PATH, BEARER | {"name": "other"})["id"]
    sent = api.post(f"{PATH}/{first}/test", {"event_type": "user.created"})
    assert api.get(f"{PATH}/{second}/deliveries") == []
    assert api.call("GET", f"{PATH}/{second}/deliveries/{sent['id']}").status_code == 404
    api.call("DELETE", f"{PATH}/{first}")
    assert sandbox.documents("event_stream_deliveries") == {}
