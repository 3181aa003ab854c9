"""What was written has to show, or the run has not converged."""

from __future__ import annotations

import pytest

from support.worlds import declare, planned, resource
from tenantctl.engine import Known, unsettled
from tenantctl.model import Address, Entry, Resource, Sealed, Secret, Tenant

CLIENT = resource("clients.a", {"name": "a", "description": "new"})
OLD = resource("clients.a", {"name": "a", "description": "old"})


def steps(*desired, live=()):
    known = Known({r.address: Entry(id="1") for r in live})
    return planned(declare(*desired), Tenant.of(live), known).steps


@pytest.mark.parametrize(
    ("live", "lacking"),
    [
        ([CLIENT], []),
        ([OLD], [("description",)]),
        ([], [()]),
        ([Resource(CLIENT.address, {**CLIENT.fields, "app_type": "spa"})], []),
    ],
)
def test_a_create_and_an_update_are_seen_or_named(live, lacking):
    for made in (steps(CLIENT), steps(CLIENT, live=[OLD])):
        found = [path for _, path in unsettled(made, Tenant.of(live))]
        assert found == lacking


def test_a_delete_that_left_something_is_named():
    role = resource("roles.r", {"name": "r"})
    made = steps(resource("roles.s", {"name": "s"}), live=[role])
    done = Tenant.of([resource("roles.s", {"name": "s"})])
    assert unsettled(made, done) == ()
    left = unsettled(made, Tenant.of([role, *done]))
    assert [(str(id), path) for id, path in left] == [("roles.r", ())]


def test_a_secret_that_cannot_be_read_back_counts_as_written():
    action = Resource(Address("actions", "a"), {"secrets": [{"name": "K", "value": Secret("S")}]})
    shown = Resource(action.address, {"secrets": [{"name": "K", "value": Sealed(None)}]})
    gone = Resource(action.address, {"secrets": []})
    made = steps(action)
    assert unsettled(made, Tenant.of([shown])) == ()
    assert [path for _, path in unsettled(made, Tenant.of([gone]))] == [("secrets",)]
