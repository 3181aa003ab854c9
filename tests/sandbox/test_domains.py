"""Custom domains become ready, and what needs them."""

import pytest

from tenantctl.sandbox import Delays, Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"
TEMPLATE = "/branding/templates/universal-login"
PAGE = (
    "<!DOCTYPE html><html><head>{%- auth0:head -%}</head><body>{%- auth0:widget -%}</body></html>"
)


def make(api, kind="auth0_managed_certs"):
    return api.post("/custom-domains", {"domain": "id.shop.example", "type": kind})


def test_a_domain_waits_for_its_record_and_is_then_ready(api):
    made = make(api)
    assert made["status"] == "pending_verification"
    (method,) = made["verification"]["methods"]
    assert (method["name"], method["domain"]) == ("CNAME", "id.shop.example")
    verified = api.post(f"/custom-domains/{made['custom_domain_id']}/verify")
    assert verified["status"] == "ready"
    live = api.get(f"/custom-domains/{made['custom_domain_id']}")
    assert live["verification"]["status"] == "verified"


def test_an_api_key_is_shown_once_when_a_self_managed_domain_becomes_ready(api):
    made = make(api, "self_managed_certs")
    path = f"/custom-domains/{made['custom_domain_id']}"
    assert made["custom_client_ip_header"] is None
    assert api.post(f"{path}/verify")["cname_api_key"]
    assert "cname_api_key" not in api.post(f"{path}/verify")
    assert "cname_api_key" not in api.get(path)


def test_verification_takes_as_many_calls_as_the_delay_says(connect):
    api = connect(Sandbox(DOMAIN, delays=Delays(verify_calls=3)))
    path = f"/custom-domains/{make(api)['custom_domain_id']}/verify"
    statuses = [api.post(path)["status"] for _ in range(4)]
    assert statuses == ["pending_verification", "pending_verification", "ready", "ready"]


def test_verification_takes_as_long_as_the_clock_says(connect):
    now = [1000.0]
    sandbox = Sandbox(DOMAIN, clock=lambda: now[0], delays=Delays(verify_seconds=60))
    api = connect(sandbox)
    path = f"/custom-domains/{make(api)['custom_domain_id']}/verify"
    assert api.post(path)["status"] == "pending_verification"
    now[0] += 60
    assert api.post(path)["status"] == "ready"


def test_only_a_verified_domain_becomes_the_default(api):
    assert api.get("/custom-domains/default") == {"domain": DOMAIN}
    made = make(api)
    wanted = {"domain": "id.shop.example"}
    refused = api.call("PATCH", "/custom-domains/default", wanted)
    assert refused.status_code == 400
    assert "must be verified" in refused.json()["message"]
    api.post(f"/custom-domains/{made['custom_domain_id']}/verify")
    assert api.patch("/custom-domains/default", wanted)["is_default"] is True
    assert api.get("/custom-domains/default")["domain"] == "id.shop.example"


def test_a_page_template_needs_a_custom_domain_and_its_tags(api):
    assert api.call("PUT", TEMPLATE, {"template": PAGE}).status_code == 400
    make(api)
    assert api.call("PUT", TEMPLATE, {"template": "<html></html>"}).status_code == 400
    assert api.call("PUT", TEMPLATE, {"template": PAGE}).status_code == 201
    assert api.call("PUT", TEMPLATE, {"template": PAGE}).status_code == 204
    assert api.get(TEMPLATE) == {"body": PAGE}
    assert api.call("DELETE", TEMPLATE).status_code == 204
    assert api.call("GET", TEMPLATE).status_code == 404


def test_a_page_template_may_come_as_html(api):
    make(api)
    headers = {"authorization": f"Bearer {api.token}", "content-type": "text/html"}
    answer = api.raw("PUT", f"/api/v2{TEMPLATE}", content=PAGE.encode(), headers=headers)
    assert answer.status_code == 201
    assert api.get(TEMPLATE) == {"body": PAGE}


@pytest.mark.parametrize("body", [{"domain": "nodots", "type": "auth0_managed_certs"}, {}])
def test_a_domain_that_is_none_is_refused(api, body):
    assert api.call("POST", "/custom-domains", body).status_code == 400


def test_the_first_domain_is_the_primary_one_and_a_name_is_taken_once(api):
    first = make(api)
    second = api.post("/custom-domains", {"domain": "b.shop.example", "type": "self_managed_certs"})
    assert (first["primary"], second["primary"]) == (True, False)
    assert (first["is_default"], first["tls_policy"]) == (False, "recommended")
    assert "tls_policy" not in second
    taken = {"domain": "b.shop.example", "type": "auth0_managed_certs"}
    assert api.call("POST", "/custom-domains", taken).status_code == 409


def test_a_domain_is_tested_once_it_is_ready(api):
    path = f"/custom-domains/{make(api)['custom_domain_id']}"
    assert api.call("POST", f"{path}/test").status_code == 409
    verified = api.call("POST", f"{path}/verify")
    assert (verified.status_code, verified.json()["certificate"]["status"]) == (201, "provisioned")
    assert api.post(f"{path}/test") == {"success": True}
    assert api.call("POST", "/custom-domains/cd_0000000000000000/test").status_code == 404


def test_the_default_goes_back_to_the_domain_of_the_tenant(api):
    made = make(api)
    api.post(f"/custom-domains/{made['custom_domain_id']}/verify")
    api.patch("/custom-domains/default", {"domain": "id.shop.example"})
    path = f"/custom-domains/{made['custom_domain_id']}"
    assert api.call("DELETE", path).status_code == 409
    assert api.patch("/custom-domains/default", {"domain": DOMAIN}) == {"domain": DOMAIN}
    assert api.get(path)["is_default"] is False
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    unknown = api.call("PATCH", "/custom-domains/default", {"domain": "nobody.example"})
    assert unknown.status_code == 400


def test_without_the_feature_domains_are_read_but_not_made(api, sandbox):
    sandbox.features = sandbox.features - {"custom_domains"}
    body = {"domain": "id.shop.example", "type": "auth0_managed_certs"}
    refused = api.call("POST", "/custom-domains", body)
    assert (refused.status_code, refused.json()["errorCode"]) == (403, "insufficient_entitlement")
    assert api.get("/custom-domains") == []


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ({"type": "auth0_managed_certs"}, {"primary": True}),
        ({"type": "self_managed_certs"}, {"primary": False, "created_at": ...}),
        (
            {"type": "auth0_managed_certs", "relying_party_identifier": "shop.example"},
            {"primary": False, "created_at": ..., "is_default": False},
        ),
    ],
)
def test_an_older_tenant_tells_of_a_domain_what_the_request_knows(api, sandbox, extra, told):
    """Fields came with features (recorded traffic before 2025-10, 2025-11 and 2026-01)."""
    sandbox.reset({"reads": []})
    made = api.post("/custom-domains", {"domain": "id.shop.example", **extra})
    late = {name: made[name] for name in ("primary", "created_at", "is_default") if name in made}
    assert {name: ... if name == "created_at" else value for name, value in late.items()} == told
