"""A resource that is being checked, and how problems name its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenantctl.files.findings import suggestion
from tenantctl.files.flatten import Flat
from tenantctl.kinds import Fault, Kind, text_of
from tenantctl.model import Address, Origin, Path, Ref, Value


@dataclass(frozen=True, slots=True)
class Checked:
    """A resource with where it was written. *system*: every tenant has it from the start."""

    kind: Kind
    address: Address
    flat: Flat
    home: Origin
    system: bool


def nearest(known: Mapping[Path, Origin], path: Path, otherwise: Origin) -> Origin:
    """Where *path* is written, or the closest thing above it."""
    for size in range(len(path), 0, -1):
        if path[:size] in known:
            return known[path[:size]]
    return otherwise


def said(checked: Checked, path: Path = ()) -> Path:
    """*path* in the words of the file: elements by their key, members by the parent's field."""
    kind = checked.kind
    if kind.members and kind.authored_in:
        return (kind.authored_in[1], *path[1:])
    value: Value = checked.flat.fields
    words: list[str] = []
    pattern: Path = ()
    for part in path:
        by = kind.rule(pattern, checked.flat.fields).by if pattern else ""
        if isinstance(value, list):
            value = value[int(part)]
            words.append(element(value, by) if by else part)
            pattern = (*pattern, "[]")
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
            words.append(part)
            pattern = (*pattern, part)
    return tuple(words)


def element(value: Value, by: str) -> str:
    """What an element of a keyed list is called."""
    key = value.get(by) if isinstance(value, Mapping) else None
    return key.address.key if isinstance(key, Ref) else text_of(key).strip('"')


def way_out(fault: Fault) -> str:
    """What to write instead of what is wrong."""
    return fault.help or (suggestion(fault.given, fault.known) if fault.given else "")
