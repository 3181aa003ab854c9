"""Log streams, network ACLs and their keys, rate-limit policies, credential templates."""

import re

import pytest

ACL = {
    "description": "Block the proxies",
    "active": True,
    "priority": 7,
    "rule": {"action": {"block": True}, "match": {"asns": [9453]}, "scope": "tenant"},
}
SINKS = {
    "datadog": {"datadogApiKey": "k", "datadogRegion": "eu"},
    "eventbridge": {"awsAccountId": "9" * 12, "awsRegion": "eu-central-1"},
    "eventgrid": {
        "azureSubscriptionId": "12a34ab5-c6d7-8901-23ef-456b7c89d0c1",
        "azureResourceGroup": "logs",
        "azureRegion": "westeurope",
    },
    "http": {"httpEndpoint": "https://logs.example", "httpAuthorization": "Bearer x"},
    "mixpanel": {
        "mixpanelRegion": "eu",
        "mixpanelProjectId": "12",
        "mixpanelServiceAccountUsername": "a.mp-service-account",
        "mixpanelServiceAccountPassword": "hush",
    },
    "segment": {"segmentWriteKey": "k"},
    "splunk": {
        "splunkDomain": "s.example",
        "splunkToken": "12a34ab5-c6d7-8901-23ef-456b7c89d0c1",
        "splunkPort": "8088",
        "splunkSecure": True,
    },
    "sumo": {"sumoSourceAddress": "https://sumo.example"},
}
ADDED = {"eventbridge": "awsPartnerEventSource", "eventgrid": "azurePartnerTopic"}
POLICY = {
    "resource": "oauth_authentication_api",
    "consumer": "client",
    "consumer_selector": "default",
    "configuration": {"action": "block", "limit": 100},
}


@pytest.mark.parametrize("kind", SINKS)
def test_a_log_stream_of_every_type_shows_what_was_written_but_for_passwords(api, kind):
    body = {"name": f"To {kind}", "type": kind, "sink": SINKS[kind], "startFrom": "2026-01-01"}
    answer = api.call("POST", "/log-streams", body)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    sink = {**SINKS[kind]}
    if kind == "mixpanel":
        sink["mixpanelServiceAccountPassword"] = "********"
    if kind in ADDED:
        sink[ADDED[kind]] = made["sink"][ADDED[kind]]
    assert made == {"name": body["name"], "type": kind, "sink": sink, "id": made["id"],
                    "status": "active"}  # fmt: skip
    assert re.fullmatch(r"lst_\d{16}", made["id"])
    path = f"/log-streams/{made['id']}"
    assert api.get(path) == made
    assert api.get("/log-streams") == [made]
    assert api.patch(path, {"status": "paused"}) == {**made, "status": "paused"}
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert api.call("GET", path).status_code == 404


def test_a_stream_with_priority_carries_security_events_whatever_is_asked_for(api):
    filters = [{"type": "category", "name": "auth.login.fail"}]
    body = {"name": "a", "type": "http", "sink": SINKS["http"], "isPriority": True}
    made = api.post("/log-streams", body)
    assert made["filters"] == [{"type": "category", "name": "security"}]
    path = f"/log-streams/{made['id']}"
    assert api.patch(path, {"filters": filters})["filters"] == made["filters"]
    assert api.patch(path, {"filters": filters, "isPriority": False})["filters"] == filters
    assert "filters" not in api.patch(path, {"filters": []})


def test_a_sink_belongs_to_its_type_and_some_are_fixed(api):
    made = {
        kind: api.post("/log-streams", {"name": kind, "type": kind, "sink": SINKS[kind]})["id"]
        for kind in ("eventbridge", "http", "mixpanel")
    }
    for kind, sink in (("http", "sumo"), ("eventbridge", "eventbridge")):
        answer = api.call("PATCH", f"/log-streams/{made[kind]}", {"sink": SINKS[sink]})
        assert answer.status_code == 400
    sink = {name: text for name, text in SINKS["mixpanel"].items() if "Password" not in name}
    api.patch(f"/log-streams/{made['mixpanel']}", {"sink": {**sink, "mixpanelProjectId": "13"}})
    kept = api.sandbox.documents("log_streams")[made["mixpanel"]]["sink"]
    assert kept == {**SINKS["mixpanel"], "mixpanelProjectId": "13"}


def test_an_acl_is_created_read_replaced_changed_and_deleted(api):
    answer = api.call("POST", "/network-acls", ACL)
    assert answer.status_code == 201
    made = answer.json()
    assert re.fullmatch(r"acl_\w{22}", made["id"])
    path = f"/network-acls/{made['id']}"
    shown = {**made, "tenant_id": "hearthhollow-dev", "deleted_at": None}
    assert api.get(path) == shown
    other = {**ACL, "rule": {"action": {"log": True}, "scope": "management"}}
    replaced = api.call("PUT", path, other).json()
    assert replaced["rule"] == other["rule"]
    assert api.patch(path, {"active": False})["active"] is False
    gone = api.call("DELETE", path)
    assert (gone.status_code, gone.json()) == (200, {"code": 204, "object": ""})
    assert [api.call(verb, path).status_code for verb in ("DELETE", "GET")] == [404, 404]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"match": {"auth0_managed": ["auth0.made_up"]}}, 400),
        ({"match": {"auth0_managed": ["auth0.low_reputation"] * 2}}, 400),
        ({"match": {"ipv4_cidrs": ["2001:db8::/32"]}}, 400),
        ({"match": {"ipv6_cidrs": ["10.0.0.0/8"]}}, 400),
        ({"match": {"asns": []}}, 400),
        ({"match": {"http_message_signature": {"keys": [{"id": "nak_unheardof"}]}}}, 400),
        ({"action": {"block": False}}, 400),
        ({"not_match": {"connecting_ipv4_cidrs": ["10.0.0.1", "10.0.0.0/8"]}}, 201),
    ],
)
def test_the_conditions_of_an_acl_are_checked(api, change, status):
    body = {**ACL, "rule": {**ACL["rule"], **change}}
    assert api.call("POST", "/network-acls", body).status_code == status


def test_two_acls_cannot_have_one_priority(api):
    api.post("/network-acls", ACL)
    refused = api.call("POST", "/network-acls", {**ACL, "description": "Again"})
    assert refused.status_code == 409
    second = api.post("/network-acls", {**ACL, "priority": 8})["id"]
    assert api.call("PATCH", f"/network-acls/{second}", {"priority": 7}).status_code == 409
    assert api.patch(f"/network-acls/{second}", {"priority": 8})["priority"] == 8


def test_a_key_that_an_acl_uses_stays_and_is_never_shown(api):
    key = api.post("/keys/network-acls", {"name": "edge", "alg": "hmac-sha256", "value": "hush"})
    assert "value" not in key
    path = f"/keys/network-acls/{key['id']}"
    assert api.get("/keys/network-acls") == {"keys": [api.get(path)]} == {"keys": [key]}
    match = {"http_message_signature": {"keys": [{"id": key["id"]}]}}
    rule = {"action": {"allow": True}, "match": match, "scope": "tenant"}
    acl = api.post("/network-acls", {**ACL, "rule": rule})["id"]
    assert api.call("DELETE", path).status_code == 409
    api.call("DELETE", f"/network-acls/{acl}")
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 204]


def test_a_rate_limit_policy_exists_once_per_consumer(api):
    made = api.post("/rate-limit-policies", POLICY)
    assert re.fullmatch(r"rlp_\w{22}", made["id"])
    assert api.call("POST", "/rate-limit-policies", POLICY).status_code == 409
    path = f"/rate-limit-policies/{made['id']}"
    wanted = {"action": "redirect", "limit": 5, "redirect_uri": "https://example.com/slow"}
    assert api.patch(path, {"configuration": wanted})["configuration"] == wanted
    listed = api.get("/rate-limit-policies", consumer_selector="default")
    assert listed == {"rate_limit_policies": [api.get(path)]}
    assert api.get("/rate-limit-policies", consumer="api") == {"rate_limit_policies": []}
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 404]


@pytest.mark.parametrize(
    ("path", "fresh", "written", "wrong"),
    [
        ("/risk-assessments/settings", {"enabled": False}, {"enabled": True}, {"enabled": "yes"}),
        (
            "/risk-assessments/settings/new-device",
            {"remember_for": 30},
            {"remember_for": 365},
            {"remember_for": 366},
        ),
        ("/supplemental-signals", {"akamai_enabled": False}, {"akamai_enabled": True}, {}),
    ],
)
def test_the_settings_of_risks_are_kept(api, path, fresh, written, wrong):
    assert api.get(path) == fresh
    assert api.patch(path, written) == api.get(path) == written
    assert api.call("PATCH", path, wrong).status_code == 400


def test_a_credential_template_is_created_listed_changed_and_deleted(api):
    body = {
        "name": "Driving licence",
        "type": "mdl",
        "dialect": "simplified/1.0",
        "presentation": {"org.iso.18013.5.1.mDL": {"org.iso.18013.5.1": {"family_name": True}}},
        "well_known_trusted_issuers": "aamva",
    }
    base = "/verifiable-credentials/verification/templates"
    made = api.post(base, body)
    assert {**made, **body} == made
    assert made["custom_certificate_authority"] is None
    assert api.call("POST", base, body).status_code == 409
    path = f"{base}/{made['id']}"
    assert api.patch(path, {"name": "Licence", "version": 2})["name"] == "Licence"
    assert api.get(base) == {"templates": [api.get(path)]}
    assert "version" not in api.get(path)
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert api.call("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/keys/network-acls", {"name": "k", "alg": "hmac-sha256", "value": "hush"}),
        ("PUT", "/rules-configs/CRM", {"value": "hush"}),
        (
            "POST",
            "/actions/modules",
            {"name": "m", "code": "", "secrets": [{"name": "K", "value": "hush"}]},
        ),
        *(
            ("POST", "/log-streams", {"name": "s", "type": type, "sink": {**SINKS[type], **secret}})
            for type, secret in {
                "datadog": {"datadogApiKey": "hush"},
                "http": {
                    "httpAuthorization": "hush",
                    "httpCustomHeaders": [{"header": "X-Key", "value": "hush"}],
                },
                "mixpanel": {"mixpanelServiceAccountPassword": "hush"},
                "segment": {"segmentWriteKey": "hush"},
                "splunk": {"splunkToken": "hush"},
            }.items()
        ),
    ],
)
def test_the_log_tells_no_secret(api, method, path, body):
    assert api.call(method, path, body).is_success
    event = api.get("/logs", per_page="1")[0]
    assert event["details"]["request"]["method"] == method.lower()
    assert "hush" not in str(event)
