"""What `terraform show -json` says of a state or a plan: everything is worked out already."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tenantctl.errors import FilesError, Problem
from tenantctl.foreign.item import Made, Named, Source
from tenantctl.foreign.terraform.hiding import hidden
from tenantctl.foreign.terraform.items import translated
from tenantctl.foreign.terraform.translate import Found, Translation
from tenantctl.foreign.terraform.types import TYPES
from tenantctl.foreign.terraform.values import screaming
from tenantctl.model import Json, Note, Origin, Secret, Value

Entry = Mapping[str, Json]


def read_state(path: Path) -> Source:
    """The tenant in a state or a plan. Raises FilesError where *path* holds neither."""
    document = _document(path)
    notes: list[Note] = []
    at = Origin(path.name, 0, 0)
    known = _object(document.get("values")) or _object(document.get("planned_values"))
    entries = [*_entries(_object(known.get("root_module")))]
    written = _object(_object(document.get("configuration")).get("root_module"))
    references = dict(_references(written, ""))
    addresses = [str(entry.get("address")) for entry in entries]
    found = []
    for entry in entries:
        values = _values(entry, _lacking(entry, references, addresses))
        found.append(Found(str(entry.get("type")), str(entry.get("address")), values, at))
    work = Translation(notes)
    items, said, _ = hidden(translated(work, found), notes, (), work.clear)
    return Source("", tuple(items), {}, tuple(dict.fromkeys(said)))


def _object(value: Json) -> Mapping[str, Json]:
    """An object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def _objects(value: Json) -> list[Mapping[str, Json]]:
    """The objects in a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _document(path: Path) -> Mapping[str, Json]:
    try:
        document = json.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise FilesError([Problem(str(path), 0, 0, f"it cannot be read: {error}")]) from None
    except json.JSONDecodeError as error:
        said = f"this is not JSON: {error.msg}"
        raise FilesError([Problem(str(path), error.lineno, error.colno, said)]) from None
    names = {"values", "planned_values"}
    told = names & document.keys() if isinstance(document, dict) else set()
    if told and all(isinstance(document[name], dict | None) for name in told):
        return _object(document)
    help = "write it with `terraform show -json`, or name a folder of Terraform files"
    if isinstance(document, dict) and "lineage" in document:
        help = "this is a state file itself: `terraform show -json FILE` writes what can be read"
    said = "this is not what `terraform show -json` writes"
    raise FilesError([Problem(str(path), 0, 0, said, help)])


def _entries(module: Mapping[str, Json]) -> Iterator[Entry]:
    """The resources of Auth0's, those of inner modules after those of the outer."""
    for entry in _objects(module.get("resources")):
        if entry.get("mode") == "managed" and str(entry.get("type")).startswith("auth0_"):
            yield entry
    for child in _objects(module.get("child_modules")):
        yield from _entries(child)


def _references(module: Mapping[str, Json], prefix: str) -> Iterator[tuple[str, Entry]]:
    """What the expressions of each resource name, by its address without keys."""
    for each in _objects(module.get("resources")):
        yield f"{prefix}{each.get('address')}", _object(each.get("expressions"))
    for name, call in _object(module.get("module_calls")).items():
        yield from _references(_object(_object(call).get("module")), f"{prefix}module.{name}.")


def _lacking(
    entry: Entry, references: Mapping[str, Entry], addresses: list[str]
) -> dict[str, Value]:
    """What a plan cannot tell yet, where it is an attribute of one other resource."""
    plain = _unkeyed(str(entry.get("address")))
    prefix = plain[: plain.rfind(str(entry.get("type")))]
    known = _object(entry.get("values"))
    found: dict[str, Value] = {}
    for name, said in references.get(plain, {}).items():
        names = _object(said).get("references")
        if known.get(name) is None and isinstance(names, list):
            meant = _meant(str(names[0]), prefix, addresses) if names else None
            if meant is not None:
                found[name] = meant
    return found


def _meant(reference: str, prefix: str, addresses: list[str]) -> Value:
    """The one resource that an expression names an attribute of."""
    parts = reference.split(".")
    whole = f"{prefix}{'.'.join(parts[:2])}"
    same = [each for each in addresses if whole in {each, _unkeyed(each)}]
    if len(parts) != 3 or len(same) != 1 or parts[0] not in TYPES:
        return None
    return Named.of(same[0], TYPES[parts[0]].computed.get(parts[2], "id"))


def _unkeyed(address: str) -> str:
    """An address without the numbers and keys of instances."""
    plain, depth = "", 0
    for char in address:
        depth += char == "["
        plain += "" if depth else char
        depth -= char == "]"
    return plain


def _values(entry: Entry, lacking: Mapping[str, Value]) -> dict[str, Value]:
    """The values of a resource, but for what says nothing; secrets by name."""
    label = re.sub(r"\bmodule\.|\bauth0_", "", str(entry.get("address")))
    values = _sealed(_object(entry.get("values")), entry.get("sensitive_values"), label)
    kept = _told(values)
    return {**(kept if isinstance(kept, dict) else {}), **lacking}


def _sealed(value: Json, sensitive: Json, name: str) -> Value:
    if sensitive is True:
        secret = screaming(name)
        return Made.of(secret, Secret(secret)) if value not in {None, ""} else None
    if isinstance(value, dict) and isinstance(sensitive, dict):
        return {k: _sealed(v, sensitive.get(k), f"{name}_{k}") for k, v in value.items()}
    if isinstance(value, list) and isinstance(sensitive, list):
        pairs = zip(value, [*sensitive, *([None] * len(value))], strict=False)
        return [_sealed(each, secret, name) for each, secret in pairs]
    return value


def _told(value: Value) -> Value:
    """*value* without what a state holds for everything that nobody has set."""
    if isinstance(value, dict):
        told = {key: _told(each) for key, each in value.items()}
        return {key: each for key, each in told.items() if each not in (None, "", [], {})}
    if isinstance(value, list):
        return [_told(each) for each in value]
    return value
