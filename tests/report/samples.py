"""A plan with a change of every sort, as the planner would make it."""

from __future__ import annotations

from dataclasses import replace

from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Delete,
    Edit,
    Foreign,
    Origin,
    Outcome,
    Place,
    Plan,
    Receipt,
    Ref,
    Released,
    Resource,
    Sealed,
    Secret,
    Step,
    StepId,
    Text,
    Update,
    Vault,
    Violation,
)
from tenantctl.playbooks import playbook

B2C = playbook("b2c")
SECRET = "correct-horse-battery-staple"
VAULT = Vault({"CRM": SECRET, "PEM": "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n-----END"})
LOGIN = Ref(Address("custom_domains", "login"), "domain")
SHOP = Address("clients", "web-shop")

OLD_CODE = "\n".join(
    [
        "exports.onExecutePostLogin = async (event, api) => {",
        "  const shop = 'old';",
        *(f"  api.idToken.setCustomClaim('claim{n}', {n});" for n in range(8)),
        "};",
        "",
    ]
)
NEW_CODE = OLD_CODE.replace("'old'", "'new'").replace("claim6", "claim_6")


def origin(file: str, line: int, topic: str = "") -> Origin:
    return Origin(f"tenants/hearth/phase1/{file}.yaml", line, 5, topic=topic)


def step(
    topic: str,
    change: Change,
    reason: str = "differs from the files",
    *where: Origin,
    part: str = "",
) -> Step:
    phase, index = B2C.place(topic)
    address = change.address
    place = Place(phase, index, 50, address.key, topic, B2C.topic(topic).workstream)
    return Step(StepId(address, part), change, place, reason, origins=where)


def update(address: str, *edits: Edit) -> Update:
    return Update(Address.parse(address), edits)


def create(address: str, **fields) -> Create:
    return Create(Resource(Address.parse(address), fields))


DOMAIN = step(
    "custom_domains",
    create("custom_domains.login", domain="login-dev.hearth.example", type="auth0_managed_certs"),
    "not there yet",
    origin("architecture", 12),
)
TENANT = step(
    "tenant_association",
    update(
        "tenant",
        Edit(("friendly_name",), "old", "Hearth & Hollow"),
        Edit(("support_url",), ABSENT, "https://help.hearth.example"),
        Edit(("session_lifetime",), 168, 72),
        Edit(("flags", "enable_client_connections"), True, False),
        Edit(("picture_url",), "https://old.example/logo.png", None),
        Edit(
            ("allowed_logout_urls",),
            ["https://a.example", "https://b.example"],
            ["https://b.example", Text(("https://", LOGIN, "/out")), "https://c.example"],
        ),
        Edit(("enabled_locales",), ["en", "de"], ["de", "en"]),
    ),
    "differs from the files",
    origin("architecture", 16),
    origin("logout", 3),
)
CONNECTION = step(
    "username_password",
    update(
        "connections.customers",
        Edit(("options", "configuration", "API_TOKEN"), Sealed(), Secret("CRM"), unknown=True),
        Edit(("options", "configuration", "API.URL"), ABSENT, Secret("URL")),
        Edit(("options", "configuration", "OLD"), Sealed(), ABSENT),
        Edit(("options", "customScripts", "login"), "return 1;\n", "return 2;\n"),
    ),
    "differs from the files",
    origin("authentication", 14),
)
SHOP_STEP = step(
    "application_integration",
    create(
        "clients.web-shop",
        name="Web Shop",
        app_type="spa",
        callbacks=["https://shop.hearth.example/callback", Text(("https://", LOGIN, "/$${x}"))],
        client_metadata={"a.b": "1", "channel": "web"},
        grant_types=["authorization_code", "refresh_token"],
        is_first_party=True,
        jwt_configuration={"alg": "RS256", "lifetime_in_seconds": 36000},
        description="The shop front, which is a single-page application with a rather long text.",
        oidc_conformant=True,
    ),
    "not there yet",
    origin("authentication", 40),
)
APIS = step(
    "application_integration",
    update(
        "resource_servers.orders",
        Edit(
            ("scopes",),
            [
                {"value": "read:orders", "description": "Read"},
                {"value": "write:orders", "description": "Write"},
                {"value": "old:orders", "description": "Old"},
            ],
            [
                {"value": "read:orders", "description": "Read orders"},
                {"value": "write:orders", "description": "Write"},
                {"value": "new:orders", "description": "New"},
            ],
        ),
        Edit(
            ("authorization_details",),
            [{"type": "payment", "limits": {"eur": 1}}, {"type": "x"}],
            [{"type": "payment", "limits": {"eur": 2, "usd": 3}}],
        ),
    ),
)
ACTION = step(
    "id_token_claims",
    update(
        "actions.add-claims",
        Edit(("code",), OLD_CODE, NEW_CODE),
        Edit(
            ("supported_triggers",),
            [{"id": "post-login", "version": "v2"}],
            [{"id": "post-login", "version": "v3"}],
        ),
        Edit(
            ("secrets",),
            [{"name": "CRM", "value": Sealed()}, {"name": "KEEP", "value": Secret("KEEP")}],
            [{"name": "CRM", "value": Secret("CRM")}, {"name": "KEEP", "value": Secret("KEEP")}],
        ),
    ),
    "differs from the files",
    origin("authorization", 4),
)
BINDINGS = step(
    "id_token_claims",
    update(
        "trigger_bindings.post-login",
        Edit(
            ("bindings",),
            [
                {"action": Ref(Address("actions", "one")), "display_name": "One"},
                {"action": Ref(Address("actions", "two")), "display_name": "Two"},
                {"action": Foreign("actions", "a1b2"), "display_name": "Theirs"},
            ],
            [
                {"action": Ref(Address("actions", "two")), "display_name": "Two"},
                {"action": Ref(Address("actions", "one")), "display_name": "One"},
            ],
        ),
    ),
    "differs from the files",
    origin("authorization", 20),
)
LOGS = step(
    "logging",
    create(
        "log_streams.datadog",
        name="Datadog",
        type="datadog",
        sink={"datadogRegion": "eu", "datadogApiKey": Secret("DD")},
    ),
    "not there yet",
    origin("operations", 30),
)
MAIL = step(
    "email_templates",
    create("email_templates.verify_email", body="<p>Hello</p>\n<p>{{ url }}</p>\n", enabled=True),
    "not there yet",
)
LATE = step(
    "username_password",
    update(
        "tenant",
        Edit(("default_directory",), ABSENT, Ref(Address("connections", "customers"), "name")),
    ),
    "written late: it names what other steps bring",
    origin("authentication", 20),
    part="late",
)
GONE = step(
    "application_integration",
    Delete(Resource(Address("clients", "old-shop"), {"name": "Old Shop", "app_type": "spa"})),
    "no longer declared",
)
PLAN = Plan(
    tenant="hearth",
    environment="dev",
    domain="hearth-dev.sandbox.invalid",
    kind="development",
    phases=(1,),
    digest="d1",
    version="0.1.0",
    steps=(
        DOMAIN,
        TENANT,
        CONNECTION,
        SHOP_STEP,
        APIS,
        ACTION,
        BINDINGS,
        MAIL,
        LOGS,
        replace(LATE, needs=frozenset({CONNECTION.id})),
        GONE,
    ),
    identities={},
    violations=(
        Violation(
            "max_deletes",
            "clients.old-shop",
            "1 of 3 addresses would be deleted, and max_deletes is 10%",
            "raise max_deletes, or write under policy: allow: [{rule: max_deletes, ...}]",
        ),
        Violation("protected", "clients.old-shop", "is protected", "", allowed="moved to the app"),
    ),
    released=(Released(SHOP, ("logo_uri",), "https://cdn.example/l.png"),),
)
CLEAN = replace(PLAN, steps=PLAN.steps[:-1], violations=(), released=())
EMPTY = replace(CLEAN, steps=())
RECEIPT = Receipt(
    kind="apply",
    tenant="hearth",
    environment="dev",
    domain="hearth-dev.sandbox.invalid",
    digest="d1",
    phases=(1,),
    status="partial",
    full=True,
    entries={},
    outcomes={
        DOMAIN.id: Outcome("waiting", "DNS", {"CNAME login-dev.hearth.example": "x.edge.example"}),
        SHOP_STEP.id: Outcome("applied", writes=1),
        LOGS.id: Outcome("failed", f"400 invalid_body: the key {SECRET} is refused", writes=1),
        MAIL.id: Outcome("skipped", because=(DOMAIN.id,)),
        TENANT.id: Outcome("unchanged"),
    },
    version="0.1.0",
    commit="c0ffee",
    who="ada",
    when="2026-11-21T01:50:00+00:00",
)


def with_change(change: Change, **more) -> Plan:
    """A plan of this one change."""
    return replace(EMPTY, steps=(step("application_integration", change),), **more)
