"""The schema of a kind: what stands under its name in a file below phase<N>/."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tools.authored_shapes import (
    COMMON,
    WEIGHT,
    Authored,
    Schema,
    alternatives,
    closed,
    or_variable,
    union,
)

from tenantctl import kinds as kinds_package
from tenantctl.files.inner import KEY, MODES, inner_kinds
from tenantctl.kinds import KINDS, Kind, Variants, variants, write_shape
from tenantctl.kinds.faults import absent
from tenantctl.kinds.shapes import member_shape
from tenantctl.model import Address

KEYS = f"^({KEY.pattern}|.*[$][{{]row[.].*)$"
ANY_KEY = "^[^$/]"
STAMPED = "[$][{]row[.]"
TEXTS: Schema = {"type": ["array", "string"], "items": {"type": "string"}}
META: Mapping[str, Schema] = {
    "$only": {**TEXTS, "description": "Environments that have it: names, or kind:production"},
    "$was": {**TEXTS, "description": "Earlier keys or names"},
    "$protect": {**COMMON["boolean"], "description": "Neither deleted nor replaced"},
    "$for": {"type": "string", "description": "One for each row of a table: !file rows.csv"},
}
MODE: Schema = {
    "enum": list(MODES),
    "description": "managed takes away what was ours, exclusive everything else, additive nothing",
}


def keyed(value: Schema, pattern: str = KEYS) -> Schema:
    """An object whose keys are the user's."""
    return {"type": "object", "additionalProperties": False, "patternProperties": {pattern: value}}


def said(kind: Kind) -> str:
    """The first line of the module that describes the kind, and what to know before using it."""
    doc = (getattr(kinds_package, kind.name).__doc__ or "").strip().splitlines()[0]
    early = f" Early access: {kind.early}." if kind.early else ""
    return f"{doc}{early}"


def kind_schema(kind: Kind) -> Schema:
    """The schema file of a kind; its definitions `resource...` are what overrides may say."""
    making = _Making(kind)
    if "{key}" in kind.shape:
        parts = {part: making.resource(part) for part in kind.values}
        body = closed(parts)
    else:
        body = _under(kind, making.resource(kind.values[0] if kind.values else "x"))
    made = {**COMMON, **{name: _common(each) for name, each in making.definitions.items()}}
    used = _used(made)
    head = {"title": kind.name, "description": said(kind)}
    return {**head, **body, "definitions": {name: used[name] for name in sorted(used)}}


def _common(schema: Any) -> Any:
    """*schema* with references to what is common."""
    if isinstance(schema, list):
        return [_common(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    for name, known in COMMON.items():
        if schema.items() >= known.items() and schema.keys() - known.keys() <= {"description"}:
            said = {word: schema[word] for word in ("description",) if word in schema}
            return {"$ref": f"#/definitions/{name}", **said}
    return {word: _common(each) for word, each in schema.items()}


def _used(definitions: Mapping[str, Schema]) -> Schema:
    """Those that resources lead to."""
    found: Schema = {}
    waiting = [name for name in definitions if name.startswith("resource")]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = definitions[name]
            waiting += _named(definitions[name])
    return found


def _named(schema: Any) -> Iterator[str]:
    """The definitions that *schema* refers to."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix("#/definitions/")
        for value in schema.values():
            yield from _named(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _named(value)


def _under(kind: Kind, body: Schema) -> Schema:
    """A resource, or maps of the parts of its key down to resources."""
    if kind.singleton:
        return body
    for index in reversed(range(max(len(kind.parts), 1))):
        owner = KINDS[kind.parents[index]] if index < len(kind.parents) else None
        if kind.fixed and index == 0 and kind.values:
            stamped = {"patternProperties": {STAMPED: body}}
            body = closed(dict.fromkeys(kind.values, body), **stamped)
        elif (owner and owner.given) or (kind.fixed and not owner):
            body = keyed(body, ANY_KEY)
        else:
            body = keyed(body)
    return body


@dataclass(frozen=True, slots=True)
class _Making:
    """The making of one kind's file. *inner*: names of definitions start so."""

    kind: Kind
    definitions: Schema = field(default_factory=dict)
    inner: str = ""

    def resource(self, key: str) -> Schema:
        """A reference to the definition of a resource's authored form."""
        name = f"resource.{key}" if "{key}" in self.kind.shape else "resource"
        self.definitions[name] = self.form(key, META)
        return {"$ref": f"#/definitions/{name}"}

    def form(self, key: str, meta: Mapping[str, Schema]) -> Schema:
        """The authored form: hooks, what hangs on it and *meta* keys on top of the API's fields."""
        kind = self.kind
        if kind.members:
            return closed({**meta, kind.members: self.hanging()})
        address = Address(kind.name, key)
        fields, whole = self.fields(address)
        own = kind.hooks.unfold({}) if kind.hooks.unfold else {}
        for rule in kind.rules:
            if rule.list == "sequence" and rule.at[0] in own:
                return _sequence(fields[rule.at[0]], rule.by)
        shape = write_shape(kind, address, "create")
        fields |= {name: {} for name in own if absent(shape, (name,))}
        found = variants(kind)
        if found:
            fields[found.field] = {"type": ["object", "null"]}
        for name, inner in inner_kinds(kind).items():
            fields[name] = replace(self, kind=inner, inner=f"{name}.").hanging()
        body = closed({**meta, **fields})
        if not whole:
            body["additionalProperties"] = True
        return {**body, "allOf": self.variants(found)} if found else body

    def fields(self, address: Address) -> tuple[Schema, bool]:
        """The fields that people may write, and whether there are no others."""
        found: dict[str, list[Schema]] = {}
        whole = False
        for verb in ("update", "create"):
            shape = write_shape(self.kind, address, verb)
            defs = shape.get("$defs", {})
            for each in alternatives(shape, defs):
                whole = whole or each.get("additionalProperties") is False
                for name, schema in each.get("properties", {}).items():
                    if self.kind.rule((name,)).when == "never" or name in self.kind.parts:
                        continue
                    made = self.authored(defs).schema(schema, (name,))
                    found.setdefault(name, []).append(made)
        return {name: union(several) for name, several in found.items()}, whole

    def authored(self, defs: Mapping[str, Schema]) -> Authored:
        return Authored(self.kind, defs, self.definitions, self.inner)

    def hanging(self) -> Schema:
        """What is written inside its parent: members, one object, or several by key."""
        kind = self.kind
        if kind.members:
            attributes = self.attributes()
            each = {"anyOf": [attributes, {"type": ["null", "string"]}]} if attributes else {}
            if kind.hooks.unfold:
                each = {"type": ["array", "object", "null", "string"]}
            held = {
                "type": ["array", "object", "string"],
                "items": {"type": ["string", "object"]},
                "properties": {"$mode": MODE},
                "additionalProperties": each or {"type": ["object", "null"], "maxProperties": 0},
                "description": said(kind),
            }
            return or_variable(held, "array")
        body = {**self.form("x", {}), "description": said(kind)}
        self.definitions[f"{self.inner}resource"] = body
        own = {"$ref": f"#/definitions/{self.inner}resource"}
        return keyed(own) if kind.key else own

    def attributes(self) -> Schema:
        """What can be said of a member of an association; nothing of most."""
        if not self.kind.by:
            return {}
        shape = member_shape(self.kind)
        authored = self.authored(shape["$defs"])
        names = {
            name: authored.schema(each, (self.kind.members, "[]", name))
            for name, each in shape["properties"].items()
            if self.kind.rule((self.kind.members, "[]", name)).when != "never"
        }
        names.pop(self.kind.by)
        return closed(names) if names else {}

    def variants(self, found: Variants) -> list[Schema]:
        """What the field that depends on another holds: if it has this value, then that."""
        every: Schema = {}
        for verb in ("create", "update"):
            shape = write_shape(self.kind, Address(self.kind.name, "x"), verb)
            defs = shape["$defs"]
            for each in alternatives(shape["properties"][found.field], defs):
                for name, schema in each.get("properties", {}).items():
                    made = self.authored(defs).schema(schema, (found.field, name))
                    every.setdefault(name, []).append(made)
        known = {name: self.short(f"{found.field}.{name}", union(s)) for name, s in every.items()}
        alike: dict[frozenset[str], list[str]] = {}
        for value, names in found.names.items():
            alike.setdefault(names, []).append(value)
        cases = [
            self.case(found, {"enum": values}, {name: known[name] for name in sorted(names)})
            for names, values in alike.items()
        ]
        others = self.case(found, {"not": {"enum": list(found.names)}}, known)
        del others["if"]["required"]
        return [*cases, others]

    def case(self, found: Variants, value: Schema, names: Schema) -> Schema:
        name = f"{found.by}.{value.get('enum', '*')[0]}"
        self.definitions[name] = {**closed(names), "type": ["object", "null"]}
        condition = {"properties": {found.by: value}, "required": [found.by]}
        held = {"$ref": f"#/definitions/{name}"}
        return {"if": condition, "then": {"properties": {found.field: held}}}

    def short(self, name: str, schema: Schema) -> Schema:
        """*schema*, or a reference to it where that is shorter."""
        if len(json.dumps(schema)) < 80:
            return schema
        self.definitions[name] = schema
        return {"$ref": f"#/definitions/{name}"}


def _sequence(schema: Schema, by: str) -> Schema:
    """A resource that is a list whose order is by weight: a map from the key of an element."""
    items = next(each for each in (schema, *schema.get("anyOf", ())) if "items" in each)["items"]
    fields = {key: value for key, value in items.get("properties", {}).items() if key != by}
    element = {"type": ["object", "null"], "properties": {"$at": WEIGHT, **fields}}
    return {"type": "object", "properties": dict(META), "additionalProperties": element}
