"""Samples of modules, flows, forms, streams of events, and of what is legacy."""

from gateway.sample import Sample
from gateway.world import resource
from tenantctl.model import Ref, Secret

CRM = resource(
    "flow_vault_connections.crm",
    name="crm",
    app_id="HTTP",
    setup={"type": "BASIC_AUTH", "username": "shop", "password": Secret("TOKEN")},
)
ENROL = resource(
    "flows.enrol",
    name="enrol",
    actions=[
        {
            "id": "ask",
            "type": "HTTP",
            "action": "SEND_REQUEST",
            "params": {"connection_id": Ref(CRM.address), "url": "https://crm.example/"},
        }
    ],
)
HOOK = resource(
    "hooks.claims",
    name="claims",
    triggerId="credentials-exchange",
    script="module.exports = function (client, scope, audience, context, cb) { cb(); };",
    enabled=True,
)

CODE = (
    Sample(
        resource(
            "action_modules.util",
            name="util",
            code="module.exports = 1;",
            secrets=[{"name": "KEY", "value": Secret("TOKEN")}],
            all_changes_published=True,
        ),
        "code",
        "module.exports = 2;",
    ),
    Sample(
        resource("rules.enrich", name="enrich", script="function () {}", enabled=True),
        "enabled",
        False,
    ),
    Sample(HOOK, "enabled", False),
    Sample(CRM, "setup.username", "web"),
    Sample(
        ENROL,
        "actions",
        [{"id": "end", "type": "FLOW", "action": "RETURN_JSON", "params": {"payload": {"a": 1}}}],
        (CRM,),
    ),
    Sample(
        resource(
            "forms.welcome",
            name="welcome",
            nodes=[{"id": "ask", "type": "FLOW", "config": {"flow_id": Ref(ENROL.address)}}],
            start={"next_node": "ask"},
        ),
        "start.next_node",
        "$ending",
        (CRM, ENROL),
    ),
    Sample(
        resource(
            "event_streams.crm",
            name="crm",
            subscriptions=[{"event_type": "user.created"}],
            destination={
                "type": "webhook",
                "configuration": {
                    "webhook_endpoint": "https://crm.example/events",
                    "webhook_authorization": {"method": "bearer", "token": Secret("TOKEN")},
                },
            },
        ),
        "destination.configuration.webhook_endpoint",
        "https://crm.example/all",
    ),
    Sample(
        resource("rules_configs.KEY", value=Secret("TOKEN")),
        "value",
        "another value",
    ),
    Sample(
        resource("hook_secrets.claims", KEY=Secret("TOKEN")),
        "MORE",
        Secret("TOKEN"),
        (HOOK,),
    ),
)
