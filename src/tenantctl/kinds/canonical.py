"""The form in which two equivalent values are equal: sets and keyed lists become mappings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tenantctl.kinds.kind import Kind, Rule
from tenantctl.model import (
    ABSENT,
    Path,
    Ref,
    Sealed,
    Value,
    certificates,
    is_secret,
    same,
    to_json,
)

Mark = Callable[[Value], tuple[str, str]]
"""What a vault says of a secret: (version, fingerprint), each may be empty."""


def no_mark(_: Value) -> tuple[str, str]:
    """The mark of whoever knows no secrets."""
    return "", ""


@dataclass(frozen=True, slots=True)
class Lens:
    """A kind as it looks for one resource: its *fields* decide discriminators."""

    kind: Kind
    fields: Mapping[str, Value]
    mark: Mark = no_mark

    def rule(self, path: Path) -> Rule:
        return self.kind.rule(path, self.fields)


def canonical(lens: Lens, value: Value, path: Path) -> Value:
    """*value*, which stands at *path*, in canonical form."""
    if isinstance(value, Mapping):
        return {k: canonical(lens, v, (*path, k)) for k, v in value.items()}
    if not isinstance(value, list | tuple):
        return value
    rule = lens.rule(path)
    inner = (*path, "[]")
    members = [canonical(lens, item, inner) for item in value]
    if rule.list == "set":
        return {text_of(member): member for member in members}
    if rule.list == "keyed":
        return {element_key(item, rule.by): m for item, m in zip(value, members, strict=True)}
    return members


def element_key(element: Value, by: str = "") -> str:
    """What an element of a keyed list, of a sequence or of a set is called, in text."""
    named = element.get(by) if by and isinstance(element, Mapping) else element
    if isinstance(named, Ref):
        return str(named.address)
    return named if isinstance(named, str) else text_of(named)


Equal = Callable[[Path, Value, Sealed], bool]
"""Whether what is asked for at a keyed path is what a sealed live value holds."""


def recognise(lens: Lens, want: Value, have: Value, equal: Equal, path: Path = ()) -> Value:
    """*have*, with each sealed leaf that *equal* says *want* describes replaced by *want*'s.

    *path* leads to both values, through mappings only.
    """
    return _recognise(lens, want, have, equal, (path, path))


def _recognise(lens: Lens, want: Value, have: Value, equal: Equal, at: tuple[Path, Path]) -> Value:
    """As `recognise`; *at* is the keyed path and the path as rules name it."""
    keyed, ruled = at
    if isinstance(have, Sealed):
        return want if want is not ABSENT and equal(keyed, want, have) else have
    if isinstance(have, Mapping) and isinstance(want, Mapping):
        return {
            key: _recognise(
                lens, want.get(key, ABSENT), item, equal, ((*keyed, key), (*ruled, key))
            )
            for key, item in have.items()
        }
    if isinstance(have, list | tuple) and isinstance(want, list | tuple):
        by, inner = lens.rule(ruled).by, (*ruled, "[]")
        named = dict(_members(want, by))
        return [
            _recognise(lens, named.get(key, ABSENT), item, equal, ((*keyed, key), inner))
            for key, item in _members(have, by)
        ]
    return have


def _members(items: Sequence[Value], by: str) -> Iterator[tuple[str, Value]]:
    """The elements of a list with their names: their key, or their index."""
    for index, item in enumerate(items):
        yield (element_key(item, by) if by else str(index)), item


def leaves(lens: Lens, value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Every leaf of *value* by its keyed path: elements of keyed lists are named by their key.

    Elements of other lists are named by their index. *path* leads to *value* through mappings.
    """
    for keyed, _, leaf in ruled_leaves(lens, value, path):
        yield keyed, leaf


def ruled_leaves(
    lens: Lens, value: Value, path: Path = (), ruled: Path | None = None
) -> Iterator[tuple[Path, Rule, Value]]:
    """As `leaves`, with the rule of each."""
    at = path if ruled is None else ruled
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from ruled_leaves(lens, item, (*path, key), (*at, key))
    elif isinstance(value, list | tuple) and value:
        for key, item in _members(value, lens.rule(at).by):
            yield from ruled_leaves(lens, item, (*path, key), (*at, "[]"))
    else:
        yield path, lens.rule(at), value


def text_of(value: Value) -> str:
    """*value* as canonical JSON text: sorted keys, no spaces, specials as marked objects."""
    return json.dumps(to_json(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def holds(lens: Lens, want: Value, have: Value, path: Path) -> bool:
    """Whether a live value *have* is what *want* asks for at *path*.

    Structs are partial, in lists too: what *want* does not mention is not compared. Absence
    equals the default, and null asks for either. A secret is held if its fingerprint can be
    compared and is equal; where nobody can tell, it is not.
    """
    rule = lens.rule(path)
    if have is ABSENT or have is None:
        have = rule.default
    if want is None or want is ABSENT:
        return have is ABSENT or have is None or same(have, rule.default) or _emptied(rule, have)
    if is_secret(want) and isinstance(have, Sealed):
        seal = lens.mark(want)[1]
        return bool(seal) and have.fingerprint == seal
    if isinstance(want, Mapping):
        return _holds_mapping(lens, want, have, path)
    if isinstance(want, list | tuple):
        return isinstance(have, list | tuple) and _holds_list(lens, want, have, path)
    return same(want, have) or _say_the_same(rule, want, have)


def _say_the_same(rule: Rule, want: Value, have: Value) -> bool:
    """Whether two texts are the same certificates, or the same moment."""
    if not isinstance(want, str) or not isinstance(have, str):
        return False
    if rule.text == "certificate":
        return certificates(want) == certificates(have) != ()
    return rule.text == "moment" and _moment(want) == _moment(have) is not None


def _moment(text: str) -> datetime | None:
    """The time that an ISO 8601 text says, UTC where it names no zone; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _emptied(rule: Rule, have: Value) -> bool:
    """Whether *have* is what unsetting leaves where the API has no null: an empty text or list."""
    return rule.unset == "empty" and have in ("", [])


def _holds_mapping(lens: Lens, want: Mapping[str, Value], have: Value, path: Path) -> bool:
    if have is ABSENT:
        have = {}
    if not isinstance(have, Mapping):
        return False
    keys = set(want)
    if lens.rule(path).map == "open":
        keys |= set(have)
    return all(holds(lens, want.get(k, ABSENT), have.get(k, ABSENT), (*path, k)) for k in keys)


def _holds_list(lens: Lens, want: Sequence[Value], have: Sequence[Value], path: Path) -> bool:
    rule = lens.rule(path)
    inner = (*path, "[]")
    if rule.list == "set":
        ours, theirs = canonical(lens, want, path), canonical(lens, have, path)
        return bool(ours.keys() == theirs.keys())
    if len(want) != len(have):
        return False
    if rule.list == "keyed":
        found = {element_key(item, rule.by): item for item in have}
        pairs = [(item, found.get(element_key(item, rule.by), ABSENT)) for item in want]
    else:
        pairs = list(zip(want, have, strict=True))
    return all(holds(lens, ours, theirs, inner) for ours, theirs in pairs)
