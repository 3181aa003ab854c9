"""What people say of themselves, against the JSON Schema of `playbooks/scopes.yaml`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tenantctl.files.document import ListNode, MapNode, Node
from tenantctl.files.findings import suggestion
from tenantctl.files.plainly import Reader
from tenantctl.model import Json

Schema = Mapping[str, Any]


def is_date(text: str) -> bool:
    """Whether *text* is a day, written `2030-12-31`."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


TYPES: Mapping[str, tuple[type, str]] = MappingProxyType(
    {
        "boolean": (bool, "true or false"),
        "string": (str, "text"),
        "array": (list, "a list"),
        "object": (dict, "a map"),
    }
)
FORMATS: Mapping[str, tuple[Callable[[Any], bool], str]] = MappingProxyType(
    {
        "date": (is_date, 'a day, such as "2030-12-31"'),
        "uri": (lambda text: text.startswith("https://"), "an address that starts with https://"),
    }
)


def told(reader: Reader, node: Node, schema: Schema, name: str) -> Json:
    """What *node* says; what is not as *schema* has it goes to the findings, and is left out."""
    if isinstance(node, MapNode) and "properties" in schema and not node.tag:
        return entries(reader, node, schema["properties"], name)
    if isinstance(node, ListNode) and "items" in schema and not node.tag:
        return [told(reader, each, schema["items"], f"an element of {name}") for each in node.items]
    value = reader.literal(node)
    if wrong := _wrong(value, schema):
        reader.add(node, f"{name} must be {wrong}")
        return None
    return value


def entries(
    reader: Reader, node: Node, properties: Mapping[str, Schema], name: str
) -> dict[str, Json]:
    """The entries of a map, each as *properties* has it; what is wrong with one leaves it out."""
    found: dict[str, Json] = {}
    for key, value in reader.entries(node, name):
        if key.text not in properties:
            known = f"known are {', '.join(properties)}" if properties else ""
            help = suggestion(key.text, properties, known)
            reader.add(key, f"unknown key {key.text} in {name}", help)
            continue
        said = told(reader, value, properties[key.text], f"{name}.{key.text}")
        if said is not None:
            found[key.text] = said
    return found


def _wrong(value: Json, schema: Schema) -> str:
    """What *value* should be, in words; empty where it is."""
    if "enum" in schema:
        return "" if value in schema["enum"] else f"one of {', '.join(schema['enum'])}"
    if "type" not in schema:
        return ""
    type, words = TYPES[schema["type"]]
    if not isinstance(value, type):
        return words
    if "format" not in schema:
        return ""
    fits, words = FORMATS[schema["format"]]
    return "" if fits(value) else words
