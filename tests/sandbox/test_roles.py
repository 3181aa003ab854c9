"""Roles, groups and members: who has what, from both sides (facts: recorded traffic, OpenAPI)."""

from typing import NamedTuple

import pytest

DATABASE = "Username-Password-Authentication"
ABSENT = {
    "users": "auth0|0123456789abcdef01234567",
    "roles": "rol_0000000000000000",
    "groups": "grp_aaaaaaaaaaaaaaaaaaaaaz",
    "organizations": "org_0000000000000000",
}


def make_group(api, name):
    id = "grp_aaaaaaaaaaaaaaaaaaaaa" + name[-1]
    group = {"name": name, "connection_id": "con_0000000000000001", "external_id": f"x-{name}"}
    api.sandbox.put("groups", id, group)
    return id


@pytest.fixture
def known(api):
    """One of each: ids by kind."""
    sent = {"connection": DATABASE, "email": "ann@acme.example", "password": "Correct-horse-1"}
    return {
        "users": api.post("/users", sent)["user_id"],
        "roles": api.post("/roles", {"name": "reader", "description": "Reads"})["id"],
        "groups": make_group(api, "staff-a"),
        "organizations": api.post("/organizations", {"name": "acme"})["id"],
    }


def refused(answer, status, message=""):
    assert answer.status_code == status, answer.text
    assert message in answer.json()["message"]


ROLE = {"name": "reader", "description": "Reads"}
USER = {"email": "ann@acme.example", "name": "ann@acme.example"}


class Case(NamedTuple):
    """An association: its path, its members' key and kind, what a POST and an unknown id answer."""

    path: str
    key: str
    kind: str
    shown: dict[str, str]
    added: int = 204
    unknown: int = 404
    deletes: bool = True


_MEMBER = "/organizations/{organizations}/members"
ASSOCIATIONS = [
    Case("/users/{users}/roles", "roles", "roles", ROLE),
    Case("/roles/{roles}/users", "users", "users", USER, added=200, deletes=False),
    Case("/roles/{roles}/groups", "groups", "groups", {"name": "staff-a"}),
    Case("/groups/{groups}/roles", "roles", "roles", ROLE),
    Case(_MEMBER, "members", "users", USER, unknown=400),
    Case(f"{_MEMBER}/{{users}}/roles", "roles", "roles", ROLE, unknown=400),
    Case(
        "/organizations/{organizations}/groups/{groups}/roles", "roles", "roles", ROLE, unknown=400
    ),
]
CASES = pytest.mark.parametrize("case", ASSOCIATIONS, ids=[case.path for case in ASSOCIATIONS])


def listed(api, path):
    found = api.get(path)
    return found if isinstance(found, list) else next(iter(found.values()))


@CASES
def test_what_is_assigned_is_listed_until_it_is_taken_away(api, known, case):
    path, sent = case.path.format(**known), {case.key: [known[case.kind]]}
    assert listed(api, path) == []
    for _ in range(2):  # the second time changes nothing
        assert api.call("POST", path, sent).status_code == case.added
        [item] = listed(api, path)
        assert {**item, **case.shown} == item
    refused(api.call("POST", path, {case.key: [ABSENT[case.kind]]}), case.unknown)
    if case.deletes:
        refused(api.call("POST", path, {case.key: []}), 400, "too short")
        for _ in range(2):
            assert api.call("DELETE", path, sent).status_code == 204
        assert listed(api, path) == []


@CASES
def test_nothing_is_assigned_to_what_does_not_exist(api, known, case):
    owner = case.path.split("{")[1].split("}")[0]
    path = case.path.format(**{**known, owner: ABSENT[owner]})
    refused(api.call("GET", path), 404)
    refused(api.call("POST", path, {case.key: [known[case.kind]]}), 404)


@CASES
@pytest.mark.parametrize("gone", ["users", "roles", "groups", "organizations"])
def test_nobody_keeps_what_is_deleted(api, known, case, gone):
    about = {name for name in known if f"{{{name}}}" in case.path} | {case.kind}
    api.call("POST", case.path.format(**known), {case.key: [known[case.kind]]})
    links = {name for name in stored(api) if name.endswith(("_roles", "_members"))}
    assert len(links) == 1
    assert api.call("DELETE", f"/{gone}/{known[gone]}").is_success
    assert (links - stored(api) == links) is (gone in about)


def stored(api):
    return set(api.sandbox.status()["resources"])


def test_a_role_goes_around(api):
    made = api.call("POST", "/roles", {"name": "reader"})
    assert made.status_code == 200
    role = made.json()
    assert "description" not in role
    path = f"/roles/{role['id']}"
    assert api.get(path) == {**role, "description": ""}
    assert api.patch(path, {"description": "Reads"})["description"] == "Reads"
    refused(api.call("POST", "/roles", {"name": "reader"}), 409, "already in use")
    assert api.get("/roles", name_filter="EAD")[0]["id"] == role["id"]
    assert api.get("/roles", name_filter="writer") == []
    deleted = api.call("DELETE", path)
    assert (deleted.status_code, deleted.json()) == (200, {})
    refused(api.call("DELETE", path), 404, "The role does not exist.")
    refused(api.call("GET", path), 404, "The role does not exist.")


def test_a_role_of_an_organization_names_its_owner(api, known):
    sent = {"name": "own", "type": "organization", "owner_id": known["organizations"]}
    made = api.post("/roles", sent)
    assert made["owner_id"] == known["organizations"]
    missing = {**sent, "name": "other", "owner_id": ABSENT["organizations"]}
    refused(api.call("POST", "/roles", missing), 400, "organization")


def test_groups_are_read_and_deleted_only(api, known):
    other = make_group(api, "guests-b")
    assert [item["id"] for item in api.get("/groups")] == [known["groups"], other]
    assert [item["id"] for item in api.get("/groups", search="guest")] == [other]
    assert [item["id"] for item in api.get("/groups", external_id="x-staff-a", take=5)["groups"]]
    assert api.get(f"/groups/{other}")["name"] == "guests-b"
    assert api.call("POST", "/groups", {"name": "c"}).status_code == 404
    assert api.call("DELETE", f"/groups/{other}").status_code == 204
    refused(api.call("DELETE", f"/groups/{other}"), 404, "Group not found")


@pytest.fixture
def permissions(api):
    scopes = [{"value": "read", "description": "Read it"}, {"value": "write"}]
    api.post("/resource-servers", {"identifier": "https://stock", "name": "S", "scopes": scopes})
    return [
        {"resource_server_identifier": "https://stock", "permission_name": name}
        for name in ("read", "write")
    ]


@pytest.mark.parametrize(
    ("owner", "told"),
    [
        ("roles", {}),
        ("users", {"sources": [{"source_id": "", "source_name": "", "source_type": "DIRECT"}]}),
    ],
)
def test_permissions_are_given_with_the_words_of_their_api(api, known, permissions, owner, told):
    path = f"/{owner}/{known[owner]}/permissions"
    added = api.call("POST", path, {"permissions": permissions})
    assert (added.status_code, added.json()) == (201, {})
    found = api.get(path, include_totals="true", page=0, per_page=100)
    assert (found["start"], found["limit"], found["total"]) == (0, 100, 2)
    assert found["permissions"][0] == {
        **permissions[0],
        "description": "Read it",
        "resource_server_name": "S",
        **told,
    }
    for _ in range(2):
        assert api.call("DELETE", path, {"permissions": permissions[:1]}).status_code == 204
    assert [item["permission_name"] for item in api.get(path)] == ["write"]
    [server] = [s["id"] for s in api.get("/resource-servers") if s["name"] == "S"]
    api.patch(f"/resource-servers/{server}", {"scopes": [{"value": "read"}]})
    assert api.get(path) == []


def test_permissions_of_a_user_tell_the_roles_they_come_from(api, known, permissions):
    user, role = known["users"], known["roles"]
    api.post(f"/roles/{role}/permissions", {"permissions": permissions})
    api.call("POST", f"/users/{user}/roles", {"roles": [role]})
    path = f"/users/{user}/permissions"
    api.call("POST", path, {"permissions": permissions[:1]})
    direct = {"source_id": "", "source_name": "", "source_type": "DIRECT"}
    through = {"source_id": role, "source_name": "reader", "source_type": "ROLE"}
    assert {item["permission_name"]: item["sources"] for item in api.get(path)} == {
        "read": [direct, through],
        "write": [through],
    }
    api.call("DELETE", path, {"permissions": permissions})
    assert [item["sources"] for item in api.get(path)] == [[through], [through]]


@pytest.mark.parametrize("owner", ["roles", "users"])
@pytest.mark.parametrize(
    ("identifier", "name", "message"),
    [("https://none", "read", "Resource server"), ("https://stock", "none", "permission none")],
)
def test_a_permission_that_does_not_exist_is_refused(
    api, known, permissions, owner, identifier, name, message
):
    assert permissions
    sent = {"permissions": [{"resource_server_identifier": identifier, "permission_name": name}]}
    refused(api.call("POST", f"/{owner}/{known[owner]}/permissions", sent), 404, message)
    path = f"/{owner}/{ABSENT[owner]}/permissions"
    refused(api.call("POST", path, sent), 404, "does not exist")


def join(api, known):
    """The user is in the group."""
    link = {"group_id": known["groups"], "user_id": known["users"]}
    id = f"{known['groups']}/{known['users']}"
    api.sandbox.put("group_members", id, link, parent=known["groups"])


def test_roles_are_effective_directly_and_through_groups(api, known, permissions):
    join(api, known)
    user, role, group = known["users"], known["roles"], known["groups"]
    path = f"/users/{user}/effective-roles"
    assert api.get(path) == {"roles": []}
    api.call("POST", f"/groups/{group}/roles", {"roles": [role]})
    told = {"id": role, "name": "reader", "description": "Reads"}
    assert api.get(path) == {"roles": [{**told, "sources": ["groups"]}]}
    api.call("POST", f"/users/{user}/roles", {"roles": [role]})
    assert api.get(path) == {"roles": [{**told, "sources": ["direct", "groups"]}]}
    [found] = api.get(f"{path}/sources/groups", role_id=role)["groups"]
    assert found["id"] == group
    assert [item["id"] for item in api.get(f"/users/{user}/groups")] == [group]
    assert api.get(f"/groups/{group}/members")["members"][0]["id"] == user
    api.post(f"/roles/{role}/permissions", {"permissions": permissions})
    path = f"/users/{user}/effective-permissions"
    query = {"resource_server_identifier": "https://stock"}
    found = api.get(path, **query)["permissions"]
    assert [item["sources"] for item in found] == [["roles"], ["roles"]]
    sources = f"{path}/sources/effective-roles"
    assert api.get(sources, **query, permission_name="read")["roles"][0]["id"] == role
    refused(api.call("GET", path), 400, "resource_server_identifier")
    refused(api.call("GET", f"/users/{user}/effective-roles/sources/groups"), 400, "role_id")


def test_a_member_has_the_roles_of_an_organization_only_there(api, known):
    join(api, known)
    organization, user, role = known["organizations"], known["users"], known["roles"]
    path = f"/organizations/{organization}"
    api.call("POST", f"{path}/members", {"members": [user]})
    api.call("POST", f"{path}/groups/{known['groups']}/roles", {"roles": [role]})
    member = f"{path}/members/{user}"
    [found] = api.get(f"{member}/effective-roles")["roles"]
    assert found["sources"] == ["groups"]
    assert api.get(f"{path}/roles/{role}/groups")["groups"][0]["id"] == known["groups"]
    assert api.get(f"{path}/roles/{role}/members") == {"members": []}
    api.call("POST", f"{member}/roles", {"roles": [role]})
    assert api.get(f"{path}/roles/{role}/members")["members"][0]["user_id"] == user
    [group] = api.get(f"{member}/effective-roles/sources/groups", role_id=role)["groups"]
    assert group["id"] == known["groups"]
    assert api.get(f"{path}/groups")["groups"][0]["id"] == known["groups"]
    assert api.get(f"/users/{user}/effective-roles") == {"roles": []}
    assert [item["id"] for item in api.get(f"/users/{user}/organizations")] == [organization]


def test_roles_of_a_member_are_told_on_request_and_end_with_the_membership(api, known):
    path = f"/organizations/{known['organizations']}/members"
    user, role = known["users"], known["roles"]
    api.call("POST", path, {"members": [user]})
    api.call("POST", f"{path}/{user}/roles", {"roles": [role]})
    assert "roles" not in api.get(path)[0]
    told = api.get(path, fields="user_id,roles", include_fields="true")
    assert told == [{"user_id": user, "roles": [{"id": role, "name": "reader"}]}]
    api.call("DELETE", path, {"members": [user]})
    assert "organization_member_roles" not in api.sandbox.status()["resources"]


def test_a_cursor_over_members_trails_off_with_an_empty_page(api, known):
    """A page of members tells what comes next even where nothing does (recorded traffic 5)."""
    path = f"/organizations/{known['organizations']}/members"
    api.call("POST", path, {"members": [known["users"]]})
    first = api.get(path, take=100)
    assert len(first["members"]) == 1
    assert api.get(path, take=100, **{"from": first["next"]}) == {"members": []}
    users = f"/roles/{known['roles']}/users"
    api.call("POST", users, {"users": [known["users"]]})
    assert "next" not in api.get(users, take=100)


@pytest.mark.parametrize(
    ("path", "items", "query", "found"),
    [
        ("/organizations/search", "organizations", {"q": "name:ac*"}, ["acme"]),
        ("/organizations/search", "organizations", {"q": "metadata.plan:gold"}, ["beta"]),
        ("/organizations/search", "organizations", {"sort": "name"}, ["acme", "beta"]),
        (
            "/organizations/search",
            "organizations",
            {"q": 'name sw "be" or name eq "acme"', "parser": "scim", "sort": "name"},
            ["acme", "beta"],
        ),
        (
            "/organizations/search",
            "organizations",
            {"q": 'metadata.plan pr and (name co "x" or name ne "acme")', "parser": "scim"},
            ["beta"],
        ),
        ("/resource-servers/search", "resource_servers", {"q": 'name:"Stock"'}, ["Stock"]),
    ],
)
def test_a_search_finds_by_lucene_and_scim(api, path, items, query, found):
    api.post("/organizations", {"name": "beta", "metadata": {"plan": "gold"}})
    api.post("/organizations", {"name": "acme"})
    api.post(
        "/resource-servers",
        {
            "identifier": "https://stock",
            "name": "Stock",
            "signing_alg": "HS256",
            "signing_secret": "s" * 20,
        },
    )
    listed = api.get(path, **query)[items]
    assert [item["name"] for item in listed] == found
    assert not {"metadata", "signing_secret"} & {name for item in listed for name in item}


@pytest.mark.parametrize(
    "query",
    [
        {"q": "name eq", "parser": "scim"},
        {"q": 'name is "a"', "parser": "scim"},
        {"q": "(name pr", "parser": "scim"},
        {"q": "name eq a", "parser": "scim"},
        {"q": "x", "parser": "sql"},
        {"sort": "metadata"},
        {"q": "((("},
    ],
)
def test_a_search_that_cannot_be_read_is_refused(api, query):
    refused(api.call("GET", "/organizations/search", **query), 400)
