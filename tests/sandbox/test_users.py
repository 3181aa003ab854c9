"""Users, their identities, and how they prove who they are (facts: recorded traffic, OpenAPI)."""

import json

import pytest

DATABASE = "Username-Password-Authentication"
NOBODY = "auth0|0123456789abcdef01234567"


def body(email="ann@acme.example", **more):
    return {"connection": DATABASE, "email": email, "password": "Correct-horse-1", **more}


@pytest.fixture
def user(api):
    return api.post("/users", body())["user_id"]


def refused(answer, status, message, code=None):
    assert answer.status_code == status, answer.text
    assert message in answer.json()["message"]
    if code is not None:
        assert answer.json()["errorCode"] == code


def test_a_user_is_made_with_what_auth0_makes_of_an_email(api):
    made = api.call("POST", "/users", body(verify_email=False))
    assert made.status_code == 201
    user = made.json()
    own = user["user_id"].removeprefix("auth0|")
    assert len(own) == 24
    assert user == {
        "user_id": f"auth0|{own}",
        "email": "ann@acme.example",
        "email_verified": False,
        "name": "ann@acme.example",
        "nickname": "ann",
        "picture": (
            "https://s.gravatar.com/avatar/28fe5b53eb6b580d005357ae809a35cb?s=480&r=pg"
            "&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fan.png"
        ),
        "identities": [
            {"connection": DATABASE, "user_id": own, "provider": "auth0", "isSocial": False}
        ],
        "created_at": user["created_at"],
        "updated_at": user["created_at"],
    }
    assert api.get(f"/users/{user['user_id']}") == user


def test_a_user_id_gets_the_name_of_its_provider(api):
    user = api.post("/users", body(user_id="ann"))
    assert user["user_id"] == "auth0|ann"
    assert user["identities"][0]["user_id"] == "ann"


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        (body(connection="nowhere"), 400, "The connection does not exist."),
        ({"connection": DATABASE, "email": "b@acme.example"}, 400, "property: password"),
        ({"connection": DATABASE, "password": "x"}, 400, "property: email"),
        (body(), 409, "The user already exists."),
        (body("b@acme.example", username="ann"), 409, "in use already"),
        (body("b@acme.example", favourite=1), 400, "Additional properties not allowed"),
    ],
)
def test_a_user_that_cannot_be_is_refused(api, given, status, message):
    api.post("/users", body(username="ann"))
    refused(api.call("POST", "/users", given), status, message)


def test_the_same_email_may_be_in_two_connections(api, user):
    api.post("/connections", {"name": "staff", "strategy": "auth0"})
    assert api.post("/users", body(connection="staff"))["user_id"] != user


def test_a_passwordless_user_needs_no_password(api):
    api.post("/connections", {"name": "email", "strategy": "email"})
    made = api.post("/users", {"connection": "email", "email": "ann@acme.example"})
    assert made["user_id"].startswith("email|")
    refused(api.call("POST", "/users", {"connection": "email"}), 400, "property: email")


def test_metadata_is_merged_at_its_first_level_and_emptied_by_an_empty_object(api):
    given = {"a": {"x": 1, "y": 2}, "b": 1}
    made = api.post("/users", body(user_metadata=given, app_metadata=given))
    path = f"/users/{made['user_id']}"
    patch = {"a": {"x": 3}, "b": None, "c": 4}
    changed = api.patch(path, {"user_metadata": patch, "app_metadata": patch})
    assert changed["user_metadata"] == changed["app_metadata"] == {"a": {"x": 3}, "c": 4}
    emptied = api.patch(path, {"user_metadata": {}, "app_metadata": {}})
    assert emptied["user_metadata"] == {}
    assert "app_metadata" not in emptied


def test_a_password_is_changed_and_never_shown(api, user):
    changed = api.patch(f"/users/{user}", {"password": "Another-horse-2", "connection": DATABASE})
    assert not {"password", "connection"} & changed.keys()
    assert changed["last_password_reset"] == changed["updated_at"]
    assert api.sandbox.documents("users")[user].keys() == changed.keys()


@pytest.mark.parametrize(
    "patch",
    [
        {"password": "x", "email_verified": True},
        {"username": "ann", "email_verified": True},
        {"username": "ann", "password": "x"},
    ],
)
def test_some_fields_do_not_go_together(api, user, patch):
    refused(api.call("PATCH", f"/users/{user}", patch), 400, "simultaneously")


def test_another_email_is_not_verified(api, user):
    api.patch(f"/users/{user}", {"email_verified": True})
    assert api.patch(f"/users/{user}", {"email": "a@acme.example"})["email_verified"] is False


def test_deleting_nobody_succeeds_and_reading_nobody_fails(api, user):
    for _ in range(2):
        assert api.call("DELETE", f"/users/{user}").status_code == 204
    refused(api.call("GET", f"/users/{user}"), 404, "The user does not exist.", "inexistent_user")
    refused(api.call("PATCH", f"/users/{user}", {"name": "A"}), 404, "does not exist")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("email:ann@acme.example", {"ann"}),
        ('nickname:"bob"', {"bob"}),
        ("nickname:*", {"ann", "bob", "cyd"}),
        ("nickname:b* OR nickname:c*", {"bob", "cyd"}),
        ("email:*acme* AND NOT nickname:ann", {"bob"}),
        ("-email:*acme*", {"cyd"}),
        ("_exists_:app_metadata", {"cyd"}),
        ("app_metadata.plan:gold", {"cyd"}),
        ("app_metadata.seats:[2 TO 4]", {"cyd"}),
        ("identities.connection:nowhere", set()),
        ("blocked:true", {"bob"}),
    ],
)
def test_users_are_searched(api, query, found):
    api.post("/users", body())
    api.post("/users", body("bob@acme.example", blocked=True))
    api.post("/users", body("cyd@other.example", app_metadata={"plan": "gold", "seats": 3}))
    listed = api.get("/users", q=query, search_engine="v3", include_totals="true")
    assert {user["nickname"] for user in listed["users"]} == found
    assert listed["length"] == listed["total"] == len(found)


@pytest.mark.parametrize(
    "query",
    [{"q": "(("}, {"q": 'a"'}, {"search_engine": "v9"}, {"sort": "up"}, {"per_page": "²"}],
)
@pytest.mark.usefixtures("user")
def test_a_malformed_search_is_refused(api, query):
    refused(api.call("GET", "/users", **query), 400, "", "invalid_query_string")


def test_users_are_listed_by_email_whatever_its_case(api, user):
    [found] = api.get("/users-by-email", email="ANN@acme.example", fields="user_id")
    assert found == {"user_id": user}
    refused(api.call("GET", "/users-by-email"), 400, "email")


def test_linking_makes_one_user_of_two_and_unlinking_two_of_one(api, user):
    other = api.post("/users", body("bob@acme.example", given_name="Bob"))["user_id"]
    own = other.removeprefix("auth0|")
    linked = api.call("POST", f"/users/{user}/identities", {"provider": "auth0", "user_id": other})
    assert linked.status_code == 201
    assert linked.json()[1]["profileData"]["given_name"] == "Bob"
    refused(api.call("GET", f"/users/{other}"), 404, "does not exist")
    assert [item["user_id"] for item in api.get(f"/users/{user}")["identities"]][1] == own
    left = api.call("DELETE", f"/users/{user}/identities/auth0/{own}")
    assert left.status_code == 200
    assert len(left.json()) == 1
    assert api.get(f"/users/{other}")["email"] == "bob@acme.example"
    main = user.removeprefix("auth0|")
    refused(api.call("DELETE", f"/users/{user}/identities/auth0/{main}"), 400, "Main identity")
    given = {"provider": "auth0", "user_id": user}
    refused(api.call("POST", f"/users/{user}/identities", given), 400, "cannot be the same")
    given = {"provider": "auth0", "user_id": NOBODY}
    refused(api.call("POST", f"/users/{user}/identities", given), 404, "does not exist")


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
