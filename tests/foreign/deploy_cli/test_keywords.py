"""Keywords: what comes out is what auth0-deploy-cli puts in, and is known to be made of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.foreign.deploy_cli.keywords import (
    Keyword,
    half_open,
    quoted,
    replaced,
    traced,
    traced_text,
    unresolved,
    variable_names,
)
from tenantctl.foreign.deploy_cli.nodes import Unparsable, nearest, of_json, of_yaml, plain
from tenantctl.foreign.item import Made, MadeList
from tenantctl.model import Text, Var


def keywords(**values):
    names = variable_names(values)
    return {name: Keyword(name, value, names[name]) for name, value in values.items()}


URLS = ["https://a.example", "https://b.example"]
FORMS = [
    # text, keywords, value that comes out, what it is made of
    ("v: '##K##'", {"K": "x"}, "x", Var("k")),
    ('v: "https://##K##/cb"', {"K": "h"}, "https://h/cb", ("https://", "k", "/cb")),
    ("v: ##K##", {"K": "plain"}, "plain", Var("k")),
    ("v: ##K##", {}, None, None),
    ("v: https://##K##/x", {"K": "h"}, "https://h/x", ("https://", "k", "/x")),
    ("v: @@K@@", {"K": URLS}, URLS, Var("k")),
    ('v: "@@K@@"', {"K": URLS}, URLS, Var("k")),
    ("v: '@@K@@'", {"K": "x"}, "x", Var("k")),
    ("v: @@K@@", {"K": "two\nlines: yes"}, "two\nlines: yes", Var("k")),
    (
        "v: 'https://@@H@@:@@P@@/cb'",
        {"H": "host", "P": "1"},
        'https://"host":"1"/cb',
        ('https://"', "h", '":"', "p", '"/cb'),
    ),
    ("v: ##K##", {"K": True}, True, None),
    ("v: @@K@@", {"K": {"a": [1]}}, {"a": [1]}, None),
    ("v: @@K@@", {"K": 5}, 5, None),
    ("v: ##K##", {"K": "5"}, 5, None),
    ("v: '##K##'", {"K": 5}, "5", Var("k_text")),
    ("v: '##K##'", {"K": URLS}, ",".join(URLS), Var("k_text")),
    ("v: '##K##'", {"K": ""}, "", Var("k")),
    ("v: '##A####B##'", {"A": "x", "B": "y"}, "xy", ("a", "b")),
    ("v: '##K## and ##K##'", {"K": "x"}, "x and x", ("k", " and ", "k")),
    ("v: [a ##K##]", {"K": ", b, c"}, ["a", "b", "c"], None),
    ("v: [a, '##K##']", {"K": "b"}, ["a", "b"], None),
    ("v: '@@config@@ @@password@@'", {"K": "x"}, "@@config@@ @@password@@", None),
    ("v: '{{ user.name }} {% if x %}'", {"K": "x"}, "{{ user.name }} {% if x %}", None),
    ("v: '##OTHER##'", {"K": "x"}, "##OTHER##", None),
    ("v: '##A##'", {"A": "##B##", "B": "deep"}, "deep", None),
    ("v: @@A@@", {"A": "##B##", "B": "deep"}, "deep", None),
    ("v: '##A##'", {"A": "@@B@@", "B": "deep"}, "@@B@@", Var("a")),
    ('v: "##K##"', {"K": "line\\nline"}, "line\nline", None),
]


@pytest.mark.parametrize(("text", "values", "value", "source"), FORMS)
def test_a_form_of_a_keyword_comes_out_as_its_value_and_is_traced(text, values, value, source):
    found = traced(text, keywords(**values), of_yaml)
    assert plain(found) == {"v": value}
    assert sources(plain(found)["v"]) == source


def sources(value):
    """What a value is made of, variables in a text by their names."""
    if not isinstance(value, Made | MadeList):
        return None
    if isinstance(value.source, Text):
        return tuple(p.name if isinstance(p, Var) else p for p in value.source.parts)
    return value.source


def test_a_list_extended_by_a_keyword_keeps_what_others_make():
    text = "one: [http://a.example\n  ##MORE##\n  ]\ntwo: '##HOST##'\n"
    found = plain(traced(text, keywords(MORE=",http://b.example", HOST="h"), of_yaml))
    assert found == {"one": ["http://a.example", "http://b.example"], "two": "h"}
    assert found["two"].source == Var("host")


def test_a_list_is_not_extended_by_a_keyword_that_nobody_resolves():
    text = "one: [http://a.example\n  ##MORE##\n  ]\n"
    assert plain(of_yaml(text)) == {"one": ["http://a.example"]}


def test_a_key_made_of_a_keyword_is_the_real_key_and_what_stands_there_is_traced():
    found = plain(traced("##K##: {x: '##V##'}", keywords(K="key", V="v"), of_yaml))
    assert found == {"key": {"x": "v"}}
    assert found["key"]["x"].source == Var("v")


def test_json_that_is_none_before_replacement_is_read_and_traced():
    text = '{"a": @@LIST@@, "b": @@TEXT@@, "c": "##TEXT##", "on": ##FLAG##}'
    found = plain(traced(text, keywords(LIST=URLS, TEXT="t", FLAG=True), of_json))
    assert found == {"a": URLS, "b": "t", "c": "t", "on": True}
    assert (found["a"].source, found["b"].source) == (Var("list"), Var("text"))


def test_places_are_those_in_the_file_whatever_is_put_in():
    text = '{"a": "##LONG##", "b": @@LIST@@, "c": 1,\n "d": "##LONG##"}'
    root = traced(text, keywords(LONG="x" * 50, LIST=URLS), of_json)
    places = {key: (nearest(root, (key,)).line, nearest(root, (key,)).column) for key in "abcd"}
    assert places == {"a": (1, 2), "b": (1, 19), "c": (1, 34), "d": (2, 2)}


def test_code_is_traced_without_being_parsed():
    text = "const A = '##A##';\nconst B = @@B@@;\n// ##C##\n"
    found = traced_text(text, keywords(A="x", B="y"))
    assert found == "const A = 'x';\nconst B = \"y\";\n// ##C##\n"
    assert sources(found) == ("const A = '", "a", "';\nconst B = \"", "b", '";\n// ##C##\n')


def test_code_that_a_list_is_put_into_stays_plain():
    found = traced_text("const B = @@B@@;", keywords(B=URLS))
    assert found == f"const B = {json.dumps(URLS, separators=(',', ':'))};"
    assert not isinstance(found, Made)


def test_variables_have_small_names_all_different():
    found = variable_names(["APP_URL", "appUrl", "app-url", "2FA", "##", "PORT", "PORT_TEXT"])
    assert len(set(found.values())) == 7
    assert found["APP_URL"] == "app_url"
    assert found["2FA"] == "_2_fa"
    assert found["PORT_TEXT"] not in {found["PORT"], f"{found['PORT']}_text"}


UNRESOLVED = [
    # text, is YAML, markers with their places
    ("a: ##A##\n", True, [("##A##", 1, 4)]),
    ("a: [x\n  ##A##\n]\n", True, [("##A##", 2, 3)]),
    ("a: '@@A@@ ##B##'", True, [("@@A@@", 1, 5), ("##B##", 1, 11)]),
    ("# say ##A## here\nb: 1 # or ##B##\n", True, []),
    ("a: /cb#x ##A##", True, [("##A##", 1, 10)]),
    ("# say ##A## here", False, [("##A##", 1, 7)]),
    ("@@config@@ @@password@@ ##lower## ## A ##", False, []),
    ("##KNOWN## ##A##", False, [("##A##", 1, 11)]),
    ("## KNOWN ##", False, []),
]


@pytest.mark.parametrize(("text", "comments", "expected"), UNRESOLVED)
def test_markers_that_stay_are_found_where_they_stand(text, comments, expected):
    assert list(unresolved(text, keywords(KNOWN="x"), comments=comments)) == expected


def test_a_marker_without_an_end_is_found():
    text = "app://##HOST/x ##HOST## ##Other @@HOST@ @@HOST@@"
    found = list(half_open(text, keywords(HOST="h")))
    assert found == [("##HOST", 1, 7), ("@@HOST", 1, 33)]


def test_a_bare_marker_that_nobody_resolves_can_be_read_with_quotes():
    text = '{"a": @@A@@, "b": [@@B@@], "c": "x @@A@@"}'
    assert quoted(text, {}) == '{"a": "@@A@@", "b": ["@@B@@"], "c": "x @@A@@"}'


NAMES = st.sampled_from(["A", "HOST", "LONG_NAME", "Z9"])
VALUES = st.one_of(st.text(max_size=20), st.lists(st.text(max_size=8), max_size=3), st.booleans())
PIECES = st.one_of(
    st.text(max_size=8),
    NAMES.map(lambda name: f"##{name}##"),
    NAMES.map(lambda name: f"@@{name}@@"),
)
LEAVES = st.lists(PIECES, max_size=4).map("".join)


@given(
    values=st.dictionaries(NAMES, VALUES),
    leaves=st.lists(LEAVES, min_size=1, max_size=5),
)
def test_what_is_traced_is_what_is_put_in(values, leaves):
    text = json.dumps({f"k{n}": leaf for n, leaf in enumerate(leaves)}, ensure_ascii=False)
    known = keywords(**values)
    for parse in (of_json, of_yaml):
        try:
            real = plain(parse(replaced(text, known)))
        except Unparsable:
            continue
        found = plain(traced(text, known, parse))
        assert found == real
        for leaf in found.values() if isinstance(found, dict) else ():
            if isinstance(leaf, Made | MadeList):
                assert evaluated(leaf.source, known) == leaf


def evaluated(source, known):
    by_variable = {each.text_variable: each.text for each in known.values()}
    by_variable |= {each.variable: each.value for each in known.values()}
    if isinstance(source, Var):
        return by_variable[source.name]
    return "".join(by_variable[p.name] if isinstance(p, Var) else p for p in source.parts)


@given(values=st.dictionaries(NAMES, VALUES), text=st.lists(PIECES).map("".join))
def test_code_that_is_traced_is_what_is_put_in(values, text):
    known = keywords(**values)
    found = traced_text(text, known)
    assert found == replaced(text, known)
    if isinstance(found, Made):
        assert evaluated(found.source, known) == found
