"""The code of one's own that runs at Auth0, and where its pages come from. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tenantctl.engine.checks import Item
from tenantctl.engine.state_fields import Naming, Seen, Sight
from tenantctl.kinds import KINDS
from tenantctl.model import Origin, Path, Text, Value
from tenantctl.playbooks import scopes

NO_TESTS = "receipts of tests were not read"


def code(found: Sight, names: Naming) -> tuple[Item, ...]:
    """Every piece of code of one's own: actions, scripts of databases, pages."""
    return tuple(item for seen in found.values() for item in _code(seen, names))


def page_sources(found: Sight, names: Naming) -> tuple[Item, ...]:
    """Every page of one's own, with where it comes from: `file`, `inline`, or only the `tenant`."""
    return tuple(
        Item(
            {"name": f"{seen.address} {name}", "source": _source(seen.origins.get(path))},
            f"{seen.address} {name}",
            seen.origins.get(path, seen.origin),
        )
        for seen in found.values()
        for name, path, _ in _pages(seen, names)
    )


def _source(origin: Origin | None) -> str:
    if origin is None:
        return "tenant"
    return "file" if any(not each.file.endswith(".yaml") for each in origin.via) else "inline"


def _code(seen: Seen, names: Naming) -> Iterator[Item]:
    runs: Mapping[str, str] = scopes()["code"]["runs"]
    for pattern, sort in _places(seen.address.kind):
        for path, text in _values(seen.fields, pattern):
            if sort in runs:
                own = f"/{path[-1]}" if sort == "script" else ""
                name = f"{seen.address}{own}"
                value = {"name": name, "kind": runs[sort], "code": names.plain(text)}
                value |= _trigger(seen.fields)
                passed, unknown = _tested(name, text, names)
                value |= {"tests": {"passed": passed}}
                yield Item(value, name, seen.origins.get(path, seen.origin), unknown)
    for name, path, text in _pages(seen, names):
        value = {"name": f"{seen.address} {name}", "kind": name, "code": text}
        yield Item(value, value["name"], seen.origins.get(path, seen.origin))


@cache
def _places(kind: str) -> tuple[tuple[Path, str], ...]:
    """Where a kind holds code, and what sort it is."""
    return tuple((rule.at, rule.runs) for rule in KINDS[kind].rules if rule.runs)


def _values(value: Value, pattern: Path, done: Path = ()) -> Iterator[tuple[Path, Value]]:
    """What stands where *pattern* leads, in which `*` is any key."""
    if not pattern:
        if isinstance(value, str | Text) and value:
            yield done, value
        return
    if isinstance(value, Mapping):
        keys = sorted(value) if pattern[0] == "*" else [pattern[0]] if pattern[0] in value else []
        for key in keys:
            yield from _values(value[key], pattern[1:], (*done, key))


def _trigger(fields: Mapping[str, Value]) -> Mapping[str, Any]:
    name, id = scopes()["code"]["trigger"]
    first = next(iter(fields.get(name) or ()), None)
    return {"trigger": first[id]} if isinstance(first, Mapping) and id in first else {}


def _tested(name: str, text: Value, names: Naming) -> tuple[bool, Mapping[str, str]]:
    """Whether the last tests that ran this very code have passed."""
    records = names.facts.records
    if records is None or records.tests is None:
        return False, {"tests": NO_TESTS}
    digest = hashlib.sha256(_written(text).encode()).hexdigest()
    for receipt in reversed(records.tests):
        told = receipt.code.get(name)
        if told is not None and told[0] == digest:
            return told[1], {}
    return False, {}


def _written(text: Value) -> str:
    """Code as tests run it: see `testing.units`."""
    if isinstance(text, str):
        return text
    return "".join(part if isinstance(part, str) else f"test-{part}" for part in text.parts)


def _pages(seen: Seen, names: Naming) -> Iterator[tuple[str, Path, str]]:
    """The pages that a resource has of one's own: what each is called, where, and its text."""
    for name, way in scopes()["code"]["pages"].get(seen.address.kind, {}).items():
        for path, text in _values(seen.fields, tuple(way)):
            yield name, path, names.plain(text)
