"""A file as an editor sees it, and the schemas that it judges by."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jsonschema
import referencing
import yaml

ROOT = Path(__file__).parents[2]


class AsAnEditorSees(yaml.SafeLoader):
    """Tags mean nothing: what they stand on is a text or a list."""


def tagged(loader, _, node):
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return loader.construct_scalar(node)


AsAnEditorSees.add_multi_constructor("!", tagged)


def read(path):
    return yaml.load(path.read_text(encoding="utf-8"), AsAnEditorSees)


def schema_of(uri):
    return json.loads((ROOT / "schemas" / uri).read_text(encoding="utf-8"))


def retrieved(uri):
    return referencing.Resource.from_contents(schema_of(uri))


@cache
def validator(name):
    registry = referencing.Registry(retrieve=retrieved)
    schema = {**schema_of(name), "$id": name}
    return jsonschema.Draft7Validator(schema, registry=registry)
