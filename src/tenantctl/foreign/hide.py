"""Secrets that stand in foreign fields become names; no value of one gets past here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from tenantctl.engine.safety import PLACEHOLDER
from tenantctl.foreign.item import Item, Made, MadeList
from tenantctl.foreign.spots import Spot, note
from tenantctl.kinds import Kind
from tenantctl.model import (
    ABSENT,
    MASK,
    Address,
    Note,
    Path,
    Ref,
    Sealed,
    Secret,
    Value,
    is_secret,
    secret_names,
)

PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")
TELLING = re.compile(r"secret|passw|token|api_?key|private|credential|access_?key", re.IGNORECASE)
LIVE = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/_=.~-]{20,}")
"""Long, of one piece, letters and digits: what generators of credentials make."""


@dataclass(slots=True)
class SecretNames:
    """Names of secrets: one for each place, the same whenever the same things are declared."""

    taken: dict[str, tuple[Address, Path]] = field(default_factory=dict)

    def keep(self, values: Iterable[Value]) -> None:
        """Names that somebody has given are not given again."""
        for value in values:
            for name in secret_names(value):
                self.taken.setdefault(name, (Address(""), ()))

    def of(self, address: Address, path: Path) -> str:
        stem = _shouted(f"{address.key or address.kind}_{'_'.join(_telling(path))}")
        names = (stem if n == 1 else f"{stem}_{n}" for n in count(1))
        name = next(n for n in names if self.taken.get(n, (address, path)) == (address, path))
        self.taken[name] = (address, path)
        return name


def _telling(path: Path) -> Path:
    """What of *path* tells one secret of a resource from another."""
    words = tuple(part for part in path if not part.isdigit())
    if words[-1] == "value" and len(words) > 1:
        return words[-2:-1]
    return words[-2:] if words[-1] in {"key", "secret", "password"} else words[-1:]


def _shouted(text: str) -> str:
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    name = re.sub(r"[^A-Za-z0-9]+", "_", words).strip("_").upper()
    return name if name and not name[0].isdigit() else f"S_{name}".rstrip("_")


@dataclass(slots=True)
class Hiding:
    """One resource whose secrets are named; *named* is what to say of each that is."""

    kind: Kind
    address: Address
    item: Item
    names: SecretNames
    notes: list[Note] = field(default_factory=list)
    named: dict[str, Note] = field(default_factory=dict)

    def fields(self, fields: Mapping[str, Value]) -> dict[str, Value]:
        """*fields* without the value of any secret."""
        walked = (
            (name, self.value(each, Spot.top(name), fields, free=False))
            for name, each in fields.items()
        )
        return {name: each for name, each in walked if each is not ABSENT}

    def value(self, value: Value, spot: Spot, fields: Mapping[str, Value], *, free: bool) -> Value:
        """*value*, which stands at *spot*. *free*: keys are anybody's."""
        rule = self.kind.rule(spot.ruled, fields)
        parts = isinstance(value, Mapping) and self.kind.divides(spot.ruled)
        if rule.secret and not parts:
            return ABSENT if rule.when == "never" else self.secret(value, spot)
        inner = free or rule.map == "open"
        if isinstance(value, Mapping):
            walked = (
                (k, self.value(each, spot.key(k), fields, free=inner)) for k, each in value.items()
            )
            return {k: each for k, each in walked if each is not ABSENT}
        if isinstance(value, list):
            places = (spot.element(n, _name(each, rule.by)) for n, each in enumerate(value))
            found = [
                self.value(each, place, fields, free=inner)
                for place, each in zip(places, value, strict=True)
            ]
            kept = [each for each in found if each is not ABSENT]
            return value if isinstance(value, MadeList) and kept == value else kept
        return self.plain(value, spot, free=inner)

    def secret(self, value: Value, spot: Spot) -> Value:
        """What stands where a secret belongs: its name, whatever stood there."""
        source = value.source if isinstance(value, Made) else value
        if value is None or is_secret(source) or isinstance(source, Ref):
            return source
        if value in ("", [], {}):
            return ABSENT
        name = self.names.of(self.address, spot.said)
        hidden = isinstance(value, str) and MASK.fullmatch(value.strip())
        known = "an export has hidden its value" if hidden else "its value stands in the source"
        message = f"{self.address}: {spot} is a secret, and {known}"
        help = f"it is {name} now: supply its value by that name"
        self.named[name] = note(
            self.item, "secret", message, help, of=self.address, path=spot.indexed
        )
        return Secret(name)

    def plain(self, value: Value, spot: Spot, *, free: bool) -> Value:
        """What stands where everybody reads it, unless it is a secret."""
        source = value.source if isinstance(value, Made) else value
        if is_secret(source) or isinstance(source, Sealed):
            what, help = (
                "holds a secret that everybody can read there",
                "keep it where it is hidden",
            )
        elif not isinstance(value, str):
            return value
        elif PRIVATE_KEY.search(value):
            what, help = "holds a private key", "make a new one"
        elif PLACEHOLDER.fullmatch(value.strip()):
            what, help = f"is the placeholder {value.strip()}", "a plan refuses it: write the value"
        elif free and TELLING.search(spot.said[-1]) and LIVE.fullmatch(value.strip()):
            what, help = (
                "looks like a live credential",
                "metadata is no place for it: make a new one",
            )
        else:
            return value
        message, help = f"{self.address}: {spot} {what}", f"it was left out; {help}"
        self.notes.append(
            note(self.item, "mistake", message, help, of=self.address, path=spot.indexed)
        )
        return ABSENT


def _name(element: Value, by: str) -> str:
    """What people call an element of a list, if anything."""
    name = element.get(by) if by and isinstance(element, Mapping) else None
    return name if isinstance(name, str) else ""
