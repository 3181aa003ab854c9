"""For every kind: what `tenantctl scopes` lists is enough to plan, create, change and delete it.

The tenant's own routes decide, which know nothing of the kinds. That nothing is listed in vain is
proved for a whole environment in `e2e/test_scopes.py`.
"""

from __future__ import annotations

import datetime as dt

import pytest

from kinds.laws.ground import Ground, ground_of
from kinds.laws.table import Json, cases, with_row
from tenantctl.kinds import KINDS
from tenantctl.sandbox import Sandbox
from tenantctl.workflows.scopes import needed_scopes

TODAY = dt.date(2026, 1, 1)


def grant(sandbox: Sandbox, scopes) -> None:
    """Leave the tool's own client with these scopes of the Management API and no others."""
    own, _ = sandbox.credentials()
    grants = sandbox.documents("client_grants").items()
    (id,) = [
        id
        for id, document in grants
        if document["client_id"] == own and document["audience"].endswith("/api/v2/")
    ]
    sandbox.edit("client_grants", id, {"scope": sorted(scopes)})


def settle(ground: Ground, fields: Json | None) -> str:
    """Plan and apply, each with what is listed for it; how the apply ended."""
    ground.declare(fields)
    grant(ground.sandbox, needed_scopes(ground.load(), ground.receipt, "plan", TODAY))
    plan = ground.plan()
    grant(ground.sandbox, needed_scopes(ground.load(), ground.receipt, "apply", TODAY))
    return ground.apply(plan).receipt.status


FIRST = [cases(kind)[0] for kind in KINDS if cases(kind)]
"""One case of each kind: scopes are the kind's, whatever the case."""


@pytest.mark.parametrize("case", FIRST, ids=lambda case: case.kind.name)
def test_the_listed_scopes_are_enough_for_the_life_of_an_object(case, tmp_path):
    ground = ground_of(case, tmp_path)
    ground.sandbox.features = {*ground.sandbox.features, *case.features}
    ground.sandbox.seed(case.seed)
    changed = (with_row(case.fields, row) for row in case.change[:1])
    for fields in (case.fields, *changed, None):
        assert settle(ground, fields) == "converged"
    ground.sandbox.close()
