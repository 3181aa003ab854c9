"""auth0-python's typed methods understand what modules, experiments, hooks and the log answer."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from auth0.management import AsyncManagementClient

from tenantctl.sandbox import Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"
CODE = "exports.onExecutePostLogin = async () => {};"
POST_LOGIN = [{"id": "post-login", "version": "v3"}]


async def modules(auth0):
    made = await auth0.actions.modules.create(
        name="m", code="module.exports = 1;", secrets=[{"name": "K", "value": "v"}], publish=True
    )
    await auth0.actions.modules.update(made.id, code="module.exports = 2;")
    published = await auth0.actions.modules.versions.create(made.id)
    assert published.version_number == 2
    numbers = [
        item.version_number async for item in await auth0.actions.modules.versions.list(made.id)
    ]
    assert numbers == [2, 1]
    live = await auth0.actions.modules.get(made.id)
    assert (live.all_changes_published, live.latest_version.id) == (True, published.id)
    first = made.latest_version.id
    back = await auth0.actions.modules.rollback(made.id, module_version_id=first)
    assert back.code == "module.exports = 1;"
    assert (await auth0.actions.modules.versions.get(made.id, first)).version_number == 1
    action = await auth0.actions.create(
        name="a", code=CODE, supported_triggers=POST_LOGIN, modules=[{"module_id": made.id}]
    )
    users = [item async for item in await auth0.actions.modules.list_actions(made.id)]
    assert [item.action_id for item in users] == [action.id]
    (listed,) = [item async for item in await auth0.actions.modules.list()]
    assert listed.actions_using_module_total == 1
    await auth0.actions.delete(action.id)
    await auth0.actions.modules.delete(made.id)


async def action_versions(auth0):
    made = await auth0.actions.create(
        name="a", code=CODE, supported_triggers=POST_LOGIN, deploy=True
    )
    assert made.deployed_version.status == "pending"
    assert (await auth0.actions.get(made.id)).deployed_version.status == "built"
    (version,) = [item async for item in await auth0.actions.versions.list(made.id)]
    again = await auth0.actions.versions.deploy(made.id, version.id)
    assert again.number == 2
    assert (await auth0.actions.versions.get(made.id, again.id)).deployed is True
    assert (await auth0.actions.test(made.id, payload={"event": {}})).payload["error"]
    names = {item.id for item in (await auth0.actions.triggers.list()).triggers}
    assert {"post-login", "custom-email-provider"} <= names


async def rules_and_hooks(auth0):
    rule = await auth0.rules.create(name="r", script="function () {}")
    await auth0.rules.update(rule.id, order=7)
    assert (await auth0.rules.get(rule.id)).order == 7
    assert [item.id async for item in await auth0.rules.list(enabled=True)] == [rule.id]
    await auth0.rules_configs.set("KEY", value="v")
    assert [item.key for item in await auth0.rules_configs.list()] == ["KEY"]
    hook = await auth0.hooks.create(name="h", script="f", trigger_id="pre-user-registration")
    await auth0.hooks.update(hook.id, enabled=True)
    await auth0.hooks.secrets.create(hook.id, request={"A": "x", "B": "y"})
    await auth0.hooks.secrets.update(hook.id, request={"A": "z"})
    await auth0.hooks.secrets.delete(hook.id, request=["B"])
    assert await auth0.hooks.secrets.get(hook.id) == {"A": "_VALUE_NOT_SHOWN_"}
    assert [item.enabled async for item in await auth0.hooks.list()] == [True]
    await auth0.hooks.delete(hook.id)
    await auth0.rules.delete(rule.id)
    await auth0.rules_configs.delete("KEY")


async def experiments(auth0):
    flags, runs = auth0.experimentation.feature_flags, auth0.experimentation.experiments
    parameters = {"colour": {"type": "string", "value": "red"}}
    flag = await flags.create(name="Checkout", parameters=parameters)
    variations = flags.variations
    red = await variations.create(flag.id, name="red", overrides={})
    await variations.update(flag.id, red.id, description="As it is")
    assert (await variations.get(flag.id, red.id)).description == "As it is"
    assert [item.id for item in (await variations.list(flag.id)).variations] == [red.id]
    await flags.update(flag.id, status="active")
    rules = [{"match": {"country": ["DE"]}}]
    segment = await auth0.experimentation.segments.create(name="Germans", rules=rules)
    await auth0.experimentation.segments.update(segment.id, description="In Germany")
    assert (await auth0.experimentation.segments.get(segment.id)).status == "active"
    made = await runs.create(
        name="Colour of the button",
        feature_flag_id=flag.id,
        authentication_flow="authentication",
        levels=[10, 100],
        allocations=[{"variation_id": red.id, "weight": 100, "is_control": True}],
    )
    assert (await runs.validate(made.id)).is_valid is True
    assert (await runs.update(made.id, status="active")).current_level == 10
    assert (await runs.advance_ramp(made.id, target_level=100)).to_level == 100
    live = await runs.get(made.id)
    assert (live.current_level, live.feature_flag_name) == (100, "Checkout")
    assert [item.id async for item in await runs.list(status="active")] == [made.id]
    await runs.update(made.id, status="completed")
    await runs.delete(made.id)
    assert [item.id async for item in await flags.list()] == [flag.id]
    await auth0.experimentation.segments.delete(segment.id)
    await flags.delete(flag.id)


async def risks(auth0):
    made = await auth0.rate_limit_policies.create(
        resource="oauth_authentication_api",
        consumer="client",
        consumer_selector="default",
        configuration={"action": "allow"},
    )
    await auth0.rate_limit_policies.update(made.id, configuration={"action": "log", "limit": 5})
    (listed,) = [item async for item in await auth0.rate_limit_policies.list()]
    assert (await auth0.rate_limit_policies.get(listed.id)).configuration.limit == 5
    await auth0.rate_limit_policies.delete(made.id)
    await auth0.risk_assessments.settings.update(enabled=True)
    assert (await auth0.risk_assessments.settings.get()).enabled is True
    await auth0.risk_assessments.settings.new_device.update(remember_for=7)
    assert (await auth0.risk_assessments.settings.new_device.get()).remember_for == 7
    await auth0.supplemental_signals.patch(akamai_enabled=True)
    assert (await auth0.supplemental_signals.get()).akamai_enabled is True


async def keys_and_templates(auth0):
    key = await auth0.keys.network_acls.create(name="k", alg="hmac-sha256", value="secret")
    assert (await auth0.keys.network_acls.get(key.id)).fingerprint == key.fingerprint
    assert [item.id for item in (await auth0.keys.network_acls.list()).keys] == [key.id]
    await auth0.keys.network_acls.delete(key.id)
    templates = auth0.verifiable_credentials.verification.templates
    presentation = {"org.iso.18013.5.1.mDL": {"org.iso.18013.5.1": {"family_name": True}}}
    made = await templates.create(
        name="t",
        type="mdl",
        dialect="simplified/1.0",
        presentation=presentation,
        well_known_trusted_issuers="aamva",
    )
    await templates.update(made.id, name="u")
    assert [item.name async for item in await templates.list()] == ["u"]
    assert (await templates.get(made.id)).created_at <= datetime.now(UTC)
    await templates.delete(made.id)


async def logs(auth0):
    await auth0.roles.create(name="clerk")
    (newest, *_) = [item async for item in await auth0.logs.list(search="type:sapi")]
    assert (await auth0.logs.get(newest.log_id)).type == "sapi"


SCENARIOS = [
    modules, action_versions, rules_and_hooks, experiments, risks, keys_and_templates, logs,
]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_sdk_reads_what_the_sandbox_answers(scenario):
    async def run():
        sandbox = Sandbox(DOMAIN)
        client_id, secret = sandbox.credentials()
        base = f"https://{DOMAIN}"
        asked = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
            "audience": f"{base}/api/v2/",
        }
        try:
            async with httpx.AsyncClient(transport=sandbox.transport()) as http:
                token = (await http.post(f"{base}/oauth/token", json=asked)).json()["access_token"]
                await scenario(AsyncManagementClient(domain=DOMAIN, token=token, httpx_client=http))
        finally:
            sandbox.close()

    asyncio.run(run())
