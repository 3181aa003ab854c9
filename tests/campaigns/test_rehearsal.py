"""What a rehearsal says of a plan is what its apply then comes to; the figures go to a page."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from campaigns.figures import commit, table, write_page
from laws.drawn import World, worlds
from laws.scratch import Scratch, scratch
from rehearsal.stage import rehearsal
from tenantctl.errors import TenantctlError
from tenantctl.model import Plan, Receipt, Rehearsal

SEED = 20261121
EXAMPLES = 100
WHAT = (
    "Two tenants are drawn over every kind of phase 1. An embedded tenant is made the first one; "
    "what leads to the second is planned, rehearsed in a copy, and then applied to the tenant "
    "itself. They disagree where a step ends otherwise, or with another message of the API's, or "
    "where the verdict is not how the run ended. Plans are as they were drawn; or with one value "
    "in them that nobody should write; or of a tenant in which somebody has changed or deleted "
    "something after the plan was made."
)
ODD: tuple[Any, ...] = (-1, 10**9, "", "x" * 3000, "ROT13", [], [""], {}, {"x": 1}, True, None, 2.5)
Meddle = Callable[[Scratch, Random], None]


def untouched(_: Scratch, __: Random) -> None:
    """Nobody comes between."""


def meddled(tenant: Scratch, dice: Random) -> None:
    """Somebody changes the name of an object, or deletes one, after the plan was made."""
    own, _ = tenant.sandbox.credentials()
    for table_ in dice.sample(("clients", "roles", "connections", "actions", "log_streams"), 2):
        ids = sorted(tenant.sandbox.documents(table_).keys() - {own})
        if not ids:
            continue
        id = dice.choice(ids)
        if dice.random() < 0.5 and table_ not in {"clients", "actions"}:
            tenant.sandbox.drop(table_, id)
        else:
            tenant.sandbox.edit(table_, id, {"description": "somebody was here", "name": f"{id}!"})


def spoilt(world: World, dice: Random) -> World:
    """*world* with a value that nobody should write in one of its fields."""
    places = [(address, name) for address, fields in world.items() for name in fields]
    if not places:
        return world
    address, name = dice.choice(places)
    return {**world, address: {**world[address], name: dice.choice(ODD)}}


def drawn(world: World, _: Random) -> World:
    return world


FLAVOURS: Mapping[str, tuple[Callable[[World, Random], World], Meddle]] = {
    "as they were drawn": (drawn, untouched),
    "with a value that nobody should write": (spoilt, untouched),
    "of a tenant that was changed meanwhile": (drawn, meddled),
}


@pytest.mark.campaign
def test_a_rehearsal_says_what_the_apply_then_comes_to():
    rows: list[tuple[object, ...]] = [
        ("plans", "rehearsed", "passed", "failed", "stale", "disagree", "no plan", "seconds")
    ]
    wrong, tested = [], commit()
    for name, (change, meddle) in FLAVOURS.items():
        begun = time.monotonic()
        counts, found = tried(change, meddle)
        seconds = f"{time.monotonic() - begun:.0f}"
        kinds = (counts[each] for each in ("rehearsed", "passed", "failed", "stale"))
        rows.append((name, *kinds, len(found), counts["no plan"], seconds))
        wrong += found
    facts = {"commit": tested, "seed": SEED, "examples of each": EXAMPLES}
    body = table(rows) + "\n\n" + "\n".join(f"- {each}" for each in wrong or ["No disagreement."])
    write_page("rehearsal", "Rehearsals and what comes of them", WHAT, facts, body)
    assert wrong == []


def tried(
    change: Callable[[World, Random], World], meddle: Meddle
) -> tuple[Counter[str], list[str]]:
    """How the rehearsals of many plans ended, and where the applies ended otherwise."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds(), worlds(), st.integers(0, 2**32))
    def examples(first: World, second: World, number: int) -> None:
        dice = Random(number)
        with scratch() as tenant:
            tenant.converge(first)
            wanted = change(second, dice)
            try:
                plan = tenant.judged(wanted)
            except (TenantctlError, TypeError, AttributeError, ValueError, KeyError):
                counts["no plan"] += 1  # what the files check before: such values get no further
                return
            meddle(tenant, dice)
            found, receipt = both(tenant, plan, wanted)
            counts["rehearsed"] += 1
            counts[found.verdict] += 1
            wrong.extend(disagreements(found, receipt))

    examples()
    return counts, wrong


def both(tenant: Scratch, plan: Plan, wanted: World) -> tuple[Rehearsal, Receipt]:
    """The rehearsal of a plan, which writes nothing, and the receipt of its apply."""
    tenant.sandbox.clear_log()
    found = rehearsal(tenant, plan, wanted)
    assert tenant.writes() == []
    return found, tenant.apply(plan).receipt


def disagreements(found: Rehearsal, receipt: Receipt) -> list[str]:
    """Steps that ended otherwise than it was said, and the whole if it did."""
    told = {
        str(id): f"{id}: {said.status} {said.detail} in the copy, then {then.status} {then.detail}"
        for id, said in found.outcomes.items()
        if (then := receipt.outcomes[id]).status != said.status or then.detail != said.detail
    }
    ended = {"converged": "passed", "waiting": "passed"}.get(receipt.status, "not")
    same = (ended == "passed") is (found.verdict == "passed")
    whole = [] if same else [f"{found.verdict} in the copy, then {receipt.status}; {found.left}"]
    return [*told.values(), *whole]
