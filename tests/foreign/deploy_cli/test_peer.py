"""The program itself, unmodified, reads what we read."""

from __future__ import annotations

import json
import random
import subprocess

import pytest

from conformance.deploy_cli import command
from tenantctl.foreign.deploy_cli.keywords import Keyword, replaced, traced, variable_names
from tenantctl.foreign.deploy_cli.nodes import Unparsable, of_yaml, plain

NAMES = ("A", "HOST", "LONG_NAME", "URLS")
VALUES = (
    *("x", 'a"b', "l\nm", "$&$1", "##A##", "@@HOST@@", "", "é🚀", "true", "1.50"),
    *(True, False, 5, 1.5, None, [], ["a", 'b"c'], ["a", None, ["b", "c"]], {"k": [1]}),
)
WORDS = ("'", '"', "#", "@", " ", "key: ", "\n", "word", "- ", "@@config@@", "{", "[", ", ", "]")
SCALARS = (
    *("yes", "NO", "on", "~", "null", "True", "0x1f", "0o17", "0b11", "017", "1_000", "1e3", ".5"),
    *(
        "1:20",
        "+12",
        "-0",
        "12.",
        "'1'",
        '"\\u00e9"',
        "a b",
        "<<",
        "=",
        "1.2.3",
        "e1",
    ),
)
PROGRAM = """
const home = process.argv[1];
const { keywordReplace } = require(home + '/auth0-deploy-cli/lib/tools/utils.js');
const yaml = require(home + '/js-yaml');
const load = (text) => { try { return { value: yaml.load(text) }; } catch { return {}; } };
const cases = JSON.parse(require('fs').readFileSync(0));
console.log(JSON.stringify(cases.map(([text, keywords]) => {
  const replaced = keywordReplace(text, keywords);
  return [replaced, load(replaced)];
})));
"""


@pytest.fixture(scope="module")
def peer():
    """What the program makes of texts with keywords: each replaced, and loaded as YAML."""
    home = command().parent.parent

    def ask(cases):
        answer = subprocess.run(
            ["node", "-e", PROGRAM, str(home)],
            input=json.dumps(cases),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(answer.stdout)

    return ask


def keywords(values):
    names = variable_names(values)
    return {name: Keyword(name, value, names[name]) for name, value in values.items()}


def drawn(dice):
    """A text with keywords in it, and a mapping."""
    values = {name: dice.choice(VALUES) for name in dice.sample(NAMES, dice.randint(0, 4))}
    marks = [f"##{name}##" for name in NAMES] + [f"@@{name}@@" for name in NAMES]
    marks += [f"'@@{name}@@'" for name in NAMES] + [f'"@@{name}@@"' for name in NAMES]
    words = (dice.choice(marks) if dice.random() < 0.5 else dice.choice(WORDS) for _ in range(8))
    return "".join(words), values


def test_texts_are_replaced_as_the_program_replaces_them(peer):
    dice = random.Random(20)
    cases = [drawn(dice) for _ in range(1000)]
    for (text, values), (expected, _) in zip(cases, peer(cases), strict=True):
        assert replaced(text, keywords(values)) == expected


def test_yaml_is_what_the_program_loads(peer):
    dice = random.Random(21)
    cases = [(f"v: {scalar}", {}) for scalar in SCALARS]
    for _ in range(500):
        values = {name: dice.choice(VALUES) for name in NAMES}
        marks = [dice.choice(["##%s##", "'##%s##'", "@@%s@@", "x-##%s##"]) % n for n in NAMES]
        cases.append(("\n".join(f"k{n}: {mark}" for n, mark in enumerate(marks)), values))
    compared = 0
    for (text, values), (_, loaded) in zip(cases, peer(cases), strict=True):
        try:
            found = plain(traced(text, keywords(values), of_yaml))
        except Unparsable:
            continue
        if "value" in loaded:
            compared += 1
            assert found == (loaded["value"] or {}), text
    assert compared > 300
