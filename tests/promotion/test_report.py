"""However much there is to say of a promotion, it fits into a comment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from promotion.test_conditions import offered, plan_with, receipt
from support.worlds import B2C, declare, planned, resource
from tenantctl.engine.panels import Came, Panels, Unexercised, had, unexercised
from tenantctl.engine.residual import Reason, Residue, Side
from tenantctl.model import (
    Address,
    Change,
    Create,
    Desired,
    Edit,
    Entry,
    Environment,
    Origin,
    Resource,
    Tenant,
    Update,
    Violation,
)
from tenantctl.report import view_plan
from tenantctl.report.promotion import PromotionView, promotion_as_json, view_promotion
from tenantctl.report.promotion_markdown import promotion_markdown
from tenantctl.report.promotion_text import promotion_text

ODD = "x|`@a\u202e<b>\x1b[31m"


def changes(number: int) -> tuple[Change, ...]:
    name = "é" * 40
    return tuple(
        Update(Address("clients", f"c{n}-{name}"), (Edit(("description",), ODD, name * 9),))
        for n in range(number)
    )


def promoted(number: int) -> PromotionView:
    """A promotion with *number* of everything, in words that ask for trouble."""
    found = changes(number)
    reasons = {
        (each.address, each.edits[0].path): ()
        if n % 3 == 0
        else (Reason("variable", f"v{n}-{ODD}"),)
        for n, each in enumerate(found)
        if isinstance(each, Update)
    }
    violations = tuple(Violation("promotion", "*", f"{ODD} {n}", ODD) for n in range(number))
    plan = replace(plan_with(*violations), hotfix=ODD * number)
    offer = replace(offered().offer, receipt=receipt(who=ODD * number, commit=ODD))
    panels = Panels(
        offer=offer,
        digest="a" * 64,
        commit=ODD,
        came=Came(found, ODD),
        tests=(),
        plan=plan,
        unexercised=tuple(Unexercised(each.address, ("a",)) for each in found),
        residue=Residue(found, reasons, ()),
        secrets=tuple(f"S{n}" for n in range(number)),
        notes=(ODD * number, ODD),
    )
    return view_promotion(panels, view_plan(plan, B2C))


@pytest.mark.parametrize("number", [1, 400])
def test_markdown_stays_under_what_a_comment_takes(number):
    text = promotion_markdown(promoted(number))
    assert len(text.encode()) < 60_000
    assert "Nothing declares this" in text


def test_what_strangers_have_written_means_nothing_in_any_of_them():
    view = promoted(3)
    text = promotion_text(view, color=False, width=100)
    json = str(promotion_as_json(view))
    for said in (text, json):
        assert "\x1b" not in said
        assert "\u202e" not in said
    marked = promotion_markdown(view)
    assert "@" not in marked
    assert "\u202e" not in marked
    assert "<b>" not in marked


def test_what_nothing_declares_stands_first_and_is_marked():
    view = promoted(4)
    assert [reason.declared for reason in view.reasons] == [False, True, True]
    text = promotion_text(view, color=False, width=100)
    assert "\n  ! nothing declares this\n" in text


CLIENT = Address("clients", "shop")


def side(name: str, fields: dict[str, object] | None, *, layer: str = "definition") -> Side:
    tenant = Tenant.of([Resource(CLIENT, fields)] if fields is not None else [])
    origins = {(key,): Origin("f.yaml", 3, 1, layer=layer) for key in fields or {}}
    desired = Desired(tenant, {}, {CLIENT: origins})
    return Side(Environment("shop", name, "qa", f"{name}.eu.auth0.com"), desired)


def fresh(change: Change, source: Side, target: Side, came: Came) -> bool:
    """Whether a plan of *change* has something that the source has never seen."""
    (step,) = planned(declare(resource("clients.shop", {"name": "Shop"})), Tenant({})).steps
    plan = replace(plan_with(), steps=(replace(step, change=change),))
    return bool(list(unexercised(plan, had(None, source), target.desired, came)))


EDIT = Update(CLIENT, (Edit(("description",), "old", "new"),))
SEEN = {
    "the same value": (EDIT, {"description": "new"}, "override", Came(()), False),
    "another value of the file of the environment": (
        EDIT,
        {"description": "x"},
        "override",
        Came(()),
        True,
    ),
    "another value of a variable": (EDIT, {"description": "x"}, "variable", Came(()), True),
    "what somebody changed in the tenant": (
        EDIT,
        {"description": "x"},
        "definition",
        Came(()),
        False,
    ),
    "what the definition has changed, too": (
        EDIT,
        {"description": "x"},
        "variable",
        Came((EDIT,)),
        False,
    ),
    "what is new altogether": (EDIT, {"description": "x"}, "variable", Came(None), False),
    "what is new, and not even there": (EDIT, {}, "override", Came(None), True),
    "what only this environment has": (
        Create(Resource(CLIENT, {"name": "Shop"})),
        None,
        "definition",
        Came(()),
        True,
    ),
    "a change of what only this environment has": (EDIT, None, "definition", Came(()), True),
    "what both have": (
        Create(Resource(CLIENT, {"name": "Shop"})),
        {"name": "Shop"},
        "definition",
        Came(()),
        False,
    ),
}


@pytest.mark.parametrize("name", SEEN)
def test_not_exercised_is_what_comes_from_the_target_alone(name):
    change, there, layer, came, expected = SEEN[name]
    target = side("qa", {"description": "new"}, layer=layer)
    assert fresh(change, side("dev", there), target, came) is expected


def test_what_the_source_has_is_what_its_receipt_says_and_not_what_its_file_says_by_now():
    said = side("dev", {"description": "by now"})
    assert had(None, said) == said.desired.tenant
    silent, told = (
        receipt(entries={CLIENT: Entry(fields=fields)})
        for fields in ({}, {"description": "as applied"})
    )
    assert had(silent, said) == said.desired.tenant
    assert had(told, said).resources[CLIENT].fields == {"description": "as applied"}
    held = replace(said, desired=replace(said.desired, withheld={CLIENT: "hold"}))
    assert CLIENT not in had(told, held).resources
