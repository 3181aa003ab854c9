"""The page of a plan: what it holds, and how it does in headless Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from report.samples import B2C, PLAN, RECEIPT, VAULT, create, step, update
from tenantctl.model import Address, Delete, Edit, Outcome, Plan, Resource
from tenantctl.report import view_plan, view_receipt
from tenantctl.report.html import LIMIT, plan_html, receipt_html
from tenantctl.report.sides import side_by_side
from tenantctl.report.view import Line

TOOL = Path(__file__).parents[2] / "tools" / "look_at_plan.mjs"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tenantctl"
PEER = Path(os.environ.get("BROWSER", CACHE / "browser-24.43.1"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CODE = "".join(
    f"  api.idToken.setCustomClaim('c{n}', event.user.x[{n}]); // {n}\n" for n in range(60)
)


class Page(HTMLParser):
    """The parts of a page that tests ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.steps: list[dict[str, str | None]] = []
        self.inline: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if found.get("class") == "step":
            self.steps.append(found)
        self.inline += [name for name in found if name == "style" or name.startswith("on")]
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found[name] or "" for name in ("href", "src") if name in found]

    def handle_data(self, data: str) -> None:
        self.said += data


def page_of(plan: Plan) -> str:
    return plan_html(view_plan(plan, B2C, VAULT, rate=(50, 16.0), full=True), (("Commit", "abc"),))


def big(number: int) -> Plan:
    steps = []
    for n in range(number):
        a = f"clients.app-{n}"
        steps.append(
            step(
                "application_integration",
                [
                    update(a, Edit(("callbacks",), [f"https://{n}.a"], [f"https://{n}.b"])),
                    update(a, Edit(("description",), "a", "b")),
                    create(a, name="App", callbacks=["https://a.b/c"], grant_types=["a", "b"]),
                    Delete(Resource(Address.parse(a), {"name": "App"})),
                    update(f"actions.a-{n}", Edit(("code",), CODE, CODE.replace("c7", "d7"))),
                ][n % 5],
            )
        )
    return replace(PLAN, steps=tuple(steps))


def test_every_change_stands_on_the_page_with_what_it_is_filtered_by() -> None:
    page = Page(page_of(PLAN))
    assert len(page.steps) == len(PLAN.steps)
    assert len(set(page.ids)) == len(page.ids)
    shop = next(each for each in page.steps if each["id"] == "step-clients.old-shop")
    assert shop["data-risk"] == "lockout data_loss token_breaking"
    assert (shop["data-verb"], shop["data-kind"], shop["data-stream"]) == (
        "delete",
        "clients",
        "deletes",
    )


def test_a_page_needs_nothing_beside_it_and_runs_nothing_but_its_own_script() -> None:
    page = Page(text := page_of(PLAN))
    assert "default-src 'none'" in text
    assert page.inline == []
    assert {link[:1] for link in page.links if not link.startswith("https://auth0.com/")} <= {
        "#",
        "d",
    }
    assert page.tags.count("script") == 1


def test_a_page_tells_where_it_comes_from() -> None:
    said = Page(page_of(PLAN)).said
    for told in ("hearth/dev", "hearth-dev.sandbox.invalid", "abc", PLAN.digest, "refused"):
        assert told in said


@pytest.mark.thorough
def test_the_page_of_500_changes_stays_under_2_mb() -> None:
    assert len(page_of(big(500)).encode()) < LIMIT


def test_a_page_that_would_be_too_large_says_what_it_leaves_out() -> None:
    view = view_plan(big(20), B2C, VAULT, full=True)
    whole, small = plan_html(view), plan_html(view, limit=50_000)
    assert len(small.encode()) < 50_000 < len(whole.encode())
    assert "fields and lines are left out" in small
    assert "fields and lines are left out" not in whole
    assert len(Page(small).steps) == 20


def test_the_page_of_a_receipt_tells_every_outcome_and_what_is_not_done_first() -> None:
    text = receipt_html(view_receipt(RECEIPT, VAULT))
    page = Page(text)
    places = [page.said.index(str(id)) for id in RECEIPT.outcomes]
    assert len(places) == len(RECEIPT.outcomes)
    assert page.inline == []
    assert page.tags.count("script") == 1
    assert page.said.index("Not done") < page.said.index("Done", page.said.index("Not done") + 8)


def test_a_hostile_outcome_changes_nothing_on_the_page_of_a_receipt() -> None:
    (id, *_) = RECEIPT.outcomes

    def tags(said: str) -> list[str]:
        outcome = Outcome("failed", said, record={"a": said})
        receipt = replace(RECEIPT, outcomes={id: outcome}, who=said, commit=said)
        return Page(receipt_html(view_receipt(receipt, VAULT))).tags

    assert tags("<script>alert(1)</script><!-- '\"") == tags("harmless")


# Side by side


def text_of(side) -> str:
    return "".join(text for text, _, _ in side.spans)


LINES = (
    Line("@", "-1,4 +1,4"),
    Line(" ", "const a = 1; // one"),
    Line("-", "const b = 'old';"),
    Line("-", "gone();"),
    Line("+", "const b = 'new';"),
    Line(" ", "end();"),
)


@pytest.mark.parametrize("language", ["", "code", "html", "liquid", "json", "certificate"])
def test_the_sides_of_a_change_are_the_texts_before_and_after(language: str) -> None:
    pairs = side_by_side(LINES, language)
    before = [text_of(pair.before) for pair in pairs if pair.before]
    after = [text_of(pair.after) for pair in pairs if pair.after]
    assert before == [line.text for line in LINES if line.sign in " -"]
    assert after == [line.text for line in LINES if line.sign in " +"]


def test_what_differs_in_a_line_is_marked_and_nothing_else() -> None:
    pairs = side_by_side(LINES, "code")
    changed = next(pair for pair in pairs if pair.before and "const b" in text_of(pair.before))
    assert [text for text, _, marked in changed.before.spans if marked] == ["old"]
    assert [text for text, _, marked in changed.after.spans if marked] == ["new"]
    assert (changed.before.number, changed.after.number) == (2, 2)


def test_a_line_that_only_goes_has_nothing_beside_it() -> None:
    alone = next(p for p in side_by_side(LINES) if p.before and text_of(p.before) == "gone();")
    assert alone.after is None
    assert not any(marked for _, _, marked in alone.before.spans)


# In a browser


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    """What the tool has seen of a page."""
    if not shutil.which("node") or not Path(CHROMIUM).exists():
        pytest.skip(f"needs Node.js and Chromium at {CHROMIUM}")
    if not (PEER / "node_modules" / "axe-core").is_dir():
        pytest.skip(f"needs puppeteer-core and axe-core in {PEER}: make peer")
    page = tmp_path_factory.mktemp("page") / "plan.html"
    page.write_text(page_of(PLAN), "utf-8")
    ran = subprocess.run(
        ["node", str(TOOL), str(page)], capture_output=True, text=True, check=False
    )
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.thorough
def test_nothing_is_said_on_the_console_no_request_leaves_and_nothing_overflows(looked) -> None:
    seen = [(each["said"], each["requests"], max(each["overflow"], 0)) for each in looked["looks"]]
    assert seen == [([], [], 0)] * 4


@pytest.mark.thorough
def test_axe_finds_nothing_serious(looked) -> None:
    found = [each["violations"] for each in looked["looks"]]
    assert [v for each in found for v in each if v["impact"] in {"serious", "critical"}] == []


@pytest.mark.thorough
def test_changes_are_filtered_and_folded_by_keyboard(looked) -> None:
    used = looked["used"]
    assert used["first"] == "skip"
    assert used["all"] == sum(used["verbs"].values()) == sum(used["kinds"].values()) == 11
    assert (used["safe"], used["none"], used["nothing"]) == (3, 0, True)
    assert (used["folded"], used["unfolded"]) == (0, 11)


@pytest.mark.thorough
def test_without_a_script_everything_is_there(looked) -> None:
    assert looked["used"]["withoutScript"] == 11


@pytest.mark.thorough
def test_it_can_be_printed_dark_mode_is_switched_and_the_markdown_is_at_hand(looked) -> None:
    used = looked["used"]
    assert used["printedFilters"] == "none"
    assert used["dark"] != next(x for x in looked["looks"] if x["theme"] == "light")["background"]
    assert used["markdown"].startswith("<!-- tenantctl:plan:hearth/dev -->")
