"""What refers to what among modules, actions, vault connections, flows, forms and streams."""

from __future__ import annotations

import pytest

from kinds.laws.ground import Ground, ground_of
from kinds.laws.table import Case, Tagged
from tenantctl.gateway.work import View
from tenantctl.kinds import KINDS, Lens
from tenantctl.model import Address, Foreign, Ref, Update, Vault
from tenantctl.sandbox import Fault

EVENT = "exports.onExecuteEventStream = async () => {};"
MODULE = {"code": "module.exports = { version: 1 };"}


def nothing(kind):
    """A case that declares nothing but what a test puts in its place."""
    return Case(KINDS[kind], kind, "", {}, kind, needs={})


@pytest.fixture
def ground(tmp_path):
    made: Ground = ground_of(nothing("flows"), tmp_path)
    yield made
    made.sandbox.close()


def converge(ground, **kinds):
    """Declare *kinds*, apply, and give the steps of the plan and the requests that wrote."""
    ground.case = Case(KINDS["flows"], "flows", "", {}, "flows", needs=kinds)
    ground.declare(None)
    plan = ground.plan()
    assert plan.blocking == ()
    ground.sandbox.clear_log()
    result = ground.apply(plan)
    assert result.receipt.status == "converged", result
    return plan, ground.writes()


def settled(ground):
    ground.loaded = None
    return ground.plan().steps == ()


def only(ground, table):
    """The one document of a table, as the sandbox keeps it."""
    (found,) = (d for row, d in ground.look().documents.items() if row[0] == table)
    return found


def action(**more):
    return {"code": EVENT, "supported_triggers": {"event-stream": "v1"}, **more}


def test_an_action_uses_the_version_of_a_module_that_the_same_apply_publishes(ground):
    converge(ground, action_modules={"util": MODULE}, actions={"listen": action(modules=["util"])})
    assert settled(ground)
    assert only(ground, "actions")["modules"][0]["module_version_number"] == 1


def test_an_action_follows_its_module_to_a_new_version_in_one_apply(ground):
    converge(ground, action_modules={"util": MODULE}, actions={"listen": action(modules=["util"])})
    newer = {"code": "module.exports = { version: 2 };"}
    plan, writes = converge(
        ground, action_modules={"util": newer}, actions={"listen": action(modules=["util"])}
    )
    first, second = plan.steps
    assert (str(first.address), str(second.address)) == ("action_modules.util", "actions.listen")
    assert first.id in second.needs
    assert second.reason == "follows action_modules, of which there will be a newer version"
    assert [line.partition(" ")[0] for line in writes] == ["PATCH", "POST", "PATCH", "POST"]
    held = only(ground, "actions")
    assert held["modules"][0]["module_version_number"] == 2
    assert held["deployed_version"]["modules"] == held["modules"]
    assert settled(ground)


def test_an_action_stays_at_the_version_of_a_module_that_it_names(ground):
    pinned = action(modules={"util": {"module_version_number": 1}})
    converge(ground, action_modules={"util": MODULE}, actions={"listen": pinned})
    newer = {"code": "module.exports = { version: 2 };"}
    plan, _ = converge(ground, action_modules={"util": newer}, actions={"listen": pinned})
    assert [str(step.address) for step in plan.steps] == ["action_modules.util"]
    assert only(ground, "actions")["modules"][0]["module_version_number"] == 1
    assert settled(ground)


def test_an_action_of_two_modules_follows_the_one_that_changes(ground):
    modules = {"one": MODULE, "two": {"code": "module.exports = { two: true };"}}
    user = {"listen": action(modules=["one", "two"])}
    converge(ground, action_modules=modules, actions=user)
    newer = {**modules, "two": {"code": "module.exports = { two: 2 };"}}
    converge(ground, action_modules=newer, actions=user)
    numbers = {
        m["module_name"]: m["module_version_number"] for m in only(ground, "actions")["modules"]
    }
    assert numbers == {"one": 1, "two": 2}
    assert settled(ground)


def test_a_module_that_somebody_changed_and_did_not_publish_is_published(ground):
    converge(ground, action_modules={"util": MODULE})
    (id,) = (name for kind, name in ground.look().documents if kind == "action_modules")
    draft = {**only(ground, "action_modules"), "code": "module.exports = { version: 2 };"}
    ground.sandbox.seed({"action_modules": {id: draft}})
    _, writes = converge(ground, action_modules={"util": {"code": draft["code"]}})
    assert [line.partition(" ")[0] for line in writes] == ["POST"]
    assert settled(ground)


def test_a_module_that_no_action_uses_any_more_is_deleted_after_the_action_let_go(ground):
    converge(ground, action_modules={"util": MODULE}, actions={"listen": action(modules=["util"])})
    plan, _ = converge(ground, actions={"listen": action(modules=[])})
    verbs = [(step.change.verb, str(step.address)) for step in plan.steps]
    assert verbs == [("update", "actions.listen"), ("delete", "action_modules.util")]
    assert settled(ground)


CRM = {"app_id": "HTTP", "setup": {"type": "BEARER", "token": Tagged("secret", "CRM")}}


def nested(connection):
    """A flow with a request inside a branch inside a branch."""
    ask = {"id": "ask", "type": "HTTP", "action": "SEND_REQUEST",
           "params": {"connection_id": connection, "url": "https://crm.example/"}}  # fmt: skip
    inner = branch("inner", [ask])
    return {"actions": [branch("outer", [inner])]}


def branch(id, then):
    return {
        "id": id,
        "type": "FLOW",
        "action": "BOOLEAN_CONDITION",
        "params": {"then": then, "else": []},
    }


@pytest.mark.parametrize("connection", ["crm", Tagged("ref", "flow_vault_connections.crm.id")])
def test_a_flow_names_a_vault_connection_however_deep_by_key_or_by_reference(ground, connection):
    ground.values["CRM"] = "opens-the-crm-0123456789"
    converge(ground, flow_vault_connections={"crm": CRM}, flows={"enrol": nested(connection)})
    (id,) = (name for kind, name in ground.look().documents if kind == "flow_vault_connections")
    outer = only(ground, "flows")["actions"][0]
    ask = outer["params"]["then"][0]["params"]["then"][0]
    assert ask["params"]["connection_id"] == id
    assert settled(ground)


def test_a_form_a_flow_and_a_vault_connection_are_deleted_in_the_reverse_of_their_order(ground):
    ground.values["CRM"] = "opens-the-crm-0123456789"
    form = {"nodes": [{"id": "ask", "type": "FLOW", "config": {"flow_id": "enrol"}}]}
    made, _ = converge(
        ground,
        flow_vault_connections={"crm": CRM},
        flows={"enrol": nested("crm")},
        forms={"welcome": form},
    )
    order = ["flow_vault_connections", "flows", "forms"]
    assert [step.address.kind for step in made.steps] == order
    gone, _ = converge(ground, prompts={"identifier_first": False})
    deleted = [s.address.kind for s in gone.steps if s.change.verb == "delete"]
    assert deleted == order[::-1]


def test_a_vault_connection_that_is_renamed_is_one_update_and_flows_stay(ground):
    ground.values["CRM"] = "opens-the-crm-0123456789"
    converge(ground, flow_vault_connections={"crm": CRM}, flows={"enrol": nested("crm")})
    renamed = {**CRM, "name": "CRM of the shop"}
    plan, writes = converge(
        ground, flow_vault_connections={"crm": renamed}, flows={"enrol": nested("crm")}
    )
    assert [type(step.change) for step in plan.steps] == [Update]
    assert len(writes) == 1


def test_a_stream_of_events_leads_to_an_action_that_the_same_apply_makes(ground):
    stream = {
        "subscriptions": ["user.created"],
        "destination": {"type": "action", "configuration": {"action_id": "listen"}},
    }
    plan, _ = converge(ground, actions={"listen": action()}, event_streams={"users": stream})
    assert [step.address.kind for step in plan.steps] == ["actions", "event_streams"]
    assert settled(ground)


def test_the_configuration_of_rules_is_read_with_one_request_however_many_keys(ground):
    ground.values["KEY"] = "opens-everything-0123456789"
    keys = {name: {"value": Tagged("secret", "KEY")} for name in ("ONE", "TWO", "THREE")}
    converge(ground, rules_configs=keys)
    ground.sandbox.clear_log()
    assert settled(ground)
    assert [r.path for r in ground.sandbox.log if r.method == "GET"] == ["/rules-configs"]


@pytest.mark.parametrize("carried_out", [False, True])
def test_a_publication_that_failed_is_made_up_for_by_the_next_apply(ground, carried_out):
    kinds = {"action_modules": {"util": MODULE}, "actions": {"listen": action(modules=["util"])}}
    converge(ground, **kinds)
    kinds["action_modules"] = {"util": {"code": "module.exports = { version: 2 };"}}
    ground.case = Case(KINDS["flows"], "flows", "", {}, "flows", needs=kinds)
    ground.declare(None)
    ground.sandbox.faults = [
        Fault("after" if carried_out else "before", "POST", "/actions/modules/*/versions")
    ]
    result = ground.apply(ground.plan())
    assert result.receipt.status != "converged"
    ground.sandbox.faults = []
    converge(ground, **kinds)
    numbers = [m["module_version_number"] for m in only(ground, "actions")["modules"]]
    assert numbers == [2]
    assert settled(ground)


def test_an_action_stays_as_it_is_when_something_else_is_changed(ground):
    kinds = {"action_modules": {"util": MODULE}, "actions": {"listen": action(modules=["util"])}}
    converge(ground, **kinds, roles={"clerk": {"description": "sells"}})
    plan, writes = converge(ground, **kinds, roles={"clerk": {"description": "sells more"}})
    assert [str(step.address) for step in plan.steps] == ["roles.clerk"]
    assert len(writes) == 1


def test_modules_in_another_order_are_those_that_were_seen():
    def used(key, version):
        return {"module_id": Ref(Address("action_modules", key)), "module_version_id": version}

    gone, one = Foreign("action_modules", ""), Foreign("action_modules", "1")
    live = {"modules": [used("b", one), used("a", Foreign("action_modules", "2"))]}
    view = View(Lens(KINDS["actions"], live), Vault({}, {}, b""))
    assert view.is_still(("modules",), [used("a", gone), used("b", one)])
    assert not view.is_still(("modules",), [used("a", one), used("b", gone)])
