"""Names in foreign fields become references; what leads nowhere is taken out, and told."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tenantctl.foreign.item import Item, Made, MadeList, Named
from tenantctl.foreign.keys import Aliases, named
from tenantctl.foreign.spots import Spot, note
from tenantctl.kinds import KINDS, Kind, Rule
from tenantctl.model import ABSENT, Address, Note, Ref, Text, Value

DEPLOYS = re.compile(r"deploy[ -]?cli|terraform", re.IGNORECASE)
"""What the clients are called that other tools sign in with, which they do not declare."""
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
        walked = ((name, self.value(each, Spot.top(name), fields)) for name, each in fields.items())
        return {name: each for name, each in walked if each is not ABSENT}

    def value(self, value: Value, spot: Spot, fields: Mapping[str, Value]) -> Value:
        """*value*, which stands at *spot*; ABSENT where nothing is left of it."""
        rule = self.kind.rule(spot.ruled, fields)
        if rule.ref and value is not None and not isinstance(value, Ref):
            return self.reference(value, rule, spot)
        if isinstance(value, Mapping):
            walked = ((k, self.value(each, spot.key(k), fields)) for k, each in value.items())
            return {k: each for k, each in walked if each is not ABSENT}
        if isinstance(value, list):
            return self.elements(value, rule, spot, fields)
        if isinstance(value, Named):
            return self.field_of(value, spot)
        if isinstance(value, Made) and isinstance(value.source, Text):
            return self.text(value, value.source, spot)
        return value

    def elements(
        self, value: list[Value], rule: Rule, spot: Spot, fields: Mapping[str, Value]
    ) -> Value:
        """A list without the elements that were known by what leads nowhere."""
        by = {rule.by} if spot.ruled != (self.kind.members,) else None
        found = [(each, self.value(each, spot.element(n), fields)) for n, each in enumerate(value)]
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

    def reference(self, value: Value, rule: Rule, spot: Spot) -> Value:
        """The reference that the name *value* stands for; nothing names nothing."""
        assert rule.ref is not None
        if value == "":
            return ABSENT
        if isinstance(value, str | int) and not isinstance(value, bool):
            scope = self.address.key if rule.ref.own else ""
            found = self.aliases.find(rule.ref.to, str(value), scope)
            if found is not None and found not in self.gone:
                return Ref(found, rule.ref.via)
        self.lost(value, rule.ref.to, spot)
        return ABSENT

    def field_of(self, value: Named, spot: Spot) -> Value:
        found = self.aliases.anywhere(str(value))
        if found is not None and found not in self.gone:
            return Ref(found, value.field)
        self.lost(value, "what is declared", spot)
        return ABSENT

    def text(self, value: Made, source: Text, spot: Spot) -> Value:
        """A text that names fields of others in the midst of it."""
        parts = [
            self.field_of(part, spot) if isinstance(part, Named) else part for part in source.parts
        ]
        if ABSENT in parts:
            return ABSENT
        return Made.of(str(value), Text(tuple(parts)))

    def lost(self, value: Value, to: str, spot: Spot) -> None:
        name = shown(value)
        message = f"{self.address}: {spot} names {name}, which is not among {to}"
        level, help = "mistake", f"declare {name}, or name another; it was left out"
        if DEPLOYS.search(name):
            level, help = "loss", "the client of a tool is no part of what it deploys"
        elif to in KINDS and (name,) in KINDS[to].born:
            level, help = "loss", f"every new tenant has {name}: declare it to name it"
        self.notes.append(note(self.item, level, message, help, of=self.address, path=spot.indexed))


def _lost(names: Collection[str] | None, old: Value, new: Value) -> bool:
    """Whether an element has lost one of *names*, or anything at all."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return False
    lost = old.keys() - new.keys()
    return bool(lost if names is None else lost & set(names))


def shown(value: Value) -> str:
    """*value* in a message: short, and variables and secrets by their names."""
    text = named(value) if isinstance(value, str) else type(value).__name__
    text = text or "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
