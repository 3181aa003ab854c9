"""Foreign fields that no request takes are taken out, each with a word about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tenantctl.foreign.item import Item, MadeList
from tenantctl.foreign.spots import note, place
from tenantctl.kinds import Fault, Kind, refused, text_of
from tenantctl.kinds.bodies import SPECIALS, refused_of_member
from tenantctl.model import ABSENT, Address, Note, Path, Ref, Value, same

ROUNDS = 100
"""Every round takes something out; what needs more is taken out whole."""


@dataclass(slots=True)
class Fitting:
    """One resource on its way to what the API takes. *system*: every tenant has it."""

    kind: Kind
    address: Address
    item: Item
    notes: list[Note] = field(default_factory=list)

    @property
    def system(self) -> bool:
        return self.address.key in self.kind.system

    def fields(self, fields: Mapping[str, Value]) -> dict[str, Value] | None:
        """What of *fields* can be declared; None where it would not be a whole resource."""
        found: dict[str, Value] = dict(self.ruled(fields))
        if self.kind.members:
            return self.members(found)
        found = self.together(found)
        for _ in range(ROUNDS):
            faults = sorted(self.refused(found), key=_late_first, reverse=True)
            if not faults:
                return found
            touched: list[Path] = []
            for fault in faults:
                path = _path(fault)
                if any(path[: len(each)] == each for each in touched):
                    continue  # what has gone may have had a successor
                changed = self.mended(found, fault)
                if changed is None:
                    return None
                found = changed
                touched.append(path)
        self.say("loss", f"{self.address} is nothing that Auth0 takes", "it was left out")
        return None

    def refused(self, fields: Mapping[str, Value]) -> Iterator[Fault]:
        creates = bool(self.kind.wire.create) and not self.system
        yield from refused(self.kind, self.address.key, fields, creates=creates)

    def ruled(self, fields: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
        """*fields* as far as the rules of the kind let people write them."""
        for name, value in fields.items():
            if self.system and name in self.kind.key:
                continue
            kept = self.written(value, (name,), fields)
            if kept is not ABSENT:
                yield name, kept

    def written(self, value: Value, path: Path, fields: Mapping[str, Value]) -> Value:
        """*value* without what only Auth0 sets, and without nulls where none may stand."""
        rule = self.kind.rule(path, fields)
        if rule.when == "never" or (value is None and rule.unset == "illegal"):
            return ABSENT
        if isinstance(value, Mapping):
            found = ((k, self.written(each, (*path, k), fields)) for k, each in value.items())
            return {k: each for k, each in found if each is not ABSENT}
        if rule.by:
            value = [] if value is None and rule.default == () else value
            value = self.keyed(value, rule.by, path)
        if isinstance(value, list):
            items = [self.written(each, (*path, "[]"), fields) for each in value]
            kept = [each for each in items if each is not ABSENT]
            return value if isinstance(value, MadeList) and kept == value else kept
        return value

    def keyed(self, value: Value, by: str, path: Path) -> Value:
        """A list whose elements are known by *by*, without those that are not."""
        if value is None:
            return value
        items = value if isinstance(value, list) else []
        kept = [each for each in items if _is_known(each, by)]
        if len(kept) < len(items) or not isinstance(value, list):
            message = f"{self.address}: {place(path)} must be a list, each element with its {by}"
            self.say("loss", message, "what is none was left out", path)
        return kept if isinstance(value, list) else ABSENT

    def together(self, fields: dict[str, Value]) -> dict[str, Value]:
        """*fields* without what cannot stand beside another, or contradicts what is implied."""
        found = dict(fields)
        for name, value in self.kind.implied.items():
            if name in found and not same(found[name], value):
                message = f"{self.address}: {name} cannot be {text_of(found.pop(name))}"
                self.say("loss", message, f"here it is {text_of(value)}, without saying so")
        for rule in self.kind.rules:
            name = rule.at[0] if rule.at else ""
            both = rule.bars and None not in (found.get(name), found.get(rule.bars))
            if both and name < rule.bars:
                del found[rule.bars]
                message = f"{self.address}: {rule.bars} cannot stand beside {name}"
                self.say("mistake", message, f"{rule.bars} was left out")
        return found

    def members(self, fields: dict[str, Value]) -> dict[str, Value]:
        """The members of an association that are ones."""
        name = self.kind.members
        members = fields.get(name)
        if not isinstance(members, list):
            self.say("loss", f"{self.address}: {name} is no list", "it was left out")
            members = []
        kept = [each for member in members if (each := self.member(member)) is not ABSENT]
        return {name: kept}

    def member(self, member: Value) -> Value:
        by = self.kind.by
        if by and isinstance(member, Mapping) and by in member:
            return self.attributed(dict(member))
        parts = member.values() if isinstance(member, Mapping) else (member,)
        if all(isinstance(part, str | SPECIALS) for part in parts):
            return member
        self.say("loss", f"{self.address}: an element of {self.kind.members} is no name", LEFT_OUT)
        return ABSENT

    def attributed(self, member: dict[str, Value]) -> Value:
        for _ in range(ROUNDS):
            fault = next(iter(refused_of_member(self.kind, member)), None)
            if fault is None:
                return member
            if fault.kind == "missing" and not fault.path:
                break
            path = _path(fault)
            if path in {(), (self.kind.by,)}:
                break
            what = "is not known" if fault.kind == "unknown" else fault.word
            self.say("loss", f"{self.address}: {place(path)} of a member {what}", LEFT_OUT)
            member = pruned(member, path)
        self.say("loss", f"{self.address}: an element of {self.kind.members} is none", LEFT_OUT)
        return ABSENT

    def mended(self, fields: dict[str, Value], fault: Fault) -> dict[str, Value] | None:
        """*fields* without one *fault*; None where nothing would be left of the resource."""
        if fault.kind == "unknown":
            return self.without_unknown(fields, fault)
        if not fault.path:
            lack = f"it has no {fault.word}" if fault.kind == "missing" else fault.word
            message = f"{self.address} cannot be made: {lack}"
            self.say("mistake", message, "Auth0 makes none without it; it was left out")
            return None
        there = at(fields, fault.path)
        if there is ABSENT:
            return fields
        name = place(fault.path)
        if fault.kind == "missing":
            message = f"{self.address}: {name} has no {fault.word}"
            self.say(
                "loss", message, f"Auth0 takes none without it; {name} was left out", fault.path
            )
            return pruned(fields, fault.path)
        fresh = coerced(there, fault.word)
        if fresh is not ABSENT or there == "":  # an empty text is nothing to choose or to count
            return pruned(fields, fault.path, fresh)
        self.say("loss", f"{self.address}: {name} {fault.word}", fault.help or LEFT_OUT, fault.path)
        return pruned(fields, fault.path)

    def without_unknown(self, fields: dict[str, Value], fault: Fault) -> dict[str, Value]:
        path = (*fault.path, fault.word)
        if at(fields, path) is not ABSENT:
            inside = f" in {place(fault.path)}" if fault.path else ""
            why = f": {fault.why}" if fault.why else ""
            message = f"{self.address} has no field {fault.word}{inside}{why}"
            self.say("loss", message, LEFT_OUT, path)
        return pruned(fields, path)

    def say(self, level: str, message: str, help: str, path: Path = ()) -> None:
        self.notes.append(note(self.item, level, message, help, of=self.address, path=path))


def _is_known(element: Value, by: str) -> bool:
    """Whether an element of a list has what it is known by."""
    name = element.get(by) if isinstance(element, Mapping) else None
    return isinstance(name, Ref) or (isinstance(name, str) and bool(name))


def _path(fault: Fault) -> Path:
    return (*fault.path, fault.word) if fault.kind == "unknown" else fault.path


def _late_first(fault: Fault) -> tuple[tuple[int, str], ...]:
    """Elements from the end: what goes leaves those before it in their places."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in _path(fault))


LEFT_OUT = "it was left out"
TRUE, FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


def coerced(value: Value, wanted: str) -> Value:
    """*value* as what is *wanted* (`must be true or false`), if it says that; else ABSENT."""
    text = value if isinstance(value, str) else ""
    if wanted == "must be true or false" and text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    if wanted in {"must be a whole number", "must be a number"}:
        return _number(text)
    if wanted == "must be text" and isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if wanted == "must be a list" and isinstance(value, str):
        return [value] if value else []
    return ABSENT


def _number(text: str) -> Value:
    try:
        number = float(text)
    except ValueError:
        return ABSENT
    return int(number) if number.is_integer() else number


def at(value: Value, path: Path) -> Value:
    """What stands at an indexed *path*; ABSENT for nothing."""
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part, ABSENT)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return value


def pruned(fields: Mapping[str, Value], path: Path, fresh: Value = ABSENT) -> dict[str, Any]:
    """*fields* with *fresh* at an indexed *path*; without what stands there, if that is ABSENT."""
    found: dict[str, Any] = _pruned(fields, path, fresh)
    return found


def _pruned(value: Any, path: Path, fresh: Value) -> Any:
    head, rest = path[0], path[1:]
    pairs: Iterable[tuple[Any, Value]]
    if isinstance(value, Mapping):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = ((str(index), each) for index, each in enumerate(value))
    else:
        return value
    new = [
        (key, (_pruned(each, rest, fresh) if rest else fresh) if key == head else each)
        for key, each in pairs
    ]
    kept = [(key, each) for key, each in new if each is not ABSENT]
    return dict(kept) if isinstance(value, Mapping) else [each for _, each in kept]
