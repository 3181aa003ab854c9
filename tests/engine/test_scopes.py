"""The scopes that a job needs: all of them, and none beside."""

from __future__ import annotations

import pytest

from support.worlds import declare, planned, resource
from tenantctl.engine import Known
from tenantctl.engine.scopes import to_carry_out, to_manage, to_read
from tenantctl.kinds import KINDS, element_key
from tenantctl.model import Address, Entry, Resource, Sealed, Tenant


def steps(desired, live=(), entries=()):
    known = Known({Address.parse(a): e for a, e in dict(entries).items()})
    return planned(declare(*desired), Tenant.of(live), known).steps


def test_reading_an_association_reads_its_parent():
    assert to_read(["role_permissions"]) == {"read:roles"}
    assert to_read(["connection_clients", "tenant"]) == {"read:connections", "read:tenant_settings"}


def test_a_create_asks_for_no_update():
    found = to_carry_out(steps([resource("roles.r", {"name": "r"})]))
    assert found == {"read:roles", "create:roles"}


def test_what_is_only_ever_updated_asks_for_no_create():
    found = to_carry_out(steps([resource("tenant", {"friendly_name": "x"})]))
    assert found == {"read:tenant_settings", "update:tenant_settings"}


def test_a_deployed_action_asks_for_what_its_deployment_asks_for():
    live = [Resource(Address("actions", "a"), {"name": "a", "code": "old", "deployed": True})]
    found = to_carry_out(steps([resource("actions.a", {"name": "a", "code": "new"})], live))
    assert found == {"read:actions", "update:actions", "create:actions"}


def test_a_module_that_is_made_asks_for_what_its_publication_asks_for():
    found = to_carry_out(steps([resource("action_modules.m", {"name": "m", "code": "new"})], []))
    assert found == {"read:actions", "create:actions", "update:actions"}


def test_an_entry_that_goes_asks_for_the_request_that_takes_it_away():
    hook = {"name": "h", "triggerId": "credentials-exchange", "script": "x"}
    live = [
        Resource(Address("hooks", "h"), hook),
        Resource(Address("hook_secrets", "h"), {"ONE": Sealed(None), "TWO": Sealed(None)}),
    ]
    want = [resource("hooks.h", hook), resource("hook_secrets.h", {"ONE": None, "TWO": None})]
    assert "delete:hooks" in to_carry_out(steps(want, live))
    assert "delete:hooks" in to_manage(["hook_secrets"], delete=False)


def test_members_that_go_ask_for_the_request_that_takes_them_away():
    want = resource("role_permissions.r", {"permissions": {"api": ["a"]}})
    have = resource("role_permissions.r", {"permissions": {"api": ["a", "b"]}})
    ours = Entry(elements=tuple(map(element_key, have.fields["permissions"])))
    found = steps([want], [have], {"role_permissions.r": ours})
    assert [step.change.verb for step in found] == ["update"]
    assert to_carry_out(found) == {"read:roles", "update:roles"}


def test_deletes_are_asked_for_where_they_may_happen_only():
    assert "delete:clients" not in to_manage(["clients"], delete=False)
    assert "delete:clients" in to_manage(["clients"], delete=True)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_says_which_scopes_its_requests_ask_for(name):
    """A verb without a scope would be refused by Auth0 in the middle of an apply."""
    kind = KINDS[name]
    assert to_read([name])
    for verb in ("create", "update", "delete"):
        if getattr(kind.wire, verb):
            assert kind.wire.scopes.get(verb), verb
