"""The differ against recorded tenants: it finds what changed, and nothing after the change."""

from __future__ import annotations

import pytest
from tools import canned_tenants


@pytest.fixture(scope="module")
def verdicts(shared):
    return list(canned_tenants.verdicts(shared))


def test_the_diff_is_what_the_recorded_write_changed(verdicts):
    followed = [verdict for verdict in verdicts if verdict.followed]

    assert len(followed) > 150
    assert sum(verdict.equal for verdict in followed) >= 0.95 * len(followed)


def test_every_difference_has_a_reason(verdicts):
    table = canned_tenants.tabled(verdicts)

    assert [what for what, why in table.differences if why == "?"] == []


def test_no_reason_is_stale(verdicts):
    met = {what.replace("`", "") for what, _ in canned_tenants.tabled(verdicts).differences}

    assert set(canned_tenants.reasons()) <= met


def test_the_page_says_what_is_so(verdicts):
    assert canned_tenants.PAGE.read_text("utf-8") == canned_tenants.page(
        canned_tenants.tabled(verdicts)
    )
