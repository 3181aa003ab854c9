"""The page: it stands alone, says what the board says, and nobody's text becomes part of it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from board.samples import SHEET, finding, look, renamed
from tenantctl.report.board import view_board
from tenantctl.report.board_html import LIMIT, board_html, relative

WHEN = "2026-09-01T12:00:00+00:00"
VOID = {"meta", "link", "br", "input", "circle", "path"}
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</style></script><!--",
    "\u202eevil\x1b[31m\u200b",
    "' onmouseover='alert(1)",
)


class Page(HTMLParser):
    """The elements of a page, and whether they close in the order in which they open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_data(self, data):
        if not self.open or self.open[-1] not in {"style", "script"}:
            self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def made(sheet=SHEET, base="", **more):
    return board_html(view_board([sheet], when=WHEN, version="0"), base, **more)


def said(page):
    return " ".join(" ".join(Page(page).text).split())


SHEET_VIEW = view_board([SHEET], when=WHEN, version="0").tenants[0]
PAGE = made()
PARSED = Page(PAGE)


def test_every_element_that_opens_closes():
    assert not PARSED.open


def test_every_id_stands_once_and_every_anchor_leads_to_one():
    ids = [attributes["id"] for _, attributes in PARSED.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    anchors = {a["href"][1:] for a in PARSED.all("a") if (a["href"] or "").startswith("#")}
    assert anchors <= set(ids)
    assert len(anchors) > 3


def test_nothing_is_fetched():
    assert not {"img", "iframe", "object", "embed", "video", "audio", "base"} & {
        tag for tag, _ in PARSED.elements
    }
    assert all("src" not in attributes for _, attributes in PARSED.elements)
    assert [each["href"] for each in PARSED.all("link")] == ["data:,"]
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_the_policy_permits_the_styles_and_the_script_of_the_page_and_nothing_else():
    (policy,) = [m["content"] for m in PARSED.all("meta") if "http-equiv" in m]
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        found = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{found}'" in policy


def test_nothing_in_the_page_needs_what_its_policy_forbids():
    for _, attributes in PARSED.elements:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


@pytest.mark.parametrize(
    "words",
    [
        "Phase 1: People sign in",
        "M1 It can be shown",
        "Ground",
        "nobody climbs",
        "X01.some holds",
        "it is not so",
        "1 problem in the files",
        "kind is missing",
        "tenantctl plan oak/qa",
        "we know (bob, until 2026-12-01)",
        "converged 2026-08-30 10:00 by ann",
        "2 days old",
        "where there is an API",
    ],
)
def test_the_page_says_what_the_board_knows(words):
    assert words in said(PAGE)


@pytest.mark.parametrize(
    ("base", "href"),
    [
        ("", "tenants/oak/a.yaml#L7"),
        ("../../", "../../tenants/oak/a.yaml#L7"),
        (
            "https://github.com/o/r/blob/main",
            "https://github.com/o/r/blob/main/tenants/oak/a.yaml#L7",
        ),
    ],
)
def test_findings_lead_to_file_and_line(base, href):
    links = [a["href"] for a in Page(made(base=base)).all("a")]
    assert href in links


def test_broken_files_are_led_to_as_well():
    assert "environments/oak/prod.yaml#L3" in [a["href"] for a in PARSED.all("a")]


@pytest.mark.parametrize(
    ("root", "folder", "found"),
    [
        ("/p", "/p", ""),
        ("/p", "/p/out/html", "../../"),
        ("/home/a b/p", "/tmp", "../home/a%20b/p/"),
    ],
)
def test_a_page_elsewhere_leads_back_to_the_project(root, folder, found):
    assert relative(Path(root), Path(folder)) == found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_stranger_wrote_is_shown_and_becomes_no_part_of_the_page(payload):
    plain, hostile = Page(made(renamed(SHEET, "harmless"))), Page(made(renamed(SHEET, payload)))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    assert not hostile.open
    for _, attributes in hostile.elements:
        assert not [name for name in attributes if name.startswith("on")]
    shown = (
        payload.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b").replace("\u200b", "\\u200b")
    )
    assert " ".join(shown.split()) in " ".join("".join(hostile.text).split())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_link_to_a_file_leads_anywhere_else(payload):
    for a in Page(made(renamed(SHEET, payload), "../")).all("a"):
        href = a["href"] or ""
        if href.startswith(("#", "https://auth0.com/")):
            continue
        parts = urlsplit(href)
        assert not parts.scheme
        assert not parts.netloc
        assert unquote(parts.path).startswith("../")


def test_names_of_tenants_and_environments_cannot_break_out_of_anchors():
    column = look(name='x" autofocus onfocus="alert(1)')
    page = Page(made(replace(SHEET, tenant='a" b', columns=(column,))))
    assert not [a for _, a in page.elements if "onfocus" in a or "autofocus" in a]
    assert all(re.fullmatch(r"[\w-]+", a["id"]) for _, a in page.elements if a.get("id"))


def test_every_table_has_a_caption_and_every_header_a_scope():
    tables, captions = PARSED.all("table"), PARSED.all("caption")
    assert len(tables) == len(captions) == 4
    assert all(attributes.get("scope") for attributes in PARSED.all("th"))


def test_every_table_scrolls_in_a_region_of_its_own_that_the_keyboard_reaches():
    regions = [a for a in PARSED.all("div") if a.get("role") == "region"]
    assert len(regions) == len(PARSED.all("table"))
    assert all(a["tabindex"] == "0" and a["aria-label"] for a in regions)


def test_what_filters_look_for_stands_at_every_cell_of_an_environment():
    cells = [a for a in PARSED.all("td") if "data-open" in a]
    topics = sum(
        len(s.topics) for p in SHEET_VIEW.phases for lane in p.lanes for s in lane.workstreams
    )
    assert len(cells) == topics * len(SHEET.columns)
    assert {a["data-env"] for a in cells} == {"dev", "qa", "prod"}
    levels = " ".join(a["data-levels"] or "" for a in cells if a["data-env"] == "qa").split()
    assert sorted(levels) == ["block", "warn", "warn"]


def large(count):
    """A tenant whose checks say a lot."""
    findings = [
        finding(f"X{n}.x", "passed" if n % 2 else "failed", details=("word " * 40,))
        for n in range(count)
    ]
    return replace(SHEET, columns=(look(findings=findings), *SHEET.columns[1:]))


def test_a_page_that_would_be_too_large_leaves_out_what_nobody_has_to_see_to_first():
    whole = made(large(40))
    assert "Checks that passed" in whole
    size = len(whole.encode())
    smaller = made(large(40), limit=size)
    assert "Checks that passed" not in smaller
    assert "X0.x holds" in smaller
    assert "leaves out checks that nobody has to see to" in said(smaller)
    least = made(large(40), limit=2_000)
    assert "X0.x holds" not in least
    assert "tenantctl status TENANT --html FILE" in said(least)
    assert len(least) < len(smaller) < size


@pytest.mark.thorough
def test_two_hundred_tenants_of_three_environments_stay_below_the_limit():
    sheets = [replace(SHEET, tenant=f"t{n}") for n in range(200)]
    page = board_html(view_board(sheets, when=WHEN, version="0"), "")
    assert len(page.encode()) < LIMIT
    assert page.count('class="tenant"') == 200
