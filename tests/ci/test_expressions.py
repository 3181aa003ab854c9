"""The evaluator knows what GitHub's does, as far as it is used here, and refuses the rest."""

from __future__ import annotations

import pytest

from ci.expressions import PLAIN, Declared, Unknown, condition, filled

CONTEXTS = {
    "inputs": Declared("inputs", {"phase": "2", "none": "", "smoke": True, "list": ["a", "b"]}),
    "github": {"event": {"pull_request": {"number": 7}}, "ref": "refs/heads/main"},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no expression", "no expression"),
        ("${{ inputs.phase }}", "2"),
        ("${{ inputs.smoke }}", True),
        ("a-${{ inputs.phase }}-${{ inputs.smoke }}", "a-2-true"),
        ("${{ inputs.phase && format('phase {0}', inputs.phase) }}", "phase 2"),
        ("${{ inputs.none && format('phase {0}', inputs.none) }}", ""),
        ("${{ inputs.none || 'else' }}", "else"),
        ("${{ github.event.pull_request.number }}", 7),
        ("${{ github.event.issue.number }}", None),
        ("x${{ github.event.issue.number }}", "x"),
        ("${{ github.ref == 'REFS/heads/main' }}", True),
        ("${{ github.ref != 'refs/heads/main' }}", False),
        ("${{ github.event.issue == '' }}", True),
        ("${{ !inputs.smoke && true }}", False),
        ("${{ !(inputs.smoke && false) }}", True),
        ("${{ contains(inputs.list, 'b') && startsWith(github.ref, 'refs/') }}", True),
        ("${{ 'it''s' }}", "it's"),
        ("${{ fromJSON('[1, 2]') }}", [1, 2]),
    ],
)
def test_what_is_known_has_its_value(text, value):
    assert filled(text, CONTEXTS) == value


@pytest.mark.parametrize(
    "text",
    [
        "${{ inputs.no_such }}",
        "${{ nothing.x }}",
        "${{ hashFiles('**') }}",
        "${{ inputs.phase > 1 }}",
        "${{ inputs.phase inputs.phase }}",
        "${{ }}",
        '${{ "double" }}',
    ],
)
def test_what_is_not_known_is_refused(text):
    with pytest.raises(Unknown):
        filled(text, CONTEXTS)


def test_a_condition_needs_no_braces():
    assert condition("inputs.smoke", CONTEXTS, PLAIN) is True
    assert condition(False, CONTEXTS, PLAIN) is False
