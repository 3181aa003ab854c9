"""A YAML text and where in it what is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from yaml import nodes as raw

from tenantctl.files.composer import compose


class Unfit(Exception):
    """The text has no such place, or one that cannot be changed by itself."""


class Keyed(str):
    """The name of an element of a keyed list: *by* is the field that holds it, if it is a map.

    *value* is the field that is written alone where there is no other; *short* another way to
    write the name.
    """

    __slots__ = ("by", "short", "value")
    by: str
    value: str
    short: str

    @classmethod
    def of(cls, name: str, by: str, value: str = "", short: str = "") -> Keyed:
        step = cls(name)
        step.by, step.value, step.short = by, value, short or name
        return step


Step: TypeAlias = str | int
Steps: TypeAlias = tuple[Step, ...]
"""The way to a place: keys of maps, texts or indexes of elements of lists."""


@dataclass(frozen=True, slots=True)
class Place:
    """A node with what it stands in: its key (of a map), and whether some bracket is around it."""

    node: Any
    key: Any = None
    parent: Any = None
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A YAML text with its nodes."""

    text: str
    root: Any

    @classmethod
    def of(cls, text: str) -> Sheet:
        """*text* as it is read. Raises YAMLError."""
        return _read(text)

    def find(self, steps: Steps) -> Place | None:
        """The place that *steps* lead to; None where there is none. Raises Unfit for an alias."""
        place = Place(self.root)
        for step in steps:
            found = self._step(place, step)
            if found is None:
                return None
            place = found
            if place.parent is not None and self._is_alias(place):
                raise Unfit(f"{step} is an alias of something else")
        return place if place.node is not None else None

    def _step(self, place: Place, step: Step) -> Place | None:
        node = place.node
        inside = place.inside or bool(getattr(node, "flow_style", False))
        if isinstance(node, raw.MappingNode) and isinstance(step, str):
            for key, value in node.value:
                if isinstance(key, raw.ScalarNode) and key.value in _names(step):
                    return Place(value, key, node, inside)
        elif isinstance(node, raw.SequenceNode):
            index = step if isinstance(step, int) else self._index(node, step)
            if index is not None and index < len(node.value):
                return Place(node.value[index], None, node, inside)
        return None

    def _index(self, node: Any, name: str) -> int | None:
        """The element that is the text *name*, or the map that is known by it."""
        by = getattr(name, "by", "")
        for index, item in enumerate(node.value):
            if isinstance(item, raw.ScalarNode) and item.value in _names(name):
                return index
            if by and isinstance(item, raw.MappingNode):
                named = (v.value for k, v in item.value if k.value == by)
                if next(named, None) in _names(name):
                    return index
        return None

    def _is_alias(self, place: Place) -> bool:
        before = place.key or place.parent
        return bool(place.node.start_mark.index < before.start_mark.index)

    def end(self, node: Any) -> int:
        """Where what is written of *node* ends; marks of block style end where the next starts."""
        if isinstance(node, raw.ScalarNode):
            start, end = node.start_mark.index, node.end_mark.index
            block = node.style in {"|", ">"}
            return int(start + len(self.text[start:end].rstrip())) if block else int(end)
        if node.flow_style or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self.pair_end(*last) if isinstance(last, tuple) else self.end(last)

    def pair_end(self, key: Any, value: Any) -> int:
        return max(self.colon(key), self.end(value))

    def colon(self, key: Any) -> int:
        """Behind the colon of a key."""
        return self.text.index(":", key.end_mark.index) + 1

    def line_end(self, index: int) -> int:
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found

    def line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def begins_line(self, index: int) -> bool:
        return not self.text[self.line_start(index) : index].strip()

    def cut(self, start: int, end: int, new: str) -> str:
        return self.text[:start] + new + self.text[end:]


@lru_cache(maxsize=4)  # whoever looks at a text changes it next; nodes are large
def _read(text: str) -> Sheet:
    return Sheet(text, compose(text))


def _names(step: str) -> tuple[str, str]:
    return step, getattr(step, "short", step)
