"""The values that the files beside a configuration, and those of an environment, give variables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tenantctl.foreign.terraform.evaluate import evaluate
from tenantctl.foreign.terraform.folder import Folders, as_note
from tenantctl.foreign.terraform.nodes import Block, Body, Get, Literal, Name, walked
from tenantctl.foreign.terraform.syntax import parse
from tenantctl.foreign.terraform.values import Unknown
from tenantctl.foreign.terraform.variables import NOTHING, converted
from tenantctl.model import Note, Origin, Value


@dataclass(frozen=True, slots=True)
class Given:
    """The variables that a root module *declared*, the *values* given to them, what was wrong."""

    declared: Mapping[str, Block]
    values: Mapping[str, Value]
    notes: tuple[Note, ...]

    def value(self, name: str) -> Value:
        """What a variable is given, or its default."""
        attributes = self.declared[name].body.attributes
        if name in self.values:
            value = self.values[name]
        elif "default" in attributes:
            value = evaluate(attributes["default"].value, NOTHING)
        else:
            value = Unknown(f"variable {name} has no value")
        return converted(value, attributes["type"].value) if "type" in attributes else value


def given(folders: Folders, path: Path, file: Path | None) -> Given:
    """What Terraform would take by itself, and *file*, which goes before all."""
    notes: list[Note] = []
    body = folders.body(path)
    declared = {block.labels[0]: block for block in body.of("variable") if block.labels}
    for name, at in _asked_for(body):
        if name not in declared:
            declared[name] = Block("variable", (name,), Body(), at)
            said = f"variable {name} is used and nowhere declared"
            notes.append(Note("mistake", said, at.file, at.line, at.column))
    values: dict[str, Value] = {}
    own = [folders.root / "terraform.tfvars", folders.root / "terraform.tfvars.json"]
    auto = [*folders.root.glob("*.auto.tfvars"), *folders.root.glob("*.auto.tfvars.json")]
    for each in [*(one for one in own if one.is_file()), *sorted(auto), *([file] if file else [])]:
        values |= _values(each, notes)
    for name in sorted(values.keys() - declared.keys()):
        said = f"there is no variable {name}, to which a value is given"
        notes.append(Note("mistake", said, file.name if file else ""))
    return Given(declared, values, tuple(notes))


def _asked_for(body: Body) -> Iterator[tuple[str, Origin]]:
    """The variables that expressions name, with the attributes that do."""
    for attribute in body.attributes.values():
        for node in walked(attribute.value):
            match node:
                case Get(Name("var"), Literal(str() as name)):
                    yield name, attribute.at
    for block in body.blocks:
        yield from _asked_for(block.body)


def _values(file: Path, notes: list[Note]) -> dict[str, Value]:
    """The values in a `.tfvars` or `.tfvars.json` file."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        notes.append(Note("mistake", "this file of variables cannot be read", str(file)))
        return {}
    if file.suffix == ".json":
        try:
            document = json.loads(text)
        except json.JSONDecodeError as error:
            said = f"this is not JSON: {error.msg}"
            notes.append(Note("mistake", said, file.name, error.lineno, error.colno))
            return {}
        return document if isinstance(document, dict) else {}
    body, problems = parse(text, file.name)
    notes.extend(map(as_note, problems))
    return {name: evaluate(each.value, NOTHING) for name, each in body.attributes.items()}


def snake(name: str) -> str:
    """The name of a variable in our files."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def stand_in(block: Block) -> str | None:
    """A text for a variable without a value, so that what it is part of need not be left out."""
    type = block.body.attributes.get("type")
    if type is not None and type.value != Name("string"):
        return None
    return snake(block.labels[0]).replace("_", "-")
