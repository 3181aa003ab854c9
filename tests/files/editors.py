"""A file as an editor sees it, and the schemas that it judges by."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jsonschema
import jsonschema_rs
import yaml

ROOT = Path(__file__).parents[2]


class AsAnEditorSees(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Tags mean nothing: what they stand on is a text or a list."""


def tagged(loader, *words):
    node = words[-1]
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return loader.construct_scalar(node)


AsAnEditorSees.add_multi_constructor("!", tagged)
AsAnEditorSees.add_constructor("tag:yaml.org,2002:timestamp", tagged)  # YAML 1.2 has only text


def truth(loader, node):
    """YAML 1.2 has two words for truth, and the key `on` is text."""
    text = loader.construct_scalar(node)
    return {"true": True, "false": False}.get(text.lower(), text)


AsAnEditorSees.add_constructor("tag:yaml.org,2002:bool", truth)


def read(path):
    return yaml.load(path.read_text(encoding="utf-8"), AsAnEditorSees)


def schema_of(uri):
    return json.loads((ROOT / "schemas" / uri).read_text(encoding="utf-8"))


@cache
def bundled(name):
    """A schema with those that it refers to among its definitions."""
    files = sorted((ROOT / "schemas/kinds").glob("*.json"))
    inner = {path.stem: moved(schema_of(f"kinds/{path.name}"), path.stem) for path in files}
    schema = moved(schema_of(name), "")
    return {**schema, "definitions": {**schema.get("definitions", {}), **inner}}


def moved(schema, kind):
    """*schema* with its references as they are where all are in one file."""
    if isinstance(schema, list):
        return [moved(each, kind) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {word: moved(each, kind) for word, each in schema.items()}
    if isinstance(schema.get("$ref"), str):
        file, _, inside = schema["$ref"].partition("#")
        owner = f"/definitions/{Path(file).stem or kind}" if file or kind else ""
        found["$ref"] = f"#{owner}{inside}"
    return found


@cache
def validator(name):
    return jsonschema.Draft7Validator(bundled(name))


@cache
def fast_validator(name):
    return jsonschema_rs.Draft7Validator(bundled(name))


def marks(name, document):
    """What an editor marks in *document*: one line each."""
    if fast_validator(name).is_valid(document):
        return []
    found = validator(name).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]
