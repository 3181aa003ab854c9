"""The page that says what the sandbox answers tells the truth about its routes."""

import re
from pathlib import Path

from tenantctl.sandbox.api import ROUTES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sandbox-coverage.md"
ROW = re.compile(
    r"^\|[^|]*\|[^|]*\| `(?P<method>[A-Z]+) (?P<path>/\S+)` \| (?P<answered>yes|no) \|"
)


def rows():
    found = (ROW.match(line) for line in PAGE.read_text(encoding="utf-8").splitlines())
    return [match for match in found if match]


def endpoint(method, path):
    return method, re.sub(r"\{\w*\}", "{}", path)


def answered_on_the_page():
    return {endpoint(row["method"], row["path"]) for row in rows() if row["answered"] == "yes"}


def routes():
    return {endpoint(route.method, route.path) for route in ROUTES}


def test_the_page_has_a_row_for_every_operation():
    assert len(rows()) >= 388


def test_every_operation_the_page_calls_answered_has_a_route():
    assert answered_on_the_page() - routes() == set()


def test_every_route_is_on_the_page():
    assert routes() - answered_on_the_page() == set()


def test_the_page_counts_its_own_rows():
    text = PAGE.read_text(encoding="utf-8")
    answered, known = map(
        int, re.search(r"^(\d+) of (\d+) operations", text, re.MULTILINE).groups()
    )
    configuration = text.split("## Beyond configuration")[0].splitlines()
    listed = [match for match in map(ROW.match, configuration) if match]
    assert len(listed) == known
    assert sum(row["answered"] == "yes" for row in listed) == answered
