"""docs/playbooks: what the data says today, drawings that can be read, links that lead on."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from tools.playbook_coverage import Example, covered, examples
from tools.playbook_drawing import (
    BOX,
    LABEL,
    LETTER,
    TALL,
    arrows,
    audiences,
    drawing,
    placed,
    spots,
)
from tools.playbook_pages import FOLDER, pages

from support.project import REPOSITORY
from tenantctl.playbooks import NAMES, load, playbook, shipped_topics

LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
PHASES = [(name, phase.number) for name in NAMES for phase in playbook(name).phases]


@pytest.mark.thorough
def test_the_pages_are_what_the_playbooks_and_the_example_tenants_make_of_them() -> None:
    """Run `python -m tools.playbook_pages` to write them again."""
    present = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.is_file()
    }
    fresh = pages()
    stale = {name for name in {*fresh, *present} if fresh.get(name) != present.get(name)}
    assert stale == set()


def test_every_topic_has_a_page() -> None:
    topics = {topic for name in NAMES for topic in playbook(name).topics}
    assert {path.stem for path in (FOLDER / "topics").glob("*.md")} == topics


@pytest.mark.parametrize("page", sorted(FOLDER.rglob("*.md")), ids=lambda path: path.name)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    broken = [
        link
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not link.startswith("https://") and not (page.parent / link).is_file()
    ]
    assert broken == []


@pytest.mark.parametrize("page", sorted(FOLDER.rglob("*.md")), ids=lambda path: path.name)
def test_the_tables_of_a_page_have_as_many_cells_in_every_row(page: Path) -> None:
    widths: list[int] = []
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            widths.clear()
            continue
        widths.append(len(re.findall(r"(?<!\\)\|", line)))
        assert len(set(widths)) == 1, line


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_stands_alone_and_says_what_it_shows(name: str) -> None:
    text = drawing(playbook(name))
    root = ET.fromstring(text)
    spaces = {"svg": "http://www.w3.org/2000/svg"}
    assert root.find("svg:title", spaces) is not None
    assert "prefers-color-scheme: dark" in text
    assert not re.search(
        r"href|url\((?!#)|<script|@import|https?://(?!www\.w3\.org/2000/svg)", text
    )
    shown = " ".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    for phase in playbook(name).phases:
        assert phase.name in shown
        assert all(f"M{n + 1} " in shown for n in range(len(phase.milestones)))
    count = sum(len(phase.workstreams) for phase in playbook(name).phases)
    boxes = [node for node in root.iter() if node.get("class") in {"box", "box optional"}]
    assert len(boxes) == count + 2, "and two in the legend"


@pytest.mark.parametrize(("name", "number"), PHASES)
def test_nothing_in_a_drawing_lies_on_something_else(name: str, number: int) -> None:
    book = playbook(name)
    drawn = placed(book.phase(number), 0, audiences(book))
    for one, other in combinations(drawn.boxes.values(), 2):
        apart = abs(one.x - other.x) >= BOX or abs(one.y - other.y) >= TALL
        assert apart, (one.stream.id, other.stream.id)
    for box in drawn.boxes.values():
        top, height = drawn.lanes[box.stream.audience]
        assert top <= box.y
        assert box.y + TALL <= top + height
        assert max(len(word) for word in box.stream.name.split()) * LETTER <= BOX - 8
    at = spots(drawn, 1300)
    assert all(later - earlier >= LABEL for earlier, later in pairwise(at))


@pytest.mark.parametrize(("name", "number"), PHASES)
def test_an_arrow_goes_from_one_column_to_the_next_and_so_crosses_no_box(
    name: str, number: int
) -> None:
    book = playbook(name)
    phase = book.phase(number)
    boxes = placed(phase, 0, audiences(book)).boxes
    for start, end, hard in arrows(phase):
        assert boxes[end].column == boxes[start].column + 1
        stream = boxes[end].stream
        assert start in (stream.follows if hard else stream.after)


@pytest.fixture(scope="module")
def tenants() -> tuple[Example, ...]:
    return examples()


@pytest.mark.thorough
def test_every_topic_is_shown_by_an_example_tenant_or_there_is_a_reason(
    tenants: tuple[Example, ...],
) -> None:
    rows = list(covered(tenants))
    assert len(rows) == len(shipped_topics())
    assert [row.topic for row in rows if not row.shown and not row.reasons] == []
    assert all(len(reason) > 8 for row in rows for reason in row.reasons.values())
    assert sum(any(row.resources.values()) for row in rows) > 45


def test_every_topic_is_adopted_or_declined_by_each_example_tenant(
    tenants: tuple[Example, ...],
) -> None:
    for tenant in tenants:
        topics = playbook(tenant.playbook).topics.keys()
        assert topics - tenant.adopts - tenant.declines.keys() == set(), tenant.name


def test_the_playbook_that_the_guide_to_own_playbooks_shows_is_one() -> None:
    text = (REPOSITORY / "docs" / "own-playbook.md").read_text(encoding="utf-8")
    source = next(
        block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "id:" in block
    )
    book = load(yaml.safe_load(source), shipped_topics())
    assert book.topic("kiosks").condition
    assert [check.id for check in book.checks] == ["K01.kiosk-sessions"]
