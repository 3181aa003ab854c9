"""auth0-python's typed methods understand every answer."""

import asyncio

import httpx
import pytest
from auth0.management import AsyncManagementClient

from support.largely import mostly
from tenantctl.sandbox import Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"
POST_LOGIN = [{"id": "post-login", "version": "v3"}]


async def tenant_settings(auth0):
    await auth0.tenants.settings.update(friendly_name="Shop")
    assert (await auth0.tenants.settings.get()).friendly_name == "Shop"


async def clients(auth0):
    made = await auth0.clients.create(name="Web", app_type="spa", callbacks=["https://a.example"])
    await auth0.clients.update(made.client_id, description="d")
    live = await auth0.clients.get(made.client_id)
    assert (live.description, live.app_type) == ("d", "spa")
    names = [client.name async for client in await auth0.clients.list(per_page=2)]
    assert names == ["All Applications", "Default App", "tenantctl", "Web"]
    await auth0.clients.delete(made.client_id)


async def apis_and_grants(auth0):
    server = await auth0.resource_servers.create(
        name="API", identifier="urn:api", scopes=[{"value": "read:x"}]
    )
    client = await auth0.clients.create(name="m2m", app_type="non_interactive")
    grant = await auth0.client_grants.create(
        client_id=client.client_id, audience="urn:api", scope=["read:x"]
    )
    await auth0.client_grants.update(grant.id, scope=[])
    assert (await auth0.client_grants.get(grant.id)).scope == []
    listed = [item.id async for item in await auth0.client_grants.list(audience="urn:api")]
    assert listed == [grant.id]
    assert (await auth0.resource_servers.get(server.id)).scopes[0].value == "read:x"
    found = [item.name async for item in await auth0.resource_servers.list(per_page=1)]
    assert found == ["Auth0 Management API", "API"]
    await auth0.resource_servers.delete(server.id)


async def connections(auth0):
    made = await auth0.connections.create(name="db", strategy="auth0", options={})
    client = await auth0.clients.create(name="Web")
    links = [{"client_id": client.client_id, "status": True}]
    await auth0.connections.clients.update(made.id, request=links)
    enabled = [item.client_id async for item in await auth0.connections.clients.get(made.id)]
    assert enabled == [client.client_id]
    names = [item.name async for item in await auth0.connections.list(take=1)]
    assert names == ["Username-Password-Authentication", "google-oauth2", "db"]
    await auth0.connections.update(made.id, display_name="Database")
    assert (await auth0.connections.get(made.id)).display_name == "Database"
    await auth0.connections.delete(made.id)


async def roles(auth0):
    await auth0.resource_servers.create(
        name="API", identifier="urn:api", scopes=[{"value": "read:x"}]
    )
    made = await auth0.roles.create(name="admin")
    permission = {"resource_server_identifier": "urn:api", "permission_name": "read:x"}
    await auth0.roles.permissions.add(made.id, permissions=[permission])
    found = [item async for item in await auth0.roles.permissions.list(made.id)]
    assert [item.permission_name for item in found] == ["read:x"]
    await auth0.roles.permissions.delete(made.id, permissions=[permission])
    await auth0.roles.update(made.id, description="all of it")
    assert (await auth0.roles.get(made.id)).description == "all of it"
    assert [item.name async for item in await auth0.roles.list()] == ["admin"]
    await auth0.roles.delete(made.id)


async def actions(auth0):
    made = await auth0.actions.create(
        name="claims",
        supported_triggers=POST_LOGIN,
        code="//",
        secrets=[{"name": "A", "value": "b"}],
    )
    assert (await auth0.actions.get(made.id)).status == "built"
    await auth0.actions.deploy(made.id)
    refs = [{"ref": {"type": "action_id", "value": made.id}, "display_name": "claims"}]
    await auth0.actions.triggers.bindings.update_many("post-login", bindings=refs)
    pager = await auth0.actions.triggers.bindings.list("post-login")
    assert [item.display_name async for item in pager] == ["claims"]
    assert [item.name async for item in await auth0.actions.list()] == ["claims"]
    versions = [item async for item in await auth0.actions.versions.list(made.id)]
    assert [item.number for item in versions] == [1]
    assert (await auth0.actions.versions.get(made.id, versions[0].id)).deployed is True
    assert (await auth0.actions.triggers.list()).triggers
    await auth0.actions.delete(made.id, force=True)


async def custom_domains(auth0):
    made = await auth0.custom_domains.create(domain="id.shop.example", type="auth0_managed_certs")
    assert (await auth0.custom_domains.verify(made.custom_domain_id)).status == "ready"
    await auth0.custom_domains.update(made.custom_domain_id, domain_metadata={"a": "b"})
    assert (await auth0.custom_domains.get(made.custom_domain_id)).domain_metadata == {"a": "b"}
    assert len(await auth0.custom_domains.list()) == 1
    await auth0.custom_domains.set_default(domain="id.shop.example")
    assert (await auth0.custom_domains.get_default()).domain == "id.shop.example"
    assert (await auth0.custom_domains.test(made.custom_domain_id)).success is True
    await auth0.custom_domains.set_default(domain=DOMAIN)
    await auth0.custom_domains.delete(made.custom_domain_id)


async def emails(auth0):
    await auth0.emails.provider.create(name="mandrill", credentials={"api_key": "k"})
    await auth0.emails.provider.update(default_from_address="a@shop.example")
    assert (await auth0.emails.provider.get()).default_from_address == "a@shop.example"
    await auth0.email_templates.create(
        template="welcome_email",
        body="<p>",
        from_="a@shop.example",
        subject="Hi",
        syntax="liquid",
        enabled=True,
    )
    await auth0.email_templates.update("welcome_email", subject="Hello")
    assert (await auth0.email_templates.get("welcome_email")).subject == "Hello"
    await auth0.emails.provider.delete()


THEME = {
    "display_name": "Shop",
    "borders": {
        "button_border_radius": 3, "button_border_weight": 1, "buttons_style": "rounded",
        "input_border_radius": 3, "input_border_weight": 1, "inputs_style": "rounded",
        "show_widget_shadow": True, "widget_border_weight": 0, "widget_corner_radius": 5,
    },
    "colors": dict.fromkeys(
        (
            "body_text", "error", "header", "icons", "input_background", "input_border",
            "input_filled_text", "input_labels_placeholders", "links_focused_components",
            "primary_button", "primary_button_label", "secondary_button_border",
            "secondary_button_label", "success", "widget_background", "widget_border",
        ),
        "#112233",
    ),
    "fonts": {
        **{
            name: {"bold": False, "size": 100}
            for name in (
                "body_text", "buttons_text", "input_labels", "links", "subtitle", "title",
            )
        },
        "font_url": "", "links_style": "normal", "reference_text_size": 16,
    },
    "page_background": {
        "background_color": "#000000", "background_image_url": "", "page_layout": "center",
    },
    "widget": {
        "header_text_alignment": "center", "logo_height": 52, "logo_position": "center",
        "logo_url": "", "social_buttons_layout": "bottom",
    },
}  # fmt: skip


async def branding(auth0):
    await auth0.branding.update(logo_url="https://shop.example/logo.png")
    assert (await auth0.branding.get()).logo_url == "https://shop.example/logo.png"
    made = await auth0.branding.themes.create(**THEME)
    assert (await auth0.branding.themes.get_default()).theme_id == made.theme_id
    await auth0.branding.themes.update(made.theme_id, **{**THEME, "display_name": "Autumn"})
    assert (await auth0.branding.themes.get(made.theme_id)).display_name == "Autumn"
    await auth0.branding.themes.delete(made.theme_id)


async def prompts(auth0):
    await auth0.prompts.update_settings(identifier_first=True)
    assert (await auth0.prompts.get_settings()).identifier_first is True
    await auth0.prompts.custom_text.set("login", "en", request={"login": {"title": "Hi"}})
    assert await auth0.prompts.custom_text.get("login", "en") == {"login": {"title": "Hi"}}


async def attack_protection(auth0):
    protection = auth0.attack_protection
    await protection.brute_force_protection.update(max_attempts=5)
    assert (await protection.brute_force_protection.get()).max_attempts == 5
    await protection.suspicious_ip_throttling.update(enabled=False)
    assert (await protection.suspicious_ip_throttling.get()).enabled is False
    await protection.breached_password_detection.update(enabled=True, shields=["block"])
    assert (await protection.breached_password_detection.get()).shields == ["block"]
    await protection.bot_detection.update(bot_detection_level="low")
    assert (await protection.bot_detection.get()).bot_detection_level == "low"
    await protection.captcha.update(active_provider_id="simple_captcha")
    assert (await protection.captcha.get()).active_provider_id == "simple_captcha"


async def log_streams(auth0):
    sink = {"httpEndpoint": "https://log.example", "httpContentFormat": "JSONLINES"}
    made = await auth0.log_streams.create(request={"name": "s", "type": "http", "sink": sink})
    await auth0.log_streams.update(made.id, status="paused")
    assert (await auth0.log_streams.get(made.id)).status == "paused"
    assert len(await auth0.log_streams.list()) == 1
    await auth0.log_streams.delete(made.id)


async def network_acls(auth0):
    rule = {"action": {"block": True}, "scope": "tenant", "match": {"asns": [1]}}
    await auth0.network_acls.create(description="d", active=True, priority=1, rule=rule)
    (listed,) = [item async for item in await auth0.network_acls.list()]
    await auth0.network_acls.update(listed.id, priority=2)
    assert (await auth0.network_acls.get(listed.id)).priority == 2
    await auth0.network_acls.delete(listed.id)


async def guardian(auth0):
    factors = auth0.guardian.factors
    assert (await factors.set("otp", enabled=True)).enabled is True
    assert [item.name for item in await factors.list() if item.enabled] == ["otp"]
    assert await auth0.guardian.policies.set(request=["all-applications"]) == ["all-applications"]
    await factors.phone.set_provider(provider="twilio")
    await factors.phone.set_message_types(message_types=["voice"])
    assert (await factors.phone.get_message_types()).message_types == ["voice"]
    assert (await factors.sms.get_selected_provider()).provider == "twilio"
    assert (await factors.phone.get_templates()).verification_message.startswith("{{code}}")
    await factors.push_notification.set_apns_provider(bundle_id="a.b", p_12="c")
    assert (await factors.push_notification.get_apns_provider()).enabled is True
    await factors.duo.settings.update(host="h.example")
    assert (await factors.duo.settings.get()).host == "h.example"
    assert (await factors.email.set(otp_length=8, otp_expiration_time=60)).otp_length == 8
    assert (await auth0.guardian.get()).remember_me_default_value is False


async def phone(auth0):
    providers, templates = auth0.branding.phone.providers, auth0.branding.phone.templates
    configuration = {"delivery_methods": ["text"]}
    made = await providers.create(name="custom", credentials={}, configuration=configuration)
    assert (await providers.test(made.id, to="+15550100")).message.startswith("Test notification")
    template = await templates.create(type="otp_verify")
    await templates.update(template.id, disabled=True)
    assert (await templates.reset(template.id, request={})).disabled is True
    assert [item.type for item in (await templates.list()).templates] == ["otp_verify"]
    await templates.delete(template.id)
    await providers.delete(made.id)
    assert (await providers.list()).providers == []


async def event_streams(auth0):
    authorization = {"method": "bearer", "token": "t"}
    configuration = {
        "webhook_endpoint": "https://a.example",
        "webhook_authorization": authorization,
    }
    request = {"name": "s", "destination": {"type": "webhook", "configuration": configuration}}
    made = await auth0.event_streams.create(request=request)
    await auth0.event_streams.update(made.id, status="disabled")
    assert (await auth0.event_streams.get(made.id)).status == "disabled"
    sent = await auth0.event_streams.test(made.id, event_type="user.created")
    listed = [item async for item in await auth0.event_streams.list(take=1)]
    assert [item.id for item in listed] == [made.id]
    found = await auth0.event_streams.deliveries.get_history(made.id, sent.id)
    assert found.attempts[0].status == "failed"
    await auth0.event_streams.delete(made.id)


async def keys(auth0):
    current, following = await auth0.keys.signing.list()
    assert (await auth0.keys.signing.rotate()).kid == following.kid
    assert (await auth0.keys.signing.get(current.kid)).previous is True
    made = await auth0.keys.encryption.create(type="customer-provided-root-key")
    assert (await auth0.keys.encryption.create_public_wrapping_key(made.kid)).public_key
    assert (await auth0.keys.encryption.import_(made.kid, wrapped_key="x")).state == "active"
    await auth0.keys.encryption.rekey()
    await auth0.keys.encryption.delete(made.kid)
    states = {item.kid: item.state async for item in await auth0.keys.encryption.list()}
    assert states[made.kid] == "destroyed"
    await auth0.keys.custom_signing.set(keys=[{"kty": "RSA", "n": "0vx7", "e": "AQAB"}])
    assert (await auth0.keys.custom_signing.get()).keys[0].kty == "RSA"


async def rendering(auth0):
    await auth0.prompts.rendering.update("login", "login", rendering_mode="advanced")
    assert (await auth0.prompts.rendering.get("login", "login")).rendering_mode == "advanced"
    configs = [{"prompt": "signup", "screen": "signup", "rendering_mode": "standard"}]
    await auth0.prompts.rendering.bulk_update(configs=configs)
    listed = [item.screen async for item in await auth0.prompts.rendering.list(per_page=1)]
    assert listed == ["login", "signup"]


async def captcha_policies(auth0):
    policies = auth0.attack_protection.captcha_policies
    action = {"active_provider_id": "simple_captcha"}
    made = await policies.create(name="p", priority=1, match={}, action=action)
    assert (await policies.update(made.id, priority=2)).priority == 2
    assert [item.id for item in await policies.list()] == [made.id]
    await policies.delete(made.id)
    await auth0.attack_protection.phone_provider_protection.patch(type="exponential")
    assert (await auth0.attack_protection.phone_provider_protection.get()).type == "exponential"


SCENARIOS = [
    guardian, phone, event_streams, keys, rendering, captcha_policies, tenant_settings, clients,
    apis_and_grants, connections, roles, actions, custom_domains,
    emails, branding, prompts, attack_protection, log_streams, network_acls,
]  # fmt: skip


@pytest.mark.parametrize(
    "scenario",
    mostly(SCENARIOS, fast=SCENARIOS[::5], rest=pytest.mark.thorough),
    ids=lambda scenario: scenario.__name__,
)
def test_the_sdk_reads_what_the_sandbox_answers(scenario):
    async def run():
        sandbox = Sandbox(DOMAIN)
        client_id, secret = sandbox.credentials()
        base = f"https://{DOMAIN}"
        try:
            async with httpx.AsyncClient(transport=sandbox.transport()) as http:
                answer = await http.post(
                    f"{base}/oauth/token",
                    json={
                        "grant_type": "client_credentials",
                        "client_id": client_id,
                        "client_secret": secret,
                        "audience": f"{base}/api/v2/",
                    },
                )
                token = answer.json()["access_token"]
                await scenario(AsyncManagementClient(domain=DOMAIN, token=token, httpx_client=http))
        finally:
            sandbox.close()

    asyncio.run(run())
