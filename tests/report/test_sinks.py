"""Thirty hostile names in three sinks: each page is built as that of a harmless name."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from report.samples import B2C, EMPTY, VAULT, step, update
from report.test_markdown import FOUND, PAYLOADS
from tenantctl.cli.showing import plan_renderers
from tenantctl.model import (
    Address,
    Create,
    Delete,
    Edit,
    Entry,
    Finding,
    Plan,
    Ref,
    Released,
    Resource,
    Violation,
)
from tenantctl.report import view_plan, visible
from tenantctl.report.html import plan_html
from tenantctl.report.markdown import LIMIT, plan_markdown
from tenantctl.report.text import text


def plan_of(name: str) -> Plan:
    """A plan in which *name* stands wherever a stranger's text can stand."""
    shop = Address("clients", name)
    lines = f"const a = 1;\n{name}\nend();"
    steps = (
        step(
            "application_integration",
            Create(Resource(shop, {"name": name, "client_metadata": {name: "x"}})),
            name,
        ),
        step(
            "application_integration",
            update(
                "connections.users",
                Edit(("options", "upstream_params", name), "x", name),
                Edit(("options", "customScripts", "login"), "const a = 1;\nend();", lines),
                Edit(("display_name",), name, "y"),
                Edit(("realms",), [name, "x" * 60], ["other", name + "2"]),
            ),
        ),
        step("id_token_claims", Delete(Resource(Address("clients", f"{name}-2"), {"name": name}))),
    )
    return replace(
        EMPTY,
        domain=name,
        steps=steps,
        entries={
            Address("connection_clients", "users"): Entry(
                fields={"clients": [Ref(shop, "client_id")]}
            )
        },
        violations=(
            Violation("rule", name, name, f"write {name}"),
            Violation("r2", name, "", "", name),
        ),
        released=(Released(shop, (name,), name),),
        findings=(
            Finding(
                "CHK-1",
                name,
                "high",
                "block",
                "failed",
                details=(f"it is {name}",),
                topics=("application_integration",),
            ),
        ),
    )


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, and what is said in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.said, self.prose, self.raw = "", "", 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"i", "mark"}:  # the colours and marks of code differ with what it says
            self.tags.append((tag, *(name for name, _ in attrs)))
        self.raw += tag in {"code", "pre", "script", "style"}

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"i", "mark"}:
            self.tags.append((f"/{tag}",))
        self.raw -= tag in {"code", "pre", "script", "style"}

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        self.tags.append(("!",))

    def handle_data(self, data: str) -> None:
        self.said += data
        self.prose += "" if self.raw else data


def markdown_shape(name: str) -> Shape:
    rendered = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(
        plan_markdown(view_plan(plan_of(name), B2C))
    )
    return Shape(rendered)


def page_shape(name: str) -> Shape:
    return Shape(plan_html(view_plan(plan_of(name), B2C, full=True)))


HARMLESS_PAGE, HARMLESS_MARKDOWN = page_shape("harmless").tags, markdown_shape("harmless").tags


# A name of several lines has more lines in a diff, whatever is written in them.
SHORT = [payload for payload in PAYLOADS if "\n" not in payload]


def test_there_are_thirty_payloads() -> None:
    assert len(SHORT) >= 30


@pytest.mark.parametrize("payload", SHORT)
def test_a_name_changes_nothing_in_markdown(payload: str) -> None:
    shape = markdown_shape(payload)
    assert shape.tags == HARMLESS_MARKDOWN
    assert not FOUND.search(shape.prose)
    assert visible(payload).strip() in shape.said.replace("\u200b", "")


@pytest.mark.parametrize("payload", SHORT)
def test_a_name_changes_nothing_on_a_page(payload: str) -> None:
    shape = page_shape(payload)
    assert shape.tags == HARMLESS_PAGE
    assert visible(payload).strip() in shape.said


@pytest.mark.parametrize("payload", SHORT)
def test_a_name_changes_nothing_in_a_terminal(payload: str) -> None:
    said, harmless = (
        text(view_plan(plan_of(name), B2C), color=False, width=1000)
        for name in (payload, "harmless")
    )
    assert all(character == "\n" or character.isprintable() for character in said)
    signs = [re.match(r" *[+~!=-] |", line) for line in said.splitlines()]
    others = [re.match(r" *[+~!=-] |", line) for line in harmless.splitlines()]
    assert [found and found[0] for found in signs] == [found and found[0] for found in others]


NAMES = st.text(st.characters(codec=None), min_size=1, max_size=40)


@given(NAMES)
@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_drawn_names_change_nothing_either(name: str) -> None:
    name = name.replace("\n", " ")  # more lines are more rows of code
    assert page_shape(name).tags == HARMLESS_PAGE
    assert markdown_shape(name).tags == HARMLESS_MARKDOWN


# How long a comment is


CHANGES = (
    lambda n: update(f"clients.app-{n}", Edit(("callbacks",), [f"https://{n}.a"], [])),
    lambda n: update(f"clients.app-{n}", Edit(("description",), "`" * 90, "\U0001f600" * 90)),
    lambda n: Delete(Resource(Address("clients", f"{'|' * 60}-{n}"), {"name": "x" * 500})),
    lambda n: Create(Resource(Address("clients", f"app-{n}"), {"name": "&" * 300})),
)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("changes", "number"), [(CHANGES, 5000), *(((each,), 700) for each in CHANGES)]
)
def test_the_markdown_of_any_number_of_changes_stays_under_the_limit(changes, number) -> None:
    steps = tuple(
        step("application_integration", changes[n % len(changes)](n)) for n in range(number)
    )
    said = plan_markdown(view_plan(replace(EMPTY, steps=steps), B2C))
    assert len(said.encode()) < LIMIT
    assert len(said.encode("utf-16-le")) // 2 < LIMIT
    assert whole(said)
    assert re.search(r"^- and [0-9]+ more$", said, re.MULTILINE)


@given(st.integers(2_500, 20_000), st.lists(NAMES, min_size=1, max_size=12))
@settings(max_examples=15, deadline=None)
def test_nothing_is_cut_in_half_however_little_room_there_is(limit: int, names: list[str]) -> None:
    plans = [plan_of(name) for name in names]
    steps = tuple(step for plan in plans for step in plan.steps)
    said = plan_markdown(view_plan(replace(EMPTY, steps=steps), B2C), limit=limit)
    assert len(said.encode()) < limit
    assert whole(said)


def whole(said: str) -> bool:
    """Whether every fence, element and reference that begins ends."""
    fences = re.findall(r"^(`{3,})", said, re.MULTILINE)
    outside = re.sub(r"(?ms)^(`{3,})diff\n.*?^\1$", "", said)
    return (
        fences[::2] == fences[1::2]
        and said.count("<details>") == said.count("</details>")
        and outside.count("<code>") == outside.count("</code>")
        and not re.search(r"&#?\w*(?![\w;#])", re.sub(r"&#\d+;", "", outside))
    )


def test_the_first_200_deletes_are_named_and_the_others_counted() -> None:
    steps = tuple(
        step("application_integration", Delete(Resource(Address("clients", f"app-{n:04}"), {})))
        for n in range(1000)
    )
    said = html.unescape(plan_markdown(view_plan(replace(EMPTY, steps=steps), B2C)))
    named = re.findall(r"<code>- clients\.app-([0-9]{4})</code>", said)
    assert len(named) == 200
    assert "- and 800 more" in said


def test_what_is_a_risk_comes_before_what_is_not() -> None:
    safe = update("clients.safe", Edit(("description",), "a", "b"))
    risky = update("clients.risky", Edit(("callbacks",), ["https://a"], []))
    worse = update("clients.worse", Edit(("require_proof_of_possession",), False, True))
    steps = tuple(step("application_integration", each) for each in (safe, risky, worse))
    said = plan_markdown(view_plan(replace(EMPTY, steps=steps), B2C))
    places = [said.index(f"clients.{name}") for name in ("worse", "risky", "safe")]
    assert places == sorted(places)


def test_no_form_of_a_plan_tells_the_value_of_a_secret() -> None:
    secret = VAULT.values["CRM"]
    shop = Address("clients", "shop")
    steps = (
        step("application_integration", Create(Resource(shop, {"name": secret, secret: "x"}))),
        step("application_integration", Delete(Resource(Address("clients", "old"), {"x": secret}))),
        step(
            "application_integration",
            update("clients.b", Edit(("description",), f"a{secret}", f"b{secret * 90}")),
        ),
        step(
            "id_token_claims",
            update("actions.c", Edit(("code",), f"a\n{secret}\n", f"b\n{secret}\nc")),
        ),
    )
    plan = replace(EMPTY, steps=steps, violations=(Violation("r", "a", secret, secret),))
    see = partial(view_plan, plan, B2C, VAULT)
    for end, render in plan_renderers(plan, see).items():
        said = render()
        assert secret not in said, end
        assert "secret CRM" in said.replace("&#40;", "(").replace("&#41;", ")"), end


def test_what_nobody_else_needs_of_a_comment_goes_to_whoever_was_cut() -> None:
    alike = partial(Violation, address="clients.a", detail="d" * 300, help="h" * 60)
    refused = tuple(alike(f"r{n}") for n in range(140))
    made = plan_markdown(view_plan(replace(EMPTY, violations=refused), B2C))
    assert LIMIT * 0.8 < len(made.encode()) < LIMIT
    assert made.count("- **r") == 140


def test_a_comment_and_a_page_say_why_an_order_is_not_kept_and_what_is_let_go() -> None:
    released = Released(Address("clients", "shop"), ("description",), "old @ones")
    view = view_plan(replace(EMPTY, hotfix="keys <leaked>", released=(released,)), B2C)
    for made in (plan_markdown(view), plan_html(view)):
        said = html.unescape(made)
        assert "Hotfix:" in said
        assert "keys <leaked>" in said
        assert "keys <leaked>" not in made
        assert "description" in said
