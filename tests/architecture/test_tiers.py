"""Every test belongs to one of the commands that run tests, and CI runs all but the campaigns."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TIERS = dict(
    re.findall(
        r"^(\w+):[^\n]*\n\t\$\(BIN\)/pytest .*?-m \"?([\w ]+)",
        (ROOT / "Makefile").read_text("utf-8"),
        re.MULTILINE,
    )
)


def holds(expression: str, marks: dict[str, bool]) -> bool:
    """Whether a test with *marks* is chosen by *expression*, of terms that `and` joins."""
    return all(
        marks[term.removeprefix("not ")] is not term.startswith("not ")
        for term in expression.strip().split(" and ")
    )


@pytest.mark.parametrize(("thorough", "campaign"), [*product([False, True], repeat=2)])
def test_a_test_belongs_to_one_command_whatever_its_marks(thorough, campaign):
    marks = {"thorough": thorough, "campaign": campaign}
    found = [name for name, expression in TIERS.items() if holds(expression, marks)]
    assert found == ["campaign" if campaign else "thorough" if thorough else "test"]


def test_ci_runs_what_is_no_campaign():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    ran = re.findall(r"^within make (\w+)", script, re.MULTILINE)
    assert [name for name in TIERS if name in ran] == ["test", "thorough"]
