"""Where an environment stands: what is counted, and what follows from it."""

from __future__ import annotations

import datetime as dt

import pytest

from board.samples import (
    BOOK,
    declared,
    finding,
    look,
    plan,
    receipt,
    seen,
    step,
    trial_of,
)
from tenantctl.engine.board import column, home_of, total
from tenantctl.engine.standing import STATES, Figures


def cell(found, topic, phase=1):
    return next(each for each in found.cells if (each.phase, each.topic) == (phase, topic))


def test_there_is_a_cell_for_each_topic_of_each_phase_those_that_come_again_among_them():
    assert [(each.phase, each.topic) for each in look().cells] == [
        (1, "soil"),
        (1, "roots"),
        (1, "stem"),
        (2, "leaf"),
        (2, "roots"),
    ]


@pytest.mark.parametrize(
    ("topic", "adoption", "reason"),
    [("soil", "adopted", ""), ("stem", "declined", "nobody climbs"), ("leaf", "undecided", "")],
)
def test_a_topic_is_adopted_declined_for_a_reason_or_undecided(topic, adoption, reason):
    found = cell(look(), topic, BOOK.place(topic)[0])
    assert (found.adoption, found.reason) == (adoption, reason)


def test_a_topic_that_only_the_environment_declines_says_so():
    stood = look(adopted={}, declined={"soil": seen().adopted["soil"]}, reasons={})
    assert cell(stood, "soil").reason == "not in dev"


def test_a_resource_counts_once_with_the_first_topic_that_feeds_it():
    found = look()
    assert [cell(found, t).figures.resources for t in ("soil", "roots")] == [2, 1]
    assert found.figures.resources == 3


@pytest.mark.parametrize(
    ("phase", "where"), [(1, (1, "roots")), (2, (2, "roots"))], ids=["first", "again"]
)
def test_what_a_later_phase_adds_to_a_topic_counts_with_that_phase(phase, where):
    stood = look(phases=(1, 2), desired=declared(("roles.admin", ("roots",), phase)))
    assert [(c.phase, c.topic) for c in stood.cells if c.figures.resources] == [where]


def test_what_belongs_to_no_topic_of_the_playbook_counts_nowhere():
    assert look(desired=declared(("roles.admin", (), 1))).figures.resources == 0


STEP = step("clients.web", "soil")
DRIFTED = {"drifted": frozenset({STEP.address})}


@pytest.mark.parametrize(
    ("case", "state", "figures"),
    [
        ({}, "good", Figures(resources=2)),
        ({"plan": None}, "unread", Figures(resources=2)),
        ({"plan": plan(STEP), **DRIFTED}, "drifted", Figures(resources=2, changes=1, drifted=1)),
        ({"plan": plan(STEP)}, "pending", Figures(resources=2, changes=1)),
        ({"findings": [finding()]}, "blocked", Figures(resources=2, block=1)),
        ({"findings": [finding(level="warn")]}, "warned", Figures(resources=2, warn=1)),
        ({"findings": [finding(level="info")]}, "good", Figures(resources=2, info=1)),
        ({"findings": [finding(status="unknown")]}, "unknown", Figures(resources=2, unknown=1)),
        ({"findings": [finding(status="passed")]}, "good", Figures(resources=2)),
        ({"findings": [finding(status="absent")]}, "good", Figures(resources=2)),
        ({"phases": (), "plan": plan(STEP)}, "unreleased", None),
    ],
)
def test_a_topic_stands_as_the_worst_of_it_does(case, state, figures):
    found = cell(look(**case), "soil")
    assert found.state == state
    assert figures is None or found.figures == figures


def test_what_was_not_read_is_never_in_sync():
    states = {each.state for each in look(plan=None).cells if each.figures.resources}
    assert states == {"unread"}
    assert not look(plan=None).read


def test_a_step_without_a_topic_counts_with_the_last_one():
    stood = look(phases=(1, 2), plan=plan(step("clients.x", "", 2)))
    assert sum(each.figures.changes for each in stood.cells) == 1


@pytest.mark.parametrize(
    ("topics", "phase", "adopted", "home"),
    [
        (("soil", "roots"), 1, ("roots",), (1, "roots")),
        (("soil", "roots"), 1, ("soil", "roots"), (1, "soil")),
        (("roots",), 2, ("roots",), (2, "roots")),
        (("leaf", "soil"), 1, ("leaf", "soil"), (1, "soil")),
        (("strange",), 1, ("soil",), (1, "")),
    ],
)
def test_a_finding_counts_with_an_adopted_topic_that_is_due_with_it(topics, phase, adopted, home):
    assert home_of(finding(topics=topics, phase=phase), BOOK, adopted) == home


def test_what_is_due_in_a_phase_that_is_not_released_is_not_told():
    stood = look(findings=[finding(topics=("leaf",), phase=2, milestone="live")])
    assert stood.findings == ()
    assert stood.figures.block == 0


def test_the_figures_of_an_environment_are_the_sums_of_those_of_its_released_topics():
    stood = look(
        phases=(1, 2),
        findings=[finding(), finding("X02.x", topics=("roots",)), finding("X03.x", "unknown")],
        plan=plan(STEP, step("roles.admin", "roots", 2)),
    )
    assert stood.figures == total(each.figures for each in stood.cells)
    assert (stood.figures.block, stood.figures.unknown, stood.figures.changes) == (2, 1, 2)


LATE = finding(topics=("roots",), milestone="live")


@pytest.mark.parametrize(
    ("case", "shown", "live"),
    [
        ({}, ("reached", 0), ("reached", 0)),
        ({"findings": [finding()]}, ("blocked", 1), ("blocked", 1)),
        ({"findings": [LATE]}, ("reached", 0), ("blocked", 1)),
        ({"findings": [finding(), LATE]}, ("blocked", 1), ("blocked", 2)),
        ({"findings": [finding(level="warn")]}, ("reached", 0), ("reached", 0)),
        ({"findings": [finding(status="unknown")]}, ("unknown", 1), ("unknown", 1)),
        ({"plan": plan(STEP)}, ("pending", 1), ("pending", 1)),
        ({"plan": plan(step("roles.admin", "roots"))}, ("reached", 0), ("pending", 1)),
        ({"plan": None}, ("unread", 0), ("unread", 0)),
        ({"plan": None, "findings": [finding()]}, ("blocked", 1), ("blocked", 1)),
        ({"phases": ()}, ("unreleased", 0), ("unreleased", 0)),
    ],
)
def test_a_milestone_is_reached_where_nothing_due_by_it_is_open_or_not_applied(case, shown, live):
    found = {(r.phase, r.id): (r.state, r.count) for r in look(**case).milestones}
    assert (found[1, "shown"], found[1, "live"]) == (shown, live)


@pytest.mark.parametrize(
    ("case", "next", "because"),
    [
        ({"unfinished": True}, "tenantctl resume oak/dev", "a run was begun and never ended"),
        (
            {"receipt": receipt(status="waiting")},
            "tenantctl resume oak/dev",
            "the last run is waiting",
        ),
        ({"plan": None}, "tenantctl status oak/dev", "the tenant was not read"),
        (
            {"plan": plan(STEP), **DRIFTED},
            "tenantctl drift oak/dev",
            "1 change in the tenant since the last apply",
        ),
        (
            {"plan": plan(STEP), "receipt": None},
            "tenantctl plan oak/dev",
            "1 change to apply",
        ),
        ({"findings": [finding()]}, "tenantctl check oak/dev", "1 check in the way"),
        (
            {"findings": [finding(level="warn"), finding("X02.x", level="warn")]},
            "tenantctl check oak/dev",
            "2 checks to look at",
        ),
        (
            {"findings": [finding(status="unknown")]},
            "tenantctl check oak/dev",
            "1 check not evaluated",
        ),
        ({}, "", "phase 2 can be released: write it under phases"),
        ({"phases": (1, 2)}, "", "nothing to do"),
    ],
)
def test_what_comes_next_is_one_command_and_why(case, next, because):
    stood = look(**case)
    assert (stood.next, stood.because) == (next, because)


def test_only_the_newest_tests_of_a_kind_count_and_whether_they_are_of_this_definition():
    old, new = trial_of(passed=False, when="2026-08-01T00:00:00+00:00"), trial_of()
    (trial,) = look(tests=(new, old)).tests
    assert (trial.passed, trial.current) == (True, True)
    (trial,) = look(tests=(trial_of(digest="d0"),)).tests
    assert not trial.current


def test_the_age_of_a_backup_is_counted_in_days():
    assert look(backup=dt.date(2026, 8, 25)).backup_age == 7
    assert look().backup_age is None


def test_an_environment_of_which_nothing_is_released_stands_as_nothing():
    stood = column(seen(phases=()), dt.date(2026, 9, 1))
    assert stood.state == "none"
    assert set(STATES) >= {each.state for each in stood.cells}
