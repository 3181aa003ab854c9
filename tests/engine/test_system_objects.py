"""What every tenant has is nobody's to delete, whoever declared it once."""

from __future__ import annotations

import pytest

from support.worlds import declare, planned
from tenantctl.engine import Known
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Entry, Resource, Tenant

SYSTEM = [Address(name, key) for name, kind in KINDS.items() for key in kind.system]


def test_there_are_such_objects():
    assert len({address.kind for address in SYSTEM}) >= 2


@pytest.mark.parametrize("address", SYSTEM, ids=str)
def test_a_system_object_that_nobody_declares_any_more_is_let_go(address):
    live = Tenant.of([Resource(address, {"name": "as it is"})])
    entries = {address: Entry(id="1", paths=(("name",),))}
    plan = planned(declare(), live, Known(entries))
    assert plan.steps == ()
    assert [released.address for released in plan.released] == [address]


BORN = [
    (Address(name, "ours"), dict(zip(kind.key, key, strict=True)))
    for name, kind in KINDS.items()
    for key in kind.born
]


@pytest.mark.parametrize(("address", "fields"), BORN, ids=str)
def test_what_a_tenant_is_born_with_is_let_go_under_whatever_key_it_was_declared(address, fields):
    live = Tenant.of([Resource(address, {**fields, "strategy": "as it is"})])
    plan = planned(declare(), live, Known({address: Entry(id="1", paths=(("strategy",),))}))
    assert plan.steps == ()
    assert [released.address for released in plan.released] == [address]


def test_a_connection_that_was_made_later_is_deleted():
    address = Address("connections", "ours")
    live = Tenant.of([Resource(address, {"name": "ours", "strategy": "auth0"})])
    plan = planned(declare(), live, Known({address: Entry(id="1", paths=(("strategy",),))}))
    assert [step.change.verb for step in plan.steps] == ["delete"]
