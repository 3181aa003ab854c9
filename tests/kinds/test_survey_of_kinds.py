"""
For every kind and case: what was declared is found by whoever reads all that the tenant has.

Nobody says what to look for: the survey is of a tenant that its reader has never seen. What it
finds can be written down, and means the same once it has been. Of the kinds of a case everything is
read; `gateway/test_survey.py` is about whole tenants.
"""

from __future__ import annotations

import pytest

from kinds.laws.surveyed import problems, seen
from kinds.laws.table import every_case
from support.largely import mostly


@pytest.mark.parametrize(
    "case",
    mostly(every_case(), fast=every_case()[3::6], rest=pytest.mark.thorough),
    ids=lambda case: case.id,
)
def test_what_a_case_declares_is_found_by_who_has_never_seen_it(case, grounds):
    ground = grounds(case)
    ground.back_to(ground.states["there"])
    ground.declare(case.fields)
    found = seen(ground)
    assert not found.survey.unread
    assert not [*problems(found)]
