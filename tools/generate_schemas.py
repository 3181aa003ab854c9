"""Generate schemas/: JSON Schemas (draft-07) with which editors check and complete the YAML files.

python tools/generate_schemas.py            write the files
python tools/generate_schemas.py --check    write nothing, exit 1 where one is out of date

They are made of the kinds, the request shapes and the playbooks, and are laxer than `load`: a
file is only a part of a resource, so nothing is required in it, and `!var x`, which editors see
as the text `x`, may stand for what is not text.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tenantctl import kinds as kinds_package
from tenantctl.files.definition import KEYS as TENANT_KEYS
from tenantctl.files.definition import TYPES
from tenantctl.files.environments import INHERITED, OWN
from tenantctl.files.evaluate import META
from tenantctl.files.inner import KEY, MODES, inner_kinds
from tenantctl.files.policies import APPROVAL, DELETE
from tenantctl.files.policies import KEYS as POLICY_KEYS
from tenantctl.files.shape import absent
from tenantctl.kinds import KINDS, Kind, write_shape
from tenantctl.model import Address
from tenantctl.model.environment import KINDS as ENVIRONMENT_KINDS
from tenantctl.playbooks import NAMES, playbook

Schema = dict[str, Any]

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
DRAFT = "http://json-schema.org/draft-07/schema#"
VARIABLE = {"$ref": "#/definitions/variable"}
MARKS: Schema = {
    "variable": {
        "description": "!var name",
        "type": "string",
        "pattern": "^(?!(true|false|yes|no|on|off|null)$)[A-Za-z_][A-Za-z0-9_]*$",
    },
    "texts": {"type": ["array", "string"], "items": {"type": "string"}},
}
ONLY: Schema = {"$ref": "#/definitions/texts", "description": "Environments, or kind:production"}
META_SCHEMAS: Schema = {
    "$only": ONLY,
    "$was": {"$ref": "#/definitions/texts", "description": "Earlier keys or names"},
    "$protect": {"type": "boolean", "description": "Neither deleted nor replaced"},
}
WEIGHT: Schema = {"type": "integer", "description": "Place in an ordered list"}
MODE: Schema = {"enum": list(MODES)}


def schemas() -> Mapping[str, Schema]:
    """All schemas by file name."""
    return {
        "tenant.json": tenant(),
        "fragment.json": fragment(),
        "environment.json": environment(),
    }


def closed(properties: Mapping[str, Any], **more: Any) -> Schema:
    """An object with these properties and no others."""
    return {"type": "object", "additionalProperties": False, "properties": dict(properties), **more}


def keyed(value: Schema, pattern: str = f"^{KEY.pattern}$") -> Schema:
    """An object whose keys are the user's."""
    return {"type": "object", "additionalProperties": False, "patternProperties": {pattern: value}}


def texts() -> Schema:
    return {"type": "array", "items": {"type": "string"}}


# --- tenant.yaml ------------------------------------------------------------------------------


def tenant() -> Schema:
    ids = sorted({topic for name in NAMES for topic in playbook(name).topics})
    text = {"type": "string"}
    variable = closed({"type": {"enum": list(TYPES)}, "description": text})
    properties = {
        "playbook": {"enum": list(NAMES)},
        "adopts": {"type": "array", "uniqueItems": True, "items": {"enum": ids}},
        "declines": closed(dict.fromkeys(ids, text)),
        "variables": keyed(variable, "^[A-Za-z_][A-Za-z0-9_]*$"),
        "secrets": keyed(closed({"description": text}), "^[A-Za-z_][A-Za-z0-9_]*$"),
    }
    assert properties.keys() == set(TENANT_KEYS)
    head = {"$schema": DRAFT, "title": "tenant.yaml of tenantctl"}
    return {**head, **closed(properties, required=["playbook"])}


# --- environments/<tenant>/<env>.yaml ---------------------------------------------------------


def environment() -> Schema:
    source = {"type": "string", "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$"}
    secret = closed(
        {
            "from": {"anyOf": [source, {"const": "generated"}]},
            "version": {"type": ["string", "integer"]},
        },
        required=["from"],
    )
    credentials = closed(
        {"client_id": {"type": "string"}, "client_secret": source, "private_key": source},
        required=["client_id"],
    )
    properties = {
        "kind": {"enum": list(ENVIRONMENT_KINDS)},
        "domain": {"type": "string", "description": "The tenant's domain, or embedded"},
        "phases": {"type": "array", "items": {"type": "integer"}},
        "promotes_from": {"type": "string"},
        "inherits": {"type": "string"},
        "subscription": {"type": "string"},
        "credentials": closed({"plan": credentials, "apply": credentials}),
        "fingerprint_key": source,
        "variables": {"type": "object"},
        "secrets": {"type": "object", "additionalProperties": secret},
        "policy": _policy(),
        "gates": {"enum": ["report", "enforce"]},
        "hold": texts(),
        "live": texts(),
        "pins": {"type": "object", "additionalProperties": {"type": "string"}},
        "topics": {"type": "object", "additionalProperties": {"enum": ["declined", "adopted"]}},
        "overrides": {
            "type": "object",
            "propertyNames": {"pattern": f"^({'|'.join(_overridable())})([.]|$)"},
            "additionalProperties": {"type": "object"},
        },
    }
    assert properties.keys() == {*OWN, *INHERITED}
    head = {"$schema": DRAFT, "title": "An environment of tenantctl"}
    return {**head, **closed(properties, required=["kind", "domain"])}


def _overridable() -> list[str]:
    return [kind.name for kind in KINDS.values() if not kind.authored_in]


def _policy() -> Schema:
    limit = {
        "anyOf": [
            {"type": "integer", "minimum": 0},
            {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"},
        ]
    }
    text = {"type": "string"}
    allow = closed(
        {"rule": text, "address": text, "reason": text, "expires": text},
        required=["rule", "address", "reason"],
    )
    properties = {
        "delete": {"enum": list(DELETE)},
        "protect": texts(),
        "max_deletes": limit,
        "max_changes": limit,
        "approval": {"enum": list(APPROVAL)},
        "replace": texts(),
        "allow": {"type": "array", "items": allow},
    }
    assert properties.keys() == set(POLICY_KEYS)
    return closed(properties)


# --- phase<N>/*.yaml --------------------------------------------------------------------------


def fragment() -> Schema:
    definitions: Schema = dict(MARKS)
    bodies: Schema = {}
    for kind in KINDS.values():
        if not kind.authored_in:
            bodies[kind.name] = {**_kind(kind, definitions), "description": _doc(kind)}
    definitions["kinds"] = closed(bodies)
    topics = {
        topic.id: {"$ref": "#/definitions/kinds", "description": topic.name}
        for name in NAMES
        for topic in playbook(name).topics.values()
    }
    head = {"$schema": DRAFT, "title": "What topics say about a tenant, for tenantctl"}
    return {**head, **closed(topics), "definitions": definitions}


def _doc(kind: Kind) -> str:
    """The first line of the module that describes the kind."""
    return (getattr(kinds_package, kind.name).__doc__ or "").strip().splitlines()[0]


def _kind(kind: Kind, definitions: Schema) -> Schema:
    """What stands under the name of a kind: a resource, or maps of parts down to resources."""
    if kind.fixed and "{key}" in kind.shape:
        return closed({part: _resource(kind, part, definitions) for part in kind.values})
    body = _resource(kind, kind.values[0] if kind.values else "x", definitions)
    if kind.singleton:
        return body
    depth = max(len(kind.parts), 1)
    for index in reversed(range(depth)):
        if kind.fixed and index == 0 and kind.values:
            body = closed(dict.fromkeys(kind.values, body))
        else:
            body = keyed(body, "^[A-Za-z-]+$" if kind.fixed else f"^{KEY.pattern}$")
    return body


def _resource(kind: Kind, key: str, definitions: Schema) -> Schema:
    """A reference to the definition of a resource's authored form, which is made here."""
    name = f"{kind.name}.{key}" if "{key}" in kind.shape else kind.name
    fields: Schema = {}
    address = Address(kind.name, key)
    whole = False
    for verb in ("update", "create"):
        shape = write_shape(kind, address, verb)
        prefix = f"{name}.{verb}."
        for inner, schema in shape.get("$defs", {}).items():
            definitions[prefix + inner] = _authored(kind, schema, (), prefix)
        found: dict[str, list[Schema]] = {}
        for each in _alternatives(shape, shape.get("$defs", {})):
            whole = whole or each.get("additionalProperties") is False
            for field, schema in each.get("properties", {}).items():
                found.setdefault(field, []).append(_authored(kind, schema, (field,), prefix))
        fields.update({field: _union(several) for field, several in found.items()})
    definitions[name] = _form(kind, fields, address, closed_fields=whole)
    return {"$ref": f"#/definitions/{name}"}


def _union(several: list[Schema]) -> Schema:
    """What fits any of *several*, each alternative once."""
    flat: dict[str, Schema] = {}
    for each in several:
        for inner in each["anyOf"] if each.keys() == {"anyOf"} else [each]:
            flat.setdefault(json.dumps(inner, sort_keys=True), inner)
    return several[0] if len(several) == 1 else {"anyOf": list(flat.values())}


def _form(kind: Kind, fields: Schema, address: Address, *, closed_fields: bool) -> Schema:
    """The authored form: hooks, associations and meta keys on top of the API's fields."""
    fields = {
        field: schema
        for field, schema in fields.items()
        if kind.rule((field,)).when != "never" and field not in kind.parts
    }
    own = kind.hooks.unfold({}) if kind.hooks.unfold else {}
    shape = write_shape(kind, address, "create")
    for field in own:
        if absent(shape, (field,)):
            fields[field] = {}
    for rule in kind.rules:
        if rule.list == "sequence" and rule.at[0] in own:
            return _sequence(fields[rule.at[0]], rule.by)
    for field in inner_kinds(kind):
        fields[field] = {
            "anyOf": [{"type": "array"}, {"type": "object", "properties": {"$mode": MODE}}]
        }
    assert META_SCHEMAS.keys() <= set(META)
    body = closed({**META_SCHEMAS, **fields})
    if not closed_fields:
        body["additionalProperties"] = True
    return body


def _sequence(schema: Schema, by: str) -> Schema:
    """A list whose order is by weight, authored as a map from the key of an element."""
    items = next(each["items"] for each in schema["anyOf"] if "items" in each)
    fields = {key: value for key, value in items.get("properties", {}).items() if key != by}
    return {
        "type": "object",
        "properties": dict(META_SCHEMAS),
        "additionalProperties": {
            "type": ["object", "null"],
            "properties": {"$at": WEIGHT, **fields},
        },
    }


def _alternatives(schema: Schema, defs: Mapping[str, Schema]) -> Iterator[Schema]:
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(word, ()):
            yield from _alternatives(inner, defs)
    if "$ref" in schema:
        yield from _alternatives(defs[schema["$ref"].rpartition("/")[2]], defs)


def _authored(kind: Kind, schema: Schema, path: tuple[str, ...], prefix: str) -> Schema:
    """A shape as people write it: partial, nullable, keyed lists as maps, `!var` for the rest.

    *path* is that of the field while it is known: it is lost behind a reference.
    """
    found: Schema = {}
    for word, value in schema.items():
        match word:
            case "$ref":
                found["$ref"] = f"#/definitions/{prefix}{value.rpartition('/')[2]}"
            case "anyOf" | "oneOf" | "allOf":
                found["anyOf"] = [_authored(kind, inner, path, prefix) for inner in value]
            case "properties":
                found[word] = {
                    key: _authored(kind, inner, (*path, key), prefix)
                    for key, inner in value.items()
                }
            case "items" | "additionalProperties" if isinstance(value, dict):
                found[word] = _authored(kind, value, (*path, "[]"), prefix)
            case "required" | "$defs" | "discriminator":
                continue
            case "const":
                found["enum"] = [value]
            case _:
                found[word] = value
    return _lenient(found, listed=bool(path and kind.rule(path).list))


def _lenient(schema: Schema, *, listed: bool) -> Schema:
    types = schema.get("type", [])
    names = [types] if isinstance(types, str) else types
    if listed and "array" not in names and "anyOf" not in schema:
        return {"anyOf": [schema, {"type": "object"}]}
    more: list[Schema] = []
    if "array" in names and listed:
        more.append({"type": "object"})
    if set(names) & {"integer", "number", "boolean", "array"} and "string" not in names:
        more.append(VARIABLE)
    if names and "null" not in names:
        more.append({"type": "null"})
    return {"anyOf": [schema, *more]} if more else schema


# --- writing ----------------------------------------------------------------------------------


def written() -> Mapping[str, str]:
    """What each file should say."""
    return {name: json.dumps(schema, indent=1) + "\n" for name, schema in schemas().items()}


def main(*, check: bool) -> int:
    stale = {
        SCHEMAS / name: text
        for name, text in written().items()
        if not (SCHEMAS / name).exists() or (SCHEMAS / name).read_text("utf-8") != text
    }
    for path, text in stale.items():
        print(f"{'out of date' if check else 'written'}: schemas/{path.name}")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    sys.exit(main(check=parser.parse_args().check))
