"""A tenant set up from documents, from a snapshot, or from what a recording found."""

import json

import pytest

from tenantctl.sandbox import Sandbox, SandboxError

DOMAIN = "hearthhollow-dev.sandbox.invalid"
PREFIX = "/api/v2"


def read(path, body, status=200, **query):
    return {"path": PREFIX + path, "query": query, "status": status, "body": body}


def test_documents_are_seeded_with_their_ids(api, sandbox):
    sandbox.seed(
        {
            "roles": {"rol_1234567890123456": {"name": "Editor", "description": ""}},
            "role_permissions": {},
            "clients": {"c" * 31 + "1": {"name": "Shop", "app_type": "spa"}},
        }
    )
    assert api.get("/roles/rol_1234567890123456")["name"] == "Editor"
    assert api.get(f"/clients/{'c' * 31}1")["app_type"] == "spa"


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ({"wishes": {}}, "the API has no 'wishes'"),
        ({"roles": []}, "by id"),
        ({"roles": {"x": 1}}, "an object"),
        ([], "an object"),
    ],
)
def test_seeds_that_make_no_sense_are_refused_and_store_nothing(sandbox, documents, message):
    before = sandbox.snapshot()
    with pytest.raises(SandboxError, match=message):
        sandbox.seed(documents)
    assert sandbox.snapshot() == before


def test_a_snapshot_brings_back_everything_also_into_another_tenant(api, sandbox):
    made = api.post("/clients", {"name": "Shop", "app_type": "spa"})
    sandbox.subscribe("free")
    snapshot = json.loads(json.dumps(sandbox.snapshot()))
    sandbox.buckets = ()
    api.call("DELETE", f"/clients/{made['client_id']}")
    api.post("/roles", {"name": "later"})
    sandbox.restore(snapshot)
    assert sandbox.snapshot() == snapshot
    assert made["client_id"] in sandbox.documents("clients")
    assert sandbox.documents("roles") == {}

    other = Sandbox("other.sandbox.invalid")
    other.restore(snapshot)
    assert other.documents("clients") == sandbox.documents("clients")
    assert other.buckets == sandbox.buckets
    other.close()


@pytest.mark.parametrize(
    "snapshot",
    [
        None,
        {},
        {"format": 2},
        {"format": 1},
        {"format": 1, "documents": [1]},
        {"format": 1, "documents": [["clients", "x", ""]]},
        {"format": 1, "documents": [], "settings": {"features": ["teleport"]}},
    ],
)
def test_what_is_no_snapshot_is_refused_and_changes_nothing(sandbox, snapshot):
    before = sandbox.snapshot()
    with pytest.raises(SandboxError):
        sandbox.restore(snapshot)
    assert sandbox.snapshot() == before


def test_a_recording_begins_with_what_it_read(api, sandbox):
    sandbox.reset(
        {
            "reads": [
                read("/branding", {"colors": {"primary": "#0059d6"}}),
                read("/roles/rol_1234567890123456", {"name": "Editor", "description": "edits"}),
                read(
                    "/custom-domains",
                    [{"custom_domain_id": "cd_1234567890123456", "domain": "login.example.com"}],
                ),
            ]
        }
    )
    assert api.get("/branding") == {"colors": {"primary": "#0059d6"}}
    assert api.get("/roles/rol_1234567890123456")["description"] == "edits"
    assert [item["domain"] for item in api.get("/custom-domains")] == ["login.example.com"]


def test_a_list_that_shows_everything_leaves_nothing_else_standing(api, sandbox):
    shown = {"id": "con_1234567890123456", "name": "staff", "strategy": "auth0"}
    body = {"start": 0, "limit": 50, "total": 1, "connections": [shown]}
    sandbox.reset({"reads": [read("/connections", body, include_totals="true")]})
    assert [item["name"] for item in api.get("/connections")] == ["staff"]


def test_a_filtered_list_only_speaks_for_what_it_filters(api, sandbox):
    shown = {"id": "con_1234567890123456", "name": "staff", "strategy": "samlp"}
    body = {"start": 0, "limit": 50, "total": 1, "connections": [shown]}
    sandbox.reset({"reads": [read("/connections", body, include_totals="true", strategy="samlp")]})
    names = {item["name"] for item in api.get("/connections")}
    assert names == {"staff", "Username-Password-Authentication", "google-oauth2"}


def test_a_name_that_only_one_can_have_makes_room_for_the_recorded_one(api, sandbox):
    name = "Username-Password-Authentication"
    shown = {"id": "con_1234567890123456", "name": name, "strategy": "auth0"}
    body = {"start": 0, "limit": 50, "total": 1, "connections": [shown]}
    sandbox.reset({"reads": [read("/connections", body, name=name, include_totals="true")]})
    found = [item["id"] for item in api.get("/connections") if item["name"] == name]
    assert found == ["con_1234567890123456"]


def test_what_a_recording_did_not_find_is_not_there(api, sandbox):
    client = next(iter(sandbox.documents("clients")))
    sandbox.reset({"reads": [read(f"/clients/{client}", {}, status=404)]})
    assert api.call("GET", f"/clients/{client}").status_code == 404


def test_what_a_recording_was_forbidden_is_not_included(api, sandbox):
    sandbox.reset({"reads": [read("/network-acls", {}, status=403)]})
    assert api.call("GET", "/network-acls").json()["errorCode"] == "insufficient_entitlement"


def test_ids_that_a_recording_uses_before_it_made_them_exist(api, sandbox):
    ids = [
        {"id": "con_1234567890123456", "method": "POST", "path": PREFIX + "/x", "status": 201},
        {"id": "c1" * 16, "method": "GET", "path": f"{PREFIX}/clients/{'c1' * 16}/credentials"},
        {"id": "rol_6543210987654321", "method": "GET", "path": PREFIX + "/x", "status": 404},
    ]
    sandbox.reset({"ids": [{"status": 200, **item} for item in ids]})
    assert api.call("GET", "/connections/con_1234567890123456").status_code == 200
    assert api.get(f"/clients/{'c1' * 16}/credentials") == []
    assert api.call("GET", "/roles/rol_6543210987654321").status_code == 404


@pytest.mark.parametrize(
    "recorded", [[], {"reads": [1]}, {"reads": [{"path": 3}]}, {"ids": ["x"]}, {"ids": [{}]}, "x"]
)
def test_what_is_no_recording_is_refused_and_changes_nothing(sandbox, recorded):
    before = sandbox.snapshot()
    with pytest.raises(SandboxError):
        sandbox.reset(recorded)
    assert sandbox.snapshot() == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clients", [1]),
        ("/roles/rol_1", ["x"]),
        ("/guardian/factors", [1]),
        ("/rules/rul_1", {"name": []}),
        ("/prompts/rendering", {}),
    ],
)
def test_an_answer_that_auth0_cannot_have_given_is_refused_and_changes_nothing(sandbox, path, body):
    before = sandbox.snapshot()
    with pytest.raises(SandboxError, match=path):
        sandbox.reset({"reads": [read(path, body)]})
    assert sandbox.snapshot() == before


def test_a_seeded_document_is_completed_as_a_create_would_do_it(api, sandbox):
    sandbox.seed({"actions": {"1": {"name": "a"}}, "network_acls": {"2": {"description": "b"}}})
    action = api.get("/actions/actions/1")
    assert (action["name"], action["status"], action["secrets"]) == ("a", "built", [])
    assert api.get("/network-acls/2")["active"] is False
