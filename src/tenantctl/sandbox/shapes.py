"""Bodies against the generated shapes, refused in the words of Auth0's validator."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from tenantctl.sandbox.formats import FORMATS
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.wire import FREE, Body

_JSON_TYPES = {
    bool: "boolean", int: "integer", float: "number", str: "string", list: "array",
    dict: "object", type(None): "null",
}  # fmt: skip


_TEXT = frozenset({"minLength", "maxLength", "pattern", "format"})


def check_body(body: Body, value: Any) -> None:
    """Raises Refusal 400 where the value is not what the operation takes."""
    if body == FREE:
        return
    validator = _validator(body)
    if validator.is_valid(value):
        return
    raise _refusal(next(iter(validator.iter_errors(value))))


def refuse_unset(resource: str, patch: dict[str, Any]) -> None:
    """Raises Refusal 400 where an update unsets a field that a create must have."""
    body = _shape(resource)["operations"].get("create", {}).get("body", {})
    for name in body.get("required", []):
        if name in patch and patch[name] is None:
            raise invalid_body("Expected type other than null but found type null", name)


def query_parameters(resource: str, operation: str) -> frozenset[str]:
    """Query parameters the SDK knows for an operation, if it knows the operation."""
    found = _shape(resource)["operations"].get(operation, {})
    return frozenset(found.get("query", ()))


@cache
def _shape(resource: str) -> Any:
    text = files("tenantctl").joinpath("shapes", f"{resource}.json").read_text(encoding="utf-8")
    return json.loads(text)


@cache
def _validator(body: Body) -> Any:
    operation = _shape(body.resource)["operations"][body.operation]
    schema = json.loads(json.dumps(operation["body"]))
    general = _constraints().get(_anonymous(f"{operation['method']} {operation['path']}"), {})
    for path, keywords in (*general.items(), *((path, dict(rest)) for path, rest in body.limits)):
        for target in _targets(schema, schema, path.split(".") if path else []):
            target.update(_applicable(target, keywords))
    for name in body.open:
        schema.get("$defs", {}).get(name, {}).pop("additionalProperties", None)
    for name in body.extra:
        schema["properties"][name] = {}
    return jsonschema_rs.validator_for(
        json.loads(json.dumps(schema)), validate_formats=True, formats=FORMATS
    )


@cache
def _constraints() -> dict[str, dict[str, dict[str, Any]]]:
    """By method and path; the SDK and the OpenAPI document name arguments differently."""
    text = files("tenantctl").joinpath("sandbox", "constraints.json").read_text(encoding="utf-8")
    return {_anonymous(name): found for name, found in json.loads(text).items()}


def _anonymous(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def _applicable(schema: dict[str, Any], keywords: dict[str, Any]) -> dict[str, Any]:
    """An enumeration says more than lengths and patterns do, and says it in other words."""
    if "enum" not in schema and "const" not in schema:
        return keywords
    return {name: value for name, value in keywords.items() if name not in _TEXT}


def _targets(root: dict[str, Any], schema: dict[str, Any], path: list[str]) -> Iterator[Any]:
    """The schemas at a path of properties, through references and alternatives.

    `[]` is an element of a list, `{}` a member of a map.
    """
    if "$ref" in schema:
        yield from _targets(root, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], path)
        return
    for choice in (*schema.get("anyOf", []), *schema.get("oneOf", [])):
        yield from _targets(root, choice, path)
    if path:
        below = _child(schema, path[0])
        if isinstance(below, dict):
            yield from _targets(root, below, path[1:])
    elif schema.get("type", "null") != "null":
        yield schema


def _child(schema: dict[str, Any], step: str) -> Any:
    """What a schema says of one property, of every element, or of every member of a map."""
    special = {"[]": "items", "{}": "additionalProperties"}
    return schema.get(special[step]) if step in special else schema.get("properties", {}).get(step)


def _refusal(error: Any) -> Refusal:
    error = _deepest(error)
    path = ".".join(str(step) for step in error.instance_path)
    return invalid_body(_words(error), path)


def _deepest(error: Any) -> Any:
    """The most telling error below alternatives: the one of the branch that got furthest."""
    while error.kind.name in {"anyOf", "oneOf"}:
        branches = [found for branch in error.kind.context for found in branch]
        branches = [found for found in branches if not _is_null_branch(found)]
        if not branches:
            return error
        error = max(branches, key=_telling)
    return error


def _is_null_branch(error: Any) -> bool:
    return bool(error.kind.name == "type" and error.kind.as_dict().get("types") == ["null"])


def _telling(error: Any) -> tuple[int, int]:
    rank = {"const": 0, "enum": 0, "type": 1, "required": 1}.get(error.kind.name, 2)
    return len(error.instance_path), rank


def _words(error: Any) -> str:
    facts = error.kind.as_dict()
    limit, value = facts.get("limit"), error.instance
    match error.kind.name:
        case "additionalProperties":
            return f"Additional properties not allowed: {','.join(facts['unexpected'])}"
        case "required":
            return f"Missing required property: {facts['property']}"
        case "type":
            wanted = facts.get("types", facts.get("value"))
            wanted = [wanted] if isinstance(wanted, str) else wanted
            wanted = " or ".join(name for name in wanted if name != "null")
            return f"Expected type {wanted} but found type {_JSON_TYPES[type(value)]}"
        case "enum" | "const":
            return f"No enum match for: {json.dumps(value)}"
        case "format":
            return f"Object didn't pass validation for format {facts['format']}: {value}"
        case name:
            return _measured(name, limit, value)


def _measured(name: str, limit: Any, value: Any) -> str:
    size = len(value) if isinstance(value, str | list | dict) else value
    phrases = {
        "minLength": f"String is too short ({size} chars), minimum {limit}",
        "maxLength": f"String is too long ({size} chars), maximum {limit}",
        "minItems": f"Array is too short ({size}), minimum {limit}",
        "maxItems": f"Array is too long ({size}), maximum {limit}",
        "minProperties": f"Too few properties defined ({size}), minimum {limit}",
        "maxProperties": f"Too many properties defined ({size}), maximum {limit}",
        "minimum": f"Value {value} is less than minimum {limit}",
        "maximum": f"Value {value} is greater than maximum {limit}",
        "pattern": f"String does not match pattern: {json.dumps(value)}",
        "uniqueItems": f"Array items are not unique {_doubles(value)}",
    }
    return phrases.get(name, f"Object didn't pass validation for {name}")


def _doubles(value: Any) -> str:
    seen: list[Any] = []
    for index, item in enumerate(value if isinstance(value, list) else []):
        if item in seen:
            return f"(indexes {seen.index(item)} and {index})"
        seen.append(item)
    return ""
