"""What the files should ask for so that it is what a tenant has, and how far that is from now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenantctl.drafts.author import interpolated, shouted
from tenantctl.drafts.edit_sheet import Keyed, Steps, Unfit
from tenantctl.drafts.written import Tag
from tenantctl.engine import Known, diff
from tenantctl.engine.merge import at, put
from tenantctl.files import Loaded
from tenantctl.kinds import KINDS, Kind, Lens, Rule, element_key, fold, holds, recognise
from tenantctl.model import (
    ABSENT,
    Address,
    Desired,
    Edit,
    Foreign,
    Path,
    Ref,
    Resource,
    Sealed,
    Secret,
    Tenant,
    Text,
    Update,
    Value,
    refs,
    walk,
)

NAMES = ("id", "name", "key")
"""What tells the elements of an ordered list apart, where they have it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One resource: what is asked for, and what should be, both in flat form.

    *paths* are those at which they differ.
    """

    kind: Kind
    address: Address
    old: Mapping[str, Value]
    new: Mapping[str, Value]
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Op:
    """One change of the authored form; ABSENT for what is not there. *first*: it names it all.

    *order*: the keys at *steps* are to come in this order, and nothing else.
    """

    steps: Steps
    old: Value
    new: Value
    first: bool = False
    order: tuple[str, ...] = ()


def wanted(
    loaded: Loaded, live: Tenant, known: Known, beside: frozenset[Address]
) -> dict[Address, Wanted]:
    """Every declared resource of which the tenant has something else, as far as that is known."""
    found = {}
    desired, live = loaded.desired, _completed(loaded, live)
    for change in diff(desired, live, known):
        if not isinstance(change, Update):
            continue
        want = desired.tenant.resources[change.address]
        have = live.resources[change.address]
        implied = KINDS[change.address.kind].implied  # nobody writes those
        told = [e for e in change.edits if e.path[0] not in implied]
        edits = [e for e in told if not (e.unknown or isinstance(e.before, Sealed))]
        if each := _wanted(want, have, edits, _Names(desired, beside, change.address)):
            found[change.address] = each
    return {**found, **dict(_members(desired, live, _Names(desired, beside)))}


def missing(loaded: Loaded, live: Tenant) -> tuple[Address, ...]:
    """What is declared and not in the tenant."""
    gone = diff(loaded.desired, _completed(loaded, live), Known())
    return tuple(c.address for c in gone if not isinstance(c, Update))


def _completed(loaded: Loaded, live: Tenant) -> Tenant:
    """*live* with what there always is, although there may be nothing in it."""
    empty = {
        address: Resource(address, fields)
        for address in loaded.desired.tenant.resources
        if (fields := KINDS[address.kind].empty) is not None and address not in live.resources
    }
    return Tenant({**empty, **live.resources}, live.counts, live.held) if empty else live


@dataclass(frozen=True, slots=True)
class _Names:
    """What can be named in the files."""

    desired: Desired
    beside: frozenset[Address]
    address: Address = field(default_factory=lambda: Address(""))

    def named(self, value: Value, path: Path) -> Value:
        """*value*, which is new, with a name for each secret in it that nobody can read."""
        if isinstance(value, Sealed):
            words = [self.address.key or self.address.kind, *path[-1:]]
            return Secret(shouted("_".join(words)))
        if isinstance(value, Mapping):
            return {key: self.named(item, (*path, key)) for key, item in value.items()}
        return value

    def knows(self, address: Address) -> bool:
        kind = KINDS[address.kind]
        return (
            address in self.desired.declarations
            or address in self.beside
            or kind.given
            or kind.singleton
            or address.key in kind.system
        )

    def sayable(self, value: Value) -> bool:
        """Whether everything that *value* names has a name, and it holds no secret."""
        strange = any(isinstance(leaf, Foreign | Sealed) for _, leaf in walk(value))
        return not strange and all(self.knows(ref.address) for ref in refs(value))


def _wanted(want: Resource, have: Resource, edits: Sequence[Edit], names: _Names) -> Wanted | None:
    kind = KINDS[want.address.kind]
    if kind.members:
        return None
    lens = Lens(kind, {**have.fields, **want.fields})
    new: dict[str, Value] = dict(want.fields)
    paths = []
    for edit in edits:
        if edit.path[0] not in want.fields and lens.rule(()).map != "open":
            continue
        path, value = _settled(lens, have, edit, names)
        if value is not None and value is not ABSENT and not names.sayable(_fresh(edit, value)):
            continue
        put(new, path, value)
        paths.append(path)
    return Wanted(kind, want.address, want.fields, new, tuple(paths)) if paths else None


def _fresh(edit: Edit, value: Value) -> Value:
    return None if value == edit.after else value


def _settled(lens: Lens, have: Resource, edit: Edit, names: _Names) -> tuple[Path, Value]:
    """The path of what is to be said, and what."""
    path = edit.path
    names_nothing = edit.before == "" and lens.rule(path).ref is not None
    if names_nothing:
        return path, None
    if edit.before is ABSENT or edit.before is None:
        sizes = range(1, len(path) + 1)
        path = next(path[:n] for n in sizes if at(have.fields, path[:n]) in (ABSENT, None))
        if lens.rule(path[:-1]).map == "open":
            return path, ABSENT
        return path, _nothing(lens, path)
    known = recognise(lens, edit.after, edit.before, lambda *_: True, path)
    return path, settled(lens, edit.after, known, path, names)


def _nothing(lens: Lens, path: Path) -> Value:
    """How files say that there is nothing: the default, null, or not a word."""
    rule = lens.rule(path)
    if isinstance(rule.default, str | bool | int | float):
        return rule.default
    return ABSENT if rule.unset == "illegal" else None


def settled(lens: Lens, want: Value, have: Value, path: Path, names: _Names) -> Value:
    """What to ask for at *path*: *want* as far as *have* holds it, else what *have* has of it."""
    if isinstance(have, Sealed) or (want is not ABSENT and holds(lens, want, have, path)):
        return want
    if isinstance(want, Mapping) and isinstance(have, Mapping):
        open_ = lens.rule(path).map == "open"
        keys = [k for k in want if not open_ or k in have]
        keys += [k for k in have if open_ and k not in want]
        found = {
            k: settled(lens, want[k], have.get(k, ABSENT), (*path, k), names)
            if k in want
            else names.named(have[k], (*path, k))
            for k in keys
        }
        return {k: v for k, v in found.items() if v is not ABSENT}
    if isinstance(want, list | tuple) and isinstance(have, list | tuple):
        return list(_elements(lens, want, have, path, names))
    return have


def _elements(
    lens: Lens, want: Sequence[Value], have: Sequence[Value], path: Path, names: _Names
) -> Iterator[Value]:
    rule, inner = lens.rule(path), (*path, "[]")
    if rule.list == "set" or rule.by:
        ours = {element_key(item, rule.by): item for item in want}
        theirs = {element_key(item, rule.by): item for item in have}
        keys = [*(k for k in ours if k in theirs), *(k for k in theirs if k not in ours)]
        for key in keys if rule.list != "sequence" else theirs:
            fresh = _element(theirs[key], rule, key, names)
            if key in ours:
                yield settled(lens, ours[key], theirs[key], inner, names)
            elif names.sayable(fresh):
                yield fresh
        return
    left = list(want)
    for item in have:
        same = _counterpart(lens, left, item, inner)
        if same is None:
            yield item
        else:
            left.remove(same)
            yield settled(lens, same, item, inner, names)


def _counterpart(lens: Lens, ours: Sequence[Value], item: Value, path: Path) -> Value:
    """What *item* of an ordered list is made of: what it holds, or what has its name."""
    held = next((one for one in ours if holds(lens, one, item, path)), None)
    if held is not None or not isinstance(item, Mapping):
        return held
    maps = [one for one in ours if isinstance(one, Mapping)]
    for name in NAMES:
        if name in item:
            return next((one for one in maps if one.get(name) == item[name]), None)
    alike = (one for one in maps if 2 * sum(item.get(k) == v for k, v in one.items()) >= len(one))
    return next(alike, None)


def _element(item: Value, rule: Rule, key: str, names: _Names) -> Value:
    """A new element; a secret that it holds is called as the element is."""
    if not rule.value or not isinstance(item, Mapping):
        return names.named(item, (key,))
    return {k: names.named(v, (key,) if k == rule.value else (key, k)) for k, v in item.items()}


def _members(desired: Desired, live: Tenant, names: _Names) -> Iterator[tuple[Address, Wanted]]:
    """The associations of which the tenant has other members; those of others count as well."""
    for want in desired.tenant:
        kind, have = KINDS[want.address.kind], live.get(want.address)
        if not kind.members or have is None:
            continue
        lens, path = Lens(kind, want.fields), (kind.members,)
        theirs = have.fields.get(kind.members, ())
        ours = want.fields.get(kind.members, ())
        if desired.declarations[want.address].mode == "additive":
            keys = {element_key(item, kind.by) for item in ours}
            theirs = [item for item in theirs if element_key(item, kind.by) in keys]
        known = recognise(lens, ours, theirs, lambda *_: True, path)
        new = list(_elements(lens, ours, known, path, names))
        if not _as_many(lens, ours, new, path):
            fields = {**want.fields, kind.members: new}
            yield want.address, Wanted(kind, want.address, want.fields, fields, (path,))


def _as_many(lens: Lens, ours: Sequence[Value], new: Sequence[Value], path: Path) -> bool:
    if not isinstance(ours, list | tuple) or len(ours) != len(new):
        return False
    by = lens.rule(path).by
    found = {element_key(item, by): item for item in new}
    inner = (*path, "[]")
    pairs = ((item, found.get(element_key(item, by), ABSENT)) for item in ours)
    return all(theirs is not ABSENT and holds(lens, item, theirs, inner) for item, theirs in pairs)


# --- In the words of files --------------------------------------------------------------------


def ops(each: Wanted) -> list[Op]:
    """What changes in the authored form."""
    old, new = fold(each.kind, each.old), fold(each.kind, each.new)
    hooked = each.kind.hooks.fold is not None
    name = each.kind.members
    if not name or not each.kind.authored_in or {*old, *new} != {name}:
        return list(_ops(each, (), (), (old, new), hooked=hooked))
    ruled = () if hooked else (name,)  # what is written of it is what its one field holds
    return list(_ops(each, (), ruled, (old[name], new[name]), hooked=hooked))


def _ops(
    each: Wanted, steps: Steps, ruled: Path, pair: tuple[Value, Value], *, hooked: bool
) -> Iterator[Op]:
    old, new = pair
    if _alike(old, new):
        yield from _order(each, steps, ruled, old, new, hooked=hooked)
    elif isinstance(old, Mapping) and isinstance(new, Mapping) and (old or not steps):
        rule = each.kind.rule(ruled, each.new) if ruled else None
        for key in [*old, *(k for k in new if k not in old)]:
            short = key.removeprefix(f"{each.address.key}/")
            step = Keyed.of(key, rule.by, rule.value, short) if rule and rule.by else key
            inner = (*ruled, "[]") if rule and rule.list else (*ruled, key)
            two = (old.get(key, ABSENT), new.get(key, ABSENT))
            yield from _ops(each, (*steps, step), inner, two, hooked=hooked)
        if old.keys() == new.keys():
            yield from _order(each, steps, ruled, old, new, hooked=hooked)
    elif _same_size(old, new):
        for index, two in enumerate(zip(old, new, strict=True)):
            yield from _ops(each, (*steps, index), (*ruled, "[]"), two, hooked=hooked)
    else:
        yield Op(steps, old, new, first=len(steps) == 1 and steps[0] in each.kind.key)


def _same_size(old: Value, new: Value) -> bool:
    """Whether two lists are worth comparing element by element: of maps that are the same thing."""
    if not isinstance(old, list | tuple) or not isinstance(new, list | tuple):
        return False
    pairs = list(zip(old, new, strict=False))
    maps = all(isinstance(item, Mapping) for pair in pairs for item in pair)
    return bool(pairs) and len(old) == len(new) and maps and all(_is_one(*pair) for pair in pairs)


def _is_one(old: Mapping[str, Value], new: Mapping[str, Value]) -> bool:
    return all(old.get(name) == new.get(name) for name in NAMES)


def _alike(old: Value, new: Value) -> bool:
    if old is ABSENT or new is ABSENT:
        return old is new
    return _text(old) == _text(new)


def _text(value: Value) -> str:
    return body_text(said(value, loose=True))


def _order(
    each: Wanted, steps: Steps, ruled: Path, old: Value, new: Value, *, hooked: bool
) -> Iterator[Op]:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or list(old) == list(new):
        return
    rules = each.kind.rules
    top = hooked and not steps and any(r.list == "sequence" and len(r.at) == 1 for r in rules)
    if top or (ruled and each.kind.rule(ruled, each.new).list == "sequence"):
        yield Op(steps, old, new, order=tuple(new))


def said(value: Value, *, loose: bool = False) -> Any:
    """A value as it is written. Raises Unfit for what has no name, unless *loose*."""
    match value:
        case Mapping():
            return {key: said(item, loose=loose) for key, item in value.items()}
        case list() | tuple():
            return [said(item, loose=loose) for item in value]
        case str() | Text():
            return interpolated(value)
        case Secret(name):
            return Tag("secret", name)
        case Ref():
            return Tag("ref", str(value))
        case Sealed() | Foreign() if not loose:
            raise Unfit("nobody knows what it is called")
        case Sealed() | Foreign():
            return repr(value)
    return value


def body_text(body: Any) -> str:
    """What is written, as text to compare it by."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, default=_tag_text)


def _tag_text(tag: Tag) -> list[Any]:
    return [f"!{tag.tag}", tag.text, *tag.items]


def weights(work: Mapping[Address, Wanted]) -> dict[tuple[Address, Path], int]:
    """How much there is to change at each place: of a list, its elements."""
    return {
        (address, path): _weight(at(each.old, path), at(each.new, path))
        for address, each in work.items()
        for path in each.paths
    }


def _weight(old: Value, new: Value) -> int:
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        one, other = ({_text(item) for item in items} for items in (old, new))
        return max(len(one ^ other), 1)
    return 1
