"""The page in headless Chromium: three widths, both themes, the keyboard, the filters."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from board.samples import SHEET
from tenantctl.report.board import view_board
from tenantctl.report.board_html import board_html

TOOL = Path(__file__).parents[2] / "tools" / "look_at_board.mjs"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tenantctl"
PEER = Path(os.environ.get("BROWSER", CACHE / "browser-24.43.1"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    """What the tool has seen of a page."""
    if not shutil.which("node") or not Path(CHROMIUM).exists():
        pytest.skip(f"needs Node.js and Chromium at {CHROMIUM}")
    if not (PEER / "node_modules" / "axe-core").is_dir():
        pytest.skip(f"needs puppeteer-core and axe-core in {PEER}: make peer")
    page = tmp_path_factory.mktemp("page") / "board.html"
    view = view_board([SHEET], when="2026-09-01T12:00:00+00:00", version="0")
    page.write_text(board_html(view, ""))
    ran = subprocess.run(
        ["node", str(TOOL), str(page)], capture_output=True, text=True, check=False
    )
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.thorough
def test_it_was_looked_at_in_three_widths_and_both_themes(looked):
    seen = {(each["width"], each["theme"]) for each in looked["looks"]}
    assert seen == {(w, t) for w in (360, 1024, 1600) for t in ("light", "dark")}
    assert len({each["background"] for each in looked["looks"]}) == 2


@pytest.mark.thorough
def test_nothing_is_said_on_the_console_and_no_request_leaves(looked):
    assert [(each["said"], each["requests"]) for each in looked["looks"]] == [([], [])] * 6


@pytest.mark.thorough
def test_the_page_is_never_wider_than_the_window(looked):
    assert [each["overflow"] for each in looked["looks"] if each["overflow"] > 0] == []


@pytest.mark.thorough
def test_axe_finds_nothing_serious(looked):
    found = [
        (each["width"], each["theme"], violation)
        for each in looked["looks"]
        for violation in each["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
    assert not found


@pytest.mark.thorough
def test_the_first_key_leads_past_the_header(looked):
    assert (looked["used"]["first"], looked["used"]["skipped"]) == ("skip", "main")


@pytest.mark.thorough
def test_the_theme_can_be_switched_by_keyboard(looked):
    assert looked["used"]["light"] != looked["used"]["dark"]


@pytest.mark.thorough
def test_filters_show_what_they_say(looked):
    used = looked["used"]
    assert (used["checks"], used["topics"]) == (5, 5)
    assert (used["openChecks"], used["blockChecks"]) == (4, 2)
    assert used["openTopics"] == 0  # of dev, where nothing is open; prod could not be read
    assert used["only"]
    assert used["shown"].endswith("2 of 5 checks")


@pytest.mark.thorough
def test_what_is_printed_has_no_filters(looked):
    assert looked["used"]["printedFilters"] == "none"
