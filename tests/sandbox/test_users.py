"""Users, searched and linked (facts: recorded traffic 6 to 8, OpenAPI statuses)."""

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


def test_a_user_id_belongs_to_one_user(api):
    api.post("/users", body(user_id="ann"))
    refused(api.call("POST", "/users", body("b@acme.example", user_id="ann")), 409, "exists")


def test_the_same_email_may_be_in_two_connections(api, user):
    api.post("/connections", {"name": "staff", "strategy": "auth0"})
    assert api.post("/users", body(connection="staff"))["user_id"] != user


def test_a_passwordless_user_needs_no_password(api):
    api.post("/connections", {"name": "email", "strategy": "email"})
    made = api.post("/users", {"connection": "email", "email": "ann@acme.example"})
    assert made["user_id"].startswith("email|")
    refused(api.call("POST", "/users", {"connection": "email"}), 400, "property: email")
    api.post("/connections", {"name": "sms", "strategy": "sms"})
    phoned = api.post("/users", {"connection": "sms", "phone_number": "+15550100"})
    assert (phoned["name"], phoned["nickname"]) == ("+15550100", "")
    assert phoned["phone_verified"] is False
    assert "email_verified" not in phoned


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
