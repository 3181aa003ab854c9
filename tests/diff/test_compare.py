"""Two states of tenants beside each other: the laws, and an oracle that is not the differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from deepdiff import DeepDiff
from hypothesis import HealthCheck, Phase, given, settings

from laws.drawn import desired, worlds
from tenantctl.engine.compare import Terms, compare, mirrored
from tenantctl.kinds import KINDS, Lens, canonical
from tenantctl.model import Address, Tenant, Update, to_json

few = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
EITHER = [Terms(), Terms(live="both")]


def tenant(world: Mapping[str, dict[str, Any]]) -> Tenant:
    return desired(world).tenant


@pytest.mark.thorough
@given(worlds())
@few
def test_a_tenant_does_not_differ_from_itself(world):
    for live in ("", "a", "b", "both"):
        assert compare(tenant(world), tenant(world), Terms(live=live)) == ()


@given(worlds(), worlds())
@few
def test_the_other_way_round_it_is_the_same_with_before_and_after_changed(one, other):
    a, b = tenant(one), tenant(other)
    for terms in EITHER:
        assert compare(b, a, terms) == tuple(map(mirrored, compare(a, b, terms)))
    from_files, from_live = Terms(live="b"), Terms(live="a")
    assert compare(a, b, from_files) == tuple(map(mirrored, compare(b, a, from_live)))


def forms(tenant: Tenant, address: Address) -> Any:
    """A resource in canonical form, as deepdiff can compare it, without what says nothing."""
    found = tenant.resources[address].fields
    kind = KINDS[address.kind]
    return to_json({k: canonical(Lens(kind, found), v, (k,)) for k, v in found.items()})


def touched(diff: DeepDiff) -> set[str]:
    """The top-level fields that deepdiff finds different."""
    levels = [level for group in diff.values() for level in group]
    return {str(level.path(output_format="list")[0]) for level in levels}


def found(changes: tuple[Any, ...]) -> Iterator[tuple[Address, str, set[str]]]:
    for change in changes:
        edits = change.edits if isinstance(change, Update) else ()
        yield change.address, change.verb, {edit.path[0] for edit in edits}


@given(worlds(), worlds())
@few
def test_deepdiff_on_canonical_forms_finds_the_same_addresses_and_fields(one, other):
    a, b = tenant(one), tenant(other)
    expected = {(x, "create", frozenset[str]()) for x in b.resources.keys() - a.resources.keys()}
    expected |= {(x, "delete", frozenset[str]()) for x in a.resources.keys() - b.resources.keys()}
    for address in a.resources.keys() & b.resources.keys():
        pair = forms(a, address), forms(b, address)
        if diff := DeepDiff(*pair, threshold_to_diff_deeper=0, view="tree"):
            expected.add((address, "update", frozenset(touched(diff))))
    seen = {(address, verb, frozenset(names)) for address, verb, names in found(compare(a, b))}
    assert seen == expected
