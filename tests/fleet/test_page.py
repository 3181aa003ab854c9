"""docs/fleet.md shows what is there, and what is said."""

from __future__ import annotations

import re

from fleet.projects import ROWS, written
from support.project import REPOSITORY
from tenantctl.workflows.several import WORST

PAGE = (REPOSITORY / "docs/fleet.md").read_text("utf-8")


def test_the_page_shows_the_fleet_of_the_example():
    (shown,) = re.findall(
        r"^```yaml\n(# yaml-language-server.*?)^```", PAGE, re.DOTALL | re.MULTILINE
    )
    lines = (REPOSITORY / "tenants/fleet.yaml").read_text("utf-8").splitlines()
    first, *rest = lines
    assert shown.splitlines() == [first, *(line for line in rest if not line.startswith("#"))]


def test_the_page_quotes_what_is_said_of_a_wrong_cell(tmp_path):
    (shown,) = re.findall(
        r"^```console\n\$ tenantctl (.*?)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE
    )
    project = written(tmp_path, {"tenants/schools.csv": ROWS.replace(",12,", ",twelve,")})
    command, said = shown
    ran = project.run(*command.split())
    assert ran.code == 65
    assert ran.err.split() == said.split()


def test_the_page_orders_exit_codes_as_they_are_ordered():
    (sentence,) = re.findall(r"in this order: (.*?)\. An environment", PAGE, re.DOTALL)
    assert tuple(map(int, re.findall(r"\d+", sentence))) == WORST
