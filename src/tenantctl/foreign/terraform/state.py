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

Entry = tuple[Mapping[str, Json], str]
"""A resource, and the address of the module that it is in."""


def read_state(path: Path) -> Source:
    """The tenant in a state or a plan. Raises FilesError where *path* holds neither."""
    document = _document(path)
    notes: list[Note] = []
    at = Origin(path.name, 0, 0)
    known = document.get("values") or document.get("planned_values") or {}
    entries = [*_entries(known.get("root_module") or {})]
    references = _references((document.get("configuration") or {}).get("root_module") or {}, "")
    addresses = [str(entry.get("address")) for entry, _ in entries]
    found = []
    for entry, _ in entries:
        values = _values(entry, _lacking(entry, references, addresses))
        found.append(Found(str(entry.get("type")), str(entry.get("address")), values, at))
    work = Translation(notes, set())
    items, said, _ = hidden(translated(work, found), notes, ())
    return Source("", tuple(items), {}, tuple(dict.fromkeys(said)))


def _document(path: Path) -> Mapping[str, Json]:
    try:
        document = json.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise FilesError([Problem(str(path), 0, 0, f"it cannot be read: {error}")]) from None
    except json.JSONDecodeError as error:
        said = f"this is not JSON: {error.msg}"
        raise FilesError([Problem(str(path), error.lineno, error.colno, said)]) from None
    if isinstance(document, dict) and ("values" in document or "planned_values" in document):
        return document
    help = "write it with `terraform show -json`, or name a folder of Terraform files"
    if isinstance(document, dict) and "lineage" in document:
        help = "this is a state file itself: `terraform show -json FILE` writes what can be read"
    said = "this is not what `terraform show -json` writes"
    raise FilesError([Problem(str(path), 0, 0, said, help)])


def _entries(module: Mapping[str, Json], inside: str = "") -> Iterator[Entry]:
    """The resources of Auth0's, those of inner modules after those of the outer."""
    for entry in module.get("resources") or []:
        if entry.get("mode") == "managed" and str(entry.get("type")).startswith("auth0_"):
            yield entry, inside
    for child in module.get("child_modules") or []:
        yield from _entries(child, str(child.get("address")))


def _references(module: Mapping[str, Json], prefix: str) -> dict[str, Mapping[str, Json]]:
    """What the expressions of each resource name, by its address without keys."""
    found = {
        f"{prefix}{each.get('address')}": each.get("expressions") or {}
        for each in module.get("resources") or []
    }
    for name, call in (module.get("module_calls") or {}).items():
        found |= _references(call.get("module") or {}, f"{prefix}module.{name}.")
    return found


def _lacking(
    entry: Mapping[str, Json], references: Mapping[str, Mapping[str, Json]], addresses: list[str]
) -> dict[str, Value]:
    """What a plan cannot tell yet, where it is an attribute of one other resource."""
    address = str(entry.get("address"))
    plain = _unkeyed(address)
    prefix = plain[: plain.rindex(str(entry.get("type")))]
    found: dict[str, Value] = {}
    for name, said in references.get(plain, {}).items():
        if (entry.get("values") or {}).get(name) is not None or not isinstance(said, Mapping):
            continue
        for reference in said.get("references") or []:
            parts = str(reference).split(".")
            named = f"{prefix}{'.'.join(parts[:2])}"
            same = [each for each in addresses if _unkeyed(each) == _unkeyed(named)]
            if len(parts) == 3 and len(same) == 1 and parts[0] in TYPES:
                found[name] = Named.of(same[0], TYPES[parts[0]].computed.get(parts[2], "id"))
                break
    return found


def _unkeyed(address: str) -> str:
    """An address without the numbers and keys of instances."""
    plain, depth = "", 0
    for char in address:
        depth += char == "["
        plain += "" if depth else char
        depth -= char == "]"
    return plain


def _values(entry: Mapping[str, Json], lacking: Mapping[str, Value]) -> dict[str, Value]:
    """The values of a resource, but for what says nothing; secrets by name."""
    label = re.sub(r"\bmodule\.|\bauth0_", "", str(entry.get("address")))
    values = _sealed(entry.get("values") or {}, entry.get("sensitive_values"), label)
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
