"""From the API's documents to values of the core: names for ids, seals for secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tenantctl.engine.merge import at, put
from tenantctl.gateway.index import Index, rendered
from tenantctl.gateway.keys import shown
from tenantctl.gateway.routes import body_shape
from tenantctl.gateway.shape import Shape, prune
from tenantctl.kinds import Kind, Lens, Rule, element_key, holds, text_of
from tenantctl.model import (
    ABSENT,
    Address,
    Json,
    Path,
    Ref,
    Sealed,
    Text,
    Value,
    Vault,
    is_secret,
    same,
)


@dataclass(frozen=True, slots=True)
class Codec:
    """What decoding needs to know of the tenant; *scrub* puts names where secrets stand."""

    index: Index
    vault: Vault
    scrub: Callable[[str], str]

    def decode(
        self, kind: Kind, address: Address, document: Json, wants: Sequence[Value] = ()
    ) -> dict[str, Value]:
        """The fields of a live *document* in the terms of the core.

        *wants* are fields that somebody asks for or has seen: where one has a reference or a text
        that resolves to the live value, the value is read as that; where one has a value that the
        API does not show, the value is read as sealed.
        """
        flat = flatten(kind, address, document)
        lens = Lens(kind, flat)
        fields = {
            key: value
            for key, item in flat.items()
            if (value := self._value(lens, item, (key,))) is not ABSENT
        }
        _seal_elements(kind, fields)
        for want in wants:
            fields = self._aligned(lens, want, fields, ())
        return fields

    def complete(self, kind: Kind, fields: dict[str, Value]) -> dict[str, Value]:
        """*fields* as `decode` gives them, with what is there although a GET does not show it.

        A certificate is what is shown of it elsewhere, a structure what is shown inside; what
        nobody can tell is sealed.
        """
        for rule in kind.rules:
            if at(fields, rule.at) is not ABSENT or kind.rule(rule.at, fields) is not rule:
                continue
            if rule.sure_by and _shows(fields, *rule.sure_by):
                put(fields, rule.at, {} if kind.divides(rule.at) else Sealed(None))
            elif (certificate := _certificate(kind, rule, fields)) is not ABSENT:
                put(fields, rule.at, certificate)
        return fields

    def scrubbed(self, value: Value) -> Value:
        """*value* with every string in it scrubbed."""
        if isinstance(value, Mapping):
            return {key: self.scrubbed(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.scrubbed(item) for item in value]
        return self.scrub(value) if isinstance(value, str) else value

    def _value(self, lens: Lens, value: Json, path: Path) -> Value:
        rule = lens.rule(path)
        if value is None or rule.when == "never" or rule.read == "volatile":
            return ABSENT
        parts = isinstance(value, Mapping) and lens.kind.divides(path)
        if (rule.secret or rule.read in {"masked", "cipher"}) and not parts:
            return self._sealed(rule, value)
        if isinstance(value, Mapping):
            members = ((k, self._value(lens, item, (*path, k))) for k, item in value.items())
            return {key: item for key, item in members if item is not ABSENT}
        if isinstance(value, list):
            items = (self._value(lens, item, (*path, "[]")) for item in value)
            return [item for item in items if item is not ABSENT]
        if rule.ref and isinstance(value, str) and value:
            return self.index.named(rule.ref.to, rule.ref.via, value)
        return self.scrub(value) if isinstance(value, str) else value

    def _sealed(self, rule: Rule, value: Json) -> Sealed:
        clear = rule.read == "clear" and isinstance(value, str)
        return Sealed(self.vault.seal(value) or None) if clear else Sealed(None)

    def _aligned(self, lens: Lens, want: Value, have: Value, path: Path) -> Value:
        """*have* in the words of *want*, wherever both mean the same."""
        if isinstance(want, Mapping) and isinstance(have, Mapping):
            return self._aligned_mapping(lens, want, have, path)
        if isinstance(want, list | tuple) and isinstance(have, list):
            return self._aligned_list(lens, want, have, path)
        if isinstance(have, Sealed):
            return self._recognised(want, have)
        if isinstance(want, Ref | Text) and not is_secret(want):
            found = rendered(want, self.index, self.vault)
            return want if found is not None and same(found, have) else have
        return have

    def _aligned_mapping(
        self, lens: Lens, want: Mapping[str, Value], have: Mapping[str, Value], path: Path
    ) -> dict[str, Value]:
        found = dict(have)
        for key, wanted in want.items():
            inner = (*path, key)
            if key in have:
                found[key] = self._aligned(lens, wanted, have[key], inner)
            elif wanted not in (None, ABSENT) and lens.rule(inner).read == "absent":
                found[key] = self._unseen(lens, wanted, want, inner)
            elif isinstance(wanted, Mapping) and (
                hidden := self._aligned_mapping(lens, wanted, {}, inner)
            ):
                found[key] = hidden
        return found

    def _unseen(self, lens: Lens, wanted: Value, beside: Mapping[str, Value], path: Path) -> Value:
        """What stands for a value that is not shown, of which the fields *beside* it may tell.

        A key or certificate is read as *wanted* where what is shown was made of that, as the
        first of what is shown where it was not, and as sealed where there is no telling.
        """
        parent = path[:-1]
        there = at(lens.fields, parent)
        if not isinstance(there, Mapping):
            return Sealed(None)
        names = [n for n in lens.rule(path).told_by if n not in beside and there.get(n)]
        pem = rendered(wanted, self.index, self.vault) if names else None
        if not isinstance(pem, str):
            return Sealed(None)
        itself = {n: (pem,) for n in names if lens.rule((*parent, n)).text == "certificate"}
        mine = {**shown(pem), **itself} if len(itself) < len(names) else itself
        told = [name for name in names if name in mine]
        if not told:
            return Sealed(None)
        alike = all(
            any(holds(lens, each, there[name], (*parent, name)) for each in mine[name])
            for name in told
        )
        return wanted if alike else f"{told[0]} {there[told[0]]}"

    def _aligned_list(
        self, lens: Lens, want: Sequence[Value], have: Sequence[Value], path: Path
    ) -> list[Value]:
        rule, inner = lens.rule(path), (*path, "[]")
        if rule.list == "set":
            meant = {text_of(r): w for w in want if (r := self._plain(w)) is not None}
            return [meant.get(text_of(item), item) for item in have]
        if rule.by:
            named = {self._name(item, rule.by): item for item in want}
            pairs = [(named.get(self._name(item, rule.by)), item) for item in have]
        else:
            pairs = [(want[n] if n < len(want) else None, item) for n, item in enumerate(have)]
        return [self._aligned(lens, wanted, item, inner) for wanted, item in pairs]

    def _plain(self, value: Value) -> Json | None:
        """What *value* resolves to; references by rule are decoded already and stay."""
        if isinstance(value, Mapping):
            return {k: v if isinstance(v, Ref) else self._plain(v) for k, v in value.items()}
        return rendered(value, self.index, self.vault)

    def _name(self, element: Value, by: str) -> str:
        """The key of a list element, with a text or reference in it resolved."""
        named = element.get(by) if isinstance(element, Mapping) else element
        if isinstance(named, Ref | Text):
            named = rendered(named, self.index, self.vault) or named
        return element_key(named)

    def _recognised(self, want: Value, have: Sealed) -> Sealed:
        """A secret text with references in it counts by their addresses, on both sides."""
        if not isinstance(want, Text) or not is_secret(want) or not have.fingerprint:
            return have
        found = rendered(want, self.index, self.vault)
        if isinstance(found, str) and self.vault.seal(found) == have.fingerprint:
            return Sealed(self.vault.mark(want)[1])
        return have


def flatten(kind: Kind, address: Address, document: Json) -> dict[str, Json]:
    """The API's *document* in flat form, with literal ids.

    What no write knows and no rule mentions is the server's own business and left out.
    """
    flat = kind.hooks.read(document) if kind.hooks.read else document
    shape = body_shape(kind, address, kind.wire.update, kind.wire.create)
    if kind.members:
        return {kind.members: [_member(kind, shape, item) for item in flat[kind.members]]}
    if shape is None or kind.body:
        return dict(flat)
    ruled, telling = _ruled(kind), _telling(kind)
    found = {}
    for key, value in flat.items():
        made = document.get(key) is not value
        inner = shape.member(key)
        if made or (inner is None and key in ruled):
            found[key] = value
        elif inner is not None:
            found[key] = prune(inner, value, telling, (key,))
    return found


def _member(kind: Kind, shape: Shape | None, item: Json) -> Json:
    """A member of an association as a write names it, without what a read adds."""
    path = (kind.members, "[]")
    if kind.hooks.read or not isinstance(item, Mapping):
        return item
    if not kind.by and (ref := kind.rule(path).ref):
        return item[ref.via]
    listed = shape and shape.member(kind.members)
    known = listed.items() if listed else shape
    return prune(known, item) if known else item


def _shows(fields: Mapping[str, Value], name: str, values: Sequence[str]) -> bool:
    """Whether a field, dots lead into structures, has one of *values*, or any value at all."""
    if not name:
        return True
    found = at(fields, tuple(name.split(".")))
    return found in values if values else found not in (ABSENT, None, "")


def _certificate(kind: Kind, rule: Rule, fields: Mapping[str, Value]) -> Value:
    """The certificate at *rule*, where a field beside it shows the same; else ABSENT."""
    if rule.read != "absent" or rule.text != "certificate":
        return ABSENT
    beside = ((*rule.at[:-1], name) for name in rule.told_by)
    shown_there = (at(fields, p) for p in beside if kind.rule(p, fields).text == "certificate")
    return next((each for each in shown_there if each is not ABSENT), ABSENT)


@cache
def _ruled(kind: Kind) -> frozenset[str]:
    """The top-level fields that rules of *kind* mention."""
    return frozenset(rule.at[0] for rule in kind.rules if rule.at)


@cache
def _telling(kind: Kind) -> frozenset[Path]:
    """The structures in which a field that nobody writes tells of one that nobody sees."""
    return frozenset(rule.at[:-1] for rule in kind.rules if rule.told_by and len(rule.at) > 1)


def _seal_elements(kind: Kind, fields: dict[str, Value]) -> None:
    """Secrets of list elements that the API shows by name only: the name means there is one."""
    for rule in kind.rules:
        if rule.secret and rule.read == "absent" and rule.at[-2:-1] == ("[]",):
            for element in _elements(fields, rule.at[:-2]):
                element.setdefault(rule.at[-1], Sealed(None))


def _elements(fields: Value, path: Path) -> Iterator[dict[str, Value]]:
    for part in path:
        fields = fields.get(part) if isinstance(fields, Mapping) else None
    yield from (item for item in fields or () if isinstance(item, dict))
