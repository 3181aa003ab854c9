"""The schema of `tenants/fleet.yaml`, which says over environments what these may say."""

from __future__ import annotations

from typing import Any

from tools.authored_shapes import Schema, closed

from tenantctl.files.environments import LAID
from tenantctl.files.fleet import ENVIRONMENT, KEYS, NAME, TENANT

CELL: Schema = {"type": "string", "pattern": r"\$\{row\.[^{}]+\}"}
"""A text that is made of a row; editors see `!row x` as the text `x`."""
NAMED: Schema = {"type": "string", "pattern": f"^{NAME.pattern}$"}


def fleet(environment: Schema) -> Schema:
    """The schema; *environment* is that of an environment file."""
    laid = {name: _relaxed(environment["properties"][name]) for name in LAID}
    overlay = {"$ref": "#/definitions/overlay"}
    text = {"type": "string"}
    rows = {
        "type": "array",
        "items": {"type": "object", "properties": {TENANT: NAMED}, "required": [TENANT]},
    }
    properties = {
        "template": {**NAMED, "description": "The folder below tenants/ and environments/"},
        "rows": {
            "anyOf": [rows, {"type": "string", "pattern": "[.](csv|yaml)$"}],
            "description": "One tenant for each: a list of maps, or !file rows.csv",
        },
        "environments": {
            "anyOf": [
                {"type": "array", "items": text},
                {"type": "object", "additionalProperties": {"anyOf": [overlay, {"type": "null"}]}},
            ],
            "description": "Which of the template's; all without",
        },
        "overlay": {
            **overlay,
            "description": f"Said over each environment; ${{row.{ENVIRONMENT}}} is its name",
        },
        "connects_to": closed({TENANT: text, "connection": text}, required=[TENANT]),
    }
    assert properties.keys() == set(KEYS)
    return {
        "title": "tenants/fleet.yaml of tenantctl",
        "type": "object",
        "additionalProperties": closed(properties, required=["template", "rows"]),
        "definitions": {"overlay": closed(laid)},
    }


def _relaxed(schema: Any) -> Any:
    """*schema*, where a text of a special form may be made of a row as well."""
    if isinstance(schema, list):
        return [_relaxed(each) for each in schema]
    if not isinstance(schema, dict) or "$ref" in schema:
        return schema
    if "enum" in schema or "const" in schema or "pattern" in schema:
        return {"anyOf": [schema, CELL]}
    return {
        key: value if key == "patternProperties" else _relaxed(value)
        for key, value in schema.items()
    }
