"""The one rule of order, case by case: what must come first, and what goes first of what may."""

from __future__ import annotations

from dataclasses import replace

from support.worlds import declare, environment, planned, resource
from tenantctl.engine import Known
from tenantctl.model import Address, Entry, Tenant


def ids(plan):
    return [f"{step.change.sign}{step.id}" for step in plan.steps]


def needs(plan, id):
    (step,) = [step for step in plan.steps if str(step.id) == id]
    return sorted(map(str, step.needs))


def known(*resources):
    return Known({r.address: Entry(id=str(r.address)) for r in resources})


ACTION = resource("actions.a", {"name": "a", "code": "x"})
BOUND = resource("trigger_bindings.post-login", {"a": {}})
UNBOUND = resource("trigger_bindings.post-login", {})


def test_an_action_is_unbound_before_it_is_deleted():
    plan = planned(declare(UNBOUND), Tenant.of([ACTION, BOUND]), known(ACTION, BOUND))
    assert ids(plan) == ["~trigger_bindings.post-login", "-actions.a"]
    assert needs(plan, "actions.a") == ["trigger_bindings.post-login"]


def test_what_refers_is_deleted_before_what_it_refers_to():
    plan = planned(
        declare(resource("tenant", {"friendly_name": "x"})),
        Tenant.of([ACTION, BOUND, resource("tenant", {"friendly_name": "x"})]),
        known(ACTION, BOUND),
    )
    assert ids(plan) == ["-trigger_bindings.post-login", "-actions.a"]
    assert needs(plan, "actions.a") == ["trigger_bindings.post-login"]


def test_an_association_comes_after_its_parent_and_its_members():
    plan = planned(
        declare(
            resource("connections.c", {"name": "c", "strategy": "auth0"}),
            resource("connection_clients.c", {"clients": ["a"]}),
            resource("clients.a", {"name": "a"}),
        ),
        Tenant({}),
    )
    assert needs(plan, "connection_clients.c") == ["clients.a", "connections.c"]
    assert ids(plan)[-1] == "+connection_clients.c"


def test_an_association_without_members_comes_after_its_parent_all_the_same():
    plan = planned(
        declare(
            resource("connections.c", {"name": "c", "strategy": "auth0"}),
            resource("connection_clients.c", {"clients": []}),
        ),
        Tenant({}),
    )
    assert needs(plan, "connection_clients.c") == ["connections.c"]


def test_late_fields_are_a_step_of_their_own_after_the_early_ones():
    wanted = {"friendly_name": "x", "default_directory": "c"}
    plan = planned(
        declare(
            resource("tenant", wanted),
            resource("connections.c", {"name": "c", "strategy": "auth0"}),
        ),
        Tenant.of([resource("tenant", {"friendly_name": "y"})]),
    )
    assert ids(plan).index("~tenant") < ids(plan).index("~tenant#late")
    assert needs(plan, "tenant#late") == ["connections.c", "tenant"]


def test_a_kind_that_the_api_wants_first_goes_first_although_nothing_refers_to_it():
    plan = planned(
        declare(
            resource("universal_login_template", {"template": "t"}),
            resource("custom_domains.d", {"domain": "d.example", "type": "auth0_managed_certs"}),
        ),
        Tenant({}),
    )
    assert needs(plan, "universal_login_template") == ["custom_domains.d"]


def test_ready_steps_go_by_phase_then_topic_then_rank_then_key():
    plan = planned(
        declare(
            resource("actions.a", {"name": "a", "code": "x"}),
            resource("clients.b", {"name": "b"}),
            resource("clients.a", {"name": "a"}),
            resource("resource_servers.r", {"identifier": "r"}),
        ),
        Tenant({}),
    )
    assert ids(plan) == ["+resource_servers.r", "+clients.a", "+clients.b", "+actions.a"]


def test_deletes_go_last_and_in_reverse():
    old = [
        resource("clients.a", {"name": "a"}),
        resource("resource_servers.r", {"identifier": "r"}),
        resource("actions.a", {"name": "a", "code": "x"}),
    ]
    plan = planned(
        declare(resource("roles.new", {"name": "new"})),
        Tenant.of(old),
        known(*old),
        environment(delete="managed", max_deletes=9),
    )
    assert ids(plan)[0] == "+roles.new"
    assert ids(plan)[1:] == ["-resource_servers.r", "-actions.a", "-clients.a"]


def test_a_step_that_is_not_in_the_selection_is_not_planned_and_its_absence_is_told():
    plan = planned(declare(resource("clients.a", {"name": "a"})), Tenant({}), phases=(1,))
    assert ids(plan) == ["+clients.a"]
    assert plan.selection == ("phase 1",)
    other = planned(declare(resource("clients.a", {"name": "a"})), Tenant({}), phases=(2,))
    assert other.steps == ()


def test_what_a_later_phase_declares_is_a_step_of_that_phase_whatever_its_topic():
    first, second = resource("clients.a", {"name": "a"}), resource("clients.b", {"name": "b"})
    desired = declare(first, second)
    later = replace(desired.declarations[second.address], phase=2)
    desired = replace(desired, declarations={**desired.declarations, second.address: later})
    assert ids(planned(desired, Tenant({}), phases=(1,))) == ["+clients.a"]
    assert ids(planned(desired, Tenant({}), phases=(2,))) == ["+clients.b"]


def test_what_is_no_longer_declared_is_a_step_of_the_topic_where_it_belongs():
    old = [
        resource("connections.shop", {"strategy": "auth0"}),
        resource("connections.social", {"strategy": "google-oauth2"}),
        resource("organizations.acme", {"name": "acme"}),
    ]
    plan = planned(
        declare(),
        Tenant.of(old),
        known(*old),
        environment(delete="managed", max_deletes=9),
    )
    places = {str(step.id): step.place.topic for step in plan.steps}
    assert places == {
        "connections.shop": "username_password",
        "connections.social": "social_login",
        "organizations.acme": "",
    }


def test_what_departs_with_its_parent_is_not_a_step():
    parent = resource("connections.c", {"name": "c", "strategy": "auth0"})
    child = resource("connection_clients.c", {"clients": ["a"]})
    client = resource("clients.a", {"name": "a"})
    entries = {
        parent.address: Entry(id="1"),
        child.address: Entry(elements=("clients.a",)),
        client.address: Entry(id="2"),
    }
    plan = planned(declare(client), Tenant.of([parent, child, client]), Known(entries))
    assert ids(plan) == ["-connections.c"]
    kept = planned(declare(client, parent), Tenant.of([parent, child, client]), Known(entries))
    assert ids(kept) == ["-connection_clients.c"]
    assert kept.steps[0].change.before.address == Address("connection_clients", "c")
