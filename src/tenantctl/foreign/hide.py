"""Secrets that stand in foreign fields become names; no value of one gets past here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from tenantctl.engine.safety import PLACEHOLDER
from tenantctl.foreign.item import Item, Made, MadeList
from tenantctl.foreign.links import place
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
            (name, self.value(each, ((name,), (name,)), fields, free=False))
            for name, each in fields.items()
        )
        return {name: each for name, each in walked if each is not ABSENT}

    def value(
        self, value: Value, paths: tuple[Path, Path], fields: Mapping[str, Value], *, free: bool
    ) -> Value:
        """*value* at *paths*: as people say it, as rules have it. *free*: keys are anybody's."""
        said, ruled = paths
        rule = self.kind.rule(ruled, fields)
        parts = isinstance(value, Mapping) and self.kind.divides(ruled)
        if rule.secret and not parts:
            return ABSENT if rule.when == "never" else self.secret(value, said)
        inner = free or rule.map == "open"
        if isinstance(value, Mapping):
            walked = (
                (k, self.value(each, ((*said, k), (*ruled, k)), fields, free=inner))
                for k, each in value.items()
            )
            return {k: each for k, each in walked if each is not ABSENT}
        if isinstance(value, list):
            found = [
                self.value(
                    each, ((*said, _name(each, rule.by, n)), (*ruled, "[]")), fields, free=inner
                )
                for n, each in enumerate(value)
            ]
            kept = [each for each in found if each is not ABSENT]
            return value if isinstance(value, MadeList) and kept == value else kept
        return self.plain(value, said, free=inner)

    def secret(self, value: Value, said: Path) -> Value:
        """What stands where a secret belongs: its name, whatever stood there."""
        source = value.source if isinstance(value, Made) else value
        if value is None or is_secret(source) or isinstance(source, Ref):
            return source
        if value in ("", [], {}):
            return ABSENT
        name = self.names.of(self.address, said)
        hidden = isinstance(value, str) and MASK.fullmatch(value.strip())
        known = "an export has hidden its value" if hidden else "its value stands in the source"
        message = f"{self.address}: {place(said)} is a secret, and {known}"
        help = f"it is {name} now: supply its value by that name"
        self.named[name] = self.note("secret", message, help)
        return Secret(name)

    def plain(self, value: Value, said: Path, *, free: bool) -> Value:
        """What stands where everybody reads it, unless it is a secret."""
        source = value.source if isinstance(value, Made) else value
        what = f"{self.address}: {place(said)}"
        if is_secret(source) or isinstance(source, Sealed):
            help = "it was left out: keep it where Auth0 hides it"
            self.say("mistake", f"{what} holds a secret that everybody can read there", help)
        elif not isinstance(value, str):
            return value
        elif PRIVATE_KEY.search(value):
            self.say("mistake", f"{what} holds a private key", "it was left out: make a new one")
        elif PLACEHOLDER.fullmatch(value.strip()):
            help = "it was left out, because a plan refuses it: write the value"
            self.say("mistake", f"{what} is the placeholder {value.strip()}", help)
        elif free and TELLING.search(said[-1]) and LIVE.fullmatch(value.strip()):
            help = "it was left out: metadata is no place for it, and it is known now"
            self.say("mistake", f"{what} looks like a live credential", help)
        else:
            return value
        return ABSENT

    def say(self, level: str, message: str, help: str) -> None:
        self.notes.append(self.note(level, message, help))

    def note(self, level: str, message: str, help: str) -> Note:
        at = self.item.at
        return Note(level, message, at.file, at.line, at.column, help, str(self.address))


def _name(element: Value, by: str, number: int) -> str:
    """What an element of a list is called in a path."""
    name = element.get(by) if by and isinstance(element, Mapping) else None
    return name if isinstance(name, str) else str(number)
