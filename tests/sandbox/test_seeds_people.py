"""A tenant in which a recording began answers what the recording read, about people as well."""

import pytest

ORGANIZATION = "org_aaaaaaaaaaaaaaaa"
USER = "auth0|0123456789abcdef01234567"
ROLE = {"id": "rol_aaaaaaaaaaaaaaaa", "name": "reader", "description": "Reads"}
PERSON = {"user_id": USER, "email": "ann@acme.example", "name": "Ann", "picture": "https://p/"}
NOW = "2026-01-01T00:00:00.000Z"
ACCOUNT = {"id": "cac_1", "connection": "google-oauth2", "strategy": "google-oauth2"}
CONNECTION = {
    "connection_id": "con_aaaaaaaaaaaaaaaa",
    "assign_membership_on_login": False,
    "show_as_button": True,
    "is_enabled": True,
    "organization_access_level": "none",
    "connection": {"name": "staff", "strategy": "samlp"},
}
DOMAIN = {
    "id": "ord_aaaaaaaaaaaaaaaaaaaaaa",
    "domain": "acme.example",
    "status": "verified",
    "use_for_organization_discovery": True,
    "verification_host": "h",
    "verification_txt": "t",
}
TOTALS = {"start": 0, "limit": 50, "total": 1}
READS = [
    (f"/organizations/{ORGANIZATION}", {}, {"id": ORGANIZATION, "name": "acme"}),
    ("/organizations", {"take": 5}, {"organizations": [{"id": ORGANIZATION, "name": "acme"}]}),
    (f"/organizations/{ORGANIZATION}/connections", {}, [CONNECTION]),
    (f"/organizations/{ORGANIZATION}/connections/{CONNECTION['connection_id']}", {}, CONNECTION),
    (f"/organizations/{ORGANIZATION}/discovery-domains", {}, {"domains": [DOMAIN]}),
    (f"/organizations/{ORGANIZATION}/members", {"per_page": 50}, [PERSON]),
    (f"/organizations/{ORGANIZATION}/members", {"take": 5}, {"members": []}),
    (f"/users/{USER}", {}, {**PERSON, "identities": []}),
    (f"/users/{USER}/roles", {"include_totals": "true"}, {**TOTALS, "roles": [ROLE]}),
    (f"/roles/{ROLE['id']}/users", {"take": 5}, {"users": [PERSON]}),
    (f"/users/{USER}/connected-accounts", {}, {"connected_accounts": [ACCOUNT]}),
    (f"/users/{USER}/federated-connections-tokensets", {}, [{"id": "t1", "connection": "c"}]),
    (f"/users/{USER}/refresh-tokens", {}, {"tokens": [{"id": "r1", "user_id": USER}]}),
    ("/sessions/s1", {}, {"id": "s1", "user_id": USER, "created_at": NOW}),
    ("/stats/daily", {}, [{"date": NOW, "logins": 3, "signups": 1}]),
    ("/jobs/job_aaaaaaaaaaaaaaaa", {}, {"id": "job_aaaaaaaaaaaaaaaa", "status": "completed"}),
    ("/groups/grp_aaaaaaaaaaaaaaaaaaaaaa", {}, {"id": "grp_aaaaaaaaaaaaaaaaaaaaaa", "name": "g"}),
]


@pytest.mark.parametrize(("path", "query", "body"), READS, ids=[read[0] for read in READS])
def test_what_a_recording_read_first_is_what_the_sandbox_answers(api, path, query, body):
    read = {"path": f"/api/v2{path}", "query": query, "status": 200, "body": body}
    parent = {"id": ORGANIZATION, "method": "GET", "path": f"/api/v2{path}", "status": 200}
    api.sandbox.reset({"ids": [parent], "reads": [read]})
    assert told(api.get(path, **query), body) == body


def told(found, body):
    """What was recorded of an answer: a tenant may know more than somebody asked it for."""
    if isinstance(body, dict) and isinstance(found, dict):
        return {name: told(found[name], body[name]) for name in body if name in found}
    if isinstance(body, list) and isinstance(found, list) and len(body) == len(found):
        return [told(*pair) for pair in zip(found, body, strict=True)]
    return found


def test_an_older_tenant_that_invites_has_a_login_route(api):
    api.sandbox.reset({"ids": [], "reads": []})
    organization = api.post("/organizations", {"name": "acme"})
    assert "third_party_client_access" not in organization
    sent = {"name": "other", "is_app_entitlement_active": True}
    assert api.post("/organizations", sent)["third_party_client_access"] == "block"
    client = api.post("/clients", {"name": "shop"})["client_id"]
    sent = {"inviter": {"name": "A"}, "invitee": {"email": "b@acme.example"}, "client_id": client}
    made = api.post(f"/organizations/{organization['id']}/invitations", sent)
    assert made["invitation_url"].startswith(f"https://{api.sandbox.domain}/login?invitation=")
    assert "default_redirection_uri" not in api.get("/tenants/settings")


def test_a_user_that_a_request_names_exists(api):
    path = f"/organizations/{ORGANIZATION}/members"
    named = {"method": "POST", "path": f"/api/v2{path}", "status": 204}
    api.sandbox.reset({"ids": [{**named, "id": USER}, {**named, "id": ORGANIZATION}], "reads": []})
    assert api.call("POST", path, {"members": [USER]}).status_code == 204
    assert api.get(path)[0]["user_id"] == USER


def test_what_a_recording_found_missing_is_missing(api):
    api.post("/organizations", {"name": "acme"})
    missing = {"path": f"/api/v2/users/{USER}", "query": {}, "status": 404, "body": {}}
    api.sandbox.reset({"ids": [], "reads": [missing]})
    assert api.call("GET", f"/users/{USER}").status_code == 404
    assert api.get("/organizations") == []
