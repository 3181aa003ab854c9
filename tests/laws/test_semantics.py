"""What is written twice, in the kinds and in the sandbox, must not contradict itself."""

from __future__ import annotations

import pytest

from tenantctl.kinds import KINDS, operations
from tenantctl.sandbox.api import COLLECTIONS, SINGLETONS

MEMBERLESS = {"simple_captcha"}
"""An object in the shapes, of which nobody knows a member."""


def _structures(body):
    """The members of a request body that are objects with members of their own."""
    for name, schema in body.get("properties", {}).items():
        choices = [schema, *schema.get("anyOf", []), *schema.get("oneOf", [])]
        named = [body["$defs"][c["$ref"].rpartition("/")[2]] for c in choices if "$ref" in c]
        if name not in MEMBERLESS and any("object" in _types(c) for c in [*choices, *named]):
            yield name


def _types(schema):
    types = schema.get("type", ())
    return [types] if isinstance(types, str) else types


SHAPES = [
    (kind, shape)
    for kind in KINDS.values()
    for shape in sorted({kind.shape.format(key=value) for value in kind.values or [""]})
    if (COLLECTIONS | SINGLETONS).get(shape) and "update" in operations(shape)
]


@pytest.mark.parametrize(("kind", "shape"), SHAPES, ids=[shape for _, shape in SHAPES])
def test_what_an_update_may_replace_as_a_whole_is_sent_as_a_whole(kind, shape):
    """The other way round is harmless: a whole that is merged is still the whole."""
    there = (COLLECTIONS | SINGLETONS)[shape]
    structures = set(_structures(operations(shape)["update"]["body"]))
    partly = {name for name in structures if _writes(kind, name) == {"merge"}}
    assert partly <= set(there.merged)


def test_there_are_structures_to_compare():
    found = {shape: set(_structures(operations(shape)["update"]["body"])) for _, shape in SHAPES}
    assert "options" in found["connections"]
    assert "flags" in found["tenant_settings"]
    assert sum(map(len, found.values())) > 50


def _writes(kind, name):
    return {kind.rule(()).write, kind.rule((name,)).write}
