import asyncio

import pytest

from gateway.world import World, edit, resource, scope_of, step
from tenantctl.gateway.procedures import PROCEDURES
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Create, Delete, Edit, Ref, Update
from tenantctl.sandbox import Delays, Fault

ACTION = resource(
    "actions.claims",
    name="claims",
    code="exports.onExecutePostLogin = async () => {};",
    supported_triggers=[{"id": "post-login", "version": "v3"}],
    deployed=True,
)
DOMAIN = resource(
    "custom_domains.login",
    domain="login.hearthhollow.example",
    type="auth0_managed_certs",
    status="ready",
)
DATABASE = resource("connections.customers", name="customers", strategy="auth0")
CLERK = resource("roles.clerk", name="clerk")
ORDERS = resource(
    "resource_servers.orders",
    identifier="https://orders",
    name="Orders",
    scopes=[{"value": f"s{n}", "description": "x"} for n in range(230)],
)
SHOPS = [resource(f"clients.shop-{n:03}", name=f"Shop {n}") for n in range(60)]


@pytest.fixture
def world():
    return World()


def the(world, kind):
    (found,) = world.sandbox.documents(kind).values()
    return found


def test_every_kind_has_a_procedure():
    assert {kind.procedure for kind in KINDS.values()} <= PROCEDURES.keys()


def test_an_action_is_written_awaited_and_deployed(world):
    world.sandbox.delays = Delays(build_reads=2)
    (outcome,) = world.create(ACTION)
    assert (outcome.status, outcome.writes) == ("applied", 2)
    (id,) = world.sandbox.documents("actions")
    assert world.writes == ["POST /actions/actions", f"POST /actions/actions/{id}/deploy"]
    assert world.read(ACTION).get(ACTION.address).fields["deployed"] is True


@pytest.mark.parametrize("nth", [(1,), (2,), (1, 2), (2, 3)])
def test_an_action_that_takes_a_moment_to_appear_is_deployed_all_the_same(world, nth):
    world.sandbox.faults = [Fault("lag", "GET", "/actions/actions/*", nth=nth)]
    assert world.create(ACTION)[0].status == "applied"
    assert world.read(ACTION).get(ACTION.address).fields["deployed"] is True


def test_an_action_that_is_not_to_be_deployed_is_only_written(world):
    draft = resource("actions.claims", **{**ACTION.fields, "deployed": False})
    world.create(draft)
    assert world.writes == ["POST /actions/actions"]
    world.update(draft, edit("code", draft.fields["code"], "exports.x = 1;"))
    assert len(world.writes) == 2
    assert world.read(draft).get(draft.address).fields["deployed"] is False


def test_new_code_of_a_deployed_action_is_deployed(world):
    world.create(ACTION)
    world.sandbox.clear_log()
    outcome = world.update(ACTION, edit("code", ACTION.fields["code"], "exports.x = 1;"))
    assert (outcome.status, outcome.writes) == ("applied", 2)
    live = world.read(ACTION).get(ACTION.address).fields
    assert (live["code"], live["deployed"]) == ("exports.x = 1;", True)


def test_a_run_that_ended_between_writing_and_deploying_deploys_when_resumed(world):
    world.create(ACTION)
    world.sandbox.faults = [Fault("status", "POST", "/actions/actions/*/deploy", status=400)]
    change = edit("code", ACTION.fields["code"], "exports.x = 1;")
    assert world.update(ACTION, change).status == "failed"
    world.sandbox.faults = []
    assert world.read(ACTION).get(ACTION.address).fields["deployed"] is False
    assert world.update(ACTION, change).status == "applied"
    assert world.read(ACTION).get(ACTION.address).fields["deployed"] is True


def test_a_create_that_ended_before_deploying_deploys_when_resumed(world):
    world.sandbox.faults = [Fault("status", "POST", "/actions/actions/*/deploy", status=400)]
    assert world.create(ACTION)[0].status == "failed"
    world.sandbox.faults = []
    assert world.create(ACTION)[0].status == "applied"
    assert len(world.sandbox.documents("actions")) == 1
    assert world.read(ACTION).get(ACTION.address).fields["deployed"] is True


def test_deploying_alone_writes_no_body(world):
    world.create(resource("actions.claims", **{**ACTION.fields, "deployed": False}))
    world.sandbox.clear_log()
    assert world.update(ACTION, edit("deployed", False, True)).status == "applied"
    (id,) = world.sandbox.documents("actions")
    assert world.writes == [f"POST /actions/actions/{id}/deploy"]


def test_a_draft_of_a_deployed_action_stays_a_draft_where_that_is_asked_for(world):
    world.create(ACTION)
    code = edit("code", ACTION.fields["code"], "exports.x = 1;")
    outcome = world.update(ACTION, code, edit("deployed", True, False))
    assert (outcome.status, outcome.writes) == ("applied", 1)
    code = edit("code", "exports.x = 1;", "exports.x = 2;")
    outcome = world.update(ACTION, code, resend=[(("deployed",), False)])
    assert (outcome.status, outcome.writes) == ("applied", 1)
    assert world.read(ACTION).get(ACTION.address).fields["deployed"] is False


def test_a_failed_build_is_a_failure(world):
    world.sandbox.delays = Delays(failing_builds=("claims",))
    (outcome,) = world.create(ACTION)
    assert outcome.status == "failed"
    assert "its build failed" in outcome.detail


def test_a_build_that_takes_for_ever_is_given_up(world):
    world.sandbox.delays = Delays(build_reads=1000)
    (outcome,) = world.create(ACTION)
    assert outcome.status == "failed"
    assert "not built in time" in outcome.detail
    assert len(world.sandbox.log) < 20


def test_a_custom_domain_is_verified(world):
    world.sandbox.delays = Delays(verify_calls=2)
    (outcome,) = world.create(DOMAIN)
    assert outcome.status == "applied"
    assert the(world, "custom_domains")["status"] == "ready"


def test_a_custom_domain_that_waits_for_dns_says_which_record_and_goes_on_later(world):
    world.sandbox.delays = Delays(verify_calls=5)
    (outcome,) = world.create(DOMAIN)
    assert outcome.status == "waiting"
    assert outcome.record["type"] == "CNAME"
    assert outcome.record["name"] == "login.hearthhollow.example"
    assert outcome.record["value"]
    world.sandbox.clear_log()
    (outcome,) = world.create(DOMAIN)
    assert outcome.status == "applied"
    assert all("/verify" in write for write in world.writes)


def test_a_plan_that_wants_a_pending_domain_ready_verifies_it_and_writes_nothing_else(world):
    world.sandbox.delays = Delays(verify_calls=5)
    world.create(DOMAIN)
    pending = world.read(DOMAIN).get(DOMAIN.address).fields["status"]
    world.sandbox.clear_log()
    assert world.update(DOMAIN, edit("status", pending, "ready")).status == "applied"
    assert all("/verify" in write for write in world.writes)
    world.sandbox.clear_log()
    assert world.update(DOMAIN, edit("status", pending, "ready")).status == "unchanged"
    assert world.writes == []


def test_a_domain_that_is_ready_is_unchanged(world):
    world.create(DOMAIN)
    world.sandbox.clear_log()
    (outcome,) = world.create(DOMAIN)
    assert outcome.status == "unchanged"
    assert world.writes == []


def switched():
    enabled = resource(
        "connection_clients.customers",
        clients=[Ref(shop.address, "client_id") for shop in SHOPS],
    )
    return enabled, [DATABASE, *SHOPS, enabled]


def test_members_are_switched_fifty_at_a_time(world):
    enabled, everything = switched()
    assert {o.status for o in world.create(*everything)} == {"applied"}
    patches = [w for w in world.writes if w.endswith("/clients") and w.startswith("PATCH")]
    assert len(patches) == 2
    assert len(world.read(*everything).get(enabled.address).fields["clients"]) == 60


def test_members_that_the_plan_does_not_name_stay(world):
    enabled, everything = switched()
    world.create(*everything)
    refs = enabled.fields["clients"]
    some = Update(enabled.address, (Edit(("clients",), refs[:3], [refs[0]]),))
    (outcome,) = world.execute(scope_of(everything), [some])
    assert (outcome.status, outcome.writes) == ("applied", 1)
    live = world.read(*everything).get(enabled.address).fields["clients"]
    assert set(live) == set(refs) - set(refs[1:3])


def test_a_member_that_went_away_since_the_plan_is_noticed(world):
    enabled, everything = switched()
    refs = enabled.fields["clients"]
    world.create(DATABASE, *SHOPS, resource("connection_clients.customers", clients=refs[:1]))
    change = Update(enabled.address, (Edit(("clients",), refs[:2], refs[:3]),))
    (outcome,) = world.execute(scope_of(everything), [change])
    assert outcome.status == "moved"


def test_an_interrupted_switch_goes_on(world):
    enabled, everything = switched()
    world.create(DATABASE, *SHOPS)
    world.sandbox.faults = [Fault("status", "PATCH", "/connections/*/clients", nth=(2, 3, 4, 5))]
    change = Update(enabled.address, (Edit(("clients",), [], enabled.fields["clients"]),))
    (outcome,) = world.execute(scope_of(everything), [change])
    live = world.read(*everything).get(enabled.address).fields["clients"]
    assert (outcome.status, len(live)) == ("applied", 60)


def test_listed_members_are_taken_away_by_a_delete(world):
    enabled, everything = switched()
    world.create(*everything)
    half = resource("connection_clients.customers", clients=enabled.fields["clients"][:30])
    (outcome,) = world.execute(scope_of(everything), [Delete(half)])
    assert outcome.status == "applied"
    live = world.read(*everything).get(enabled.address).fields["clients"]
    assert set(live) == set(enabled.fields["clients"][30:])


def permissions(*numbers):
    return resource(
        "role_permissions.clerk",
        permissions=[
            {
                "resource_server_identifier": Ref(ORDERS.address, "identifier"),
                "permission_name": f"s{n}",
            }
            for n in numbers
        ],
    )


def test_permissions_are_added_and_taken_away_in_chunks(world):
    wanted = permissions(*range(230))
    assert {o.status for o in world.create(ORDERS, CLERK, wanted)} == {"applied"}
    assert sum(w.endswith("/permissions") for w in world.writes) == 3
    world.sandbox.clear_log()
    after = permissions(*range(100, 230))
    change = Edit(("permissions",), wanted.fields["permissions"], after.fields["permissions"])
    (outcome,) = world.execute(
        scope_of([ORDERS, CLERK, wanted]), [Update(wanted.address, (change,))]
    )
    assert (outcome.status, outcome.writes) == ("applied", 1)
    assert all(w.startswith("DELETE") for w in world.writes)
    live = world.read(ORDERS, CLERK, wanted).get(wanted.address).fields["permissions"]
    assert len(live) == 130


@pytest.mark.parametrize("kind", ["after", "status"])
def test_a_lost_answer_to_adding_permissions_is_looked_into(world, kind):
    world.sandbox.faults = [Fault(kind, "POST", "/roles/*/permissions", nth=(1,))]
    wanted = permissions(1, 2, 3)
    assert [o.status for o in world.create(ORDERS, CLERK, wanted)][-1] == "applied"
    live = world.read(ORDERS, CLERK, wanted).get(wanted.address).fields["permissions"]
    assert len(live) == 3


def test_bindings_name_actions_and_keep_their_order(world):
    second = resource("actions.second", **{**ACTION.fields, "name": "second"})
    bindings = resource(
        "trigger_bindings.post-login",
        bindings=[
            {"action": Ref(second.address), "display_name": Ref(second.address, "name")},
            {"action": Ref(ACTION.address), "display_name": "Claims"},
        ],
    )
    everything = [ACTION, second, bindings]
    assert {o.status for o in world.create(*everything)} == {"applied"}
    live = world.read(*everything).get(bindings.address).fields["bindings"]
    assert live == bindings.fields["bindings"]
    swapped = bindings.fields["bindings"][::-1]
    change = Update(bindings.address, (Edit(("bindings",), live, swapped),))
    assert [o.status for o in world.execute(scope_of(everything), [change])] == ["applied"]
    assert world.read(*everything).get(bindings.address).fields["bindings"] == swapped
    assert [o.status for o in world.execute(scope_of(everything), [Delete(bindings)])] == [
        "applied"
    ]
    assert world.read(*everything).get(bindings.address) is None


def test_the_page_template_needs_its_domain_and_gets_it(world):
    page = resource("universal_login_template", template="{%- auth0:head -%}{%- auth0:widget -%}")
    outcomes = world.create(DOMAIN, page)
    assert [o.status for o in outcomes] == ["applied", "applied"], outcomes
    assert world.read(DOMAIN, page).get(Address("universal_login_template")).fields == page.fields


def test_an_action_that_is_bound_is_not_deleted(world):
    bindings = resource(
        "trigger_bindings.post-login",
        bindings=[{"action": Ref(ACTION.address), "display_name": "Claims"}],
    )
    world.create(ACTION, bindings)
    (outcome,) = world.execute(scope_of([ACTION, bindings]), [Delete(ACTION)])
    assert outcome.status == "failed"
    assert "409" in outcome.detail


def test_steps_that_run_side_by_side_do_not_disturb_each_other(world):
    async def work(gateway):
        await gateway.read(scope_of(SHOPS))
        return await asyncio.gather(*(gateway.execute(step(Create(shop))) for shop in SHOPS))

    assert {o.status for o in world.job(work)} == {"applied"}
    names = [d["name"] for d in world.sandbox.documents("clients").values()]
    assert sum(name.startswith("Shop ") for name in names) == 60
