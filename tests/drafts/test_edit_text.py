"""One place of a YAML text becomes another, and not a byte beside it."""

from __future__ import annotations

import copy
import difflib
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.layouts import laid_out
from tenantctl.drafts.edit_apply import body_of
from tenantctl.drafts.edit_sheet import Keyed, Sheet, Unfit
from tenantctl.drafts.edit_text import Keep, append, arrange, drop, put
from tenantctl.drafts.written import Tag

TEXT = """\
# top
a:
  b: old   # behind
  c: |
    text
    more

  # about d
  d: [1, "two", !secret X]
  e:
  - x   # behind x
  # above y
  - y: 1
    z: 2
  f: {g: h}
  n: {}
  q: "quoted"  # behind q
  m: [
    one,  # 1
    two   # 2
  ]
  k:  # behind k
    - v
  s: 'single'
# end
"""


def lines(new: str, text: str = TEXT) -> list[str]:
    found = difflib.unified_diff(text.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in found if line[:2] not in {"--", "++", "@@"}]


PUT = {
    "a scalar": (("a", "b"), "new", ["-  b: old   # behind", "+  b: new   # behind"]),
    "a list for a scalar": (
        ("a", "b"),
        ["x", True],
        ["-  b: old   # behind", "+  b: [x, true]   # behind"],
    ),
    "a map of maps for a scalar": (
        ("a", "b"),
        {"x": {"k": {"l": 1}}},
        ["-  b: old   # behind", "+  b:   # behind", "+    x:", "+      k: {l: 1}"],
    ),
    "lines for a scalar": (
        ("a", "b"),
        "one\ntwo\n",
        ["-  b: old   # behind", "+  b: |   # behind", "+    one", "+    two"],
    ),
    "a scalar for lines": (
        ("a", "c"),
        "one",
        ["-  c: |", "-    text", "-    more", "+  c: one"],
    ),
    "lines for lines": (
        ("a", "c"),
        "text\nless\n",
        ["-    more", "+    less"],
    ),
    "a scalar for a list": (
        ("a", "k"),
        1,
        ["-  k:  # behind k", "-    - v", "+  k: 1  # behind k"],
    ),
    "an element": (
        ("a", "d", 1),
        "three",
        ['-  d: [1, "two", !secret X]', '+  d: [1, "three", !secret X]'],
    ),
    "an element of lines": (("a", "e", "x"), "w", ["-  - x   # behind x", "+  - w   # behind x"]),
    "a field of an element": (("a", "e", 1, "z"), 5, ["-    z: 2", "+    z: 5"]),
    "a quoted text": (
        ("a", "q"),
        'it"s',
        ['-  q: "quoted"  # behind q', '+  q: "it\\"s"  # behind q'],
    ),
    "a text in single quotes": (("a", "s"), "it's", ["-  s: 'single'", "+  s: 'it''s'"]),
    "an entry in brackets": (("a", "f", "k"), ["q"], ["-  f: {g: h}", "+  f: {g: h, k: [q]}"]),
    "an entry in empty brackets": (("a", "n", "k"), 1, ["-  n: {}", "+  n: {k: 1}"]),
    "an entry with what leads to it": (
        ("a", "n", "k", "l"),
        {"m": 1},
        ["-  n: {}", "+  n:", "+    k:", "+      l: {m: 1}"],
    ),
    "an entry of the file": (("o", "p"), "v", ["+o:", "+  p: v"]),
    "a tag": (("a", "b"), Tag("var", "x"), ["-  b: old   # behind", "+  b: !var x   # behind"]),
    "a tag with a list": (
        ("a", "f", "k"),
        Tag("append", items=("q",)),
        ["-  f: {g: h}", "+  f: {g: h, k: !append [q]}"],
    ),
    "an element of a keyed list": (
        ("a", "e", Keyed.of("w", "y")),
        {"z": 3},
        ['+  - "y": w', "+    z: 3"],
    ),
    "a field of an element of a keyed list": (
        ("a", "e", Keyed.of("1", "y"), "z"),
        3,
        ["-    z: 2", "+    z: 3"],
    ),
}


@pytest.mark.parametrize(("steps", "value", "expected"), PUT.values(), ids=PUT)
def test_a_value_is_put_in_its_place(steps, value, expected):
    assert lines(put(TEXT, steps, value)) == expected


def test_an_entry_can_come_first():
    assert put("a:\n  # c\n  b: 1\n", ("a", "k"), 2, first=True) == "a:\n  # c\n  k: 2\n  b: 1\n"
    assert put("- b: 1\n", (0, "k"), 2, first=True) == "- k: 2\n  b: 1\n"


def test_new_entries_keep_the_distance_of_the_others():
    text = "a:\n  b:\n    x: [1]\n\n  c:\n    x: [2]\n\n# next\nd: 1\n"
    expected = "a:\n  b:\n    x: [1]\n\n  c:\n    x: [2]\n\n  k:\n    x: [3]\n\n# next\nd: 1\n"
    assert put(text, ("a", "k"), {"x": [3]}) == expected


@pytest.mark.parametrize("text", ["", "# only a comment\n", "# none\nb: 1"])
def test_an_entry_is_put_into_whatever_file_there_is(text):
    new = put(text, ("a",), 1)
    assert new.startswith(text)
    assert body_of(Sheet.of(new).root, {})["a"] == 1


DROP = {
    "an entry": (("a", "b"), ["-  b: old   # behind"]),
    "lines": (("a", "c"), ["-  c: |", "-    text", "-    more"]),
    "the first element": (
        ("a", "d", 0),
        ['-  d: [1, "two", !secret X]', '+  d: ["two", !secret X]'],
    ),
    "the last element": (("a", "d", 2), ['-  d: [1, "two", !secret X]', '+  d: [1, "two"]']),
    "an element of lines": (("a", "e", 0), ["-  - x   # behind x"]),
    "the first entry of an element": (
        ("a", "e", 1, "y"),
        ["-  - y: 1", "-    z: 2", "+  - z: 2"],
    ),
    "the only entry": (("a", "f", "g"), ["-  f: {g: h}", "+  f: {}"]),
    "an element on its own line": (("a", "m", "one"), ["-    one,  # 1"]),
    "the last element on its own line": (("a", "m", "two"), ["-    two   # 2"]),
    "the only element": (("a", "k", 0), ["-  k:  # behind k", "-    - v", "+  k: []  # behind k"]),
}


@pytest.mark.parametrize(("steps", "expected"), DROP.values(), ids=DROP)
def test_an_entry_goes_with_its_line(steps, expected):
    assert lines(drop(TEXT, steps)) == expected


MORE = {
    "a list in brackets": (
        ("a", "d"),
        ["x"],
        ['-  d: [1, "two", !secret X]', '+  d: [1, "two", !secret X, x]'],
    ),
    "a list of lines": (("a", "e"), ["w", {"y": 3}], ["+  - w", '+  - "y": 3']),
    "a list in brackets over lines": (
        ("a", "m"),
        ["w"],
        ["-    two   # 2", "+    two,   # 2", "+    w"],
    ),
}


@pytest.mark.parametrize(("steps", "values", "expected"), MORE.values(), ids=MORE)
def test_elements_are_put_behind_the_others(steps, values, expected):
    place = Sheet.of(TEXT).find(steps)
    assert place is not None
    assert lines(append(TEXT, place, values)) == expected


def test_elements_in_another_order_take_their_comments_along():
    new = arrange(TEXT, ("a", "e"), [Keep(1), "w", Keep(0)])
    expected = "  e:\n  # above y\n  - y: 1\n    z: 2\n  - w\n  - x   # behind x\n  f: {g: h}\n"
    assert expected in new
    assert "  d: [!secret X, w, 1]\n" in arrange(TEXT, ("a", "d"), [Keep(2), "w", Keep(0)])


def test_what_an_alias_stands_for_is_not_changed():
    with pytest.raises(Unfit):
        put("a: &x {b: 1}\nc: *x\n", ("c", "b"), 2)


ODD = {
    "a word behind each": ("a:  # one\n  1  # two\n", ("a",), 2, "a: 2  # one  # two\n"),
    "a word behind the sign of lines": ("a: >-  # b\n  x\n  y\n", ("a",), 1, "a: 1  # b\n"),
    "the last line of all": ("b: 1\na: 1", ("a",), "x\ny\n", "b: 1\na: |\n  x\n  y\n"),
    "lines for an element": (
        "a:\n  - {}  # two\n",
        ("a", 0),
        {"k": "x\ny"},
        "a:\n  - k: |-  # two\n      x\n      y\n",
    ),
}


@pytest.mark.parametrize(("text", "steps", "value", "expected"), ODD.values(), ids=ODD)
def test_what_is_said_behind_a_value_never_becomes_a_part_of_it(text, steps, value, expected):
    assert put(text, steps, value) == expected


def test_what_stands_behind_the_first_of_a_list_in_a_list_keeps_its_column():
    text = "a:\n  - - w\n    -  p: 1\n       r: 2\n"
    assert drop(text, ("a", 0, 0)) == "a:\n  - -  p: 1\n       r: 2\n"


def test_a_comma_in_a_comment_is_no_comma():
    text = "a: [x,  # one, and\n    y]\n"
    assert drop(text, ("a", 1)) == "a: [x,  # one, and\n    ]\n"
    text = "a: [\n  x,\n  y  # two, too\n]\n"
    assert drop(text, ("a", 0)) == "a: [\n  y  # two, too\n]\n"
    place = Sheet.of(text).find(("a",))
    assert place is not None
    assert append(text, place, ["z"]) == "a: [\n  x,\n  y,  # two, too\n  z\n]\n"


ANCHORED = """\
a: &x [1, &y two]
b:
  - *y   # yy
  - *y
c: {k: *x, l: *x}
d:
  e: *y  # z
"""


@pytest.mark.parametrize(
    ("steps", "value", "expected"),
    [
        (("b",), "n", ['+  - "n"']),
        (("c",), "n", ["-c: {k: *x, l: *x}", '+c: {k: *x, l: *x, "n": 1}']),
        (("d",), "n", ['+  "n": 1']),
    ],
)
def test_what_stands_behind_an_alias_is_put_there(steps, value, expected):
    """An alias has the place of what it stands for, wherever that is."""
    place = Sheet.of(ANCHORED).find(steps)
    assert place is not None
    if isinstance(body_of(place.node, {}), list):
        assert lines(append(ANCHORED, place, [value]), ANCHORED) == expected
    else:
        assert lines(put(ANCHORED, (*steps, value), 1), ANCHORED) == expected


@pytest.mark.parametrize("steps", [("a",), ("a", 0), ("a", 1)])
def test_what_an_alias_may_stand_for_is_not_changed_with_it(steps):
    with pytest.raises(Unfit):
        put(ANCHORED, steps, 1)


@pytest.mark.parametrize("steps", [("b", 0), ("b", 1), ("c", "k"), ("d", "e")])
def test_no_alias_is_taken_for_what_it_stands_for(steps):
    with pytest.raises(Unfit):
        drop(ANCHORED, steps)
    with pytest.raises(Unfit):
        put(ANCHORED, steps, 1)
    with pytest.raises(Unfit):
        arrange(ANCHORED, ("b",), [Keep(1), Keep(0)])


def test_what_hangs_on_a_tag_is_not_changed():
    with pytest.raises(Unfit):
        put("a: !var x\n", ("a", "b"), 2)


# --- Any text -----------------------------------------------------------------------------------

NAMES = st.text("abcdefg", min_size=1, max_size=3)
SCALARS = st.one_of(
    st.none(),
    st.integers(0, 99),
    st.booleans(),
    st.text("ab yn:#'\"é{}[],&*!|>%@-1", max_size=8).map(str.strip),
    st.sampled_from(["yes", "null", "1e3", "0x1f", "12:30", "2024-01-01", "~", "", "${var.x}"]),
    st.sampled_from(["one\ntwo\n", "one\n\ntwo", "a\n  b\n"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def texts(draw: Any) -> tuple[str, Any]:
    """A YAML text in a layout of its own, with comments, and what it says."""
    data = draw(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4))
    text = laid_out(data, Random(draw(st.integers(0, 9999))))
    written = body_of(Sheet.of(text).root, {})
    assert written == data, text
    return text, written


def _places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [way] if way else []
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for step, item in items:
        found += _places(item, (*way, step))
    return found


def _at(value: Any, way: tuple[Any, ...]) -> Any:
    for step in way:
        value = value[step]
    return value


def _comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.lstrip().startswith("# ")]


@settings(max_examples=60, deadline=None)
@given(text=texts(), value=VALUES, data=st.data())
def test_whatever_is_put_is_read_and_all_else_as_before(text, value, data):
    written, before = text
    way = data.draw(st.sampled_from(_places(before)))
    new = put(written, way, value)
    expected = copy.deepcopy(before)
    _at(expected, way[:-1])[way[-1]] = value
    assert body_of(Sheet.of(new).root, {}) == expected
    assert new[: _begin(written, way)] == written[: _begin(written, way)]


def _begin(text: str, way: tuple[Any, ...]) -> int:
    sheet = Sheet.of(text)
    place = sheet.find(way)
    assert place is not None
    start = (place.key or place.node).start_mark.index
    if place.key is None and not place.inside:
        start = sheet.dash(place.parent, place.node)
    return int(text.rfind("\n", 0, start) + 1)


@settings(max_examples=60, deadline=None)
@given(text=texts(), value=VALUES, name=NAMES, data=st.data())
def test_whatever_is_added_is_read_and_no_comment_is_lost(text, value, name, data):
    written, before = text
    maps = [way for way in [(), *_places(before)] if isinstance(_at(before, way), dict)]
    way = data.draw(st.sampled_from(maps))
    if name in _at(before, way):
        return
    new = put(written, (*way, name), value)
    expected = copy.deepcopy(before)
    _at(expected, way)[name] = value
    assert body_of(Sheet.of(new).root, {}) == expected
    assert [c for c in _comments(written) if c not in _comments(new)] == []


@settings(max_examples=60, deadline=None)
@given(text=texts(), data=st.data())
def test_whatever_is_dropped_is_gone_and_all_else_as_before(text, data):
    written, before = text
    way = data.draw(st.sampled_from(_places(before)))
    expected = copy.deepcopy(before)
    del _at(expected, way[:-1])[way[-1]]
    try:
        new = drop(written, way)
    except Unfit:
        assert expected == {}  # nothing would be left of the file
        return
    assert body_of(Sheet.of(new).root, {}) == expected
