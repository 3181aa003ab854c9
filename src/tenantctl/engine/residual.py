"""What differs between two environments of one definition, and why. Pure.

A difference is declared where an environment file says it, or the definition does: a variable, an
override, `$only`, a topic that is declined, a phase, a hold. Whatever else differs is unexplained.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenantctl.engine.compare import compare, without
from tenantctl.kinds import KINDS, Lens, leaves, text_of
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Desired,
    Environment,
    Origin,
    Path,
    Resource,
    Update,
    same,
)

PHASE = re.compile(r"/phase([1-9][0-9]*)/")
Where = tuple[Address, Path]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something differs: *word* is one of `WORDS`, *name* that of a variable or a topic."""

    word: str
    name: str = ""
    origin: Origin | None = None

    def __str__(self) -> str:
        said = WORDS[self.word].format(self.name)
        return f"{said}, {self.origin.file}:{self.origin.line}" if self.origin else said


WORDS = {
    "variable": "variable {}",
    "override": "override",
    "only": "$only",
    "declined": "topic {} is declined",
    "phase": "phase {} is not released",
    "hold": "on hold in {}",
    "unmanaged": "unmanaged in {}",
    "domain": "each has its domain",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One environment. *declined* are its topics, *overridden* the fields that its file names."""

    environment: Environment
    desired: Desired
    declined: Mapping[str, Origin] = field(default_factory=dict)
    overridden: Mapping[tuple[Address, str], Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Residue:
    """What turns the one environment into the other, with the *reasons* of each edit.

    The empty path stands for a resource as a whole. *unexplained* are those without a reason,
    *keys* the addresses that only their domain tells apart.
    """

    changes: tuple[Change, ...]
    reasons: Mapping[Where, tuple[Reason, ...]]
    keys: tuple[Address, ...] = ()

    @property
    def unexplained(self) -> tuple[Where, ...]:
        return tuple(where for where, found in self.reasons.items() if not found)


def residue(a: Side, b: Side) -> Residue:
    """What *b* has otherwise than *a*, each with all that explains it."""
    changes = compare(a.desired.tenant, b.desired.tenant)
    reasons: dict[Where, tuple[Reason, ...]] = {}
    for change in changes:
        if isinstance(change, Update):
            for edit in change.edits:
                why = _field(change.address, edit.path, a, b)
                reasons[change.address, edit.path] = tuple(dict.fromkeys(why))
        else:
            there, lacking = (b, a) if isinstance(change, Create) else (a, b)
            why = _missing(change.address, there, lacking)
            reasons[change.address, ()] = tuple(dict.fromkeys(why))
    return Residue(changes, reasons, tuple(_by_domain(a, b, changes)))


def besides(changes: tuple[Change, ...], known: Residue) -> tuple[Change, ...]:
    """*changes* without what differs between the environments anyway."""
    mine = tuple(each for each in changes if (each.address, ()) not in known.reasons)
    return without(mine, lambda address, edit: (address, edit.path) in known.reasons)[0]


def _missing(address: Address, there: Side, lacking: Side) -> Iterator[Reason]:
    """Why one environment does not have what the other has."""
    word = lacking.desired.withheld.get(address, "")
    declared = there.desired.declarations.get(address)
    match word:
        case "only":
            yield Reason(word, origin=declared.home if declared else None)
        case "declined" if declared:
            for topic in declared.topics:
                if topic in lacking.declined:
                    yield Reason(word, topic, lacking.declined[topic])
        case "phase":
            yield Reason(word, _phase(declared.home if declared else None))
        case "hold" | "unmanaged":
            yield Reason(word, lacking.environment.name)


def _phase(origin: Origin | None) -> str:
    found = PHASE.search(origin.file) if origin else None
    return found[1] if found else ""


def _field(address: Address, path: Path, a: Side, b: Side) -> Iterator[Reason]:
    """Why a field differs: where the values that only one of them has were written.

    What says nothing of the other environment was taken away there. Where they have the same in
    another order, every value counts.
    """
    mine, theirs = _leaves(address, path, a), _leaves(address, path, b)
    only = _besides(mine, theirs), _besides(theirs, mine)
    alone = only if any(only) else ([leaf for leaf, _ in mine], [leaf for leaf, _ in theirs])
    silent: list[Side] = []
    said: set[str] = set()
    for side, other, found in ((a, b, alone[0]), (b, a, alone[1])):
        for origin in _origins(address, found, side):
            reasons = tuple(_of_origin(origin, side, other))
            yield from reasons
            said |= {r.origin.file for r in reasons if r.word == "override" and r.origin}
            silent += [] if reasons else [other]
    for side in silent:
        for reason in _overridden(address, path, side):
            if reason.origin and reason.origin.file not in said:
                yield reason


def _besides(mine: list[tuple[Path, str]], theirs: list[tuple[Path, str]]) -> list[Path]:
    """The leaves of *mine* whose values *theirs* do not have there."""
    known = Counter((_ruled(leaf), text) for leaf, text in theirs)
    return [leaf for leaf, text in mine if not known[_ruled(leaf), text]]


def _origins(address: Address, leaves: list[Path], side: Side) -> Iterator[Origin]:
    """Where each of *leaves*, or the closest thing above it, was written."""
    origins = side.desired.origins.get(address, {})
    for leaf in leaves:
        sizes = range(len(leaf), 0, -1)
        yield from [found for n in sizes if (found := origins.get(leaf[:n]))][:1]


def _leaves(address: Address, path: Path, side: Side) -> list[tuple[Path, str]]:
    resource = side.desired.tenant.get(address) or Resource(address, {})
    lens = Lens(KINDS[address.kind], resource.fields)
    found = leaves(lens, resource.fields)
    return [(leaf, text_of(value)) for leaf, value in found if leaf[: len(path)] == path]


def _ruled(leaf: Path) -> Path:
    """A leaf whatever its place in a list."""
    return tuple("[]" if part.isdigit() else part for part in leaf)


def _of_origin(origin: Origin, side: Side, other: Side) -> Iterator[Reason]:
    """What the place of a value says of why the *other* environment has none, or another."""
    if origin.layer == "variable" and not _alike(origin.name, side, other):
        yield Reason("variable", origin.name)
    if origin.layer == "override" or origin.over:
        yield Reason("override", origin=replace(origin, via=(), over=None))
    if origin.topic in other.declined:
        yield Reason("declined", origin.topic, other.declined[origin.topic])
    phase = _phase(origin)
    if phase and int(phase) not in other.environment.phases:
        yield Reason("phase", phase)
    for each in origin.via:
        yield from _of_origin(each, side, other)


def _alike(variable: str, side: Side, other: Side) -> bool:
    """Whether both environments set a variable to the same value."""
    mine, theirs = (each.environment.variables.get(variable, ABSENT) for each in (side, other))
    return same(mine, theirs)


def _overridden(address: Address, path: Path, side: Side) -> Iterator[Reason]:
    """What an environment file takes away leaves no value that could tell."""
    kind = KINDS[address.kind]
    places = [(address, path[0])]
    if kind.authored_in:
        places += [(owner, kind.authored_in[1]) for owner in kind.owners(address)]
    for place in places:
        if origin := side.overridden.get(place):
            yield Reason("override", origin=origin)


def _by_domain(a: Side, b: Side, changes: tuple[Change, ...]) -> Iterator[Address]:
    """What every tenant has is known by a name that its domain is part of."""
    differing = {change.address for change in changes}
    for address, declared in sorted(a.desired.declarations.items()):
        other = b.desired.declarations.get(address)
        if other is None or address in differing or address.key not in KINDS[address.kind].system:
            continue
        if other.identity.key != declared.identity.key:
            yield address
