"""Eight applies of one tenant at once: one writes, and seven are told so while it does."""

from __future__ import annotations

import pytest

from support.crowd import crowd
from support.shared import git
from tenantctl.sandbox import Fault

BUSY = 8.0
"""Seconds for which the one that writes is kept busy."""


@pytest.mark.thorough
@pytest.mark.parametrize("machines", [8, 1], ids=["eight machines", "one machine"])
def test_of_eight_applies_one_writes_and_seven_are_told(shared, machines):
    first = shared.project("m0")
    saved = first.root / "plan.json"
    first.ok("plan", "dev", "--out", str(saved))
    with first.sandbox(tenant="small") as sandbox:
        sandbox.faults = [Fault("slow", "POST", "/clients", nth=(1,), seconds=BUSY)]
    roots = [first.root]
    for number in range(1, machines):
        root = shared.project(f"m{number}").root
        (root / ".tenantctl").mkdir()
        (root / ".tenantctl" / "sandbox").symlink_to(first.root / ".tenantctl" / "sandbox")
        roots.append(root)
    commands = [
        ["apply", str(saved), "--chdir", str(roots[number % machines])] for number in range(8)
    ]
    *others, last = crowd(commands)
    assert [each.code for each in others] == [75] * 7, [each.said for each in others]
    assert last.code == 0, last.said
    assert all("small-dev.sandbox.invalid is locked by" in each.said for each in others)
    assert max(each.seconds for each in others) < BUSY
    assert first.ok("sandbox", "status", "dev", "--json").json["resources"]["clients"] >= 2
    assert len(shared.listed()) == 1
    assert "lease" not in git(shared.bare, "for-each-ref")
