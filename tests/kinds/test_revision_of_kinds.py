"""For every kind and case: what is changed in the tenant is written into the files that are there.

The files declare a case. Somebody changes a field in the tenant, as a row of the case's table says;
a revision then makes of the files what asks for just that, and keeps what else they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kinds.laws.ground import Ground
from kinds.laws.table import Case, Row, every_case, with_row
from kinds.laws.trial import told
from support.largely import mostly
from tenantctl.drafts import revise, write_files
from tenantctl.engine import Known
from tenantctl.gateway import Gateway
from tenantctl.model import Sealed, Step, Tenant, Update, walk
from tenantctl.workflows.former import with_former
from tenantctl.workflows.prepare import scope

FEW = 1
"""Rows of each case that are tried outside of campaigns."""


def revised(ground: Ground, row: Row) -> Iterator[str]:
    """What is not as it should be once the files have been revised after *row*."""
    case = ground.case
    ground.back_to(ground.states["there"])
    ground.declare(with_row(case.fields, row))
    result = ground.apply(ground.plan())
    if result.receipt.status != "converged":
        return  # what the laws of kinds are about
    ground.declare(case.fields)
    loaded = ground.load()
    if not ground.plan().steps:
        return  # nobody can see the difference
    known = Known(ground.receipt.entries if ground.receipt else {}, ground.vault(loaded).mark)
    revision = revise(ground.root, loaded, _live(ground), known=known)
    ground.loaded = None
    write_files(ground.root, revision.texts)
    told = {note.address for note in revision.notes if note.level == "loss"}
    for step in ground.plan().steps:
        hidden = _hidden(step)
        if not all(hidden) and not (any(hidden) and str(step.address) in told):
            yield f"{step.id} {step.change}"


def _hidden(step: Step) -> list[bool]:
    """Of each edit, whether the tenant does not show what it is about."""
    edits = step.change.edits if isinstance(step.change, Update) else ()
    found = [any(isinstance(leaf, Sealed) for _, leaf in walk(edit.before)) for edit in edits]
    return found or [False]


def _live(ground: Ground) -> Tenant:
    loaded = ground.load()
    entries = ground.receipt.entries if ground.receipt else {}

    async def job(gateway: Gateway) -> Any:
        desired = with_former(loaded.desired, entries, loaded.environment.domain)
        return await gateway.read(scope(desired, entries, retire=False))

    found: Tenant = ground._job(job, ground.vault(loaded))
    return found


def problems(grounds: Any, case: Case, rows: tuple[Row, ...]) -> list[str]:
    ground = grounds(case)
    return [problem for row in rows for problem in told(row, revised(ground, row))]


CASES = [case for case in every_case() if case.change]


@pytest.mark.parametrize(
    "case",
    mostly(CASES, fast=CASES[1::8], rest=pytest.mark.thorough),
    ids=lambda case: case.id,
)
def test_what_is_changed_in_the_tenant_is_written(case, grounds):
    assert problems(grounds, case, case.change[:FEW]) == []


@pytest.mark.campaign
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_whatever_is_changed_in_the_tenant_is_written(case, grounds):
    assert problems(grounds, case, case.change[FEW:]) == []
