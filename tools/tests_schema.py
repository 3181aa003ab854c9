"""The schema of the tests in YAML, made of what can be said of a value."""

from __future__ import annotations

import re

from tools.authored_shapes import Schema, closed

from tenantctl.files.testing import KEYS, OPERATORS
from tenantctl.kinds import KINDS

JSON = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    list: "array",
    dict: "object",
    type(None): "null",
}


def tests() -> Schema:
    """A file below `tests/`: a map of tests, each with its name."""
    kinds = "|".join(map(re.escape, sorted(KINDS)))
    properties = {
        "expect": {
            "type": "object",
            "propertyNames": {"pattern": f"^({kinds})(\\.|$)"},
            "additionalProperties": {"$ref": "#/definitions/place"},
        },
        "counts": closed({name: {"type": "integer", "minimum": 0} for name in sorted(KINDS)}),
        "environments": {"type": "array", "items": {"type": "string"}},
        "phases": {"type": "array", "items": {"type": "integer", "minimum": 1}},
        "mock": {"type": "boolean"},
    }
    assert properties.keys() == set(KEYS)
    return {
        "title": "tests of tenantctl",
        "type": "object",
        "additionalProperties": closed(properties),
        "definitions": {"place": place()},
    }


def place() -> Schema:
    """A value as it is expected, or a map that leads further down, operators among its keys."""
    known = "|".join(re.escape(name[1:]) for name in OPERATORS)
    return {
        "type": list(JSON.values()),
        "properties": {
            name: {"type": sorted({JSON[each] for each in types})}
            for name, types in OPERATORS.items()
        },
        "patternProperties": {f"^\\$(?!({known})$)": False},
        "additionalProperties": {"$ref": "#/definitions/place"},
    }
