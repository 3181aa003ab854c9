"""What changes risk, one by one, and whom they reach."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tenantctl.engine.reach import Reach
from tenantctl.engine.risk import dangers_of, judge
from tenantctl.kinds import KINDS
from tenantctl.kinds.hazard import LOCKOUT, LOGIN, LOSS, RISKS, ROTATION, TOKEN
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Delete,
    Edit,
    Entry,
    Place,
    Plan,
    Ref,
    Resource,
    Sealed,
    Secret,
    Step,
    StepId,
    Update,
)

SAFE: tuple[str, ...] = ()


def sets(address: str, path: str, before, after) -> Update:
    return Update(Address.parse(address), (Edit(tuple(path.split("/")), before, after),))


def makes(address: str, **fields) -> Create:
    return Create(Resource(Address.parse(address), fields))


def deletes(address: str, **fields) -> Delete:
    return Delete(Resource(Address.parse(address), fields))


def ref(address: str, field: str = "id") -> Ref:
    return Ref(Address.parse(address), field)


A, B = "https://a.example", "https://b.example"
READ, WRITE = ({"value": f"{verb}:x", "description": "X"} for verb in ("read", "write"))
CASES: tuple[tuple[Change, tuple[str, ...]], ...] = (
    # Applications
    (sets("clients.shop", "name", "Shop", "Store"), SAFE),
    (sets("clients.shop", "description", "", "The shop"), SAFE),
    (sets("clients.shop", "logo_uri", A, B), SAFE),
    (sets("clients.shop", "callbacks", [A], [A, B]), SAFE),
    (sets("clients.shop", "callbacks", [A, B], [B]), (LOGIN,)),
    (sets("clients.shop", "callbacks", [A], ABSENT), (LOGIN,)),
    (sets("clients.shop", "allowed_logout_urls", [A], [A, B]), SAFE),
    (sets("clients.shop", "allowed_logout_urls", [A], [B]), (LOGIN,)),
    (sets("clients.shop", "web_origins", [], [A]), SAFE),
    (sets("clients.shop", "allowed_origins", [A], []), (LOGIN,)),
    (sets("clients.shop", "grant_types", ["implicit", "password"], ["implicit"]), (TOKEN, LOGIN)),
    (sets("clients.shop", "grant_types", ["implicit"], ["implicit", "password"]), (LOGIN,)),
    (sets("clients.shop", "token_endpoint_auth_method", "client_secret_post", "none"), (TOKEN,)),
    (sets("clients.shop", "oidc_conformant", False, True), (TOKEN, LOGIN)),
    (sets("clients.shop", "jwt_configuration/alg", "HS256", "RS256"), (TOKEN,)),
    (sets("clients.shop", "jwt_configuration/lifetime_in_seconds", 36000, 600), (LOGIN,)),
    (sets("clients.shop", "jwt_configuration/lifetime_in_seconds", 600, 36000), SAFE),
    (sets("clients.shop", "refresh_token/rotation_type", "non-rotating", "rotating"), (TOKEN,)),
    (sets("clients.shop", "refresh_token/token_lifetime", 2592000, 3600), (TOKEN,)),
    (sets("clients.shop", "refresh_token/token_lifetime", 3600, 2592000), SAFE),
    (sets("clients.shop", "refresh_token/leeway", 0, 30), SAFE),
    (sets("clients.shop", "refresh_token", ABSENT, {"rotation_type": "rotating"}), (TOKEN,)),
    (sets("clients.shop", "organization_usage", "allow", "require"), (LOCKOUT, LOGIN)),
    (sets("clients.shop", "organization_usage", "deny", "allow"), (LOGIN,)),
    (sets("clients.shop", "require_pushed_authorization_requests", False, True), (LOCKOUT,)),
    (sets("clients.shop", "require_pushed_authorization_requests", True, False), (LOGIN,)),
    (sets("clients.shop", "signed_request_object/required", False, True), (LOCKOUT,)),
    (sets("clients.shop", "is_first_party", True, False), (LOGIN,)),
    (sets("clients.shop", "a_field_of_tomorrow", 1, 2), (LOGIN,)),
    (sets("clients.shop", "addons/layer/privateKey", Sealed("1"), Secret("K")), (LOGIN, ROTATION)),
    (sets("clients.shop", "addons/layer/privateKey", ABSENT, Secret("K")), (LOGIN,)),
    (makes("clients.shop", name="Shop", callbacks=[A]), SAFE),
    (deletes("clients.shop", name="Shop"), (LOCKOUT, LOSS, TOKEN)),
    (deletes("client_credentials.shop/key"), (TOKEN, ROTATION)),
    # APIs
    (sets("resource_servers.orders", "name", "Orders", "Sales"), SAFE),
    (sets("resource_servers.orders", "signing_alg", "HS256", "RS256"), (TOKEN,)),
    (
        sets("resource_servers.orders", "signing_secret", Sealed("1"), Secret("S")),
        (TOKEN, ROTATION),
    ),
    (sets("resource_servers.orders", "token_dialect", "access_token", "rfc9068_profile"), (TOKEN,)),
    (sets("resource_servers.orders", "token_lifetime", 86400, 600), (TOKEN,)),
    (sets("resource_servers.orders", "token_lifetime", 600, 86400), SAFE),
    (sets("resource_servers.orders", "token_lifetime", ABSENT, 600), (TOKEN,)),
    (sets("resource_servers.orders", "scopes", [READ, WRITE], [READ]), (TOKEN,)),
    (sets("resource_servers.orders", "scopes", [READ], [READ, WRITE]), SAFE),
    (sets("resource_servers.orders", "scopes", [READ], [WRITE]), (TOKEN,)),
    (sets("resource_servers.orders", "scopes", [READ], [READ | {"description": "Y"}]), SAFE),
    (sets("resource_servers.orders", "enforce_policies", False, True), (TOKEN,)),
    (sets("resource_servers.orders", "allow_offline_access", False, True), SAFE),
    (sets("resource_servers.orders", "allow_offline_access", True, False), (TOKEN,)),
    (makes("resource_servers.orders", identifier="https://orders"), SAFE),
    (deletes("resource_servers.orders"), (LOSS, TOKEN)),
    (sets("client_grants.shop-orders", "scope", ["read:x"], ["read:x", "write:x"]), SAFE),
    (sets("client_grants.shop-orders", "scope", ["read:x", "write:x"], ["read:x"]), (TOKEN,)),
    (makes("client_grants.shop-orders", scope=["read:x"]), SAFE),
    (deletes("client_grants.shop-orders"), (TOKEN,)),
    # Connections
    (sets("connections.users", "display_name", "Users", "People"), SAFE),
    (sets("connections.users", "options/icon_url", A, B), SAFE),
    (sets("connections.users", "options/disable_signup", False, True), (LOGIN,)),
    (sets("connections.users", "options/import_mode", True, False), (LOCKOUT, LOGIN)),
    (sets("connections.users", "options/customScripts/login", "a", "b"), (LOCKOUT, LOGIN)),
    (
        sets("connections.users", "options/authentication_methods/password/enabled", True, False),
        (LOCKOUT,),
    ),
    (
        sets("connections.users", "options/authentication_methods/passkey/enabled", False, True),
        (LOGIN,),
    ),
    (
        sets("connections.acme", "options/client_secret", Sealed("1"), Secret("S")),
        (LOCKOUT, ROTATION),
    ),
    (sets("connections.acme", "options/client_id", "a", "b"), (LOCKOUT,)),
    (sets("connections.acme", "options/signInEndpoint", A, B), (LOCKOUT,)),
    (sets("connections.acme", "options/domain_aliases", ["a", "b"], ["a"]), (LOCKOUT, LOGIN)),
    (sets("connections.acme", "options/domain_aliases", ["a"], ["a", "b"]), SAFE),
    (sets("connections.acme", "show_as_button", True, False), (LOGIN,)),
    (makes("connections.users", name="users", strategy="auth0"), SAFE),
    (deletes("connections.users", name="users"), (LOCKOUT, LOSS)),
    (sets("connection_clients.users", "clients", [ref("clients.shop")], []), (LOCKOUT, LOGIN)),
    (sets("connection_clients.users", "clients", [], [ref("clients.shop")]), (LOGIN,)),
    (deletes("connection_scim_configuration.acme"), (LOSS,)),
    # The tenant
    (sets("tenant", "friendly_name", "A", "B"), SAFE),
    (sets("tenant", "support_email", "a@a.example", "b@a.example"), SAFE),
    (sets("tenant", "session_lifetime", 168, 24), (LOGIN,)),
    (sets("tenant", "session_lifetime", 24, 168), SAFE),
    (sets("tenant", "idle_session_lifetime_in_minutes", 600, 60), (LOGIN,)),
    (sets("tenant", "default_directory", "", ref("connections.users", "name")), (TOKEN, LOGIN)),
    (sets("tenant", "default_audience", "", "https://orders"), (TOKEN,)),
    (sets("tenant", "flags/enable_client_connections", True, False), SAFE),
    (sets("tenant", "flags/enable_apis_section", True, False), SAFE),
    (sets("tenant", "flags/allow_legacy_ro_grant_types", True, False), (TOKEN,)),
    (sets("tenant", "flags/remove_alg_from_jwks", True, False), (TOKEN,)),
    (sets("tenant", "flags/disable_clickjack_protection_headers", True, False), (LOGIN,)),
    (sets("tenant", "enabled_locales", ["en"], ["en", "de"]), SAFE),
    (sets("tenant", "enabled_locales", ["en", "de"], ["en"]), (LOGIN,)),
    (sets("tenant", "allowed_logout_urls", [A], []), (LOGIN,)),
    (sets("tenant", "error_page/html", "<p>a</p>", "<p>b</p>"), SAFE),
    (sets("custom_signing_keys", "keys", [{"kid": "1"}], [{"kid": "1"}, {"kid": "2"}]), SAFE),
    (sets("custom_signing_keys", "keys", [{"kid": "1"}], [{"kid": "2"}]), (TOKEN,)),
    (deletes("custom_domains.login", domain="login.a.example"), (LOCKOUT, TOKEN)),
    (sets("custom_domains.login", "domain_metadata", {}, {"a": "b"}), SAFE),
    (sets("custom_domain_default", "domain", "a.example", "b.example"), (LOGIN,)),
    # Protection
    (sets("prompts", "identifier_first", False, True), (LOGIN,)),
    (
        sets("attack_protection.brute_force_protection", "max_attempts", 10, 3),
        (LOCKOUT, LOGIN),
    ),
    (sets("attack_protection.suspicious_ip_throttling", "allowlist", ["1.1.1.1"], []), (LOCKOUT,)),
    (sets("attack_protection.suspicious_ip_throttling", "allowlist", [], ["1.1.1.1"]), SAFE),
    (
        sets("attack_protection.breached_password_detection", "shields", [], ["block"]),
        (LOCKOUT, LOGIN),
    ),
    (
        sets("attack_protection.breached_password_detection", "shields", ["block"], []),
        (LOGIN,),
    ),
    (
        sets(
            "attack_protection.suspicious_ip_throttling", "admin_notification_frequency", [], ["d"]
        ),
        SAFE,
    ),
    (
        sets("attack_protection.captcha", "recaptcha_v2/secret", Sealed(), Secret("C")),
        (LOCKOUT, LOGIN, ROTATION),
    ),
    (sets("guardian_factors.otp", "enabled", True, False), (LOCKOUT, LOGIN)),
    (sets("guardian_factors.otp", "enabled", False, True), (LOGIN,)),
    (sets("guardian_policies", "policies", [], ["all-applications"]), (LOCKOUT, LOGIN)),
    (sets("guardian_policies", "policies", ["all-applications"], []), (LOGIN,)),
    (makes("network_acls.office", description="office", active=True), (LOCKOUT,)),
    # What takes effect on what is there, as soon as it is there
    (makes("trigger_bindings.post-login", bindings=[ref("actions.claims")]), (TOKEN, LOGIN)),
    (makes("trigger_bindings.post-user-registration", bindings=[ref("actions.a")]), SAFE),
    (deletes("trigger_bindings.post-login", bindings=[ref("actions.claims")]), (TOKEN, LOGIN)),
    (makes("universal_login_template", body="<html>"), (LOCKOUT, LOGIN)),
    (makes("email_provider", name="smtp"), (LOGIN,)),
    (makes("email_templates.verify_email", body="<p>"), (LOGIN,)),
    (makes("phone_providers.twilio", name="twilio"), (LOGIN,)),
    (makes("prompt_partials.login/form-content-start", login="<p>"), (LOGIN,)),
    (makes("prompt_custom_text.login/en", login={"title": "Hello"}), SAFE),
    (makes("connection_clients.users", clients=[ref("clients.shop")]), (LOGIN,)),
    (deletes("connection_clients.users", clients=[ref("clients.shop")]), (LOCKOUT, LOGIN)),
    (makes("organization_enabled_connections.acme", connections=[{}]), (LOGIN,)),
    (makes("organization_discovery_domains.acme", domains=[{"domain": "a.example"}]), (LOGIN,)),
    (makes("role_permissions.clerk", permissions=[READ]), SAFE),
    (sets("connections.acme", "options/fieldsMap/user_id", A, B), (LOSS, LOGIN)),
    (sets("connections.acme", "options/user_id_attribute", "oid", "upn"), (LOSS, LOGIN)),
    (sets("connections.acme", "options/fieldsMap/email", A, B), (LOGIN,)),
    (makes("network_acls.office", description="office", active=False), SAFE),
    (sets("network_acls.office", "active", False, True), (LOCKOUT,)),
    (sets("network_acls.office", "rule", {"a": 1}, {"a": 2}), (LOCKOUT,)),
    (deletes("network_acls.office"), (LOCKOUT,)),
    # Code
    (sets("actions.claims", "code", "a", "b"), (TOKEN, LOGIN)),
    (makes("actions.claims", name="claims", code="a"), SAFE),
    (sets("actions.claims", "dependencies", [], [{"name": "a", "version": "1"}]), (TOKEN, LOGIN)),
    (
        sets(
            "actions.claims",
            "secrets",
            [{"name": "A", "value": Sealed()}],
            [{"name": "A", "value": Secret("A")}],
        ),
        (LOGIN, ROTATION),
    ),
    (
        sets("actions.claims", "secrets", [], [{"name": "A", "value": Secret("A")}]),
        (LOGIN,),
    ),
    (sets("trigger_bindings.post-login", "bindings", [], [{"action": 1}]), (TOKEN, LOGIN)),
    (sets("trigger_bindings.post-user-registration", "bindings", [], [{"action": 1}]), SAFE),
    (sets("trigger_bindings.credentials-exchange", "bindings", [{"action": 1}], []), (TOKEN,)),
    (sets("trigger_bindings.custom-email-provider", "bindings", [{"action": 1}], []), (LOGIN,)),
    # People
    (sets("organizations.acme", "display_name", "A", "B"), SAFE),
    (sets("organizations.acme", "branding", {}, {"logo_url": A}), SAFE),
    (sets("organizations.acme", "name", "a", "b"), (TOKEN, LOGIN)),
    (deletes("organizations.acme"), (LOCKOUT, LOSS)),
    (sets("organizations.acme", "is_app_entitlement_active", False, True), (LOCKOUT, LOGIN)),
    (sets("organizations.acme", "is_app_entitlement_active", True, False), (LOGIN,)),
    (
        sets("organization_enabled_connections.acme", "connections", [{"connection_id": 1}], []),
        (LOCKOUT, LOGIN),
    ),
    (sets("roles.clerk", "description", "", "x"), SAFE),
    (deletes("roles.clerk"), (LOSS, TOKEN)),
    (sets("role_permissions.clerk", "permissions", [], [{"a": "x", "b": "y"}]), SAFE),
    (
        sets(
            "role_permissions.clerk",
            "permissions",
            [{"api": "x", "name": "y"}, {"api": "x", "name": "z"}],
            [{"api": "x", "name": "z"}],
        ),
        (TOKEN,),
    ),
    # Looks, mails and logs
    (sets("branding", "colors/primary", "#000000", "#ffffff"), SAFE),
    (sets("branding_theme", "colors", {"a": 1}, {"a": 2}), SAFE),
    (sets("universal_login_template", "template", "a", "b"), (LOCKOUT, LOGIN)),
    (sets("email_templates.verify_email", "subject", "a", "b"), SAFE),
    (sets("email_templates.verify_email", "body", "a", "b"), (LOGIN,)),
    (sets("email_provider", "credentials/api_key", Sealed(), Secret("M")), (LOGIN, ROTATION)),
    (sets("log_streams.datadog", "name", "a", "b"), SAFE),
    (sets("log_streams.datadog", "filters", [{"name": "a"}], []), SAFE),
    (sets("log_streams.datadog", "filters", [], [{"name": "a"}]), (LOSS,)),
    (sets("log_streams.datadog", "status", "paused", "active"), SAFE),
    (sets("log_streams.datadog", "status", "active", "paused"), (LOSS,)),
    (sets("log_streams.datadog", "sink/datadogApiKey", Sealed(), Secret("D")), (LOSS, ROTATION)),
    (deletes("log_streams.datadog"), (LOSS,)),
    (deletes("a_kind_of_tomorrow.x"), SAFE),
)


@pytest.mark.parametrize(
    ("change", "risks"),
    CASES,
    ids=[f"{number}-{change.verb}-{change.address}" for number, (change, _) in enumerate(CASES)],
)
def test_a_change_risks_what_auth0_says_of_it(change: Change, risks: tuple[str, ...]) -> None:
    dangers = dangers_of(change)
    assert tuple(dict.fromkeys(danger.risk for danger in dangers)) == risks
    assert all(danger.why for danger in dangers)


def test_there_are_enough_cases_of_either_sort() -> None:
    safe = [risks for _, risks in CASES if not risks]
    assert len(CASES) - len(safe) >= 80
    assert len(safe) >= 30


def every_hazard() -> Iterator[tuple[str, object]]:
    return ((kind.name, hazard) for kind in KINDS.values() for hazard in kind.risks)


def test_every_kind_that_can_be_deleted_says_what_that_risks() -> None:
    silent = [
        kind.name
        for kind in KINDS.values()
        if kind.wire.delete and not any("delete" in hazard.on for hazard in kind.risks)
    ]
    assert silent == []


def test_what_is_a_risk_is_said_in_words_and_has_a_source() -> None:
    for name, hazard in every_hazard():
        assert set(hazard.risks) <= set(RISKS), name
        assert not hazard.risks or hazard.why, (name, hazard.at)
        assert hazard.source.startswith("https://auth0.com/docs/"), name


# Whom a change reaches


def resource(address: str, **fields) -> tuple[Address, dict]:
    return Address.parse(address), fields


SHOP, CRM, BATCH = (ref(f"clients.{name}", "client_id") for name in ("shop", "crm", "batch"))
DECLARED = dict(
    [
        resource("tenant", default_directory=ref("connections.users", "name")),
        resource("clients.shop", name="Shop"),
        resource("clients.crm", name="CRM"),
        resource("clients.batch", name="Batch"),
        resource("connections.users", name="users"),
        resource("connection_clients.users", clients=[SHOP, CRM]),
        resource("organizations.acme", name="acme"),
        resource(
            "organization_enabled_connections.acme",
            connections=[
                {"connection_id": ref("connections.users")},
                {"connection_id": ref("connections.saml")},
            ],
        ),
        resource("connections.saml", name="saml"),
        resource("resource_servers.orders", identifier="https://orders"),
        resource(
            "client_grants.batch-orders",
            client_id=BATCH,
            audience=ref("resource_servers.orders", "identifier"),
        ),
        resource("action_modules.util", code="x"),
        resource("actions.claims", modules=[{"module_id": ref("action_modules.util")}]),
        resource("actions.idle", code="x"),
        resource("trigger_bindings.post-login", bindings=[{"action": ref("actions.claims")}]),
        resource("log_streams.datadog", name="x"),
    ]
)


def reach_of(change: Change) -> Reach:
    id = StepId(change.address)
    plan = Plan(
        tenant="t",
        environment="e",
        domain="d",
        kind="development",
        phases=(1,),
        digest="",
        version="",
        steps=(Step(id, change, Place(1, 1, 1, "k"), "differs"),),
        identities={},
        entries={address: Entry(fields=fields) for address, fields in DECLARED.items()},
    )
    return judge(plan)[id].reach


def counted(*names: str) -> Reach:
    return Reach(counted=tuple(sorted(map(Address.parse, names))))


@pytest.mark.parametrize(
    ("change", "reach"),
    [
        (sets("clients.shop", "callbacks", [A], []), counted("clients.shop")),
        (deletes("organizations.acme"), counted("organizations.acme")),
        (
            sets("connections.users", "options/disable_signup", False, True),
            counted("clients.shop", "clients.crm", "organizations.acme"),
        ),
        (
            sets("resource_servers.orders", "signing_alg", "HS256", "RS256"),
            counted("clients.batch"),
        ),
        (deletes("client_grants.batch-orders", client_id=BATCH), counted("clients.batch")),
        (sets("connection_clients.users", "clients", [SHOP, CRM], [SHOP]), counted("clients.crm")),
        (
            sets(
                "organization_enabled_connections.acme",
                "connections",
                [{"connection_id": ref("connections.users")}],
                [],
            ),
            counted("organizations.acme"),
        ),
        (sets("actions.claims", "code", "a", "b"), Reach(everybody=True)),
        (sets("action_modules.util", "code", "a", "b"), Reach(everybody=True)),
        (sets("actions.idle", "code", "a", "b"), Reach()),
        (sets("trigger_bindings.post-login", "bindings", [1], []), Reach(everybody=True)),
        (sets("tenant", "session_lifetime", 2, 1), Reach(everybody=True)),
        (deletes("log_streams.datadog"), Reach()),
        (deletes("a_kind_of_tomorrow.x"), Reach()),
    ],
    ids=str,
)
def test_a_change_reaches_whoever_uses_it_and_nobody_else(change: Change, reach: Reach) -> None:
    assert reach_of(change) == reach


def test_a_delete_reaches_whom_only_the_live_tenant_names() -> None:
    gone = sets("connection_clients.old", "clients", [SHOP], [])
    assert reach_of(gone) == counted("clients.shop")
