"""Generate src/tenantctl/sandbox/constraints.json: value constraints of the Management API.

    python -m tools.generate_constraints OPENAPI.json

The sandbox's shapes come from auth0-python, whose types say nothing of lengths, ranges and
patterns. The figures are taken from Auth0's OpenAPI document:
`{"POST /clients": {"name": {"minLength": 1}}}`, by path of properties, `[]` an element of a list,
`{}` a member of a map. Where alternatives differ the looser figure holds. The committed file is
all the sandbox needs; the document is not part of this repository.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "src" / "tenantctl" / "sandbox" / "constraints.json"

Schema = dict[str, Any]
LOWER = ("minLength", "minimum", "minItems", "minProperties")
UPPER = ("maxLength", "maximum", "maxItems", "maxProperties")
EQUAL = ("pattern", "uniqueItems", "format")
PAGE = 500
PORTABLE = (
    ("{org_id}", r"\{org_id\}"),
    ("{org_name}", r"\{org_name\}"),
    ("a-zA-Z-_]", "a-zA-Z_-]"),
)
WRITES = ("post", "put", "patch", "delete")


def generate(document: Schema) -> dict[str, dict[str, Schema]]:
    """Constraints by operation and path of properties."""
    found: dict[str, dict[str, Schema]] = {}
    for path, operations in document["paths"].items():
        for method in WRITES:
            body = _body(operations.get(method, {}))
            if body is not None:
                constraints = _constraints(document, body)
                if constraints:
                    found[f"{method.upper()} {path}"] = constraints
    return found


def render(found: dict[str, dict[str, Schema]]) -> str:
    """A line per operation, sorted."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(found[name], sort_keys=True, separators=(',', ':'))}"
        for name in sorted(found)
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _body(operation: Schema) -> Schema | None:
    content = operation.get("requestBody", {}).get("content", {})
    schema: Schema | None = content.get("application/json", {}).get("schema")
    return schema


def _constraints(document: Schema, body: Schema) -> dict[str, Schema]:
    merged: dict[str, Schema] = {}
    for path, keywords in _walk(document, body, "", frozenset()):
        merged[path] = _looser(merged[path], keywords) if path in merged else keywords
    return {path: keywords for path, keywords in sorted(merged.items()) if keywords}


def _walk(
    document: Schema, schema: Schema, path: str, seen: frozenset[str]
) -> Iterator[tuple[str, Schema]]:
    """Every place below a schema with the constraints it has there; recursion is cut."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name not in seen:
            target = document["components"]["schemas"][name]
            yield from _walk(document, target, path, seen | {name})
        return
    branches = [*schema.get("oneOf", []), *schema.get("anyOf", []), *schema.get("allOf", [])]
    for branch in branches:
        yield from _walk(document, branch, path, seen)
    if not branches and schema.get("type") != "null":
        keywords = (*LOWER, *UPPER, *EQUAL)
        yield path, _portable({name: schema[name] for name in keywords if name in schema})
    for name, child in schema.get("properties", {}).items():
        yield from _walk(document, child, f"{path}.{name}" if path else name, seen)
    for key, step in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(schema.get(key), dict):
            yield from _walk(document, schema[key], f"{path}.{step}" if path else step, seen)


def _portable(keywords: Schema) -> Schema:
    """Patterns in a dialect that more than JavaScript reads; a page-long one is that of a URL."""
    pattern = keywords.pop("pattern", None)
    if pattern is None:
        return keywords
    if len(pattern) > PAGE:
        return {"format": "absolute-https-uri-or-empty", **keywords}
    for javascript, portable in PORTABLE:
        pattern = pattern.replace(javascript, portable)
    return {**keywords, "pattern": pattern}


def _looser(one: Schema, other: Schema) -> Schema:
    """What both alternatives demand."""
    both = one.keys() & other.keys()
    return {
        **{name: min(one[name], other[name]) for name in LOWER if name in both},
        **{name: max(one[name], other[name]) for name in UPPER if name in both},
        **{name: one[name] for name in EQUAL if name in both and one[name] == other[name]},
    }


def main(arguments: list[str]) -> int:
    """Writes the file; 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("document", type=Path)
    document = json.loads(parser.parse_args(arguments).document.read_text(encoding="utf-8"))
    OUTPUT.write_text(render(generate(document)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
