"""Writing back what was read changes nothing: the law a tool that merges relies on."""

import pytest

from tenantctl.sandbox.shapes import _shape

ACL_RULE = {"action": {"block": True}, "scope": "tenant", "match": {"asns": [1]}}
MADE = [
    ("clients", "/clients", {"name": "a", "app_type": "spa", "client_metadata": {"k": "v"}}),
    (
        "resource_servers",
        "/resource-servers",
        {"name": "a", "identifier": "urn:a", "scopes": [{"value": "read:x"}]},
    ),
    ("connections", "/connections", {"name": "db", "strategy": "auth0"}),
    ("connections", "/connections", {"name": "g", "strategy": "google-apps"}),
    (
        "connections",
        "/connections",
        {"name": "o", "strategy": "oidc", "options": {"client_id": "x", "client_secret": "y"}},
    ),
    ("roles", "/roles", {"name": "admin"}),
    (
        "custom_domains",
        "/custom-domains",
        {"domain": "id.shop.example", "type": "self_managed_certs"},
    ),
    (
        "log_streams",
        "/log-streams",
        {"name": "s", "type": "datadog", "sink": {"datadogApiKey": "k", "datadogRegion": "us"}},
    ),
    (
        "network_acls",
        "/network-acls",
        {"description": "d", "active": True, "priority": 1, "rule": ACL_RULE},
    ),
    (
        "actions",
        "/actions/actions",
        {"name": "a", "supported_triggers": [{"id": "post-login", "version": "v3"}]},
    ),
]
SINGLETONS = [
    ("tenant_settings", "/tenants/settings"),
    ("branding", "/branding"),
    ("prompts_settings", "/prompts"),
    ("attack_protection_brute_force_protection", "/attack-protection/brute-force-protection"),
    ("attack_protection_suspicious_ip_throttling", "/attack-protection/suspicious-ip-throttling"),
    (
        "attack_protection_breached_password_detection",
        "/attack-protection/breached-password-detection",
    ),
    ("attack_protection_bot_detection", "/attack-protection/bot-detection"),
]


def writable(kind, document):
    fields = _shape(kind)["operations"]["update"]["body"]["properties"]
    return {name: value for name, value in document.items() if name in fields}


def stable(document):
    return {name: value for name, value in document.items() if name != "updated_at"}


@pytest.mark.parametrize(("kind", "path", "body"), MADE, ids=lambda value: str(value)[:30])
def test_an_object_written_back_stays_what_it_was(api, kind, path, body):
    made = api.post(path, body)
    id = next(made[name] for name in ("id", "client_id", "custom_domain_id") if name in made)
    before = api.get(f"{path}/{id}")
    api.patch(f"{path}/{id}", writable(kind, before))
    assert stable(api.get(f"{path}/{id}")) == stable(before)


@pytest.mark.parametrize(("kind", "path"), SINGLETONS)
def test_a_singleton_written_back_stays_what_it_was(api, kind, path):
    before = api.get(path) or api.patch(path, {"logo_url": "https://shop.example/logo.png"})
    api.patch(path, writable(kind, before))
    assert api.get(path) == before


def test_a_captcha_provider_cannot_be_written_back_without_the_secret_nobody_shows(api):
    path = "/attack-protection/captcha"
    api.patch(path, {"hcaptcha": {"site_key": "s", "secret": "x"}})
    before = api.get(path)
    refused = api.call("PATCH", path, {"hcaptcha": before["hcaptcha"]})
    assert refused.status_code == 400
    assert "'Missing required property: secret' on property hcaptcha" in refused.text
    api.patch(path, {"active_provider_id": "hcaptcha"})
    assert api.sandbox.documents("attack_protection_captcha")[""]["hcaptcha"]["secret"] == "x"


@pytest.mark.parametrize(("kind", "path", "body"), MADE, ids=lambda value: str(value)[:30])
def test_the_dashboard_oracle_and_the_api_agree(api, kind, path, body):
    made = api.post(path, body)
    id = next(made[name] for name in ("id", "client_id", "custom_domain_id") if name in made)
    stored = api.sandbox.documents(kind)[id]
    shown = api.get(f"{path}/{id}")
    assert {name: shown.get(name) for name in body} == {name: shown[name] for name in body}
    assert all(stored[name] == shown[name] for name in body)
