"""A YAML text and where in it what is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from yaml import nodes as raw

from tenantctl.files.composer import compose

GAP = re.compile(r"(?:\s|#[^\n]*)*")
"""What may stand between two signs and means nothing."""
PROPERTIES = re.compile(r"(?:[!&]\S*\s*)*")
ALIAS = re.compile(r"(?:\s|#[^\n]*|[-?:,\[])*\*[^\s,\[\]{}]+")


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
        """The place that *steps* lead to; None where there is none.

        Raises Unfit where that is an alias, or has an anchor by which aliases may name it.
        """
        place = Place(self.root)
        for step in steps:
            found = self._step(place, step)
            if found is None:
                return None
            place = found
        return place if place.node is not None else None

    def _step(self, place: Place, step: Step) -> Place | None:
        node = place.node
        inside = place.inside or bool(getattr(node, "flow_style", False))
        index = self._index(node, step) if isinstance(node, raw.CollectionNode) else None
        if index is None:
            return None
        if self.is_alias(node, index):
            raise Unfit(f"{step} is an alias of something else")
        item = node.value[index]
        key, value = item if isinstance(item, tuple) else (None, item)
        if "&" in self._properties(value)[0]:
            raise Unfit(f"{step} may be said elsewhere by an alias")
        return Place(value, key, node, inside)

    def _index(self, node: Any, step: Step) -> int | None:
        """The entry of a map; of a list the element that is the text, or is known by it."""
        if isinstance(step, int):
            return step if isinstance(node, raw.SequenceNode) and step < len(node.value) else None
        by = getattr(step, "by", "")
        for index, item in enumerate(node.value):
            one = item[0] if isinstance(item, tuple) else item
            if isinstance(one, raw.ScalarNode) and one.value in _names(step):
                return index
            if by and isinstance(one, raw.MappingNode) and one is item:
                named = (v.value for k, v in one.value if k.value == by)
                if next(named, None) in _names(step):
                    return index
        return None

    def end(self, node: Any) -> int:
        """Where what is written of *node* ends; marks of block style end where the next starts."""
        if isinstance(node, raw.ScalarNode):
            start, end = node.start_mark.index, node.end_mark.index
            block = node.style in {"|", ">"}
            return int(start + len(self.text[start:end].rstrip())) if block else int(end)
        if node.flow_style or not node.value:
            return int(node.end_mark.index)
        return self.item_end(node, len(node.value) - 1)

    def pair_end(self, key: Any, value: Any) -> int:
        return max(self.colon(key), self.end(value))

    def item_end(self, node: Any, index: int) -> int:
        """Where the element or entry of a list or map ends that has this *index*."""
        if not self.is_alias(node, index):
            item = node.value[index]
            return self.pair_end(*item) if isinstance(item, tuple) else self.end(item)
        if isinstance(node, raw.MappingNode):
            return self._alias_end(node.value[index][0].end_mark.index)
        first = index
        while first and self.is_alias(node, first - 1):
            first -= 1
        end = self.item_end(node, first - 1) if first else int(node.start_mark.index)
        for _ in range(first, index + 1):
            end = self._alias_end(end)
        return end

    def is_alias(self, node: Any, index: int) -> bool:
        """Whether an element, or the value of an entry, is written elsewhere, before it."""
        if isinstance(node, raw.MappingNode):
            key, value = node.value[index]
            return bool(value.start_mark.index < key.start_mark.index)
        before = max(each.start_mark.index for each in (node, *node.value[:index]))
        return bool(node.value[index].start_mark.index <= before)

    def _alias_end(self, index: int) -> int:
        found = ALIAS.match(self.text, index)
        assert found is not None
        return found.end()

    def colon(self, key: Any) -> int:
        """Behind the colon of a key."""
        found = self.sign(":", key.end_mark.index)
        assert found is not None
        return found

    def sign(self, sign: str, index: int) -> int | None:
        """Behind *sign*, where it is the next there is from *index* on but for comments."""
        found = GAP.match(self.text, index)
        assert found is not None
        return found.end() + 1 if self.text.startswith(sign, found.end()) else None

    def dash(self, node: Any, item: Any) -> int:
        """Where the dash of an element of a list in lines stands."""
        index = next(n for n, each in enumerate(node.value) if each is item)
        start = self.item_end(node, index - 1) if index else self._properties(node).end()
        found = self.sign("-", start)
        assert found is not None
        return found - 1

    def _properties(self, node: Any) -> re.Match[str]:
        """The tag and the anchor of a node."""
        found = PROPERTIES.match(self.text, node.start_mark.index)
        assert found is not None
        return found

    def line_end(self, index: int) -> int:
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found

    def line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def begins_line(self, index: int) -> bool:
        return not self.text[self.line_start(index) : index].strip()

    def cut(self, start: int, end: int, new: str) -> str:
        """The text with *new* from *start* to *end*; new lines at its end are whole ones."""
        last = "\n" if "\n" in new and end == len(self.text) else ""
        return self.text[:start] + new + last + self.text[end:]


@lru_cache(maxsize=4)  # whoever looks at a text changes it next; nodes are large
def _read(text: str) -> Sheet:
    return Sheet(text, compose(text))


def _names(step: str) -> tuple[str, str]:
    return step, getattr(step, "short", step)
