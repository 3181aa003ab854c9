"""The tenant's log: who changed what, with what outcome, and no secret in it."""

import json

import pytest

from tenantctl.sandbox import Sandbox


def events(sandbox, *types):
    """The stored events of some types, oldest first."""
    found = [document for _, document in sandbox._store.events()]
    return [event for event in found if event["type"] in types]


def test_every_write_is_an_event_that_says_who_did_what_to_which_object(api, sandbox):
    made = api.post("/clients", {"name": "Shop", "app_type": "spa"})
    api.patch(f"/clients/{made['client_id']}", {"name": "Store"})
    api.call("DELETE", f"/clients/{made['client_id']}")
    told = events(sandbox, "sapi")
    assert [event["description"] for event in told] == [
        "Create clients",
        "Update clients",
        "Delete clients",
    ]
    update = told[1]
    assert update["client_id"] == api.client_id
    assert update["client_name"] == "tenantctl"
    request = update["details"]["request"]
    assert (request["method"], request["path"]) == ("patch", f"/api/v2/clients/{made['client_id']}")
    assert request["body"] == {"name": "Store"}
    assert update["details"]["response"]["statusCode"] == 200
    (change,) = update["details"]["changes"]
    assert (change["kind"], change["id"]) == ("clients", made["client_id"])
    assert (change["before"]["name"], change["after"]["name"]) == ("Shop", "Store")
    assert told[2]["details"]["changes"][0]["after"] is None


def test_a_refused_write_is_an_event_without_changes(api, sandbox):
    assert api.call("POST", "/clients", {"nonsense": 1}).status_code == 400
    (event,) = events(sandbox, "fapi")
    assert event["details"]["response"]["statusCode"] == 400
    assert "changes" not in event["details"]


def test_reads_are_no_events(api, sandbox):
    api.get("/clients")
    assert events(sandbox, "sapi", "fapi") == []


def test_tokens_given_and_refused_are_events(api, sandbox):
    assert api.exchange(client_secret="wrong").status_code == 401
    (given,), (refused,) = events(sandbox, "seccft"), events(sandbox, "feccft")
    assert (given["client_id"], given["client_name"]) == (api.client_id, "tenantctl")
    assert refused["description"] == "Unauthorized"


CANARY = "canary-4711-" + "canary" * 8


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "/connections",
            {
                "name": "legacy",
                "strategy": "auth0",
                "options": {"configuration": {"DSN": CANARY}, "passwordPolicy": "good"},
            },
        ),
        (
            "/connections",
            {"name": "social", "strategy": "github", "options": {"client_secret": CANARY}},
        ),
        (
            "/emails/provider",
            {"name": "sendgrid", "credentials": {"api_key": CANARY}, "enabled": True},
        ),
        (
            "/actions/actions",
            {
                "name": "a",
                "supported_triggers": [{"id": "post-login", "version": "v3"}],
                "secrets": [{"name": "KEY", "value": CANARY}],
            },
        ),
        (
            "/log-streams",
            {
                "name": "http",
                "type": "http",
                "sink": {"httpEndpoint": "https://logs.example", "httpAuthorization": CANARY},
            },
        ),
    ],
)
def test_no_secret_is_in_an_event(api, sandbox, path, body):
    answer = api.call("POST", path, body)
    assert answer.is_success, answer.text
    told = json.dumps(events(sandbox, "sapi", "fapi", "seccft"))
    assert CANARY not in told
    assert "*****" in told


def test_no_secret_of_a_client_is_in_an_event(api, sandbox):
    made = api.post("/clients", {"name": "Shop"})
    api.patch(f"/clients/{made['client_id']}", {"client_secret": CANARY})
    told = json.dumps(events(sandbox, "sapi"))
    assert CANARY not in told
    assert made["client_secret"] not in told


def test_the_log_forgets_its_oldest_events(sandbox):
    store = sandbox._store
    with store.transaction():
        for number in range(6000):
            store.add_event(f"id{number}", "2026-01-01", "s", {"number": number})
    kept = [document["number"] for _, document in store.events()]
    assert (len(kept), kept[0], kept[-1]) == (5000, 1000, 5999)


def test_log_ids_are_unique_and_grow(api, sandbox):
    for number in range(20):
        api.post("/roles", {"name": f"role {number}"})
    ids = [event["log_id"] for event in events(sandbox, "sapi")]
    assert ids == sorted(set(ids))
    assert {(len(id), id[:3]) for id in ids} == {(56, "900")}


def test_a_write_that_does_not_happen_leaves_no_event(tmp_path, connect):
    class Crash(Exception):
        pass

    def crash(_number, phase):
        if phase == "before" and armed:
            raise Crash

    armed: list[int] = []
    path = tmp_path / "tenant.sqlite"
    sandbox = Sandbox("a.sandbox.invalid", path, on_request=crash)
    api = connect(sandbox)
    armed.append(1)
    with pytest.raises(Crash):
        api.post("/roles", {"name": "lost"})
    armed.clear()
    assert events(sandbox, "sapi") == []
