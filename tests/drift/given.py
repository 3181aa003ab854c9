"""Small tenants for tests of drift: as they were applied, as they are, as the files want them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from support.worlds import declare, resource
from tenantctl.engine import Known
from tenantctl.engine.drift import Difference, drift_of
from tenantctl.engine.plan import entry_of
from tenantctl.model import (
    Address,
    Desired,
    Entry,
    Resource,
    Sealed,
    Secret,
    Tenant,
    Value,
)


def applied(base: Desired, known: Known | None = None) -> Mapping[Address, Entry]:
    """The entries of a receipt of *base*, which was applied."""
    found = {r.address: entry_of(r, base, known or Known()) for r in base.tenant}
    return {address: replace(entry, id=f"id-{address}") for address, entry in found.items()}


def seen_of(base: Desired) -> Tenant:
    """What is read of a tenant to which *base* was applied: secrets are not shown."""
    return Tenant.of(Resource(r.address, sealed(r.fields)) for r in base.tenant)


def sealed(value: Value) -> Value:
    """*value* as it is read."""
    if isinstance(value, dict):
        return {key: sealed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [sealed(item) for item in value]
    return Sealed(None) if isinstance(value, Secret) else value


World = Mapping[str, dict[str, Any]]


def made(world: World, modes: dict[str, str] | None = None) -> Desired:
    """A desired tenant of what *world* has, in the form in which people write it."""
    return declare(*(resource(address, fields) for address, fields in world.items()), modes=modes)


def three(
    was: World,
    live: World,
    want: World,
    modes: dict[str, str] | None = None,
    **known: Any,
) -> tuple[Difference, ...]:
    """What there is to find where *was* was applied, *live* is there, and *want* is asked for."""
    base = made(was, modes)
    entries = {**applied(base), **known.pop("entries", {})}
    return drift_of(made(want, modes), seen_of(made(live)), Known(entries, **known))
