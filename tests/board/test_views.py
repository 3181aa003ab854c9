"""How the board looks. `TENANTCTL_GOLDEN=1` writes the files again; review them as a diff."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from board.samples import BROKEN, SHEET, look, renamed
from tenantctl.engine.standing import STATES, Sheet
from tenantctl.report.board import board_as_json, view_board
from tenantctl.report.board_text import SIGNS, board_text

GOLDEN = Path(__file__).parent / "golden"
WHEN = "2026-09-01T12:00:00+00:00"
VIEW = view_board([SHEET], when=WHEN, version="0")
PAYLOAD = "\x1b[2J\u202eevil\u200b\x07<b>"


def many(count):
    """A tenant with so many environments."""
    columns = tuple(look(name=f"environment-{n}") for n in range(count))
    return view_board([replace(SHEET, columns=columns)], when=WHEN, version="0")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("board.txt", board_text(VIEW, width=100)),
        ("colour.txt", board_text(VIEW, color=True, width=100)),
        ("narrow.txt", board_text(many(5), width=60)),
        (
            "broken.txt",
            board_text(view_board([Sheet("oak", None, (BROKEN,))], when=WHEN, version="0")),
        ),
        ("board.json", json.dumps(board_as_json(VIEW), indent=1, ensure_ascii=False) + "\n"),
    ],
)
def test_the_board_looks_as_it_did(name, said):
    path = GOLDEN / name
    if os.environ.get("TENANTCTL_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said)
    assert said == path.read_text(), "TENANTCTL_GOLDEN=1 writes it again"


def test_every_state_has_a_sign_and_a_meaning_of_its_own():
    assert set(SIGNS) == set(STATES)
    assert len({meaning for _, _, meaning in SIGNS.values()}) == len(STATES)


def test_colour_says_nothing_that_the_signs_do_not():
    import re

    coloured = board_text(VIEW, color=True, width=100)
    assert "\x1b[" in coloured
    plain = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).split("\n"))
    assert plain == board_text(VIEW, width=100)


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_tables_keep_to_the_width_and_leave_no_environment_out(width):
    said = board_text(many(7), width=width)
    table = said[: said.index("\nNext")]
    assert max(map(len, table.splitlines())) <= width
    assert all(f"environment-{n}" in table for n in range(7))


def test_an_environment_that_failed_leaves_the_others_as_they_are():
    with_it, without = (
        view_board([replace(SHEET, columns=columns)], when=WHEN, version="0").tenants[0]
        for columns in (SHEET.columns, SHEET.columns[:2])
    )
    assert with_it.environments[:2] == without.environments
    assert with_it.checks == without.checks
    assert [c.state for phase in with_it.phases for m in phase.milestones for c in m.cells][
        2::3
    ] == ["failed"] * 3


def test_every_row_has_a_cell_for_each_environment_in_the_same_order():
    names = [each.environment for each in VIEW.tenants[0].environments]
    streams = [s for p in VIEW.tenants[0].phases for lane in p.lanes for s in lane.workstreams]
    rows = [*streams, *(t for s in streams for t in s.topics)]
    rows += [m for p in VIEW.tenants[0].phases for m in p.milestones]
    assert all([cell.environment for cell in row.cells] == names for row in rows)


def test_the_figures_of_a_workstream_are_the_sums_of_its_topics():
    for phase in VIEW.tenants[0].phases:
        for lane in phase.lanes:
            for stream in lane.workstreams:
                for index, cell in enumerate(stream.cells):
                    topics = [topic.cells[index].figures for topic in stream.topics]
                    assert cell.figures.changes == sum(each.changes for each in topics)
                    assert cell.figures.block == sum(each.block for each in topics)


def test_open_checks_come_first_and_the_worst_of_them_first():
    assert [row.check for row in VIEW.tenants[0].checks] == [
        "X01.some",
        "X02.other",
        "X05.word",
        "X03.dim",
        "X04.fine",
    ]


def test_a_check_says_how_it_turned_out_where_it_was_judged():
    (row,) = [each for each in VIEW.tenants[0].checks if each.check == "X01.some"]
    assert [(r.environment, r.status, r.where) for r in row.results] == [
        ("qa", "failed", ("tenants/oak/a.yaml:7",))
    ]


@pytest.mark.parametrize("kind", ["text", "json"])
def test_nothing_that_a_stranger_wrote_moves_a_cursor_or_hides(kind):
    view = view_board([renamed(SHEET, PAYLOAD)], when=WHEN, version="0")
    said = board_text(view) if kind == "text" else json.dumps(board_as_json(view))
    assert "evil" in said
    assert not {"\x1b", "\u202e", "\u200b", "\x07"} & set(said)
    assert "\\\\u202e" in said or "\\u202e" in said


def test_json_says_what_it_is():
    document = board_as_json(VIEW)
    assert (document["format"], document["type"]) == (1, "status")
