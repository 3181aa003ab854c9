"""The laws: each takes tenants that hypothesis has drawn, and fails where one does not hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from random import Random
from typing import Any

from hypothesis import strategies as st

from laws.drawn import World, desired, worlds
from laws.oracle import amiss
from laws.scratch import Scratch, scratch, unhappy
from tenantctl.sandbox import Fault, Hostility

MANAGED = "/[!o]*"
"""Every path of the Management API, and not that of the tokens."""

CREATED = {
    "/clients": ("clients", "clients", "name"),
    "/resource-servers": ("resource_servers", "resource_servers", "identifier"),
    "/connections": ("connections", "connections", "name"),
    "/roles": ("roles", "roles", "name"),
    "/actions/actions": ("actions", "actions", "name"),
    "/log-streams": ("log_streams", "log_streams", "name"),
    "/network-acls": ("network_acls", "network_acls", "description"),
    "/custom-domains": ("custom_domains", "custom_domains", "domain"),
    "/email-templates": ("email_templates", "email_templates", "template"),
}
"""Path of a POST: the kind it creates, the sandbox's table, the field that tells which one."""

GRANTS = "/client-grants"
ALONE = {"/emails/provider": "email_provider", "/branding/themes": "branding_theme"}
SEQUENCE: tuple[str, ...] = tuple(
    json.loads(resources.files("tenantctl.playbooks").joinpath("b2c.json").read_text("utf-8"))[
        "phases"
    ][0]["sequence"]
)


@dataclass(frozen=True)
class Law:
    """What is claimed, of what is drawn, and the function that fails where it is not so."""

    claim: str
    drawn: st.SearchStrategy[Any]
    check: Callable[[Any], None]


def converges(drawn: tuple[World, World, int]) -> None:
    """Applying leads from any tenant to any other; what is not ours stays as it was."""
    first, second, seed = drawn
    with scratch() as tenant:
        tenant.sandbox.hostility = Hostility(seed)
        tenant.converge(first)
        assert amiss(first, tenant.sandbox) == []
        foreign = _foreign(tenant)
        tenant.sandbox.faults = mishaps(seed)
        tenant.converge(second)
        tenant.sandbox.faults = []
        assert amiss(second, tenant.sandbox, {"clients": 1, "roles": 1}) == []
        assert _foreign_still(tenant) == foreign
        tenant.sandbox.clear_log()
        assert tenant.plan(second).steps == ()
        assert tenant.writes() == []


def mishaps(seed: int) -> list[Fault]:
    """Refusals, failures and broken connections, none so often that a client must give up."""
    dice = Random(seed)

    def now_and_then() -> tuple[int, ...]:
        place, found = dice.randint(1, 40), []
        while place < 600:
            found.append(place)
            place += dice.randint(30, 90)
        return tuple(found)

    return [
        Fault("status", path=MANAGED, nth=now_and_then(), status=429),
        Fault("status", method="GET", path=MANAGED, nth=now_and_then(), status=503),
        Fault("status", method="PATCH", path=MANAGED, nth=now_and_then(), status=500),
        Fault("before", path=MANAGED, nth=now_and_then()),
        Fault("after", method="GET", path=MANAGED, nth=now_and_then()),
        Fault("after", method="DELETE", path=MANAGED, nth=now_and_then()),
    ]


def _foreign(tenant: Scratch) -> list[Any]:
    """Objects that somebody makes in the dashboard, of names that nobody else has."""
    tenant.sandbox.put("clients", "f" * 32, {"name": "Not ours", "callbacks": ["https://f/"]})
    tenant.sandbox.put("roles", "rol_foreign", {"name": "Not ours", "description": "theirs"})
    return _foreign_still(tenant)


def _foreign_still(tenant: Scratch) -> list[Any]:
    documents = tenant.sandbox.documents
    return [documents("clients").get("f" * 32), documents("roles").get("rol_foreign")]


def writes_once(drawn: tuple[World, World, int]) -> None:
    """A plan that is carried out twice writes once."""
    first, second, seed = readable(drawn[0]), readable(drawn[1]), drawn[2]
    with scratch() as tenant:
        tenant.sandbox.hostility = Hostility(seed)
        tenant.converge(first)
        plan = tenant.plan(second)
        assert tenant.apply(plan).receipt.status == "converged"
        tenant.sandbox.clear_log()
        again = tenant.apply(plan)
        assert tenant.writes() == []
        assert {outcome.status for outcome in again.receipt.outcomes.values()} <= {"unchanged"}
        assert amiss(second, tenant.sandbox) == []


def readable(world: World) -> World:
    """*world* without the secrets that Auth0 never shows: those may have to be written again."""
    plain = {
        "actions": lambda fields: {**fields, "secrets": {}},
        "connections": lambda fields: {
            **fields,
            "options": {**fields["options"], "configuration": {}},
        },
    }
    return {
        address: plain.get(_kind(address), dict)(fields)
        for address, fields in world.items()
        if address != "email_provider"
    }


def loses_answers(drawn: tuple[World, World, int]) -> None:
    """Answers of creates get lost; nothing is there twice, and the next apply finds its way."""
    world, second, seed = drawn
    with scratch() as tenant:
        tenant.sandbox.hostility = Hostility(seed)
        for wanted in (world, second):
            dice = Random(seed)
            lost = tuple(n for n in range(1, 200) if dice.random() < 0.3)
            tenant.sandbox.faults = [Fault("after", "POST", MANAGED, nth=lost)]
            tenant.apply(tenant.plan(wanted))
            tenant.sandbox.faults = []
            tenant.converge(wanted)
            assert amiss(wanted, tenant.sandbox) == []
            assert tenant.plan(wanted).steps == ()


def starts_in_sequence(drawn: tuple[World, Mapping[str, str]]) -> None:
    """Creates start in the order of the playbook wherever nothing they need is still to come.

    The sandbox refuses absent references, so that what is needed comes first is seen by success.
    """
    world, topics = drawn
    with scratch() as tenant:
        plan = tenant.plan(desired(world, topics))
        tenant.sandbox.clear_log()
        result = tenant.apply(plan, width=1)
        assert result.receipt.status == "converged", unhappy(result)
        started = creates(tenant, world)
    assert set(started) == {a for a in world if _kind(a) in _CREATABLE}
    place = {address: n for n, address in enumerate(started)}
    for later in started:
        waits = max((place[need] for need in needs(later, world)), default=-1)
        for earlier in started[: place[later]]:
            in_order = index(earlier, topics) <= index(later, topics)
            assert in_order or waits >= place[earlier], (earlier, later, started)


_CREATABLE = {"client_grants", *(kind for kind, _, _ in CREATED.values()), *ALONE.values()}


def creates(tenant: Scratch, world: World) -> list[str]:
    """The addresses that the requests in the log have created, in their order.

    The log keeps no values: the n-th create of a kind is the n-th oldest document that is ours.
    """
    queues = {path: iter(_ours(tenant, world, *what)) for path, what in CREATED.items()}
    queues[GRANTS] = iter(_granted(tenant, world))
    found = []
    for request in tenant.sandbox.log:
        if request.method == "POST" and request.path in queues:
            found.append(next(queues[request.path]))
        elif request.method == "POST" and request.path in ALONE:
            found.append(ALONE[request.path])
    return found


def _ours(tenant: Scratch, world: World, kind: str, table: str, field: str) -> list[str]:
    names = {fields[field]: address for address, fields in world.items() if _kind(address) == kind}
    documents = tenant.sandbox.documents(table).values()
    return [names[d[field]] for d in documents if d.get(field) in names]


def _granted(tenant: Scratch, world: World) -> list[str]:
    clients = {id: document["name"] for id, document in tenant.sandbox.documents("clients").items()}
    names = {
        (
            world[f"clients.{fields['client_id']}"]["name"],
            world[f"resource_servers.{fields['audience']}"]["identifier"],
        ): address
        for address, fields in world.items()
        if _kind(address) == "client_grants"
    }
    grants = tenant.sandbox.documents("client_grants").values()
    pairs = [(clients[grant["client_id"]], grant["audience"]) for grant in grants]
    return [names[pair] for pair in pairs if pair in names]


def needs(address: str, world: World) -> set[str]:
    """What must have been created before, as Auth0 has it."""
    fields = world[address]
    if _kind(address) == "client_grants":
        return {f"clients.{fields['client_id']}", f"resource_servers.{fields['audience']}"}
    return {"email_provider"} & world.keys() if _kind(address) == "email_templates" else set()


def index(address: str, topics: Mapping[str, str]) -> int:
    return SEQUENCE.index(topics[address])


def _kind(address: str) -> str:
    return address.partition(".")[0]


@st.composite
def placed(draw: st.DrawFn) -> tuple[World, Mapping[str, str]]:
    """A tenant whose resources are fed by topics from all over the playbook."""
    world = draw(worlds())
    return world, {address: draw(st.sampled_from(SEQUENCE)) for address in world}


seeds = st.integers(0, 10_000)
TWO = st.tuples(worlds(), worlds(), seeds)
LAWS = (
    Law("applying converges from any tenant to any other", TWO, converges),
    Law("a plan carried out twice writes once", TWO, writes_once),
    Law("lost answers of creates make no duplicates", TWO, loses_answers),
    Law("creates start in the order of the playbook", placed(), starts_in_sequence),
)
