"""The same few laws for every kind, against a sandbox that shuffles and gives short pages."""

import pytest

from gateway.samples import EVERY
from gateway.world import DOMAIN, World, scope_of, step
from support.largely import mostly
from tenantctl.engine import unsettled
from tenantctl.engine.merge import at
from tenantctl.kinds import KINDS, Lens, canonical
from tenantctl.kinds.canonical import ruled_leaves
from tenantctl.model import ABSENT, Create, Delete, Edit, Update
from tenantctl.sandbox import Hostility, Sandbox


@pytest.fixture
def world():
    return World(Sandbox(DOMAIN, hostility=Hostility(seed=3, page_cap=2)))


@pytest.fixture(
    params=mostly(EVERY, fast=EVERY[::4], rest=pytest.mark.thorough),
    ids=lambda sample: str(sample.resource.address),
)
def sample(request):
    return request.param


def scope(sample):
    return scope_of([*sample.given, *sample.needs, sample.resource])


def put_in_place(world, sample):
    """As an apply would: what is there from the start is updated, everything else created."""

    for resource in sample.given:
        table, id = resource.address.kind, resource.fields["id"]
        world.sandbox.seed({table: {id: resource.fields}})

    async def work(gateway):
        live = await gateway.read(scope(sample))
        for wanted in (*sample.needs, sample.resource):
            outcome = await gateway.execute(step(towards(wanted, live.get(wanted.address))))
            assert outcome.done, (wanted.address, outcome)

    world.job(work)


def towards(wanted, live):
    if live is None:
        return Create(wanted)
    rows = ((name, live.fields.get(name, ABSENT), value) for name, value in wanted.fields.items())
    return Update(wanted.address, tuple(Edit((n,), before, after) for n, before, after in rows))


def hidden(sample):
    lens = Lens(KINDS[sample.resource.address.kind], sample.resource.fields)
    return tuple(
        (path, value)
        for path, rule, value in ruled_leaves(lens, sample.resource.fields)
        if rule.read in {"absent", "masked", "cipher"} and "KEY" not in path
    )


def change(world, sample):
    live = world.read(scope=scope(sample)).get(sample.resource.address)
    path = tuple(sample.path.split("."))
    edit = Edit(path, at(live.fields, path), sample.after)
    return Update(sample.resource.address, (edit,), hidden(sample))


def view(resource):
    return canonical(Lens(KINDS[resource.address.kind], resource.fields), resource.fields, ())


def test_every_kind_has_a_sample():
    ours = {name for name, kind in KINDS.items() if not kind.given}
    assert {sample.resource.address.kind for sample in EVERY} == ours


def test_what_was_written_is_what_is_read(world, sample):
    put_in_place(world, sample)
    live = world.read(scope=scope(sample))
    assert unsettled([step(Create(sample.resource))], live) == ()


def test_reading_twice_gives_the_same(world, sample):
    put_in_place(world, sample)
    first = world.read(scope=scope(sample)).get(sample.resource.address)
    second = world.read(scope=scope(sample)).get(sample.resource.address)
    assert view(first) == view(second)


def test_a_change_of_one_field_changes_that_field_alone(world, sample):
    if not sample.path:
        return
    put_in_place(world, sample)
    before = world.read(scope=scope(sample)).get(sample.resource.address)
    update = change(world, sample)
    world.sandbox.clear_log()
    (outcome,) = world.execute(scope(sample), [update])
    assert outcome.status == "applied", outcome
    deploys = KINDS[update.address.kind].procedure in {"deploy", "publish"}
    assert outcome.writes == len(world.writes) == 1 + deploys
    live = world.read(scope=scope(sample))
    assert unsettled([step(update)], live) == ()
    after, path = live.get(sample.resource.address), update.edits[0].path
    assert without(view(after), path) == without(view(before), path)


def without(fields, path):
    if not isinstance(fields, dict):
        return fields
    if len(path) == 1:
        return {k: v for k, v in fields.items() if k != path[0]}
    return {k: without(v, path[1:]) if k == path[0] else v for k, v in fields.items()}


def is_shown(sample):
    """Whether somebody can read the field that the sample changes."""
    address, path = sample.resource.address, tuple(sample.path.split("."))
    return (
        bool(sample.path) and KINDS[address.kind].rule(path, sample.resource.fields).read == "clear"
    )


def test_a_change_that_is_made_already_writes_nothing(world, sample):
    if not is_shown(sample):
        return
    put_in_place(world, sample)
    update = change(world, sample)
    world.execute(scope(sample), [update])
    world.sandbox.clear_log()
    (outcome,) = world.execute(scope(sample), [update])
    assert (outcome.status, world.writes) == ("unchanged", [])


def test_a_change_that_somebody_else_made_differently_is_noticed(world, sample):
    if KINDS[sample.resource.address.kind].members or not is_shown(sample):
        return
    put_in_place(world, sample)
    update = change(world, sample)
    stale = Edit(update.edits[0].path, "something else entirely", "yet another value")
    world.sandbox.clear_log()
    (outcome,) = world.execute(scope(sample), [Update(update.address, (stale,), update.resend)])
    assert (outcome.status, world.writes) == ("moved", [])


def test_what_is_deleted_is_gone_and_deleting_it_again_is_nothing(world, sample):
    if KINDS[sample.resource.address.kind].immortal:
        return
    put_in_place(world, sample)
    (outcome,) = world.execute(scope(sample), [Delete(sample.resource)])
    assert outcome.status == "applied", outcome
    live = world.read(scope=scope(sample)).get(sample.resource.address)
    assert live is None or not any(live.fields.values())
    (outcome,) = world.execute(scope(sample), [Delete(sample.resource)])
    assert outcome.status == "unchanged"
