"""Small desired and live tenants for tests of the core, written by hand or drawn by hypothesis."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from tenantctl.engine import Known, Wish, make_plan
from tenantctl.kinds import KINDS, unfold
from tenantctl.model import (
    Address,
    Declaration,
    Desired,
    Environment,
    Identity,
    Origin,
    Plan,
    Policy,
    Ref,
    Resource,
    Tenant,
    Value,
)
from tenantctl.playbooks import playbook

HOME = Origin("tenants/t/phase1/x.yaml", 1, 1, "application_integration")
B2C = playbook("b2c")
TOPICS = {
    "clients": "application_integration",
    "connections": "username_password",
    "connection_clients": "username_password",
    "resource_servers": "tenant_provision",
    "actions": "id_token_claims",
    "trigger_bindings": "id_token_claims",
    "tenant": "tenant_association",
}


def resource(address: str, authored: dict[str, Value]) -> Resource:
    """A resource from its address and authored form."""
    where = Address.parse(address)
    return Resource(where, unfold(KINDS[where.kind], authored))


def declare(*resources: Resource, modes: dict[str, str] | None = None, **other: Any) -> Desired:
    """A desired tenant of *resources*, each known by its natural key."""
    declarations = {
        r.address: Declaration(
            identity=Identity(tuple(r.fields.get(name) for name in KINDS[r.address.kind].key)),
            topics=(TOPICS.get(r.address.kind, "logout"),),
            home=HOME,
            mode=(modes or {}).get(str(r.address), "managed"),
        )
        for r in resources
    }
    return Desired(Tenant.of(resources), declarations, {}, **other)


def environment(kind: str = "development", **policy: Any) -> Environment:
    return Environment("t", "dev", kind, "t.sandbox.invalid", policy=Policy(**policy))


def planned(
    desired: Desired,
    live: Tenant,
    known: Known | None = None,
    env: Environment | None = None,
    **wish: Any,
) -> Plan:
    return make_plan(
        desired,
        live,
        known or Known(),
        environment=env or environment(delete="managed", max_deletes=1000),
        playbook=B2C,
        wish=Wish(today=dt.date(2026, 1, 1), version="test", **wish),
    )


names = st.sampled_from("abcdef")
words = st.lists(st.sampled_from(["x", "y", "z", "NO", "é|`"]), unique=True, max_size=3)


@st.composite
def desired_tenants(draw: st.DrawFn) -> Desired:
    """Tenants over kinds of every shape: singleton, collection, composite key, association."""
    found = [resource("tenant", {"friendly_name": draw(names)})]
    clients = draw(st.lists(names, unique=True, max_size=4))
    apis = draw(st.lists(names, unique=True, max_size=3))
    for key in clients:
        fields = {"name": key, "callbacks": draw(words), "client_metadata": draw(_metadata)}
        found.append(resource(f"clients.{key}", fields))
    for key in apis:
        scopes = dict.fromkeys(draw(words), "what it is for")
        found.append(resource(f"resource_servers.{key}", {"identifier": key, "scopes": scopes}))
    if clients and apis:
        pairs = st.tuples(st.sampled_from(clients), st.sampled_from(apis))
        for client, api in draw(st.lists(pairs, unique=True, max_size=4)):
            grant = {
                "client_id": client,
                "audience": api,
                "subject_type": "client",
                "scope": draw(words),
            }
            found.append(resource(f"client_grants.{client}/{api}/client", grant))
    for key in draw(st.lists(names, unique=True, max_size=2)):
        found.append(resource(f"connections.{key}", {"name": key, "strategy": "auth0"}))
        members = draw(st.lists(st.sampled_from(clients), unique=True)) if clients else []
        found.append(resource(f"connection_clients.{key}", {"clients": members}))
    actions = draw(st.lists(names, unique=True, max_size=3))
    for key in actions:
        found.append(resource(f"actions.{key}", {"name": key, "code": draw(names)}))
    if actions:
        bound = {key_0: {} for key_0 in draw(st.permutations(actions))}
        found.append(resource("trigger_bindings.post-login", bound))
    return declare(*found)


_metadata = st.dictionaries(st.sampled_from(["a.b", "$ref", "c"]), names, max_size=2)


def live_of(desired: Desired) -> Tenant:
    """The tenant that holds exactly what is desired."""
    return desired.tenant


def targets(value: Value) -> set[Address]:
    """Every address inside *value*, found by brute force."""
    if isinstance(value, Ref):
        return {value.address}
    if isinstance(value, dict):
        return set().union(*map(targets, value.values()))
    if isinstance(value, list | tuple):
        return set().union(*map(targets, value))
    return set()
