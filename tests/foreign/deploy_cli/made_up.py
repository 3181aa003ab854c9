"""Configurations of auth0-deploy-cli that nobody has written, in both of its formats."""

from __future__ import annotations

import json
from pathlib import Path

from tenantctl.foreign.deploy_cli.types import (
    FOLDERS,
    PARTS_OF_ATTACK_PROTECTION,
    TYPES,
)
from tenantctl.model import to_json

FILES_OF_PARTS = {part: file for file, part in PARTS_OF_ATTACK_PROTECTION.items()}


def write(root: Path, files: dict[str, str]) -> Path:
    """*files* below *root*."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def yaml_file(root: Path, said: dict, files: dict[str, str] | None = None) -> Path:
    """A YAML file with what is *said* by type, and its files."""
    bodies = {}
    for name in {"flows", "forms"} & said.keys():
        places = [f"{name}/{n}.json" for n in range(len(said[name]))]
        bodies |= dict(zip(places, map(json.dumps, said[name]), strict=True))
        listed = zip(said[name], places, strict=True)
        said = {**said, name: [{"name": each["name"], "body": place} for each, place in listed]}
    text = json.dumps(said, ensure_ascii=False)
    return write(root, {"tenant.yaml": text, **bodies, **(files or {})}) / "tenant.yaml"


def folder(root: Path, said: dict, files: dict[str, str] | None = None) -> Path:
    """The same in the directory format."""
    found = dict(files or {})
    for name, value in said.items():
        found |= {place: json.dumps(each) for place, each in _places(name, value)}
        if name == "prompts":
            found |= _partials(value)
    return write(root, found)


def _places(name, value):
    """The JSON files that hold the objects of a type."""
    if name in SPREAD:
        return SPREAD[name](value)
    if TYPES[name].file:
        return [(TYPES[name].file, value)]
    place = TYPES[name].folder or FOLDERS[name]
    return [(f"{place}/{number:02}.json", each) for number, each in enumerate(value)]


def _prompts(value):
    parts = ("customText", "partials", "screenRenderers")
    yield "prompts/prompts.json", {k: v for k, v in value.items() if k not in parts}
    yield "prompts/custom-text.json", value.get("customText", {})
    for number, each in enumerate(value.get("screenRenderers", ())):
        yield f"prompts/screenRenderSettings/{number}.json", each


def _branding(value):
    yield "branding/branding.json", {k: v for k, v in value.items() if k != "templates"}
    for number, each in enumerate(value.get("templates", ())):
        yield f"branding/templates/{number}.json", each


SPREAD = {
    "prompts": _prompts,
    "branding": _branding,
    "attackProtection": lambda value: [
        (f"attack-protection/{FILES_OF_PARTS[part]}.json", each) for part, each in value.items()
    ],
    "triggers": lambda value: [("triggers/triggers.json", value)],
    "databases": lambda value: [
        (f"database-connections/{each['name']}/database.json", each) for each in value
    ],
}


def _partials(prompts):
    """Partials name a file for each insertion point."""
    found, listed = {}, {}
    for prompt, screens in prompts.get("partials", {}).items():
        of = {}
        for screen, points in screens.items():
            of[screen] = [
                {"name": point, "template": f"partials/{prompt}/{screen}/{point}.liquid"}
                for point in points
            ]
            for point, text in points.items():
                found[f"prompts/partials/{prompt}/{screen}/{point}.liquid"] = text
        listed[prompt] = [of]
    return {**found, "prompts/partials.json": json.dumps(listed)}


def shown(item):
    """An item as tables have it."""
    found = {"kind": item.kind, "fields": to_json(plainly(item.fields))}
    found |= {"names": list(map(str, item.names))} if item.names else {}
    return found | ({"owners": list(map(str, item.owners))} if item.owners else {})


def plainly(value):
    """*value* without what it is made of."""
    if isinstance(value, dict):
        return {key: plainly(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plainly(each) for each in value]
    return str(value) if isinstance(value, str) else value


def told(source):
    """The notes of a source, without their places."""
    return [f"{note.level}: {note.message}" for note in source.notes]
