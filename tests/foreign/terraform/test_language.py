"""Expressions of Terraform come to what Terraform says they come to."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.foreign import Made, Named
from tenantctl.foreign.terraform.decoding import decoded
from tenantctl.foreign.terraform.evaluate import evaluate, within
from tenantctl.foreign.terraform.syntax import expression, parse
from tenantctl.foreign.terraform.templates import shifted, template
from tenantctl.foreign.terraform.values import Unknown
from tenantctl.foreign.terraform.variables import NOTHING
from tenantctl.model import Secret, Text, Var

NAMES = {
    "s": "shop",
    "n": 3,
    "yes": True,
    "list": ["b", "a", "c"],
    "objects": [{"id": 1, "tags": ["x"]}, {"id": 2, "tags": ["y", "z"]}],
    "map": {"b": 2, "a": 1},
    "nested": {"a": {"b": [{"c": "deep"}]}},
    "lost": Unknown("nobody knows"),
    "host": Made.of("shop.example", Var("host")),
    "token": Made.of("TOKEN", Secret("TOKEN")),
    "client": Named.of("auth0_client.web", "client_id"),
}


def value(text: str):
    return evaluate(expression(text), within(NOTHING, NAMES))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 / 2", 3.5),
        ("-n % 2", 1),
        ("n > 2 && !yes", False),
        ("yes || lost", True),
        ("!yes && lost", False),
        ('s == "shop" ? "y" : "n"', "y"),
        ("1 == 1.0", True),
        ('"1" == 1', False),
        ("list[1]", "a"),
        ("list.0", "b"),
        ('map["a"]', 1),
        ("nested.a.b[0].c", "deep"),
        ("objects[*].id", [1, 2]),
        ("objects.*.id", [1, 2]),
        ("objects[*].tags[0]", ["x", "y"]),
        ("s[*]", ["shop"]),
        ("[for x in list : upper(x)]", ["B", "A", "C"]),
        ('[for i, x in list : i if x != "a"]', [0, 2]),
        ("{for k, v in map : v => k}", {"1": "a", "2": "b"}),
        ("{for o in objects : length(o.tags) => o.id...}", {"1": [1], "2": [2]}),
        ("[for k, v in map : k]", ["a", "b"]),
        ('{ a = 1, "b c" : 2, (s) = 3 }', {"a": 1, "b c": 2, "shop": 3}),
        ("[\n  1, # one\n  2,\n]", [1, 2]),
        ('"${s}-${n}-${yes}"', "shop-3-true"),
        ('"$${s} %%{if}"', "${s} %{if}"),
        ('"a\\n\\t\\"q\\" \\\\ \\u00e9"', 'a\n\t"q" \\ é'),
        ('"${list}"', ["b", "a", "c"]),
        ('"%{ if yes }on%{ else }off%{ endif }"', "on"),
        ('"%{ for x in list ~}  ${x}, %{ endfor }"', "b, a, c, "),
        ('"${upper("${s}}")}"', "SHOP}"),
        ("null", None),
        ("1e3", 1000),
        ("0.5", 0.5),
    ],
)
def test_expressions_have_the_values_of_the_language(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('join(",", list)', "b,a,c"),
        ('split(",", "a,b")', ["a", "b"]),
        ('format("%s=%d (%05.1f) %q %%", s, n, 2.25, s)', 'shop=3 (002.2) "shop" %'),
        ('formatlist("https://%s/cb", list)', ["https://b/cb", "https://a/cb", "https://c/cb"]),
        ("concat(list, [1], [])", ["b", "a", "c", 1]),
        ("merge(map, {c = 3}, null)", {"b": 2, "a": 1, "c": 3}),
        ('lookup(map, "z", 9)', 9),
        ("keys(map)", ["a", "b"]),
        ("values(map)", [1, 2]),
        ('toset(["b", "a", "b"])', ["a", "b"]),
        ("tolist(list)", ["b", "a", "c"]),
        ("try(nested.nothing, lost, 5)", 5),
        ("can(nested.nothing)", False),
        ('coalesce(null, "", "x")', "x"),
        ('coalescelist([], ["x"])', ["x"]),
        ("lower(upper(s))", "shop"),
        ('title("a b")', "A B"),
        ('replace("a-b-c", "-", "_")', "a_b_c"),
        ('replace("a1b2", "/([a-z])/", "<$1>")', "<a>1<b>2"),
        ('regex("[0-9]+", "ab12")', "12"),
        ('regexall("[a-z]", "a1b")', ["a", "b"]),
        ('trimspace("  a ")', "a"),
        ('trimprefix("xa", "x")', "a"),
        ('trimsuffix("ax", "x")', "a"),
        ('substr("abcd", 1, 2)', "bc"),
        ("length(list)", 3),
        ("element(list, 4)", "a"),
        ('contains(list, "a")', True),
        ("distinct([1, 1, 2])", [1, 2]),
        ("flatten([[1, [2]], [], 3])", [1, 2, 3]),
        ('compact(["a", "", null])', ["a"]),
        ("sort(list)", ["a", "b", "c"]),
        ("reverse(list)", ["c", "a", "b"]),
        ("slice(list, 0, 2)", ["b", "a"]),
        ("max(1, n, 2)", 3),
        ("range(3)", [0, 1, 2]),
        ("zipmap(list, [1, 2, 3])", {"b": 1, "a": 2, "c": 3}),
        ("setproduct([1, 2], [3])", [[1, 3], [2, 3]]),
        ("one([1])", 1),
        ("max([1, n, 2]...)", 3),
        ('base64encode("a")', "YQ=="),
        ('base64decode("YQ==")', "a"),
        ('urlencode("a b&c")', "a+b%26c"),
        ('jsonencode({b = [1, "<x>"], a = null})', '{"a":null,"b":[1,"\\u003cx\\u003e"]}'),
        ('jsondecode("{\\"a\\": [1]}")', {"a": [1]}),
        ('yamldecode("a: [1]")', {"a": [1]}),
        ('tonumber("3")', 3),
        ('tobool("true")', True),
        ("tostring(n)", "3"),
        ('startswith(s, "sh")', True),
        ("sensitive(s)", "shop"),
        ('indent(2, "a\\nb")', "a\n  b"),
        ('chomp("a\\n\\n")', "a"),
    ],
)
def test_functions_have_the_values_of_the_language(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "lost",
        '"${lost}"',
        '"x ${lost}"',
        '"%{ for x in [lost] }${x}%{ endfor }"',
        "{(lost) = 1}",
        "lost.a.b",
        "lost + 1",
        "lost ? 1 : 2",
        "upper(lost)",
        "[for x in lost : x]",
        "map.nothing",
        "list[9]",
        "nobody",
        "uuid()",
        'file("/etc/hostname")',
        "1 / 0",
        'tonumber("x")',
        "merge(1, 2)",
        "jsondecode(s)",
        '"${map}x"',
        "upper(client)",
        'regex("(", s)',
    ],
)
def test_what_cannot_be_worked_out_says_so_and_stops_nothing(text):
    assert isinstance(value(text), Unknown)


def test_a_condition_that_is_not_known_matters_only_where_it_decides_something():
    assert value('lost ? "a" : "a"') == "a"


@pytest.mark.parametrize(
    ("text", "plain", "parts"),
    [
        ('"https://${host}/cb"', "https://shop.example/cb", ("https://", Var("host"), "/cb")),
        ('"${host}${token}"', "shop.exampleTOKEN", (Var("host"), Secret("TOKEN"))),
        ('join("/", [host, "a", s])', "shop.example/a/shop", (Var("host"), "/a/shop")),
        ('format("%s!", host)', "shop.example!", (Var("host"), "!")),
        ("jsonencode([host])", '["shop.example"]', ('["', Var("host"), '"]')),
        ('"id: ${client}"', "id: auth0_client.web", ("id: ", NAMES["client"])),
    ],
)
def test_texts_remember_what_they_were_made_of(text, plain, parts):
    made = value(text)
    assert made == plain
    assert made.source == Text(parts)


def test_a_text_that_is_nothing_but_a_variable_is_that_variable():
    assert value('"${host}"').source == Var("host")
    assert isinstance(value('"${client}"'), Named)


@pytest.mark.parametrize("text", ["upper(token)", "base64encode(token)", 'split("", token)[0]'])
def test_what_is_made_of_a_secret_is_another_secret_and_never_its_value(text):
    found = value(text)
    assert isinstance(found, Unknown) or found.source.name.startswith("TOKEN_")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(JSON)
def test_jsonencode_writes_json_and_jsondecode_reads_it(document):
    scope = within(NOTHING, {"x": document})
    text = evaluate(expression("jsonencode(x)"), scope)
    assert json.loads(text) == document
    assert evaluate(expression("jsondecode(jsonencode(x))"), scope) == document


@given(st.lists(st.text(st.characters(exclude_characters='"\\$%{}', exclude_categories=["Cs"]))))
def test_json_of_texts_that_are_variables_is_read_back_as_them(texts):
    made = [Made.of(text, Var(f"v{index}")) for index, text in enumerate(texts)]
    found = decoded(evaluate(expression("jsonencode([x, 1])"), within(NOTHING, {"x": made})))
    assert [each.source for each in found[0]] == [each.source for each in made]


def quoted(text: str) -> str:
    """*text* as a literal of the language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    escaped = escaped.replace("\r", "\\r").replace("${", "$${").replace("%{", "%%{")
    return f'"{escaped}"'


@given(st.text(st.characters(codec="utf-8", exclude_characters="$%")))
def test_a_text_comes_out_of_its_literal_as_it_went_in(text):
    body, problems = parse(f"x = {quoted(text)}\n", "a.tf")
    assert not problems
    assert evaluate(body.attributes["x"].value, NOTHING) == text


PIECES = ["plain ", "\n", "{", "}", "é", '"', "\\", "$ ", "% ", "${s}", "$${s}", "%%{s}", "${ s }"]
SHOWN = {"${s}": "shop", "${ s }": "shop", "$${s}": "${s}", "%%{s}": "%{s}"}


@given(st.lists(st.sampled_from(PIECES)))
def test_a_template_is_its_pieces_in_a_row(pieces):
    node = template("".join(pieces), expression)
    expected = "".join(SHOWN.get(piece, piece) for piece in pieces)
    assert evaluate(node, within(NOTHING, NAMES)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a\n    b\n\n  c\n", "a\n  b\n\nc\n"),
        ("a\n  b\n", "a\n  b\n"),
        ("", ""),
        ("   \n  a\n", "\na\n"),
    ],
)
def test_a_heredoc_loses_what_all_its_lines_begin_with(text, expected):
    assert shifted(text) == expected


@pytest.mark.parametrize(
    ("heredoc", "expected"),
    [
        ("<<EOT\n  a ${s}\nEOT\n", "  a shop\n"),
        ("<<-EOT\n    a\n      $${b}\n  EOT\n", "a\n  ${b}\n"),
        ('<<EOT\n"a\\n"\nEOT\n', '"a\\n"\n'),
        ("<<EOT\nEOT\n", ""),
        ("<<-E\n  %{ if yes ~}\n  on\n  %{ endif ~}\n  E\n", "on\n"),
    ],
)
def test_heredocs_are_templates_in_which_backslashes_mean_nothing(heredoc, expected):
    body, _ = parse(f"x = {heredoc}", "a.tf")
    assert evaluate(body.attributes["x"].value, within(NOTHING, NAMES)) == expected
