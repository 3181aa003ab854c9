"""How much a plan asks of a tenant, and what it must be permitted: counted without the gateway."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest

from support.watched import Watched
from tenantctl.files import load
from tenantctl.kinds import KINDS
from tenantctl.model import refs
from tenantctl.sandbox import Hostility

TOKEN = 1
SMALLER = {"/connection-profiles": 10, "/user-attribute-profiles": 10, "/experimentation/": 50}
"""Where less than a hundred fit a page, by the start of the path (OpenAPI document, deploy-cli)."""


def declared(project) -> dict[str, list[str]]:
    """The keys of every kind that dev declares, or that something declared there refers to."""
    desired = load(project.root, "hearthhollow", "dev").desired
    keys: dict[str, list[str]] = defaultdict(list)
    for address in desired.tenant.resources:
        keys[address.kind].append(address.key)
    for resource in desired.tenant:
        for ref in refs(resource.fields):
            keys.setdefault(ref.address.kind, [])
    return keys


def pages(count: int, size: int) -> int:
    return max(1, math.ceil(count / size))


def bound(project) -> int:
    """The fewest requests that show all of it, from what the API offers and the tenant holds."""
    with project.sandbox() as sandbox:
        held = {name: len(sandbox.documents(name)) for name in KINDS}
        members = defaultdict(int)
        for link in sandbox.documents("connection_clients"):
            members[link.partition("/")[0]] += 1
        ids = {c["name"]: id for id, c in sandbox.documents("connections").items()}
    total = 0
    for name, keys in declared(project).items():
        wire = KINDS[name].wire
        if KINDS[name].members:
            total += sum(pages(members[ids[key]], wire.list.size) for key in keys)
        elif wire.list and "{" not in wire.list.path:
            total += pages(held[name], wire.list.size) if wire.list.paging != "none" else 1
        else:
            total += len(keys)
    return total


def test_the_bound_is_made_of_the_sizes_that_auth0_permits():
    """The largest pages: 100 of most things (Management API reference), 1,000 of members."""
    for kind in KINDS.values():
        listing = kind.wire.list
        if listing and listing.paging != "none":
            few = [n for start, n in SMALLER.items() if listing.path.startswith(start)]
            many = 1000 if listing.path == "/connections/{parent}/clients" else 100
            assert listing.size == (few[0] if few else many), kind.name


def test_a_plan_without_changes_writes_nothing_and_reads_no_more_than_it_must(applied):
    watched = Watched(applied)
    assert watched.plan().steps == ()
    reads = [request for request in watched.log if request.path != "/oauth/token"]
    assert {request.method for request in reads} == {"GET"}
    assert len(watched.log) - len(reads) == TOKEN
    assert len(reads) == bound(applied)
    assert len({(r.path, str(r.query)) for r in reads}) == len(reads), "something was read twice"


@pytest.mark.thorough
@pytest.mark.parametrize("clients", [100, 101, 250])
def test_a_tenant_of_several_pages_costs_its_pages_and_nothing_else(applied, clients):
    with applied.sandbox() as sandbox:
        found = dict(sandbox.documents("clients"))
        one = next(iter(found.values()))
        for n in range(clients - len(found)):
            id = f"Crowd{n:027}"
            sandbox.put(
                "clients", id, {**one, "client_id": id, "name": f"Crowd {n}", "global": False}
            )
        assert len(sandbox.documents("clients")) == clients
    watched = Watched(applied)
    assert watched.plan().steps == ()
    listed = [request for request in watched.log if request.path == "/clients"]
    assert len(listed) == math.ceil(clients / 100)
    assert {request.query["per_page"] for request in listed} == {"100"}
    assert len(watched.log) == bound(applied) + TOKEN
    assert {r.method for r in watched.log if r.path != "/oauth/token"} == {"GET"}


def test_a_hostile_tenant_with_short_pages_and_shuffled_sets_differs_in_nothing(applied):
    watched = Watched(applied, {"hostility": Hostility(seed=7, page_cap=3)})
    assert watched.plan().steps == ()
    assert len(watched.log) > bound(applied)


def reading_scopes(project) -> list[str]:
    return sorted({KINDS[name].wire.scopes["read"] for name in declared(project)})


def with_scopes(project, scopes) -> None:
    """Leave the tool's own client with these scopes of the Management API and no others."""
    with project.sandbox() as sandbox:
        own, _ = sandbox.credentials()
        (grant,) = [
            id for id, g in sandbox.documents("client_grants").items() if g["client_id"] == own
        ]
        sandbox.edit("client_grants", grant, {"scope": list(scopes)})


def test_reading_needs_the_reading_scopes_of_what_is_declared_and_no_others(applied):
    scopes = reading_scopes(applied)
    assert all(scope.startswith("read:") for scope in scopes)
    with_scopes(applied, scopes)
    assert applied.steps() == []
    applied.ok("plan", "dev", "--json", "--full")
    applied.ok("show", "dev")


def test_a_first_plan_needs_reading_scopes_only(project):
    with_scopes(project, reading_scopes(project))
    assert len(project.steps()) >= 43
    assert project.run("apply", "dev", "--yes").code == 77


@pytest.mark.thorough
def test_each_reading_scope_is_really_needed(applied):
    scopes = reading_scopes(applied)
    for missing in scopes:
        with_scopes(applied, [scope for scope in scopes if scope != missing])
        ran = applied.run("plan", "dev")
        assert ran.code == 77, missing
        assert missing in ran.err


@pytest.mark.thorough
def test_the_limits_of_an_embedded_tenant_are_kept_as_a_live_ones_are(applied):
    applied.edit(
        "environments/hearthhollow/dev.yaml",
        "subscription: enterprise-nonproduction",
        "subscription: private-cloud-development",
    )
    with applied.sandbox() as sandbox:
        sandbox.subscribe("private-cloud-development")
    ran = applied.run("plan", "dev", "--full")
    assert ran.code == 0
    with applied.sandbox() as sandbox:
        asked = sandbox._store.request_counts()
    assert asked["GET", 200] > 50
    assert ("GET", 429) not in asked
