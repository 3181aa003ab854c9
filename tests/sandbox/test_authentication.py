"""How users prove who they are, what logins leave, jobs and tickets (facts: recorded traffic)."""

import json

import pytest

DATABASE = "Username-Password-Authentication"
NOBODY = "auth0|0123456789abcdef01234567"


@pytest.fixture
def user(api):
    sent = {"connection": DATABASE, "email": "ann@acme.example", "password": "Correct-horse-1"}
    return api.post("/users", sent)["user_id"]


def refused(answer, status, message):
    assert answer.status_code == status, answer.text
    assert message in answer.json()["message"]


METHODS = "/users/{}/authentication-methods"


@pytest.mark.parametrize(
    "given",
    [
        {"type": "phone", "phone_number": "+15550100"},
        {"type": "email", "email": "ann@acme.example"},
        {"type": "totp", "totp_secret": "JBSWY3DPEHPK3PXP"},
    ],
)
def test_an_authentication_method_goes_around(api, user, given):
    path = METHODS.format(user)
    assert api.get(path, include_totals="true") == {"start": 0, "limit": 50, "authenticators": []}
    made = api.call("POST", path, {**given, "name": "mine"})
    assert made.status_code == 201
    id = made.json()["id"]
    assert id.startswith(f"{given['type']}|")
    shown = api.get(f"{path}/{id}")
    assert shown["name"] == "mine"
    assert "totp_secret" not in shown
    assert api.get(path) == [shown]
    refused(api.call("POST", path, given), 409, "already exists")
    assert api.patch(f"{path}/{id}", {"name": "other"})["name"] == "other"
    assert api.call("DELETE", f"{path}/{id}").status_code == 204
    refused(api.call("GET", f"{path}/{id}"), 404, "authentication method")


def test_authentication_methods_are_replaced_and_cleared_together(api, user):
    path = METHODS.format(user)
    api.post(path, {"type": "phone", "phone_number": "+15550100"})
    replaced = api.call("PUT", path, [{"type": "email", "email": "ann@acme.example"}])
    assert [item["type"] for item in replaced.json()] == ["email"]
    assert [item["type"] for item in api.get(path)] == ["email"]
    assert api.call("DELETE", f"/users/{user}/authenticators").status_code == 204
    assert api.get(path) == []
    refused(api.call("POST", path, {"type": "phone"}), 400, "phone_number")
    api.call("DELETE", path)


SMALL = [
    ("GET", "/users/{}/enrollments", None, 200, []),
    ("GET", "/users/{}/logs", None, 200, []),
    ("GET", "/users/{}/organizations", None, 200, []),
    ("GET", "/users/{}/groups", None, 200, []),
    ("GET", "/users/{}/connected-accounts", None, 200, {"connected_accounts": []}),
    ("GET", "/users/{}/federated-connections-tokensets", None, 200, []),
    ("DELETE", "/users/{}/federated-connections-tokensets/none", None, 204, None),
    ("GET", "/users/{}/sessions", None, 200, {"sessions": []}),
    ("DELETE", "/users/{}/sessions", None, 202, {}),
    ("GET", "/users/{}/refresh-tokens", None, 200, {"tokens": []}),
    ("DELETE", "/users/{}/refresh-tokens", None, 202, {}),
    ("GET", "/user-blocks/{}", None, 200, {"blocked_for": []}),
    ("DELETE", "/user-blocks/{}", None, 204, None),
    ("POST", "/users/{}/multifactor/actions/invalidate-remember-browser", None, 204, None),
    ("DELETE", "/users/{}/multifactor/duo", None, 204, None),
    (
        "POST",
        "/users/{}/risk-assessments/clear",
        {"connection": DATABASE, "assessors": ["new-device"]},
        204,
        None,
    ),
]


@pytest.mark.parametrize(("method", "path", "sent", "status", "shown"), SMALL)
def test_what_a_user_has_not_got_is_empty(api, user, method, path, sent, status, shown):
    answer = api.call(method, path.format(user), sent)
    assert answer.status_code == status, answer.text
    assert (answer.json() if answer.content else None) == shown


@pytest.mark.parametrize(("method", "path", "sent"), [case[:3] for case in SMALL])
def test_nobody_has_nothing(api, method, path, sent):
    refused(api.call(method, path.format(NOBODY), sent), 404, "The user does not exist.")


@pytest.mark.parametrize(
    ("method", "path", "query", "status"),
    [
        ("GET", "/user-blocks", {"identifier": "ann"}, 200),
        ("DELETE", "/user-blocks", {"identifier": "ann"}, 204),
        ("DELETE", "/user-blocks", {}, 400),
        ("GET", "/anomaly/blocks/ips/10.0.0.1", {}, 404),
        ("DELETE", "/anomaly/blocks/ips/10.0.0.1", {}, 204),
        ("GET", "/guardian/enrollments/dev_0000000000000001", {}, 404),
        ("DELETE", "/guardian/enrollments/dev_0000000000000001", {}, 204),
        ("GET", "/grants", {}, 200),
        ("DELETE", "/grants", {"user_id": "x"}, 204),
        ("DELETE", "/grants/0123", {}, 204),
        ("GET", "/device-credentials", {}, 200),
        ("DELETE", "/device-credentials/x", {}, 204),
        ("GET", "/stats/daily", {"from": "20260101", "to": "20261231"}, 200),
        ("GET", "/stats/daily", {"from": "yesterday"}, 400),
        ("GET", "/stats/active-users", {}, 200),
        ("GET", "/sessions/none", {}, 404),
        ("DELETE", "/sessions/none", {}, 202),
        ("POST", "/sessions/none/revoke", {}, 202),
        ("GET", "/refresh-tokens/none", {}, 404),
        ("DELETE", "/refresh-tokens/none", {}, 202),
        ("GET", "/jobs/job_0000000000000000", {}, 404),
        ("GET", "/jobs/job_0000000000000000/errors", {}, 404),
    ],
)
def test_what_is_not_about_one_user_answers(api, method, path, query, status):
    assert api.call(method, path, **query).status_code == status


def test_the_log_of_a_user_tells_what_is_about_it(api, user):
    events = [{"log_id": f"l{n}", "user_id": who} for n, who in enumerate((user, "other", user))]
    with api.sandbox._store.transaction():
        for event in events:
            when = "2026-01-01T00:00:00.000Z"
            api.sandbox._store.add_event(event["log_id"], when, "s", event)
    assert [item["log_id"] for item in api.get(f"/users/{user}/logs")] == ["l2", "l0"]
    found = api.get(f"/users/{user}/logs", include_totals="true", per_page=1)
    assert (found["length"], found["total"]) == (1, 2)


def test_a_recovery_code_is_new_each_time(api, user):
    path = f"/users/{user}/recovery-code-regeneration"
    codes = {api.post(path)["recovery_code"] for _ in range(2)}
    assert {len(code) for code in codes} == {24}
    assert len(codes) == 2


def plant_session(api, user, id="s1"):
    session = {"id": id, "user_id": user, "created_at": "2026-01-01T00:00:00.000Z"}
    api.sandbox.put("sessions", id, session, parent=user)
    token = {"id": f"t-{id}", "user_id": user, "client_id": "c", "session_id": id}
    api.sandbox.put("refresh_tokens", token["id"], token, parent=user)


def test_a_session_ends_with_its_refresh_tokens(api, user):
    plant_session(api, user)
    assert [item["id"] for item in api.get(f"/users/{user}/sessions")["sessions"]] == ["s1"]
    listed = api.get(f"/users/{user}/refresh-tokens", include_totals="true")
    assert listed["total"] == 1
    assert api.get("/refresh-tokens", user_id=user)["refresh_tokens"] == listed["tokens"]
    changed = api.patch("/sessions/s1", {"session_metadata": {"a": "b"}})
    assert changed["session_metadata"] == {"a": "b"}
    assert api.call("DELETE", "/sessions/s1").status_code == 202
    assert api.call("GET", "/refresh-tokens/t-s1").status_code == 404


def test_access_is_revoked_for_one_session_or_all_and_tokens_may_stay(api, user):
    for id in ("s1", "s2", "s3"):
        plant_session(api, user, id)
    path = f"/users/{user}/revoke-access"
    assert api.call("POST", path, {"session_id": "s1"}).status_code == 202
    assert sorted(api.sandbox.documents("sessions")) == ["s2", "s3"]
    assert sorted(api.sandbox.documents("refresh_tokens")) == ["t-s2", "t-s3"]
    assert api.call("POST", path, {"preserve_refresh_tokens": True}).status_code == 202
    assert not api.sandbox.documents("sessions")
    assert sorted(api.sandbox.documents("refresh_tokens")) == ["t-s2", "t-s3"]
    assert api.call("POST", "/refresh-tokens/revoke", {"ids": ["t-s2"]}).status_code == 202
    assert list(api.sandbox.documents("refresh_tokens")) == ["t-s3"]
    assert api.call("POST", "/refresh-tokens/revoke", {"user_id": user}).status_code == 202
    assert not api.sandbox.documents("refresh_tokens")
    refused(api.call("POST", "/refresh-tokens/revoke", {}), 400, "required")


def test_a_user_takes_along_sessions_tokens_and_methods(api, user):
    plant_session(api, user)
    api.post(METHODS.format(user), {"type": "email", "email": "ann@acme.example"})
    api.call("DELETE", f"/users/{user}")
    counts = api.sandbox.status()["resources"]
    gone = {"users", "sessions", "refresh_tokens", "user_authentication_methods"}
    assert not gone & counts.keys()


@pytest.mark.parametrize(
    ("path", "page", "sent"),
    [
        ("/tickets/email-verification", "email-verification", {"ttl_sec": 60}),
        ("/tickets/password-change", "reset-password", {"result_url": "https://acme.example/"}),
    ],
)
def test_a_ticket_leads_to_a_page_of_the_tenant(api, user, path, page, sent):
    made = api.call("POST", path, {"user_id": user, **sent})
    assert made.status_code == 201
    start = f"https://{api.sandbox.domain}/u/{page}?ticket="
    assert made.json()["ticket"].startswith(start)
    refused(api.call("POST", path, {"user_id": NOBODY}), 404, "does not exist")
    unknown = {"user_id": user, "client_id": "0" * 31 + "a"}
    refused(api.call("POST", path, unknown), 404, "client")


def test_a_verification_email_fails_where_there_is_nothing_to_verify(api, user):
    outcomes = []
    for verified in (False, True):
        api.patch(f"/users/{user}", {"email_verified": verified})
        made = api.call("POST", "/jobs/verification-email", {"user_id": user})
        assert made.status_code == 201
        assert made.json()["status"] == "pending"
        outcomes.append(api.get(f"/jobs/{made.json()['id']}")["status"])
    assert outcomes == ["completed", "failed"]


def upload(api, users, **fields):
    """A form as browsers and clients send it."""
    token = {"authorization": f"Bearer {api.token}"}
    return api.raw(
        "POST",
        "/api/v2/jobs/users-imports",
        headers=token,
        data=fields,
        files={"users": ("users.json", json.dumps(users), "application/json")},
    )


@pytest.mark.usefixtures("user")
def test_users_are_imported_and_what_is_wrong_with_some_is_told(api):
    [connection] = [item["id"] for item in api.get("/connections", name=DATABASE)]
    users = [{"email": "bob@acme.example"}, {"email": "ann@acme.example"}, {"name": "nobody"}]
    made = upload(api, users, connection_id=connection, external_id="batch")
    assert made.status_code == 202, made.text
    job = made.json()
    assert (job["type"], job["status"], job["external_id"]) == ("users_import", "pending", "batch")
    done = api.get(f"/jobs/{job['id']}")
    assert done["status"] == "completed"
    assert done["summary"] == {"failed": 2, "updated": 0, "inserted": 1, "total": 3}
    codes = [item["errors"][0]["code"] for item in api.get(f"/jobs/{job['id']}/errors")]
    assert codes == ["DUPLICATED_USER", "INVALID_FORMAT"]
    again = upload(
        api, [{"email": "bob@acme.example", "name": "B"}], connection_id=connection, upsert="true"
    ).json()
    assert api.get(f"/jobs/{again['id']}")["summary"]["updated"] == 1
    assert api.call("GET", f"/jobs/{again['id']}/errors").status_code == 204
    assert api.get("/users", q="name:B")[0]["email"] == "bob@acme.example"
    refused(upload(api, users, connection_id="con_0000000000000000"), 404, "connection")
    refused(upload(api, {}, connection_id=connection), 400, "JSON array")
    refused(api.call("POST", "/jobs/users-imports", {}), 400, "multipart")


def test_an_export_tells_where_it_is(api):
    made = api.call("POST", "/jobs/users-exports", {"format": "csv", "limit": 5})
    assert made.status_code == 200
    done = api.get(f"/jobs/{made.json()['id']}")
    assert done["status"] == "completed"
    assert done["location"].startswith("https://")


def test_a_device_has_one_key(api):
    sent = {"device_name": "phone", "type": "public_key", "value": "abc", "device_id": "0a-1"}
    made = api.call("POST", "/device-credentials", sent)
    assert made.status_code == 201
    assert made.json().keys() == {"id"}
    [shown] = api.get("/device-credentials", type="public_key")
    assert "value" not in shown
    refused(api.call("POST", "/device-credentials", sent), 409, "already exists")
    assert api.call("DELETE", f"/device-credentials/{shown['id']}").status_code == 204


def test_an_enrollment_ticket_is_for_a_user(api, user):
    made = api.call("POST", "/guardian/enrollments/ticket", {"user_id": user})
    assert made.status_code == 200
    assert made.json()["ticket_id"] in made.json()["ticket_url"]
    refused(api.call("POST", "/guardian/enrollments/ticket", {"user_id": NOBODY}), 404, "user")


def test_a_token_is_blacklisted(api):
    assert api.call("POST", "/blacklists/tokens", {"jti": "abc"}).status_code == 204
    audience = f"https://{api.sandbox.domain}/api/v2/"
    assert api.get("/blacklists/tokens") == [{"aud": audience, "jti": "abc"}]
    assert api.get("/blacklists/tokens", aud="other") == []
    refused(api.call("POST", "/blacklists/tokens", []), 400, "jti")
