"""What strangers wrote is text in Markdown, and nothing else."""

import html
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from tenantctl.report.escape import markdown, markdown_code, shortened, visible
from tenantctl.report.markdown import fence

PAYLOADS = (
    "plain",
    "a|b|c",
    "`code`",
    "```\nfence",
    "*a* **b** _c_ __d__ ~~e~~",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "> quote",
    "---",
    "===",
    ":--",
    "    indented",
    "\ttabbed",
    "[link](https://evil.test)",
    "![image](https://evil.test/x.png)",
    "[ref]: https://evil.test",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- comment -->",
    "</details></summary>",
    "&lt;b&gt; &amp; &#60;",
    "<https://evil.test>",
    "https://evil.test and HTTP://evil.test and ftp://evil.test",
    "www.evil.test",
    "mailto:a@evil.test",
    "somebody@evil.test",
    "@octocat and @org/team",
    "#1 octo/repo#2 GH-3 !4 ~label %milestone $5 &6",
    ":smile: a::b",
    "$x$ $`y`$",
    "\\*not\\*",
    "[^1] [ ] [x]",
    "line\nbreak\r\nmore",
    "\u202egnp.exe\u200b\u2066x\u2069",
    "\x1b[31mred\x07\x9b0m",
    "'\"",
)


class Shape(HTMLParser):
    """The tags of a document, and the texts that stand outside code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.prose, self.said, self.inside = "", "", 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))
        self.inside += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))
        self.inside -= tag == "code"

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!", ((data, None),)))

    def handle_data(self, data: str) -> None:
        self.said += data
        self.prose += "" if self.inside else data


PAGES = {
    "a line": "{}",
    "a list": "- {}\n- other\n",
    "a table": "| a | b |\n|---|---|\n| {} | c |\n",
    "a heading": "## {}\n",
    "HTML": "<details><summary>{}</summary>\n\n- {}\n\n</details>\n",
    "quoted": "> {}\n",
}
FOUND = re.compile(
    r"(?i)(?<!\w)@\w|\w@\w|#\d|\bgh-\d|[!$&]\d|[~%]\w|://|\bwww\.\w|\bmailto:\w|:[\w+-]+:|\^\d"
)
"""What code hosts look for in finished text."""


def rendered(page: str, name: str) -> Shape:
    made = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    return Shape(made.render(PAGES[page].replace("{}", name)))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_name_is_text_wherever_it_stands(page: str, payload: str) -> None:
    harmless = rendered(page, markdown("name"))
    shape = rendered(page, markdown(payload))
    assert shape.tags == harmless.tags
    assert " ".join(visible(payload).split()) in " ".join(shape.said.replace("\u200b", "").split())
    assert not FOUND.search(shape.prose)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_name_is_text_in_code_and_can_be_copied(page: str, payload: str) -> None:
    harmless = rendered(page, markdown_code("name"))
    shape = rendered(page, markdown_code(payload))
    assert shape.tags == harmless.tags
    assert visible(payload).strip() in shape.said
    assert not FOUND.search(shape.prose)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_renderer_takes_for_an_address_does_not_stand_in_the_source(payload: str) -> None:
    for source in (markdown(payload), markdown_code(payload)):
        assert not re.search(r"(?i)://|www\.|mailto:|@|[|<>`*\[\]\\](?!/?code>)", _bare(source))


def _bare(source: str) -> str:
    return source.removeprefix("<code>").removesuffix("</code>")


def test_a_name_can_be_copied_out_of_the_code_as_it_is() -> None:
    name = "shop@acme.test:#1|x"
    assert html.unescape(_bare(markdown_code(name))) == name


@pytest.mark.parametrize("limit", range(1, 20))
def test_a_text_is_never_cut_inside_an_escape(limit: int) -> None:
    text = visible("a\x1bb\u202ec\U000e0041d")
    kept, _, told = shortened(text, limit).partition("... ")
    whole = re.compile(r"(?:[^\\]|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*")
    assert whole.fullmatch(kept)
    assert told == f"({len(text)} characters)"


def test_a_text_that_fits_is_left_as_it_is() -> None:
    assert shortened("a\\x1b", 5) == "a\\x1b"


@pytest.mark.parametrize("lines", [["```"], ["a", "`````", "b"], ["~~~"], ["</code>", "```diff"]])
def test_no_line_can_end_the_fence_that_it_stands_in(lines: list[str]) -> None:
    shape = Shape(MarkdownIt("gfm-like", {"linkify": False}).render(fence(lines)))
    assert [tag for tag, _ in shape.tags] == ["pre", "code", "/code", "/pre"]
    assert shape.said.strip("\n").split("\n") == lines
