"""Laws of drift on drawn tenants: whoever changes nothing is never told, whoever does always is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from drift.given import applied, seen_of
from laws.drawn import World, desired, worlds
from laws.scratch import VAULT, Scratch, scratch
from tenantctl.engine import Known
from tenantctl.engine.drift import AGREED, CONFLICT, DRIFT, PENDING, Difference, drift_of
from tenantctl.files import Loaded
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Path, Resource, Tenant, fields_of
from tenantctl.workflows.drift import look_for_drift

some = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
few = settings(some, max_examples=3, phases=[Phase.generate])


@pytest.mark.thorough
@given(worlds(), worlds())
@some
def test_without_a_change_in_the_tenant_nothing_is_drift_whatever_the_files_say(first, then):
    base = desired(first)
    found = drift_of(desired(then), seen_of(base), Known(applied(base)))
    assert {each.what for each in found} <= {PENDING}
    assert drift_of(base, seen_of(base), Known(applied(base))) == ()


@given(worlds(), worlds(), st.data())
@some
def test_a_change_in_the_tenant_is_always_told_and_as_what_it_is(first, then, data):
    base, wanted = desired(first), desired(then)
    address, path, value = data.draw(a_change(base))
    live = seen_of(base)
    there = live.resources[address]
    moved = Resource(address, _with(there.fields, path, value))
    live = replace(live, resources={**live.resources, address: moved})
    found = drift_of(wanted, live, Known(applied(base)))
    mine = [each for each in found if each.address == address and each.path == path]
    if address in base.tenant.resources and address not in wanted.tenant.resources:
        assert [each.what for each in mine] == [CONFLICT]
        return
    assert [each.what for each in mine] == [_meant(base, wanted, address, path, value)]
    others = [each for each in found if each.address != address]
    assert {each.what for each in others} <= {PENDING}


def _meant(base: Any, wanted: Any, address: Address, path: Path, value: Any) -> str:
    """What a changed scalar is, worked out by hand."""
    was, now = (_at(each.tenant.resources[address].fields, path) for each in (base, wanted))
    if now in (value, ...):
        return AGREED
    return DRIFT if now == was else CONFLICT


def _at(fields: Any, path: Path) -> Any:
    for name in path:
        if not isinstance(fields, dict) or name not in fields:
            return ...
        fields = fields[name]
    return fields


def _with(fields: Any, path: Path, value: Any) -> Any:
    inner = _with(fields[path[0]], path[1:], value) if len(path) > 1 else value
    return {**fields, path[0]: inner}


@st.composite
def a_change(draw: st.DrawFn, base: Any) -> tuple[Address, Path, Any]:
    """A scalar of a tenant, and another value for it that the files may ask for, too."""
    places = [
        (resource.address, path, value)
        for resource in base.tenant
        if not KINDS[resource.address.kind].members
        for path, value in fields_of(resource.fields)
        if isinstance(value, str | int) and len(path) == 1
    ]
    assume(places)
    address, path, value = draw(st.sampled_from(places))
    other: Any = not value if isinstance(value, bool) else f"{value}!"
    if isinstance(value, int) and not isinstance(value, bool):
        other = value + 1
    return address, path, other


def _look(tenant: Scratch, world: World) -> tuple[Difference, ...]:
    loaded = Loaded(tenant.environment, desired(world), None)  # type: ignore[arg-type] - unread
    looked = tenant._job(lambda gateway: look_for_drift(loaded, gateway, tenant.receipt(), VAULT))
    assert not looked.traced.writes
    return looked.found


@pytest.mark.thorough
@given(worlds(), worlds())
@few
def test_a_tenant_that_was_applied_has_not_drifted_for_whoever_reads_it(first, then):
    with scratch() as tenant:
        tenant.converge(first)
        assert _look(tenant, first) == ()
        assert {each.what for each in _look(tenant, then)} <= {PENDING}


@pytest.mark.thorough
@given(worlds())
@few
def test_what_was_deleted_in_the_tenant_is_told(first):
    with scratch() as tenant:
        tenant.converge(first)
        clients = [a for a in first if a.startswith("clients.")]
        assume(clients)
        entry = tenant.receipt().entries[Address.parse(clients[0])]
        tenant.sandbox.drop("clients", entry.id)
        found = {each.address: each for each in _look(tenant, first) if not each.path}
        gone = found[Address.parse(clients[0])]
        assert (gone.what, gone.how) == (DRIFT, "deleted")


def test_a_tenant_that_nobody_applied_anything_to_has_nothing_to_drift_from():
    with scratch() as tenant:
        assert _look(tenant, {"tenant": {"friendly_name": "x"}}) == ()
    assert drift_of(desired({}), Tenant({}), Known()) == ()
