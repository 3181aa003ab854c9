"""A copy of a tenant answers every read as the tenant did."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from gateway.samples import EVERY
from gateway.test_every_kind import put_in_place
from gateway.world import DOMAIN, World
from laws.drawn import worlds
from laws.scratch import scratch
from rehearsal.copies import copied, surveyed, unlike
from tenantctl.cli.copying import VISITOR
from tenantctl.sandbox import Hostility, Sandbox, SandboxError

few = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.thorough
@given(worlds())
@few
def test_a_copy_of_a_drawn_tenant_answers_as_it_did(world):
    with scratch() as tenant:
        tenant.converge(world)
        assert unlike(tenant.sandbox) == []


@pytest.mark.thorough
def test_copies_of_tenants_with_every_kind_of_thing_answer_as_they_did():
    held = dict.fromkeys(range(3), 0)
    left = list(EVERY)
    for number in held:
        world, refused = World(Sandbox(DOMAIN)), []
        for sample in left:
            try:
                put_in_place(world, sample)
            except AssertionError:
                refused.append(sample)  # something else is in its way: it has a tenant of its own
        held[number], left = len(left) - len(refused), refused
        assert unlike(world.sandbox) == []
    assert left == []
    assert sum(held.values()) == len(EVERY)


@pytest.mark.thorough
def test_the_pages_of_a_list_are_one_list_again():
    world = World(Sandbox(DOMAIN, hostility=Hostility(seed=5, page_cap=2)))
    made = {f"c{n}": {"name": f"c{n}", "app_type": "spa"} for n in range(7)}
    world.sandbox.seed(
        {"clients": made, "organizations": {f"org_{n}": {"name": f"o{n}"} for n in range(5)}}
    )
    reads = surveyed(world.sandbox)
    assert sum(read["path"] == "/clients" for read in reads) > 1
    copy = copied(world.sandbox, reads)
    assert copy.documents("clients").keys() == world.sandbox.documents("clients").keys()
    assert copy.documents("organizations").keys() == world.sandbox.documents("organizations").keys()


def test_a_copy_holds_nothing_that_nobody_has_read():
    world = World(Sandbox(DOMAIN))
    reads = [read for read in surveyed(world.sandbox) if read["path"] != "/connections"]
    copy = copied(world.sandbox, reads)
    assert copy.documents("clients").keys() == world.sandbox.documents("clients").keys()
    assert copy.documents("connections") == {}


@pytest.mark.thorough
def test_what_the_subscription_does_not_have_is_missing_in_the_copy_too():
    world = World(Sandbox(DOMAIN))
    world.sandbox.features -= {"page_templates", "tenant_acl"}
    copy = copied(world.sandbox, surveyed(world.sandbox))
    assert {"page_templates", "tenant_acl"}.isdisjoint(copy.features)
    assert "organizations" in copy.features


@pytest.mark.thorough
def test_a_custom_domain_that_was_not_verified_stays_so():
    world = World(Sandbox(DOMAIN))
    domain = {"domain": "login.x.example", "status": "pending_verification"}
    world.sandbox.seed({"custom_domains": {"cd_1234567890123456": domain}})
    copy = copied(world.sandbox, surveyed(world.sandbox))
    assert verified(world.sandbox) == "ready"
    assert verified(copy) == "pending_verification"


def verified(sandbox: Sandbox) -> str:
    """The status of the domain after somebody has asked for its verification."""
    return exchanged(sandbox, "POST", "custom-domains/cd_1234567890123456/verify")["status"]


def exchanged(
    sandbox: Sandbox, method: str, path: str, body: Any = None, admitted: str = ""
) -> Any:
    """The answer to one request."""

    async def main() -> Any:
        headers = {"authorization": f"Bearer {sandbox.token()}"}
        async with httpx.AsyncClient(
            transport=sandbox.transport(admitted), headers=headers
        ) as client:
            found = await client.request(method, f"https://{DOMAIN}/api/v2/{path}", json=body)
            return found.json()

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("reads", "message"),
    [
        (["/clients"], "what a copy is made of"),
        ([{"path": "/clients"}], "what a copy is made of"),
        ([{"path": "/clients", "query": {}, "status": 200, "body": {"clients": 3}}], "cannot have"),
    ],
)
def test_what_is_no_read_is_refused_and_changes_nothing(reads, message):
    sandbox = Sandbox(DOMAIN)
    before = sandbox.snapshot()
    with pytest.raises(SandboxError, match=message):
        sandbox.copy(reads)
    assert sandbox.snapshot() == before


def test_a_copy_shows_no_more_of_an_object_than_the_tenant_did_until_somebody_writes_it():
    told = {"id": "con_1234567890123456", "name": "users", "strategy": "auth0", "options": {}}
    body = {"connections": [told]}
    copy = Sandbox(DOMAIN)
    copy.copy([{"path": "/connections", "query": {"take": 100}, "status": 200, "body": body}])
    path = f"connections/{told['id']}"
    assert exchanged(copy, "GET", path) == told
    changed = exchanged(copy, "PATCH", path, {"is_domain_connection": True})
    assert changed == {**told, "is_domain_connection": True}
    assert exchanged(copy, "GET", path) == changed


def test_what_a_copy_cannot_answer_is_said_and_changes_nothing():
    told = {"id": "con_1234567890123456", "name": "of a strategy that nobody told"}
    copy = Sandbox(DOMAIN)
    copy.copy([{"path": "/connections", "query": {}, "status": 200, "body": [told]}])
    before = copy.documents("connections")
    path = f"connections/{told['id']}"
    answer = exchanged(copy, "PATCH", path, {"options": {"import_mode": True}}, VISITOR)
    assert answer["statusCode"] == 501
    assert answer["message"] == "The sandbox cannot answer this (KeyError); Auth0 may"
    assert copy.documents("connections") == before
