"""Which rule holds for a path, and what is missing of a body."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tenantctl.kinds import KINDS, Rule
from tenantctl.kinds.faults import faults
from tenantctl.kinds.kind import PLAIN
from tenantctl.model import Path

WHOLE = Rule(at=(), write="replace")
DEEP = Rule(at=("**", "code"), text="code")
ANY = Rule(at=("*", "scopes"), list="set")
ONE = Rule(at=("options", "scopes"), list="ordered")
MADE = replace(KINDS["clients"], name="made", rules=(WHOLE, DEEP, ANY, ONE))


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ((), WHOLE),
        (("code",), DEEP),
        (("options", "scripts", "code"), DEEP),
        (("settings", "scopes"), ANY),
        (("options", "scopes"), ONE),
        (("options",), PLAIN),
        (("options", "scopes", "[]"), PLAIN),
    ],
    ids=["resource", "top", "any depth", "any name", "its name", "above", "inside"],
)
def test_the_longest_rule_that_fits_a_path_holds(path: Path, rule: Rule) -> None:
    assert MADE.rule(path) == rule


@pytest.mark.parametrize(("complete", "told"), [(True, ["name"]), (False, [])])
def test_a_body_with_nothing_in_it_lacks_what_a_create_needs(
    told: list[str], *, complete: bool
) -> None:
    schema = {"type": "object", "properties": {"name": {}}, "required": ["name"]}
    found = [(fault.kind, fault.word) for fault in faults({}, schema, schema, complete=complete)]
    assert found == [("missing", word) for word in told]
