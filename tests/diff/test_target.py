"""Steps selected by address: what they need comes along, what needs them stays out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from support.worlds import B2C, declare, desired_tenants, environment, planned, resource
from tenantctl.engine import Known
from tenantctl.engine.selection import Globs, select, selection
from tenantctl.errors import PlanError, UsageError
from tenantctl.model import (
    Address,
    Create,
    Delete,
    Entry,
    Plan,
    Resource,
    Step,
    StepId,
    Tenant,
    matches,
)

GLOBS = ("clients.*", "clients.a", "clients.[bc]", "resource_servers.*", "connections.*", "tenant")
GRANT = {"client_id": "a", "audience": "b", "subject_type": "client", "scope": []}
globs = st.lists(st.sampled_from(GLOBS), unique=True, max_size=2).map(tuple)


def ids(steps: tuple[Step, ...]) -> list[str]:
    return [str(step.id) for step in steps]


def small(**wish: object) -> Plan:
    """A client and an API, a grant that needs both, and a connection that has the client."""
    return planned(
        declare(
            resource("clients.a", {"name": "a"}),
            resource("resource_servers.b", {"identifier": "b"}),
            resource("client_grants.a/b/client", GRANT),
            resource("connections.c", {"name": "c", "strategy": "auth0"}),
            resource("connection_clients.c", {"clients": ["a"]}),
        ),
        Tenant({}),
        **wish,
    )


def test_a_target_brings_along_what_it_needs_and_the_plan_says_because_of_what():
    plan = small(globs=Globs(("client_grants.*",)))

    assert ids(plan.steps) == ["resource_servers.b", "clients.a", "client_grants.a/b/client"]
    assert plan.selection == ("client_grants.*",)
    assert plan.notes == (
        "Also, because client_grants.a/b/client needs it: clients.a, resource_servers.b.",
    )


def test_what_is_excluded_keeps_out_what_needs_it_and_the_plan_says_because_of_what():
    plan = small(globs=Globs(exclude=("clients.*",)))

    assert ids(plan.steps) == ["resource_servers.b", "connections.c"]
    assert plan.selection == ("without clients.*",)
    (note,) = plan.notes
    assert note.startswith("Left out, too, because it needs clients.a: ")
    assert note.endswith(" client_grants.a/b/client, connection_clients.c.")


def test_a_target_that_needs_what_is_excluded_is_excluded_itself():
    plan = small(globs=Globs(("client_grants.*", "connections.*"), ("resource_servers.*",)))

    assert ids(plan.steps) == ["connections.c"]


def test_a_target_that_needs_a_step_of_another_phase_is_refused_with_the_phase_as_ever():
    plan = small()
    later = tuple(
        replace(step, place=replace(step.place, phase=2))
        if step.address.kind == "clients"
        else step
        for step in plan.steps
    )
    first = selection(B2C, (1, 2), (1,), "")

    with pytest.raises(PlanError, match=r"client_grants.* needs clients.a"):
        select(later, first, Globs(("client_grants.*",)), B2C, Tenant({}))
    found = select(later, first, Globs(("resource_servers.*",)), B2C, Tenant({}))
    assert (ids(found.steps), found.named) == (
        ["resource_servers.b"],
        ("phase 1", "resource_servers.*"),
    )


@pytest.mark.parametrize(
    ("glob", "help"),
    [
        ("client.*", "did you mean clients.* or "),
        ("clients", "write 'clients.*' for all of them"),
        ("nonsense", "addresses are such as"),
    ],
)
def test_a_glob_that_means_no_address_is_refused_with_what_may_have_been_meant(glob, help):
    for asked in (Globs((glob,)), Globs(exclude=(glob,))):
        with pytest.raises(UsageError, match="no address here is") as refused:
            small(globs=asked)
        assert help in refused.value.help


def test_a_glob_may_mean_what_is_declared_and_does_not_differ():
    desired = declare(resource("clients.a", {"name": "a"}))

    plan = planned(desired, desired.tenant, globs=Globs(("clients.a",)))

    assert (plan.steps, plan.selection) == ((), ("clients.a",))


def test_what_is_left_out_of_an_address_is_not_said_to_have_been_applied():
    """The default directory of a tenant waits for a connection; the rest does not."""
    desired = declare(
        resource("tenant", {"friendly_name": "Shop", "default_directory": "c"}),
        resource("connections.c", {"name": "c", "strategy": "auth0"}),
    )
    live = Tenant.of([resource("tenant", {"friendly_name": "Old"})])
    known = Known({r.address: Entry(fields={"default_directory": "was"}) for r in live})
    plan = planned(desired, live, known, globs=Globs(exclude=("connections.*",)))

    (entry,) = (entry for address, entry in plan.entries.items() if address.kind == "tenant")
    assert ids(plan.steps) == ["tenant"]
    assert plan.notes == ("Left out, too, because it needs connections.c: tenant (late).",)
    assert entry.fields == {"friendly_name": "Shop", "default_directory": "was"}


def test_what_comes_along_is_made_whole_where_that_needs_nothing_more():
    """A key is registered in a second step; the grant needs the first alone."""
    methods = {"private_key_jwt": {"credentials": {"k": {}}}}
    fields = {"name": "a", "client_authentication_methods": methods}
    plan = planned(
        declare(
            resource("clients.a", fields),
            resource("resource_servers.b", {"identifier": "b"}),
            resource("client_grants.a/b/client", GRANT),
        ),
        Tenant({}),
        globs=Globs(("client_grants.*",)),
    )

    assert "clients.a#late" in ids(plan.steps)


def replacement() -> tuple[Plan, Tenant]:
    """A connection of another strategy: it is deleted, made again, and has its clients again."""
    clients = [resource(f"clients.{key}", {"name": key}) for key in "ax"]
    enabled = resource("connection_clients.c", {"clients": ["a"]})
    old = resource("connections.c", {"name": "c", "strategy": "auth0"})
    new = resource("connections.c", {"name": "c", "strategy": "sms"})
    live = Tenant.of([clients[0], enabled, old])
    desired = declare(*clients, enabled, new)
    known = Known({r.address: Entry(id=str(r.address)) for r in live})
    env = environment(delete="managed", replace=("connections.*",), max_deletes=1000)
    return planned(desired, live, known, env), live


def test_a_replacement_is_selected_with_its_delete_and_with_what_went_away_with_the_old_one():
    plan, live = replacement()
    assert "connections.c#early" in ids(plan.steps)

    found = select(plan.steps, None, Globs(("connections.c",)), B2C, live)

    assert set(ids(found.steps)) == {"connections.c#early", "connections.c", "connection_clients.c"}
    out = select(plan.steps, None, Globs(exclude=("connection_clients.c",)), B2C, live)
    assert set(ids(out.steps)) == {"clients.x"}  # or the connection would be left without clients


def reached(start: set[StepId], plan: Plan) -> set[StepId]:
    """Everything that *start* needs, by brute force."""
    found = set(start)
    while more := {n for s in plan.steps if s.id in found for n in s.needs} - found:
        found |= more
    return found


@given(desired_tenants(), desired_tenants(), globs, globs)
@settings(max_examples=20, derandomize=True, phases=[Phase.generate])
def test_a_selection_is_what_is_asked_for_and_what_that_needs_in_the_order_of_the_plan(
    wanted, there, target, exclude
):
    known = Known({r.address: Entry(id=str(r.address)) for r in there.tenant})
    plan = planned(wanted, there.tenant, known)
    if any(step.id.part == "early" for step in plan.steps):
        return  # what goes with those has a test of its own
    out = {s.id for s in plan.steps if matches(s.address, exclude)}
    while more := {s.id for s in plan.steps if s.needs & out} - out:
        out |= more
    asked = {s.id for s in plan.steps if not target or matches(s.address, target)} - out

    found = select(plan.steps, None, Globs(target, exclude), B2C, there.tenant)

    kept = [step.id for step in found.steps]
    whole = reached(asked, plan)
    for step in plan.steps:  # and the rest of these addresses, where it needs nothing more
        if StepId(step.address) in whole and step.needs <= whole and step.id not in out:
            whole.add(step.id)
    assert set(kept) == whole
    assert kept == [step.id for step in plan.steps if step.id in kept]
    assert not out & set(kept)
    assert {s.id for s in (*found.steps, *found.left)} == {s.id for s in plan.steps}


@given(desired_tenants(), desired_tenants(), globs, globs)
@settings(max_examples=20, derandomize=True, phases=[Phase.generate])
def test_nothing_that_a_selection_deletes_or_makes_way_for_is_left_half_done(
    wanted, there, target, exclude
):
    known = Known({r.address: Entry(id=str(r.address)) for r in there.tenant})
    plan = planned(wanted, there.tenant, known)

    found = select(plan.steps, None, Globs(target, exclude), B2C, there.tenant)

    kept = {step.id for step in found.steps}
    for step in plan.steps:
        if step.id.part == "early" and step.id in kept:
            assert StepId(step.address) in kept
        if step.id in kept:
            assert step.needs <= kept
    gone = {s.address for s in found.steps if isinstance(s.change, Delete)}
    made = {s.address for s in found.steps if isinstance(s.change, Create)}
    again = {s.address for s in plan.steps if isinstance(s.change, Create)}
    assert gone & again <= made


def test_an_object_that_steps_aside_for_a_target_is_not_left_there():
    """Two priorities change hands: one of them goes by way of a third."""
    before, after = ({"a": 1, "b": 2}, {"a": 2, "b": 1})
    live, wanted = (
        [
            Resource(Address("network_acls", name), {"description": name, "priority": number})
            for name, number in numbers.items()
        ]
        for numbers in (before, after)
    )
    plan = planned(declare(*wanted), Tenant.of(live))
    (aside,) = [step.address for step in plan.steps if step.id.part == "early"]
    (other,) = {step.address for step in plan.steps} - {aside}

    found = select(plan.steps, None, Globs((str(other),)), B2C, Tenant.of(live))

    assert ids(found.steps) == ids(plan.steps)
