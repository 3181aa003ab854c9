"""A thousand random tenants of all kinds: is every step started after all that it needs, and the
earliest place first?"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from campaigns.figures import commit, table, write_page
from engine.test_order_of_kinds import check_order, drawn

SEED = int(os.environ.get("TENANTCTL_SEED", "20261121"))
TENANTS = 1000


@pytest.mark.campaign
def test_a_thousand_tenants_start_in_order() -> None:
    steps, edges, kinds, verbs = 0, 0, set(), Counter()
    for seed in range(SEED, SEED + TENANTS):
        found = check_order(seed)
        steps, edges = steps + found[0], edges + found[1]
        _, _, _, plan = drawn(seed)
        kinds |= {step.address.kind for step in plan.steps}
        verbs.update(f"{step.change.verb} {step.id.part}".strip() for step in plan.steps)
    write_page(
        "order",
        "The order of steps",
        "Random tenants over all kinds that can be declared, desired and live, with references"
        " wherever a kind can have one, topics of either playbook that usually have the kind, and"
        " phases from the topic's on. Each plan is walked with one to six workers of which any may"
        " finish next. Hard edges are worked out from what the steps send, by brute force; places"
        " from the playbook's sequence. Every step began after all that it needs, and with one"
        " worker the earliest place of all that were ready began first.",
        {"commit": commit(), "seed": SEED, "tenants": TENANTS, "kinds": len(kinds)},
        table(
            [
                ("steps", "hard edges", *verbs),
                (f"{steps:,}", f"{edges:,}", *(f"{count:,}" for count in verbs.values())),
            ]
        ),
    )
