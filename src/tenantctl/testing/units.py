"""The code that a tenant is made of, unit by unit, as tests run it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tenantctl.kinds import KINDS
from tenantctl.model import Address, Desired, Origins, Path, Text, Value


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of code: *sort* is `action`, `module` (of actions) or `script` (of a database).

    *name* is its address, of a script with the script's own (`connections.customers/login`), *key*
    the same without the kind. *file* is where it was written, *secrets* and *configuration* are
    names only: no value of a secret is ever part of a unit. *dependencies* are names and versions.
    """

    name: str
    sort: str
    key: str
    code: str
    file: str
    trigger: str = ""
    version: str = ""
    runtime: str = ""
    secrets: tuple[str, ...] = ()
    configuration: tuple[str, ...] = ()
    dependencies: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the code."""
        return hashlib.sha256(self.code.encode()).hexdigest()

    @property
    def tested(self) -> bool:
        """Whether tests are asked for: modules are tested with the actions that use them."""
        return self.sort != "module"


def units(desired: Desired) -> tuple[Unit, ...]:
    """Every unit of code of an environment, by name."""
    found = (
        unit
        for resource in desired.tenant
        for unit in _units(
            resource.address, resource.fields, desired.origins.get(resource.address, {})
        )
    )
    return tuple(sorted(found, key=lambda unit: unit.name))


def united(environments: Iterable[tuple[Unit, ...]]) -> tuple[Unit, ...]:
    """The units of several environments; where they differ in one, as the first has it."""
    found: dict[str, Unit] = {}
    for each in environments:
        for unit in each:
            found.setdefault(unit.name, unit)
    return tuple(found[name] for name in sorted(found))


def _units(address: Address, fields: Mapping[str, Value], origins: Origins) -> Iterator[Unit]:
    for at, sort in _places(address.kind):
        for path, code in _values(fields, at):
            origin = origins.get(path)
            via = next((each.file for each in origin.via), origin.file) if origin else str(address)
            own = f"/{path[-1]}" if sort == "script" else ""
            trigger, version = next(iter(_pairs(fields, "supported_triggers")), ("", ""))
            yield Unit(
                name=f"{address}{own}",
                sort=sort,
                key=f"{address.key}{own}",
                code=code,
                file=via,
                trigger=trigger,
                version=version,
                runtime=str(fields.get("runtime", "")),
                secrets=tuple(sorted(name for name, _ in _pairs(fields, "secrets"))),
                configuration=_configuration(fields),
                dependencies=tuple(sorted(_pairs(fields, "dependencies"))),
            )


@cache
def _places(kind: str) -> tuple[tuple[Path, str], ...]:
    """Where a kind holds code, and what calls it."""
    return tuple((rule.at, rule.runs) for rule in KINDS[kind].rules if rule.runs)


def _values(value: Any, at: Path, done: Path = ()) -> Iterator[tuple[Path, str]]:
    """The code at *at*, where `*` is any key, with its own path."""
    if not at:
        if isinstance(value, str | Text) and value:
            yield done, _plain(value)
        return
    if isinstance(value, Mapping):
        names = sorted(value) if at[0] == "*" else [at[0]] if at[0] in value else []
        for name in names:
            yield from _values(value[name], at[1:], (*done, name))


def _plain(value: str | Text) -> str:
    """Code as text; what only a tenant knows, or nobody may, is told by its name."""
    if isinstance(value, str):
        return value
    return "".join(part if isinstance(part, str) else f"test-{part}" for part in value.parts)


def _pairs(fields: Mapping[str, Value], name: str) -> Iterator[tuple[str, str]]:
    """The elements of a keyed list as pairs of what they are called and their version."""
    listed: Any = fields.get(name) or ()
    for element in listed:
        yield str(element.get("id", element.get("name"))), str(element.get("version", ""))


def _configuration(fields: Mapping[str, Value]) -> tuple[str, ...]:
    options: Any = fields.get("options")
    found = options.get("configuration") if isinstance(options, Mapping) else None
    return tuple(sorted(found)) if isinstance(found, Mapping) else ()
