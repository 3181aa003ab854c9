"""Which objects of two tenants are the same thing of one product, though their names differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tenantctl.kinds import KINDS, Kind, Lens, leaves
from tenantctl.model import Address, Ref, Resource, Text, Value, same

WORDS = frozenset(
    {
        *("dev", "develop", "development", "local", "sandbox", "demo"),
        *("test", "testing", "tst", "qa", "uat", "int", "integration"),
        *("stage", "staging", "stg", "preprod", "preview"),
        *("prod", "production", "prd", "live", "main"),
    }
)
"""What environments are called inside names."""
TRAITS = ("strategy", "app_type", "type", "provider", "trigger", "kind", "protocol")
"""Fields in which things that are the same never differ."""
SURE, POSSIBLE = 0.9, 0.6
FEWEST = 4
"""Fields that two objects need beside their names for their likeness to mean something."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Addresses of the one tenant with those of the other; *doubtful* ones may be the same."""

    sure: Mapping[Address, Address]
    doubtful: tuple[tuple[Address, Address], ...]


def pairs(
    ours: Mapping[Address, Resource], theirs: Mapping[Address, Resource], words: Collection[str]
) -> Pairs:
    """Of each kind what of *theirs* is what of *ours*, at the addresses of *theirs*.

    *words* are those by which the names of environments differ, beside the usual ones.
    """
    sure: dict[Address, Address] = {}
    doubtful: list[tuple[Address, Address]] = []
    known = WORDS | {word.lower() for word in words}
    for kind in sorted({address.kind for address in theirs}):
        left = [r for a, r in ours.items() if a.kind == kind and _has_a_name(KINDS[kind])]
        right = [r for a, r in theirs.items() if a.kind == kind and _has_a_name(KINDS[kind])]
        scores = _scores(KINDS[kind], left, right, known)
        for (one, other), score in sorted(scores.items(), key=lambda item: -item[1]):
            rivals = [
                value
                for (a, b), value in scores.items()
                if (a == one) != (b == other) and a not in sure.values() and b not in sure
            ]
            if one in sure.values() or other in sure:
                continue
            if score >= SURE and all(value < score for value in rivals):
                sure[other] = one
            elif score >= POSSIBLE:
                doubtful.append((one, other))
    taken = {*sure.values(), *sure}
    rest = tuple(pair for pair in doubtful if not taken & {*pair})
    return Pairs(sure, rest)


def _has_a_name(kind: Kind) -> bool:
    return not (kind.singleton or kind.fixed or kind.authored_in or kind.parts)


def _scores(
    kind: Kind, ours: Iterable[Resource], theirs: Iterable[Resource], words: Collection[str]
) -> dict[tuple[Address, Address], float]:
    right = list(theirs)
    found = {
        (one.address, other.address): _likeness(kind, one, other, words)
        for one in ours
        for other in right
    }
    return {pair: score for pair, score in found.items() if score >= POSSIBLE}


def _likeness(kind: Kind, one: Resource, other: Resource, words: Collection[str]) -> float:
    """From 0 to 1; more than 1 where the names differ by an environment's word alone."""
    for name in TRAITS:
        values = (one.fields.get(name), other.fields.get(name))
        if None not in values and not same(*values):
            return 0.0
    ours, theirs = _leaves(kind, one, words), _leaves(kind, other, words)
    shared = [path for path in ours if path in theirs]
    alike = sum(ours[path] == theirs[path] for path in shared) / len(shared) if shared else 0.0
    if _called(kind, one, words) == _called(kind, other, words):
        return 1 + alike
    return alike if len(shared) >= FEWEST else 0.0


def _called(kind: Kind, resource: Resource, words: Collection[str]) -> str:
    named = (resource.fields.get(name) for name in kind.key)
    return " ".join(stripped(name, words) for name in named if isinstance(name, str))


def stripped(name: str, words: Collection[str]) -> str:
    """*name* in small letters without punctuation and *words*; all of it where nothing is left."""
    found = re.findall(r"[^\W_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower())
    return " ".join([word for word in found if word not in words] or found)


def _leaves(kind: Kind, resource: Resource, words: Collection[str]) -> dict[tuple[str, ...], Value]:
    lens = Lens(kind, resource.fields)
    plain = (str, bool, int, float, Ref, Text)
    return {
        path: stripped(value, words) if isinstance(value, str) else repr(value)
        for path, value in leaves(lens, resource.fields)
        if isinstance(value, plain) and path[0] not in kind.key
    }


def renamed(
    live: Mapping[Address, Resource], known: Mapping[Address, Address]
) -> dict[Address, Resource]:
    """*live* with the addresses that it has in the other tenant, wherever they are named."""
    found = {address: moved(address, known) for address in live}
    return {
        found[address]: Resource(found[address], _named(resource.fields, found))
        for address, resource in live.items()
    }


def moved(address: Address, known: Mapping[Address, Address]) -> Address:
    """*address* by the keys that *known* gives to it, or to what it is made of or hangs on."""
    if address in known:
        return known[address]
    kind = KINDS[address.kind]
    if kind.authored_in:
        parent, _, rest = address.key.partition("/")
        home = known.get(Address(kind.authored_in[0], parent), Address("", parent)).key
        return Address(address.kind, f"{home}/{rest}" if rest else home)
    if not kind.parts or kind.fixed:
        return address
    parts = address.key.split("/", len(kind.parts) - 1)
    refs = [kind.rule((name,)).ref for name in kind.parts]
    keys = [
        known.get(Address(ref.to, part), Address(ref.to, part)).key if ref else part
        for ref, part in zip(refs, parts, strict=False)
    ]
    return Address(address.kind, "/".join(keys))


def _named(value: Value, found: Mapping[Address, Address]) -> Value:
    match value:
        case Ref(address, name):
            return Ref(found.get(address, address), name)
        case Text(parts):
            return Text(tuple(_named(part, found) for part in parts))
        case Mapping():
            return {key: _named(item, found) for key, item in value.items()}
        case list() | tuple():
            return [_named(item, found) for item in value]
    return value
