"""The same laws on many more tenants; the figures go to a page."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from campaigns.figures import commit, table, write_page
from laws.laws import LAWS, Law

SEED = 20261121
EXAMPLES = 250
WHAT = (
    "Tenants over every kind of phase 1 are drawn and applied through the gateway to an embedded "
    "tenant that shuffles sets, gives short pages, and (where tenants converge) answers 429, 5xx "
    "or breaks connections now and then. An oracle that uses neither differ nor gateway judges "
    "what the tenant's database holds."
)


@pytest.mark.campaign
def test_the_laws_hold_at_large():
    rows: list[tuple[object, ...]] = [("law", "examples", "held", "seconds")]
    broken, tested = [], commit()
    for law in LAWS:
        begun = time.monotonic()
        tried, error = _tried(law)
        held = tried - bool(error)
        rows.append((law.claim, tried, held, f"{time.monotonic() - begun:.0f}"))
        if error:
            broken.append(f"{law.claim}: {error}")
    facts = {"commit": tested, "seed": SEED, "examples a law": EXAMPLES}
    write_page("laws", "Laws on drawn tenants", WHAT, facts, table(rows))
    assert broken == []


def _tried(law: Law) -> tuple[int, str]:
    """How many examples a law was tried on, and what broke it; the first failure ends it."""
    count = 0

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(law.drawn)
    def tried(drawn):
        nonlocal count
        count += 1
        law.check(drawn)

    try:
        tried()
    except AssertionError as error:
        return count, str(error)[:4000]
    return count, ""
