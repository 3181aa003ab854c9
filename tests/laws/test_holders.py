"""What is bound or used elsewhere is let go of before it is deleted, or its delete is refused."""

from __future__ import annotations

import dataclasses
from copy import deepcopy

import pytest

from laws.scratch import ENVIRONMENT, scratch
from tenantctl.model import Policy
from tenantctl.sandbox import Delays

ACTION = {"code": "one", "supported_triggers": {"post-login": "v3"}, "secrets": {}}
OURS = {
    "actions.claims": {"name": "claims", **ACTION},
    "actions.audit": {"name": "audit", **ACTION},
}
BOUND = {**OURS, "trigger_bindings.post-login": {"claims": {}, "audit": {}}}


def bindings(tenant):
    """The names of the actions that run after a login, in order."""
    actions = {id: d["name"] for id, d in tenant.sandbox.documents("actions").items()}
    found = tenant.sandbox.documents("trigger_bindings").values()
    rows = [row for document in found for row in document.get("bindings", [])]
    return [actions.get(row["action_id"], row["action_id"]) for row in rows]


def named(tenant, table):
    return sorted(d["name"] for d in tenant.sandbox.documents(table).values())


def without(world, address):
    return {a: deepcopy(f) for a, f in world.items() if a != address}


def test_an_action_whose_bindings_are_declared_is_unbound_before_it_is_deleted():
    with scratch() as tenant:
        tenant.converge(BOUND)
        wanted = without(BOUND, "actions.claims")
        wanted["trigger_bindings.post-login"] = {"audit": {}}
        plan = tenant.plan(wanted)
        assert [str(step.id) for step in plan.steps] == [
            "trigger_bindings.post-login", "actions.claims",
        ]  # fmt: skip
        tenant.converge(wanted)
        assert named(tenant, "actions") == ["audit"]


def test_an_action_that_somebody_else_bound_is_unbound_in_the_same_plan_and_others_stay_bound():
    with scratch() as tenant:
        tenant.converge(BOUND)
        receipt = tenant.receipt()
        forget(tenant, receipt, "trigger_bindings.post-login")
        wanted = without(OURS, "actions.claims")
        plan = tenant.plan(wanted)
        assert [(str(s.id), s.change.verb) for s in plan.steps] == [
            ("trigger_bindings.post-login#early", "update"), ("actions.claims", "delete"),
        ]  # fmt: skip
        assert plan.steps[0].reason == "lets go of actions.claims"
        assert plan.steps[0].id in plan.steps[1].needs
        result = tenant.converge(wanted)
        assert named(tenant, "actions") == ["audit"]
        assert tenant.plan(wanted).steps == ()
        assert not any(a.kind == "trigger_bindings" for a in result.receipt.entries)


def forget(tenant, receipt, address):
    """As if somebody else had made what is at *address*."""
    entries = {a: e for a, e in receipt.entries.items() if str(a) != address}
    tenant.ledger.write_receipt(dataclasses.replace(receipt, entries=entries))


MODULE = {"name": "shared", "code": "module.exports = {}"}


@pytest.mark.parametrize("declared", [True, False])
def test_a_module_that_an_undeclared_action_uses_is_not_deleted_and_the_plan_says_who(declared):
    action = {"name": "user", **ACTION, "modules": {"shared": {}}}
    with scratch() as tenant:
        tenant.converge({"action_modules.shared": MODULE, "actions.user": action})
        if declared:
            wanted = {"actions.user": {**action, "modules": {}}}
            tenant.converge(wanted)
            assert named(tenant, "action_modules") == []
            return
        forget(tenant, tenant.receipt(), "actions.user")
        plan = tenant.judged({"roles.r": {"name": "r"}})
        (violation,) = plan.blocking
        assert (violation.rule, violation.address) == ("held", "action_modules.shared")
        assert 'actions "user"' in violation.detail


def test_a_module_that_a_declared_action_goes_on_using_is_not_deleted():
    """An action that says nothing of modules keeps those that it has."""
    action = {"name": "user", **ACTION, "modules": {"shared": {}}}
    with scratch() as tenant:
        tenant.converge({"action_modules.shared": MODULE, "actions.user": action})
        wanted = {"actions.user": {"name": "user", **ACTION, "code": "two"}}
        (violation,) = tenant.judged(wanted).blocking
        assert (violation.rule, violation.address) == ("held", "action_modules.shared")
        assert "is used by actions.user" in violation.detail


def test_a_vault_connection_that_an_undeclared_flow_uses_is_not_deleted():
    with scratch() as tenant:
        tenant.converge({"flow_vault_connections.v": VAULT, "flows.call": FLOW})
        forget(tenant, tenant.receipt(), "flows.call")
        (violation,) = tenant.judged({"roles.r": {"name": "r"}}).blocking
        assert violation.rule == "held"
        assert 'flows "call"' in violation.detail


PERMITTED = dataclasses.replace(
    ENVIRONMENT, policy=Policy(delete="managed", max_deletes=10, replace=("*",))
)
USER = {"name": "user", **ACTION, "modules": {"shared": {}}}
VAULT = {"name": "v", "app_id": "HTTP", "setup": {"type": "BEARER", "token": "t"}}
FLOW = {
    "name": "call",
    "actions": [
        {"id": "a", "type": "HTTP", "action": "SEND_REQUEST",
         "params": {"connection_id": "v", "url": "https://x.example/", "method": "GET"}},
    ],
}  # fmt: skip


def test_a_module_under_a_new_name_is_let_go_of_replaced_and_used_again():
    world = {"action_modules.shared": MODULE, "actions.user": USER}
    wanted = {"action_modules.shared": {**MODULE, "name": "common"}, "actions.user": USER}
    with scratch(PERMITTED) as tenant:
        tenant.converge(world)
        plan = tenant.plan(wanted)
        assert [str(step.id) for step in plan.steps] == [
            "actions.user#early", "action_modules.shared#early", "action_modules.shared",
            "actions.user",
        ]  # fmt: skip
        tenant.converge(wanted)
        ((id, module),) = tenant.sandbox.documents("action_modules").items()
        (action,) = tenant.sandbox.documents("actions").values()
        assert module["name"] == "common"
        assert [used["module_id"] for used in action["modules"]] == [id]
        assert tenant.plan(wanted).steps == ()


def test_a_module_that_an_undeclared_action_uses_is_not_replaced():
    with scratch(PERMITTED) as tenant:
        tenant.converge({"action_modules.shared": MODULE, "actions.user": USER})
        forget(tenant, tenant.receipt(), "actions.user")
        plan = tenant.judged({"action_modules.shared": {**MODULE, "name": "common"}})
        assert [violation.rule for violation in plan.blocking] == ["held"]


def test_a_flow_points_at_the_vault_connection_that_replaced_the_old_one():
    other = {**VAULT, "app_id": "SLACK", "setup": {"type": "WEBHOOK", "url": "https://h.example/"}}
    with scratch(PERMITTED) as tenant:
        tenant.converge({"flow_vault_connections.v": VAULT, "flows.call": FLOW})
        wanted = {"flow_vault_connections.v": other, "flows.call": FLOW}
        tenant.converge(wanted)
        ((id, _),) = tenant.sandbox.documents("flow_vault_connections").items()
        (flow,) = tenant.sandbox.documents("flows").values()
        assert flow["actions"][0]["params"]["connection_id"] == id
        assert tenant.plan(wanted).steps == ()


def domains(*names, default=""):
    """A world of custom domains, one of them perhaps the one that is meant without a name."""
    found = {
        f"custom_domains.{name}": {"domain": f"{name}.example", "type": "auth0_managed_certs"}
        for name in names
    }
    return found | ({"custom_domain_default": {"domain": default}} if default else {})


def test_the_default_domain_is_not_deleted_until_another_one_is_the_default():
    with scratch() as tenant:
        tenant.converge(domains("a", "b", default="a"))
        for wanted in (domains("b"), domains("b") | {"roles.r": {"name": "r"}}):
            (violation,) = tenant.judged(wanted).blocking
            assert (violation.rule, violation.address) == ("held", "custom_domains.a")
            assert "is used by custom_domain_default" in violation.detail
        wanted = domains("b", default="b")
        plan = tenant.plan(wanted)
        assert [(str(step.id), step.change.verb) for step in plan.steps] == [
            ("custom_domain_default", "update"), ("custom_domains.a", "delete"),
        ]  # fmt: skip
        tenant.converge(wanted)
        assert [d["domain"] for d in tenant.sandbox.documents("custom_domains").values()] == [
            "b.example"
        ]


def test_a_domain_that_is_not_verified_yet_is_waited_for_before_it_is_made_the_default():
    with scratch() as tenant:
        tenant.sandbox.delays = Delays(verify_calls=99)
        tenant.apply(tenant.plan(domains("a")))
        plan = tenant.plan(domains("a", default="a"))
        (step,) = (step for step in plan.steps if str(step.id) == "custom_domain_default")
        assert [str(need) for need in step.needs] == ["custom_domains.a"]
        outcomes = tenant.apply(plan).receipt.outcomes
        assert {str(id): each.status for id, each in outcomes.items()} == {
            "custom_domains.a": "waiting",
            "custom_domain_default": "skipped",
        }
        tenant.sandbox.delays = Delays()
        tenant.converge(domains("a", default="a"))
