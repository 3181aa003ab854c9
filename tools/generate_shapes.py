"""Generate src/tenantctl/shapes/ from auth0-python: one JSON file per resource of the API.

    python -m tools.generate_shapes           write the files
    python -m tools.generate_shapes --check   exit 1 where the committed files are out of date

A file is `{"resource", "operations": {name: {"method", "path", "sdk", "query", "body"}}, "read"}`:
`body` is a closed JSON Schema (draft 2020-12) of the request, `read` the top-level fields of what a
GET answers. Which operations make up a resource is the table `sdk_operations.json`. Where the
fields of a field depend on another field, `variants` is `{"field", "by", "names"}`: the names by
the value that has them.

Three facts the SDK's types do not say are added here. `beyond_the_sdk.json` has the members that
recorded tenants took and the SDK's models lack, by the model's name (empty: the body itself). A
connection's options depend on its strategy: the SDK has a model for each, the shape has their
union, and `variants` the names of each with those that `strategy_options.json` says tenants take
beyond the model. `enabled_clients` of a connection is refused by tenants of today, though the SDK
still offers it.
"""

import argparse
import importlib
import inspect
import json
import sys
import typing
from pathlib import Path
from typing import Any

import pydantic
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from tools.sdk_source import Operation, operation, typed

Schema = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tools" / "sdk_operations.json"
MORE = ROOT / "tools" / "beyond_the_sdk.json"
BEYOND = ROOT / "tools" / "strategy_options.json"
SHAPES = ROOT / "src" / "tenantctl" / "shapes"
REFUSED = {"connections": ("enabled_clients",)}
DROPPED = ("title", "description", "default")


class _Closed(GenerateJsonSchema):
    """Objects with named properties refuse others; a default of the SDK is not one of the API."""

    def union_schema(self, schema: Any) -> Any:
        choices = [item[0] if isinstance(item, tuple) else item for item in schema["choices"]]
        named = [item for item in choices if item["type"] in {"literal", "enum"}]
        if named and any(item["type"] == "any" for item in choices):
            # An enumeration the SDK leaves open for values to come; today's API refuses those.
            kept = [item for item in choices if item["type"] != "any"]
            if len(kept) == 1:
                return self.generate_inner(kept[0])
            schema = {**schema, "choices": kept}
        return super().union_schema(schema)

    def default_schema(self, schema: Any) -> Any:
        return self.generate_inner(schema["schema"])

    def model_schema(self, schema: Any) -> Any:
        found = super().model_schema(schema)
        if found.get("properties"):
            found["additionalProperties"] = False
        return found


def generate(resource: str, sdk: dict[str, str]) -> Schema:
    """The shape of one resource, from the dotted SDK methods of its operations."""
    found = {name: operation(path) for name, path in sdk.items()}
    return {
        "resource": resource,
        "operations": {name: _operation(resource, item) for name, item in found.items()},
        "read": _read(sdk),
        **({"variants": _variants()} if resource == "connections" else {}),
    }


def generate_all() -> dict[str, str]:
    """File name to file content of every shape."""
    table: dict[str, dict[str, str]] = _read_json(TABLE)
    return {f"{name}.json": render(generate(name, sdk)) for name, sdk in sorted(table.items())}


def render(shape: Schema) -> str:
    """Sorted and compact, with a line per operation and per named schema, for readable diffs."""
    lines = ["{", '"operations": {']
    operations = sorted(shape["operations"].items())
    for number, (name, found) in enumerate(operations, 1):
        comma = "," if number < len(operations) else ""
        lines.append(f"{json.dumps(name)}: {_render_operation(found)}{comma}")
    lines.append("},")
    lines.append(f'"read": {_compact(shape["read"])},')
    lines.append(f'"resource": {json.dumps(shape["resource"])}')
    if variants := shape.get("variants"):
        names = [f" {json.dumps(k)}: {_compact(v)}" for k, v in variants["names"].items()]
        head = _compact({key: value for key, value in variants.items() if key != "names"})
        joined = ",\n".join(names)
        lines[-1] += ","
        lines.append(f'"variants": {head[:-1]},"names":{{\n{joined}}}}}')
    lines.append("}")
    return "\n".join(lines) + "\n"


def _render_operation(found: Schema) -> str:
    body = found.get("body")
    if not body or "$defs" not in body:
        return _compact(found)
    rest = {key: value for key, value in body.items() if key != "$defs"}
    defs = [
        f" {json.dumps(name)}: {_compact(item)}" for name, item in sorted(body["$defs"].items())
    ]
    head = _compact({key: value for key, value in found.items() if key != "body"})
    joined = ",\n".join(defs)
    return f'{head[:-1]},\n"body":{{"$defs":{{\n{joined}}},\n{_compact(rest)[1:]}}}'


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _operation(resource: str, found: Operation) -> Schema:
    shape: Schema = {"method": found.method, "path": found.path, "sdk": found.sdk}
    if found.query:
        shape["query"] = sorted(found.query)
    if found.body is not None:
        shape["body"] = _extended(resource, found.method, _tidy(_body(resource, found)))
    return shape


def _extended(resource: str, method: str, body: Schema) -> Schema:
    """*body* with the members that tenants take and the SDK lacks; only where something changes."""
    if method in {"POST", "PATCH", "PUT"}:
        for model, members in _read_json(MORE).get(resource, {}).items():
            schema = body.get("$defs", {}).get(model) if model else body
            if schema is not None and "properties" in schema:
                schema["properties"] |= members
    return body


def _body(resource: str, found: Operation) -> Schema:
    method, module = typed(found.sdk)
    hints = typing.get_type_hints(method, vars(module), include_extras=True)
    if found.whole:
        return _schema(hints["request"])
    parameters = inspect.signature(method).parameters
    fields: dict[str, Any] = {}
    for number, (wire, argument) in enumerate((found.body or {}).items()):
        if wire in REFUSED.get(resource, ()):
            continue
        required = parameters[argument].default is inspect.Parameter.empty
        field: FieldInfo = pydantic.Field(... if required else None, alias=wire)
        hint = _options(hints[argument]) if (resource, wire) == ("connections", "options") else None
        fields[f"field_{number}"] = (hint or hints[argument], field)
    model = pydantic.create_model("Body", **fields)
    return {**_schema(model), "additionalProperties": False}


def _schema(hint: Any) -> Schema:
    return pydantic.TypeAdapter(hint).json_schema(by_alias=True, schema_generator=_Closed)


def _options(generic: Any) -> Any:
    """A model with every option of any strategy: the API takes what the strategy has."""
    hints = [model.model_fields["options"].annotation for model in _strategies()]
    choices: dict[str, list[Any]] = {}
    for hint in [generic, *hints]:
        for model in _models(hint):
            for wire, annotation in _fields(model):
                choices.setdefault(wire, []).append(annotation)
    for wire in {wire for names in _beyond().values() for wire in names}:
        choices.setdefault(wire, [Any])
    fields: dict[str, Any] = {}
    for number, (wire, annotations) in enumerate(sorted(choices.items())):
        union = typing.Union[tuple(annotations)]  # noqa: UP007 - built at run time
        fields[f"field_{number}"] = (union, pydantic.Field(None, alias=wire))
    return pydantic.create_model("ConnectionOptions", **fields)


def _strategies() -> list[type[pydantic.BaseModel]]:
    """The SDK's models of connections, one for each strategy."""
    types = importlib.import_module("auth0.management.types")
    names = [name for name in dir(types) if name.startswith("CreateConnectionRequestContent")]
    return [getattr(types, name) for name in sorted(names) if not name.endswith("Strategy")]


def _beyond() -> dict[str, list[str]]:
    """Options that recorded tenants took or showed and the SDK's model of the strategy lacks."""
    found: dict[str, list[str]] = _read_json(BEYOND)
    return found


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _variants() -> Schema:
    """The options of each strategy that has a model of its own; others take any."""
    beyond = _beyond()
    found: dict[str, list[str]] = {}
    for model in _strategies():
        options = _models(model.model_fields["options"].annotation)
        choices = typing.get_args(model.model_fields["strategy"].annotation)
        strategy = typing.get_args(choices[0])[0] if choices[-1] is Any else choices[0]
        names = {wire for each in options for wire, _ in _fields(each)}
        if names:
            found[strategy] = sorted({*names, *beyond["*"], *beyond.get(strategy, ())})
    return {"field": "options", "by": "strategy", "names": dict(sorted(found.items()))}


def _read(sdk: dict[str, str]) -> list[str]:
    """Top-level fields of what a single GET answers; of a list's items where there is none."""
    path = sdk.get("get") or sdk.get("get_default") or sdk.get("list")
    if path is None:
        return []
    method, module = typed(path)
    answer = typing.get_type_hints(method, vars(module)).get("return")
    arguments = typing.get_args(answer)
    paged = arguments and getattr(typing.get_origin(answer), "__name__", "").endswith("Pager")
    models = _models(arguments[0] if paged else answer)
    return sorted({wire for model in models for wire, _ in _fields(model)})


def _models(hint: Any) -> list[type[pydantic.BaseModel]]:
    if inspect.isclass(hint) and issubclass(hint, pydantic.BaseModel):
        return [hint]
    return [model for argument in typing.get_args(hint) for model in _models(argument)]


def _fields(model: type[pydantic.BaseModel]) -> list[tuple[str, Any]]:
    return [(field.alias or name, field.annotation) for name, field in model.model_fields.items()]


def _tidy(schema: Any) -> Any:
    """Without prose; `null` as one more type where that is possible."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: {name: _tidy(item) for name, item in value.items()}
        if key in {"properties", "$defs"}
        else value
        if key in {"enum", "const", "required"}
        else _tidy(value)
        for key, value in schema.items()
        if key not in DROPPED
    }
    if found.get("additionalProperties") is True:
        del found["additionalProperties"]
    return _nullable(found)


def _nullable(schema: Schema) -> Schema:
    choices = schema.get("anyOf", [])
    plain = [item for item in choices if item != {"type": "null"}]
    if len(choices) != 2 or len(plain) != 1 or not isinstance(plain[0].get("type"), str):
        return schema
    folded = {**plain[0], "type": [plain[0]["type"], "null"]}
    if "const" in folded:
        folded["enum"] = [folded.pop("const"), None]
    elif "enum" in folded:
        folded["enum"] = [*folded["enum"], None]
    return folded


def stale() -> list[str]:
    """Names of committed files that differ from what this auth0-python gives, or have no source."""
    fresh = generate_all()
    present = {path.name: path.read_text(encoding="utf-8") for path in SHAPES.glob("*.json")}
    return sorted(
        name for name in fresh.keys() | present.keys() if fresh.get(name) != present.get(name)
    )


def main(arguments: list[str] | None = None) -> int:
    """Write or check the shapes; answers the exit code."""
    parser = argparse.ArgumentParser(description="Generate the request shapes from auth0-python.")
    parser.add_argument("--check", action="store_true", help="compare only, exit 1 if out of date")
    if parser.parse_args(arguments).check:
        names = stale()
        print("\n".join(names) if names else "All shapes are up to date.")
        return 1 if names else 0
    SHAPES.mkdir(parents=True, exist_ok=True)
    fresh = generate_all()
    for path in SHAPES.glob("*.json"):
        if path.name not in fresh:
            path.unlink()
    for name, content in fresh.items():
        (SHAPES / name).write_text(content, encoding="utf-8")
    print(f"{len(fresh)} shapes in {SHAPES.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
