"""From the authored form with origins to the flat form, and where each field of it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.files.tree import Branch, Traced, plain, traced
from tenantctl.kinds import Kind, element_key, unfold
from tenantctl.model import Origin, Path, Ref, Value


@dataclass(frozen=True, slots=True)
class Flat:
    """A resource in flat form.

    *origins* are those of the leaves by keyed path, as `kinds.leaves` names them. *keys* and
    *values* tell, by indexed path, where a key or a value is written, of every node.
    """

    fields: Mapping[str, Value]
    origins: Mapping[Path, Origin]
    keys: Mapping[Path, Origin]
    values: Mapping[Path, Origin]


@dataclass(slots=True)
class _Walk:
    kind: Kind
    fields: Mapping[str, Value]
    origins: dict[Path, Origin] = field(default_factory=dict)
    keys: dict[Path, Origin] = field(default_factory=dict)
    values: dict[Path, Origin] = field(default_factory=dict)

    def walk(self, value: Value, shadow: Value, at: Origin, paths: tuple[Path, Path, Path]) -> None:
        """*paths* of *value*: keyed, indexed, and as rules have it."""
        keyed, indexed, pattern = paths
        own = _origin(shadow) or at
        self.values[indexed] = own
        if isinstance(value, Mapping) and value:
            for (key, item), (name, inner) in zip(value.items(), shadow.items(), strict=True):
                here = name.origin if isinstance(name, Traced) else own
                self.keys[(*indexed, key)] = here
                steps = ((*keyed, key), (*indexed, key), (*pattern, key))
                self.walk(item, inner, here, steps)
        elif isinstance(value, list) and value:
            by = self.kind.rule(pattern, self.fields).by
            for index, (item, inner) in enumerate(zip(value, shadow, strict=True)):
                name = element_key(item, by) if by else str(index)
                here = (_named(inner, by) if by else None) or own
                steps = ((*keyed, name), (*indexed, str(index)), (*pattern, "[]"))
                self.walk(item, inner, here, steps)
        else:
            self.origins[keyed] = own


def _origin(shadow: Value) -> Origin | None:
    if isinstance(shadow, Ref) and isinstance(shadow.address.key, Traced):
        return shadow.address.key.origin
    return shadow.origin if isinstance(shadow, Traced) else None


def _named(shadow: Value, by: str) -> Origin | None:
    """Where the key of a keyed element is written."""
    return _origin(shadow.get(by)) if isinstance(shadow, Mapping) else None


def flatten(kind: Kind, key: str, body: Branch) -> Flat:
    """*body*, that of the resource of *key*, in flat form, with its origins."""
    fields = unfold(kind, plain(body), key)
    shadow = unfold(kind, traced(body), key)
    walk = _Walk(kind, fields)
    for (word, value), (name, inner) in zip(fields.items(), shadow.items(), strict=True):
        here = name.origin if isinstance(name, Traced) else body.origin
        path = (word,)
        walk.keys[path] = here
        walk.walk(value, inner, here, (path, path, path))
    return Flat(fields, walk.origins, walk.keys, walk.values)
