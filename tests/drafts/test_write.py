"""Whatever is written as YAML is read back as it was, by every reader."""

from __future__ import annotations

import io

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tenantctl.drafts import Tag, text_of_yaml
from tenantctl.files.document import ListNode, MapNode, ScalarNode, parse

WICKED = (
    "", " ", "~", "null", "Null", "yes", "No", "on", "y", "n", "1", "01", "+1", "1_000", "0x1f",
    "0b1", "1e3", ".5", "1.0", ".inf", ".NaN", "12:30", "2024-01-01", "- a", "-", "?", ": ", "a: b",
    "a #b", "#", "&a", "*a", "!tag", "!secret X", "%YAML 1.2", "---", "...", "@x", "`x", "'", '"',
    "it's", "{a", "[a", "a, b", "|", ">", "<<", "=", "${var.x}", "$${x}", "trailing ", " leading",
    "tab\tinside", "line\nbreak", "line\n", "\nline", "two\n\nlines\n\n", "  indented\nline",
    "ends with space \nline", "\x07bell", "\x1b[31mred", "\x7f", "\x85", "\u2028", "\u202eabc",
    "\ufeffbom", "\u200b", "👩\u200d💻", "é", "日本語", "a" * 5000, "12345678901234567890123",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(WICKED),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.sampled_from([0.5, 1.25, -3.75, 87.5]),
    texts,
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)


def ours(node):
    match node:
        case MapNode():
            return {key.text: ours(value) for key, value in node.entries}
        case ListNode():
            return [ours(item) for item in node.items]
        case ScalarNode():
            return node.value


def as_it_is_read(text):
    found = parse("made.yaml", text.encode())
    assert not found.problems, found.problems
    return ours(found.root)


@pytest.mark.parametrize("text", WICKED, ids=range(len(WICKED)))
def test_every_wicked_text_comes_back(text):
    written = text_of_yaml({"value": text, "list": [text], text or "empty": {"inside": text}})

    assert as_it_is_read(written) == yaml.safe_load(written)
    assert as_it_is_read(written)["value"] == text
    assert YAML(typ="safe", pure=True).load(io.StringIO(written))["value"] == text


@pytest.mark.thorough
@given(st.dictionaries(texts, values, max_size=4))
@settings(max_examples=200)
def test_any_value_comes_back(value):
    written = text_of_yaml({"value": value})

    assert as_it_is_read(written) == {"value": value}
    assert yaml.safe_load(written) == {"value": value}


@pytest.mark.parametrize("text", WICKED, ids=range(len(WICKED)))
def test_what_is_written_shows_what_it_holds(text):
    written = text_of_yaml({text: text})

    shown = written.replace("\n", "")
    assert all(c.isprintable() for c in shown), ascii(written)


def test_tags_are_written_as_people_write_them():
    written = text_of_yaml(
        {
            "a": Tag("var", "shop_url"),
            "b": Tag("file", "actions/add claims.js"),
            "c": Tag("append", items=("x", Tag("var", "cdn"))),
            "d": Tag("unmanaged"),
        }
    )

    assert written == (
        "a: !var shop_url\n"
        "b: !file actions/add claims.js\n"
        "c: !append\n"
        "  - x\n"
        "  - !var cdn\n"
        "d: !unmanaged\n"
    )
