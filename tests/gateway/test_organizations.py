"""What organizations use: with the fewest requests, in the API's portions, those that go first."""

import pytest

from gateway.samples_organizations import ACME, STAFF, WORKER
from gateway.world import World, edit, resource, scope_of, step
from tenantctl.model import Create, Ref, Update
from tenantctl.sandbox import Fault

LINK = resource(
    "organization_enabled_connections.acme",
    connections=[{"connection_id": Ref(STAFF.address), "show_as_button": False}],
)
APPS = tuple(resource(f"clients.app-{n}", name=f"App {n}", app_type="spa") for n in range(25))


@pytest.fixture
def world():
    return World()


def carried_out(world, *resources):
    """The outcomes of creating *resources* one after the other, and the requests of the last."""

    async def work(gateway):
        await gateway.read(scope_of(resources))
        outcomes = [await gateway.execute(step(Create(each))) for each in resources[:-1]]
        world.sandbox.clear_log()
        return [*outcomes, await gateway.execute(step(Create(resources[-1])))]

    return world.job(work), [f"{r.method} {r.path.partition('/v2')[2]}" for r in world.sandbox.log]


def test_what_hangs_on_an_organization_that_we_have_just_made_needs_no_look(world):
    outcomes, requests = carried_out(world, STAFF, ACME, LINK)
    assert all(outcome.status == "applied" for outcome in outcomes)
    assert [request.partition(" ")[0] for request in requests] == ["POST"]


def test_what_somebody_hung_on_it_all_the_same_is_looked_at(world):
    async def work(gateway):
        await gateway.read(scope_of([STAFF, ACME, LINK]))
        for each in (STAFF, ACME):
            await gateway.execute(step(Create(each)))
        organization, connection = map(gateway.id_of, (ACME.address, STAFF.address))
        world.sandbox.seed({"organization_connections": {connection: {"_parent": organization}}})
        return await gateway.execute(step(Create(LINK)))

    assert world.job(work).status == "applied"
    (held,) = world.sandbox.documents("organization_connections").values()
    assert held["show_as_button"] is False


def test_an_answer_that_was_lost_is_looked_into(world):
    world.create(STAFF, ACME)
    world.sandbox.faults = [Fault("after", "POST", "/organizations/*", nth=(1,))]
    (outcome,) = world.execute(scope_of([STAFF, ACME, LINK]), [Create(LINK)])
    assert outcome.done
    assert len(world.sandbox.documents("organization_connections")) == 1


def test_clients_come_and_go_ten_at_a_time_and_go_first(world):
    def members(apps):
        return [
            {"client_id": Ref(app.address, "client_id"), "use_for_member_access": True}
            for app in apps
        ]

    first = resource("organization_clients.acme", clients=members(APPS[:12]))
    world.create(*APPS, WORKER, ACME, first)
    change = Update(first.address, (edit("clients", first.fields["clients"], members(APPS[12:])),))
    world.sandbox.clear_log()
    (outcome,) = world.execute(scope_of([*APPS, ACME, first]), [change])
    assert (outcome.status, outcome.writes) == ("applied", 4)
    assert [write.partition(" ")[0] for write in world.writes] == ["DELETE"] * 2 + ["POST"] * 2
    assert len(world.sandbox.documents("organization_clients")) == 13
