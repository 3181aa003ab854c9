"""Shapes of requests as people write them, for schemas that editors read.

Laxer than `load`: nothing is required, everything may be null, and `!var x`, which an editor sees
as the text `x`, may stand for what is not text. Structures of the SDK are definitions; where a rule
of the kind is about a field inside, the structure is written out at that place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tenantctl.kinds import Kind, Rule, text_of
from tenantctl.model import ABSENT, Path

Schema = dict[str, Any]

VARIABLE = "^((?!(true|false|yes|no|on|off|null)$)[A-Za-z_][A-Za-z0-9_]*)?$"
"""The names that variables and columns have; empty is `!unmanaged`."""
TYPED: Mapping[str, str] = {
    "boolean": "Write true or false without quotes, or !var name.",
    "integer": "Write a whole number without quotes, or !var name.",
    "number": "Write a number without quotes, or !var name.",
    "array": "Write a list, or !var name.",
    "object": "Write a map, or !var name.",
}


def or_variable(schema: Schema, type: str) -> Schema:
    """*schema*, which is of *type*, or the name of a variable, which editors see as text."""
    return {**schema, "pattern": VARIABLE, "patternErrorMessage": TYPED[type]}


COMMON: Mapping[str, Schema] = {
    **{
        each: or_variable({"type": [each, "string", "null"]}, each)
        for each in ("boolean", "integer", "number")
    },
    "texts": or_variable(
        {"type": ["array", "string", "null"], "items": {"type": ["string", "null"]}}, "array"
    ),
}
"""What most fields are."""
WEIGHT: Schema = {"type": ["integer", "string"], "description": "Place in the list: small is early"}


def closed(properties: Mapping[str, Any], **more: Any) -> Schema:
    """An object with these properties and no others."""
    return {"type": "object", "additionalProperties": False, "properties": dict(properties), **more}


@dataclass(frozen=True, slots=True)
class Authored:
    """From the shapes of *kind* to what people write.

    *defs* are the shape's, *definitions* those that are made of them, with names that start with
    *inner*. *open*: those that are being written out.
    """

    kind: Kind
    defs: Mapping[str, Schema]
    definitions: Schema
    inner: str = ""
    open: tuple[str, ...] = ()

    def schema(self, shape: Schema, path: Path) -> Schema:
        """*shape* at *path*, where rules may say more; they are lost at an empty path."""
        rule = self.kind.rule(path) if path else Rule(())
        if rule.when == "never":
            return {}
        if "$ref" in shape:
            made = self.named(shape["$ref"].rpartition("/")[2], path)
        elif choices := shape.get("anyOf", shape.get("oneOf", shape.get("allOf"))):
            made = union([self.schema(each, path) for each in choices])
        else:
            made = _lenient(self.plain(shape, path), rule)
        said = _described(rule)
        return {**made, "description": said} if said else made

    def named(self, name: str, path: Path) -> Schema:
        """A reference to a structure, or the structure where rules look inside."""
        if name not in self.open and path and _is_ruled(self.kind, path):
            inside = replace(self, open=(*self.open, name))
            return inside.schema(self.defs[name], path)
        inside = replace(self, open=(*self.open, name))
        known = f"{self.inner}{name}"
        while self.definitions.get(known) is not None and name not in self.open:
            if inside.schema(self.defs[name], ()) == self.definitions[known]:
                break
            known += "_"
        if known not in self.definitions:
            self.definitions[known] = None
            self.definitions[known] = inside.schema(self.defs[name], ())
        return {"$ref": f"#/definitions/{known}"}

    def plain(self, shape: Schema, path: Path) -> Schema:
        found: Schema = {}
        for word, value in shape.items():
            match word:
                case "properties":
                    inner = {
                        key: self.schema(each, (*path, key) if path else ())
                        for key, each in value.items()
                        if not path or self.kind.rule((*path, key)).when != "never"
                    }
                    found[word] = inner
                case "items":
                    found[word] = self.schema(value, (*path, "[]") if path else ())
                case "additionalProperties" if isinstance(value, dict):
                    found[word] = self.schema(value, (*path, "*") if path else ())
                case "required" | "$defs" | "discriminator":
                    continue
                case "const":
                    found["enum"] = [value]
                case _:
                    found[word] = value
        return found


def _is_ruled(kind: Kind, path: Path) -> bool:
    """Whether some rule is about a field below *path*, or makes *path* an entry of a map."""
    if path[-1] == "[]" and kind.rule(path[:-1]).by:
        return True
    return any(len(rule.at) > len(path) and _leads(rule.at, path) for rule in kind.rules)


def _leads(pattern: Path, path: Path) -> bool:
    """Whether *pattern* may go on from *path*; what `**` may be about is not looked for."""
    pairs = zip(pattern, path, strict=False)
    return all(one in {"*", other} and one != "**" for one, other in pairs)


def _lenient(schema: Schema, rule: Rule) -> Schema:
    """*schema*, which may be null, a variable where it is no text, and a map where it is a list."""
    types = schema.get("type", [])
    names = [name for name in ([types] if isinstance(types, str) else types) if name != "null"]
    if "enum" in schema:
        return {"enum": [*schema["enum"], *([] if None in schema["enum"] else [None])]}
    if not names:
        return schema
    more: list[str] = []
    made = dict(schema)
    if "array" in names and rule.by:
        made |= _mapped(schema.get("items", {}), rule)
        made["items"] = {"anyOf": [schema.get("items", {}), {"type": "string"}]}
        more.append("object")
    typed = [each for each in names if each in TYPED]
    if typed and "string" not in names and (typed != ["object"] or rule.map == "open"):
        more.append("string")
        made = or_variable(made, typed[0])
    made["type"] = [*names, *more, "null"]
    return made


def _mapped(items: Schema, rule: Rule) -> Schema:
    """A list whose elements have a key, as a map from it."""
    fields = {key: value for key, value in items.get("properties", {}).items() if key != rule.by}
    weight = {"$at": WEIGHT} if rule.list == "sequence" else {}
    element: Schema = {"type": ["object", "null"], "properties": {**weight, **fields}}
    if items.get("additionalProperties") is False:
        element["additionalProperties"] = False
    if rule.value and rule.value in fields:
        element = {"anyOf": [fields[rule.value], element]}
    return {"additionalProperties": element}


def _described(rule: Rule) -> str:
    """What a rule says, for people."""
    said = []
    if rule.ref:
        said.append(f"The key of one of {rule.ref.to}.")
    if rule.secret:
        said.append("A secret: !secret NAME.")
    if rule.list in {"keyed", "sequence"} and rule.by:
        said.append(f"A map from {rule.by}.")
    elif rule.list == "set":
        said.append("A set: its order means nothing.")
    if rule.text:
        said.append("Code or a template: !file or !template and a path.")
    if rule.when == "create":
        said.append("Fixed once it is made.")
    if rule.unset == "illegal":
        said.append("Cannot be unset.")
    if rule.default is not ABSENT:
        said.append(f"Default: {text_of(rule.default)}.")
    return " ".join(said)


def union(several: list[Schema]) -> Schema:
    """What fits any of *several*, each alternative once."""
    flat: dict[str, Schema] = {}
    for each in several:
        for inner in each["anyOf"] if each.keys() == {"anyOf"} else [each]:
            flat.setdefault(json.dumps(inner, sort_keys=True), inner)
    found = list(flat.values())
    return found[0] if len(found) == 1 else {"anyOf": found}


def alternatives(schema: Schema, defs: Mapping[str, Schema]) -> Iterator[Schema]:
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(word, ()):
            yield from alternatives(inner, defs)
    if "$ref" in schema:
        yield from alternatives(defs[schema["$ref"].rpartition("/")[2]], defs)
