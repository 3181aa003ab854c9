"""The leaves of an item, with the rules of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from tenantctl.foreign.item import Made, MadeList
from tenantctl.kinds import Kind, Rule
from tenantctl.model import ABSENT, Path, Secret, Text, Value, Var


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the *fields* of a kind: its *path* in them, as rules have it, and as said."""

    kind: Kind
    fields: Mapping[str, Value]
    path: Path = ()
    ruled: Path = ()
    said: Path = ()

    @property
    def rule(self) -> Rule:
        return self.kind.rule(self.ruled, self.fields)

    def key(self, name: str) -> Spot:
        path, ruled, said = (*self.path, name), (*self.ruled, name), (*self.said, name)
        return replace(self, path=path, ruled=ruled, said=said)

    def element(self, number: int, element: Value) -> Spot:
        by = self.rule.by
        name = element.get(by) if by and isinstance(element, Mapping) else None
        said = (*self.said, name if isinstance(name, str) else str(number))
        path, ruled = (*self.path, str(number)), (*self.ruled, "[]")
        return replace(self, path=path, ruled=ruled, said=said)


def leaves(spot: Spot, value: Value) -> Iterator[tuple[Spot, Value]]:
    """Every leaf of *value*, which stands at *spot*; a list that is a variable is one."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(spot.key(key), item)
    elif type(value) is list:
        for number, item in enumerate(value):
            yield from leaves(spot.element(number, item), item)
    else:
        yield spot, value


def changed(spot: Spot, value: Value, change: Callable[[Spot, Value], Value]) -> Value:
    """*value* with every leaf *change*d; what becomes ABSENT is taken out."""
    if isinstance(value, Mapping):
        pairs = ((key, changed(spot.key(key), item, change)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not ABSENT}
    if type(value) is list:
        items = (changed(spot.element(n, item), item, change) for n, item in enumerate(value))
        return [item for item in items if item is not ABSENT]
    return change(spot, value)


def variables(value: Value) -> Iterator[str]:
    """The names of the variables that a leaf is made of."""
    source = value.source if isinstance(value, Made | MadeList) else value
    parts = source.parts if isinstance(source, Text) else (source,)
    return (part.name for part in parts if isinstance(part, Var))


def with_secrets(source: Value, secrets: Mapping[str, str]) -> Value:
    """*source* with secrets in the place of those variables that are secret."""
    if isinstance(source, Var):
        return Secret(secrets[source.name]) if source.name in secrets else source
    if isinstance(source, Text):
        return Text(
            tuple(p if isinstance(p, str) else with_secrets(p, secrets) for p in source.parts)
        )
    return source
