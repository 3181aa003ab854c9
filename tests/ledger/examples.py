"""One small plan and one receipt, with something of every kind in them."""

from __future__ import annotations

from tenantctl.model import (
    ABSENT,
    Address,
    Create,
    Delete,
    Edit,
    Entry,
    Event,
    Foreign,
    Identity,
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
    Violation,
)

SHOP = Address("clients", "web-shop")
GONE = Address("clients", "old")
TENANT = Address("tenant")
VAR = Origin("environments/hearth/dev.yaml", 5, 3, layer="variable", name="shop_url")
HERE = Origin("tenants/hearth/phase1/authentication.yaml", 12, 5, topic="apps", via=(VAR,))
PLACE = Place(1, 4, 30, "web-shop", topic="apps", workstream="authentication")
CREATE = Create(
    Resource(
        SHOP,
        {
            "name": "Web Shop",
            "callbacks": [Text(("https://", Ref(Address("custom_domains", "login"), "domain")))],
            "client_metadata": {"$odd": "é", "a.b": None},
            "lifetime": 1.5,
        },
    )
)
UPDATE = Update(
    TENANT,
    (
        Edit(("friendly_name",), ABSENT, "Hearth"),
        Edit(("sink", "key"), Sealed("ab12"), Secret("KEY"), unknown=True),
    ),
    resend=((("sink", "other"), Secret("OTHER")),),
)
DELETE = Delete(Resource(GONE, {"name": "Old", "owner": Foreign("clients", "x1")}))
STEPS = (
    Step(StepId(SHOP), CREATE, PLACE, "not there yet", origins=(HERE,), preimage="0f", requests=2),
    Step(StepId(TENANT, "late"), UPDATE, PLACE, "differs", needs=frozenset({StepId(SHOP)})),
    Step(StepId(GONE), DELETE, PLACE, "no longer declared"),
)
ENTRY = Entry(
    key=("Web Shop",),
    id="c1",
    paths=(("name",), ("callbacks",)),
    elements=('"a"',),
    sealed={("sink", "key"): ("2", "ab12"), ("a",): ("", "")},
)
PLAN = Plan(
    tenant="hearth",
    environment="dev",
    domain="hearth-dev.sandbox.invalid",
    kind="development",
    phases=(1, 2),
    digest="d1",
    version="0.1.0",
    steps=STEPS,
    identities={SHOP: Identity(("Web Shop",), was=("shop",)), TENANT: Identity()},
    entries={SHOP: ENTRY},
    violations=(Violation("max_deletes", "clients.old", "1 of 1", "raise max_deletes"),),
    released=(Released(SHOP, ("logo_uri",), "https://cdn.example/l.png"),),
    selection=("--phase 1",),
    playbook="b2c",
)
SETTLED = Event("settled", StepId(SHOP), Outcome("applied", writes=1))
EVENTS = (
    Event("started", StepId(SHOP)),
    SETTLED,
    Event("started", StepId(TENANT, "late")),
    Event(
        "settled",
        StepId(TENANT, "late"),
        Outcome("waiting", "DNS", {"CNAME": "x.edge.example"}, because=(StepId(SHOP),)),
    ),
)
RECEIPT = Receipt(
    kind="apply",
    tenant="hearth",
    environment="dev",
    domain="hearth-dev.sandbox.invalid",
    digest="d1",
    phases=(1,),
    status="converged",
    full=True,
    entries={SHOP: ENTRY},
    outcomes={StepId(SHOP): Outcome("applied", writes=1)},
    version="0.1.0",
    commit="c0ffee",
    who="ada",
    when="2026-11-21T01:50:00+00:00",
)
