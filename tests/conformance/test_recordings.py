"""Recorded traffic of Auth0's own tenants, sent again, against what was recorded."""

import pytest
from tools import sandbox_coverage, sandbox_fidelity
from tools.replays import replayed

STATUSES = 0.996
ALIKE = 0.92


@pytest.fixture(scope="module")
def exchanges(shared):
    return list(replayed(shared))


@pytest.mark.thorough
def test_nearly_every_status_is_the_recorded_one(exchanges):
    same = sum(each.same_status for each in exchanges)
    assert same / len(exchanges) >= STATUSES


@pytest.mark.thorough
def test_nearly_every_answer_is_the_recorded_one(exchanges):
    alike = sum(not each.differences for each in exchanges)
    assert alike / len(exchanges) >= ALIKE


@pytest.mark.thorough
def test_whatever_differs_is_written_down_with_a_reason(exchanges):
    written = list(sandbox_fidelity.read_rows(sandbox_fidelity.PAGE.read_text(encoding="utf-8")))
    reasons = {row.key: row.reason for row in written}
    assert written == sandbox_fidelity.observed(exchanges, reasons)
    assert [row.key for row in written if row.reason == sandbox_fidelity.UNEXPLAINED] == []


@pytest.mark.thorough
def test_the_page_of_coverage_is_what_the_recordings_say(exchanges, shared):
    known = sandbox_coverage.operations(shared)
    text = sandbox_coverage.render(known, sandbox_coverage.weigh(exchanges))
    again = "run python -m tools.sandbox_coverage"
    assert sandbox_coverage.PAGE.read_text(encoding="utf-8") == text, again
