"""A declaration of nothing is met by nothing."""

from support.worlds import declare, live_of, planned, resource
from tenantctl.model import Tenant


def test_a_trigger_without_actions_needs_no_step():
    assert planned(declare(resource("trigger_bindings.post-login", {})), Tenant({})).steps == ()


def test_a_trigger_with_an_action_needs_one():
    wanted = declare(
        resource("actions.first", {"name": "first", "code": "1"}),
        resource("trigger_bindings.post-login", {"first": {}}),
    )
    there = live_of(declare(*(r for r in wanted.tenant if r.address.kind == "actions")))
    assert [str(step.id) for step in planned(wanted, there).steps] == [
        "trigger_bindings.post-login"
    ]
