"""Selecting steps by phase and milestone."""

from __future__ import annotations

import pytest

from tenantctl.engine.selection import selection
from tenantctl.errors import UsageError
from tenantctl.model import Place
from tenantctl.playbooks import playbook

BOOK = playbook("b2c")


def at(topic: str, phase: int | None = None) -> Place:
    found = BOOK.topic(topic)
    return Place(phase or found.phase, 0, 0, "k", topic, found.workstream)


@pytest.mark.parametrize(
    ("released", "phases", "until", "has", "lacks", "named"),
    [
        ((1,), (1,), "", ["tenant_provision", "logout"], [("mfa", 2)], ("phase 1",)),
        ((1, 2), (2,), "", [("mfa", 2)], ["logout"], ("phase 2",)),
        (
            (1,),
            (),
            "M1",
            ["tenant_provision", "universal_login_branding"],
            ["logout", "logging"],
            ("until authentication_demo",),
        ),
        ((1,), (), "demo", ["tenant_provision", "logout"], ["logging"], ("until demo",)),
        ((1,), (), "M3", ["tenant_provision", "logging"], [], ("until go_live",)),
        (
            (1, 2),
            (),
            "api_demo",
            ["logging", ("api_integration", 2)],
            [("mfa", 2)],
            ("until api_demo",),
        ),
        (
            (1, 2),
            (1,),
            "demo",
            ["logout"],
            ["logging", ("api_integration", 2)],
            ("phase 1", "until demo"),
        ),
        # A topic of phase 1 on which somebody goes on in phase 2 is due when that phase is through.
        ((1, 2), (), "api_demo", [], [("logout", 2)], ("until api_demo",)),
        ((1, 2), (), "go_live", [("logout", 2)], [], ("until go_live",)),
        ((1, 3), (), "M1", [("step_up", 3), "logging"], [], ("until go_live",)),
    ],
)
def test_a_selection_has_what_is_due_by_its_milestone(
    released: tuple[int, ...],
    phases: tuple[int, ...],
    until: str,
    has: list[str | tuple[str, int]],
    lacks: list[str | tuple[str, int]],
    named: tuple[str, ...],
) -> None:
    chosen = selection(BOOK, released, phases, until)

    assert chosen is not None
    assert chosen.named == named
    for wanted, topics in ((True, has), (False, lacks)):
        for topic in topics:
            place = at(topic) if isinstance(topic, str) else at(*topic)
            assert chosen.has(place, BOOK) is wanted, topic


def test_nothing_asked_for_selects_nothing() -> None:
    assert selection(BOOK, (1, 2), (), "") is None


def test_a_milestone_that_the_phase_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(UsageError, match="phase 1 has no milestone M4") as refused:
        selection(BOOK, (1,), (), "M4")

    assert refused.value.help.startswith("it has authentication_demo (M1), demo (M2)")


def test_a_milestone_of_no_phase_is_refused() -> None:
    with pytest.raises(UsageError, match="no phase is released"):
        selection(BOOK, (), (), "M1")
