"""For every kind: what `tenantctl scopes` lists is enough for it, and nothing of its own too much.

The tenant's own routes decide, which know nothing of the kinds. A whole environment is tried in
`e2e/test_scopes.py`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import httpx
import pytest

from kinds.laws.ground import DOMAIN, Ground, ground_of
from kinds.laws.table import Json, cases, with_row
from support.largely import mostly
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
        if document.get("client_id") == own and document["audience"].endswith("/api/v2/")
    ]
    sandbox.edit("client_grants", id, {"scope": sorted(scopes)})


Request = tuple[str, str]


@dataclass
class Life:
    """What an object's life was permitted, and what was asked for in it."""

    listed: set[str] = field(default_factory=set)
    asked: set[Request] = field(default_factory=set)


def live(ground: Ground, fields: Json | None, life: Life) -> str:
    """Plan and apply, each with what is listed for it; how the apply ended."""
    ground.declare(fields)
    grant(ground.sandbox, needed_scopes(ground.load(), ground.receipt, "plan", TODAY))
    plan = ground.plan()
    listed = needed_scopes(ground.load(), ground.receipt, "apply", TODAY)
    grant(ground.sandbox, listed)
    ended = ground.apply(plan).receipt.status
    life.listed |= listed.keys()
    life.asked |= {(r.method, r.path) for r in ground.sandbox.log if r.path != "/oauth/token"}
    return ended


def is_refused(sandbox: Sandbox, requests: Iterable[Request], scopes: Iterable[str]) -> bool:
    """Whether a token with these scopes is refused some of *requests*."""
    headers = {"authorization": f"Bearer {sandbox.token(scopes)}"}

    async def ask() -> bool:
        async with httpx.AsyncClient(transport=sandbox.transport(), headers=headers) as http:
            for method, path in requests:
                answer = await http.request(method, f"https://{DOMAIN}/api/v2{path}")
                if answer.status_code == 403:
                    return True
        return False

    return asyncio.run(ask())


FIRST = [cases(kind)[0] for kind in KINDS if cases(kind)]
"""One case of each kind: scopes are the kind's, whatever the case."""


@pytest.mark.parametrize(
    "case",
    mostly(FIRST, fast=FIRST[2::6], rest=pytest.mark.thorough),
    ids=lambda case: case.kind.name,
)
def test_the_listed_scopes_are_enough_for_the_life_of_an_object_and_its_own_are_needed(
    case, tmp_path
):
    ground = ground_of(case, tmp_path)
    ground.sandbox.features = {*ground.sandbox.features, *case.features}
    ground.sandbox.seed(case.seed)
    life = Life()
    changed = [with_row(case.fields, row) for row in case.change[:1]]
    for fields in (case.fields, *changed, None):
        assert live(ground, fields, life) == "converged"
    wire = case.kind.wire
    own = {s for verb, s in wire.scopes.items() if verb == "read" or getattr(wire, verb)}
    own &= life.listed
    idle = [s for s in own if not is_refused(ground.sandbox, life.asked, life.listed - {s})]
    assert own
    assert idle == []
    ground.sandbox.close()
