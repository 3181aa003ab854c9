"""The authored form of a resource with the origin of every key and every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tenantctl.model import Origin, Value


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar, or a special that stands for one."""

    value: Value
    origin: Origin


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Tree, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Entry:
    """A value under a key; *key* is where the key is written."""

    key: Origin
    tree: Tree


@dataclass(frozen=True, slots=True)
class Branch:
    """A map."""

    entries: Mapping[str, Entry]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Patch:
    """What an override does to a value: *verb* is `append`, `without` or `unmanaged`."""

    verb: str
    items: tuple[Tree, ...]
    origin: Origin


Tree: TypeAlias = Leaf | Items | Branch | Patch


class Traced(str):
    """A text that knows where it was written, through whatever a kind makes of it."""

    __slots__ = ("origin",)
    origin: Origin

    @classmethod
    def at(cls, text: str, origin: Origin) -> Traced:
        traced = cls(text)
        traced.origin = origin
        return traced

    def __radd__(self, before: str) -> Traced:
        return Traced.at(before + str(self), self.origin)


def plain(tree: Tree) -> Value:
    """The value alone."""
    match tree:
        case Leaf(value):
            return value
        case Items(items):
            return [plain(item) for item in items]
        case Branch(entries):
            return {key: plain(entry.tree) for key, entry in entries.items()}
        case Patch():
            raise TypeError("an override was not carried out")


def traced(tree: Tree) -> Value:
    """The same value, in which every key and every scalar is a `Traced` text.

    Unfolding a kind's form makes the same structure of it as of the plain value, so that walking
    both at once tells where each field was written. Nulls and empty collections stay as they are.
    """
    match tree:
        case Leaf(None):
            return None
        case Leaf(value, origin):
            return Traced.at(value if isinstance(value, str) else "", origin)
        case Items(items):
            return [traced(item) for item in items]
        case Branch(entries):
            return {Traced.at(k, entry.key): traced(entry.tree) for k, entry in entries.items()}
        case Patch():
            raise TypeError("an override was not carried out")
