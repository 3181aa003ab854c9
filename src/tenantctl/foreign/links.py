"""Names in foreign fields become references; what leads nowhere is taken out, and told."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tenantctl.foreign.item import Item, Made, MadeList, Named
from tenantctl.foreign.keys import Aliases, named
from tenantctl.kinds import KINDS, Kind, Rule
from tenantctl.model import ABSENT, Address, Note, Path, Ref, Text, Value, dotted

DEPLOYS = re.compile(r"deploy[ -]?cli|terraform", re.IGNORECASE)
"""What the clients are called that other tools sign in with, which they do not declare."""
INDEX = re.compile(r"\.(?:\[\]|(\d+)(?=\.|$))")
SHOWN = "display_name"
LONGEST = 80


@dataclass(slots=True)
class Linking:
    """One resource whose names are looked up. *gone* are resources that were left out."""

    kind: Kind
    address: Address
    item: Item
    aliases: Aliases
    gone: Collection[Address]
    notes: list[Note] = field(default_factory=list)

    def fields(self, fields: Mapping[str, Value]) -> dict[str, Value]:
        """*fields* with references for names, without those that lead nowhere."""
        walked = ((name, self.value(each, (name,), fields)) for name, each in fields.items())
        return {name: each for name, each in walked if each is not ABSENT}

    def value(self, value: Value, path: Path, fields: Mapping[str, Value]) -> Value:
        """*value*, which stands at *path*; ABSENT where nothing is left of it."""
        rule = self.kind.rule(path, fields)
        if rule.ref and value is not None and not isinstance(value, Ref):
            return self.reference(value, rule, path)
        if isinstance(value, Mapping):
            walked = ((k, self.value(each, (*path, k), fields)) for k, each in value.items())
            return {k: each for k, each in walked if each is not ABSENT}
        if isinstance(value, list):
            return self.elements(value, rule, path, fields)
        if isinstance(value, Named):
            return self.field_of(value, path)
        if isinstance(value, Made) and isinstance(value.source, Text):
            return self.text(value, value.source, path)
        return value

    def elements(
        self, value: list[Value], rule: Rule, path: Path, fields: Mapping[str, Value]
    ) -> Value:
        """A list without the elements that were known by what leads nowhere."""
        inner = (*path, "[]")
        by = {rule.by} if path != (self.kind.members,) else None
        found = [(each, self.value(each, inner, fields)) for each in value]
        kept = [
            self.shown_by_name(new, rule.by)
            for old, new in found
            if new is not ABSENT and not _lost(by, old, new)
        ]
        same = len(kept) == len(value) and all(new == old for old, new in found)
        return value if isinstance(value, MadeList) and same else kept

    def shown_by_name(self, element: Value, by: str) -> Value:
        """*element*; what it shows of what it names is that one's own name, where it is."""
        ref = element.get(by) if by and isinstance(element, Mapping) else None
        shown = element.get(SHOWN) if isinstance(ref, Ref) else None
        if not isinstance(ref, Ref) or not isinstance(shown, str):
            return element
        if self.aliases.find(ref.address.kind, str(shown)) != ref.address:
            return element
        return {**element, SHOWN: Ref(ref.address, KINDS[ref.address.kind].key[0])}

    def reference(self, value: Value, rule: Rule, path: Path) -> Value:
        """The reference that the name *value* stands for; nothing names nothing."""
        assert rule.ref is not None
        if value == "":
            return ABSENT
        if isinstance(value, str | int) and not isinstance(value, bool):
            scope = self.address.key if rule.ref.own else ""
            found = self.aliases.find(rule.ref.to, str(value), scope)
            if found is not None and found not in self.gone:
                return Ref(found, rule.ref.via)
        self.lost(value, rule.ref.to, path)
        return ABSENT

    def field_of(self, value: Named, path: Path) -> Value:
        found = self.aliases.anywhere(str(value))
        if found is not None and found not in self.gone:
            return Ref(found, value.field)
        self.lost(value, "what is declared", path)
        return ABSENT

    def text(self, value: Made, source: Text, path: Path) -> Value:
        """A text that names fields of others in the midst of it."""
        parts = [
            self.field_of(part, path) if isinstance(part, Named) else part for part in source.parts
        ]
        if ABSENT in parts:
            return ABSENT
        return Made.of(str(value), Text(tuple(parts)))

    def lost(self, value: Value, to: str, path: Path) -> None:
        name = shown(value)
        message = f"{self.address}: {place(path)} names {name}, which is not among {to}"
        level, help = "mistake", f"declare {name}, or name another; it was left out"
        if DEPLOYS.search(name):
            level, help = "loss", "the client of a tool is no part of what it deploys"
        elif to in KINDS and (name,) in KINDS[to].born:
            level, help = "loss", f"every new tenant has {name}: declare it to name it"
        at = self.item.at
        self.notes.append(
            Note(level, message, at.file, at.line, at.column, help, str(self.address))
        )


def _lost(names: Collection[str] | None, old: Value, new: Value) -> bool:
    """Whether an element has lost one of *names*, or anything at all."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return False
    lost = old.keys() - new.keys()
    return bool(lost if names is None else lost & set(names))


def place(path: Path) -> str:
    """*path* for people; an element of a list is `[]`, or `[2]`."""
    return INDEX.sub(r"[\1]", dotted(path))


def shown(value: Value) -> str:
    """*value* in a message: short, and variables and secrets by their names."""
    text = named(value) if isinstance(value, str) else type(value).__name__
    text = text or "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
