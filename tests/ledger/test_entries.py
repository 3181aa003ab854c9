"""What a receipt says was applied of an address: what was written, and nothing more."""

from __future__ import annotations

import pytest

from tenantctl.model import (
    Address,
    Create,
    Edit,
    Entry,
    Outcome,
    Place,
    Plan,
    Resource,
    Secret,
    Step,
    StepId,
    Update,
    Vault,
)
from tenantctl.workflows.entries import entries_after

SHOP = Address("clients", "shop")
OLD = Entry(("Shop",), "id1", fields={"name": "Shop", "callbacks": ["https://a.example"]})
NEW = {"name": "Shop", "callbacks": ["https://b.example"], "description": "new"}


class Tenant:
    """Knows the id of everything that was made."""

    def id_of(self, _address):
        return "id1"


def plan_of(*steps, fields=None, selection=()):
    entries = {SHOP: Entry(("Shop",), "", fields=fields or NEW)}
    return Plan(
        tenant="t",
        environment="dev",
        domain="t-dev.sandbox.invalid",
        kind="development",
        phases=(1,),
        digest="d",
        version="0",
        steps=steps,
        identities={},
        entries=entries,
        selection=selection,
    )


def step(part, change):
    return Step(StepId(SHOP, part), change, Place(1, 0, 0, str(SHOP)), "")


def edit(name, after):
    return Update(SHOP, (Edit((name,), None, after),))


CALLBACKS = step("", edit("callbacks", ["https://b.example"]))
DESCRIPTION = step("late", edit("description", "new"))


@pytest.mark.parametrize(
    ("callbacks", "description", "fields"),
    [
        ("applied", "applied", NEW),
        ("unchanged", "applied", NEW),
        ("applied", "failed", {"name": "Shop", "callbacks": ["https://b.example"]}),
        ("applied", "skipped", {"name": "Shop", "callbacks": ["https://b.example"]}),
        ("failed", "applied", {**OLD.fields, "description": "new"}),
        ("moved", "failed", OLD.fields),
        ("waiting", "failed", {"name": "Shop", "callbacks": ["https://a.example"]}),
    ],
)
def test_a_step_that_was_not_done_leaves_what_it_would_have_written(callbacks, description, fields):
    plan = plan_of(CALLBACKS, DESCRIPTION)
    outcomes = {CALLBACKS.id: Outcome(callbacks), DESCRIPTION.id: Outcome(description)}
    found = entries_after(plan, outcomes, {SHOP: OLD}, Tenant(), Vault())
    assert found[SHOP].fields == fields


def test_what_needed_no_step_is_as_the_plan_says():
    assert entries_after(plan_of(), {}, {SHOP: OLD}, Tenant(), Vault())[SHOP].fields == NEW


def test_what_a_selection_left_out_is_as_it_was():
    plan = plan_of(selection=("phase 1",))
    assert entries_after(plan, {}, {SHOP: OLD}, Tenant(), Vault())[SHOP].fields == OLD.fields


def test_a_secret_is_kept_by_its_name_alone():
    fields = {"name": "Shop", "client_secret": Secret("KEY")}
    made = step("", Create(Resource(SHOP, fields)))
    vault = Vault({"KEY": "hunter2-hunter2"}, key=b"k")
    plan = plan_of(made, fields=fields)
    found = entries_after(plan, {made.id: Outcome("applied")}, {}, Tenant(), vault)
    assert found[SHOP].fields == fields
    assert "hunter2" not in repr(found)
