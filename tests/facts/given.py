"""Small facts for tests: resources written as people write them, and what is known of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from support.worlds import declare, resource
from tenantctl.engine.checks import Item, State
from tenantctl.engine.facts import Facts, Project, Records
from tenantctl.engine.state import state_of
from tenantctl.model import Desired, Environment, Origin, Receipt, Tenant, Value

NOW = dt.date(2026, 9, 1)
HERE = Environment("t", "dev", "development", "t-dev.eu.auth0.com", subscription="enterprise")
AT = Origin("environments/t/dev.yaml", 1, 1)


def desired(resources: dict[str, dict[str, Value]], **other: Any) -> Desired:
    """What the files ask for: authored fields by address."""
    return declare(*(resource(a, fields) for a, fields in resources.items()), **other)


def live(resources: dict[str, dict[str, Value]]) -> Tenant:
    """A tenant as it was read."""
    return Tenant.of(resource(a, fields) for a, fields in resources.items())


def facts(
    wanted: dict[str, dict[str, Value]] | Desired,
    there: dict[str, dict[str, Value]] | None = None,
    **other: Any,
) -> Facts:
    """Facts of which every part is known, unless *other* says otherwise."""
    asked = wanted if isinstance(wanted, Desired) else desired(wanted, digest="d1")
    known: dict[str, Any] = {
        "own": frozenset(),
        "project": Project(environments=(), fleet=(), secrets=(), parity=()),
        "records": Records(tests=(), former=(), backups_known=True),
        "attestations": (),
        "missing_phases": (),
    }
    found = None if there is None else live(there)
    base = Facts(NOW, HERE, frozenset(), desired=asked, live=found)
    return replace(base, **{**known, **other})


def state(
    wanted: dict[str, dict[str, Value]] | Desired,
    there: dict[str, dict[str, Value]] | None = None,
    **other: Any,
) -> State:
    return state_of(facts(wanted, there, **other))


def item(found: State, scope: str, name: str = "") -> Item:
    """The item of that name, or the only one."""
    items = [each for each in found.scopes[scope] if name in {"", each.name}]
    assert len(items) == 1, (scope, name, [each.name for each in found.scopes.get(scope, ())])
    return items[0]


def receipt(**other: Any) -> Receipt:
    """A receipt of a converged apply of all that there is."""
    said: dict[str, Any] = {
        "kind": "apply",
        "tenant": "t",
        "environment": "dev",
        "domain": HERE.domain,
        "digest": "d1",
        "phases": (1,),
        "status": "converged",
        "full": True,
        "entries": {},
        "outcomes": {},
        "version": "test",
        "when": "2026-08-30T10:00:00Z",
    }
    return Receipt(**{**said, **other})
