"""
SIGKILL at the boundaries of the requests of a first apply, and running it again.

The judge looks into the embedded tenant's database, with neither our differ nor our gateway.
"""

from __future__ import annotations

import shutil
from collections import Counter

import pytest

from campaigns.likeness import likeness, unlike
from campaigns.recovery import KILLED, boundaries, spread, survive
from support.killed import Boundary
from support.largely import mostly
from support.project import Project, copy_of_repository

SAMPLE = 6


@pytest.mark.thorough
@pytest.mark.parametrize("place", mostly(range(SAMPLE), fast=3))
def test_a_killed_apply_ends_in_the_same_state_however_it_is_run_again(warm, goal, folder, place):
    boundary = spread(boundaries(goal.requests), SAMPLE)[place]
    found = survive(warm, folder, [boundary], goal)
    assert {recovered.way: recovered.wrong for recovered in found} == {
        recovered.way: () for recovered in found
    }, boundary
    assert len(found) == (3 if found[0].begun else 1)


@pytest.mark.thorough
def test_every_request_of_the_run_is_a_boundary_and_there_are_no_more(warm, goal, folder):
    copy_of_repository(folder / "last")
    copy_of_repository(folder / "beyond")
    assert warm.apply_until(folder / "last", Boundary(goal.requests, "after")).code == KILLED
    assert warm.apply_until(folder / "beyond", Boundary(goal.requests + 1, "before")).code == 0


@pytest.mark.thorough
def test_the_judge_sees_duplicates_losses_and_changes(goal, folder):
    project = Project(shutil.copytree(goal.root, folder / "project"))
    before = likeness(project.root)
    assert unlike(before, goal.state) == []
    with project.sandbox() as sandbox:
        clients = sandbox.documents("clients")
        first, second, *_ = clients
        sandbox.put("clients", "x" * 32, {**clients[first], "client_id": "x" * 32})
        sandbox.edit("clients", second, {"app_type": "native"})
        sandbox.drop("log_streams", next(iter(sandbox.documents("log_streams"))))
    after = likeness(project.root)
    told = Counter(line.split(":")[0] for line in unlike(after, before))
    assert told == {"surplus clients": 2, "missing clients": 1, "missing log_streams": 1}
