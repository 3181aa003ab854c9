"""What each change of a plan risks, by what its kind says, and whom it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tenantctl.engine.reach import Reach, reaches
from tenantctl.kinds import KINDS, Kind
from tenantctl.kinds.hazard import RISKS, ROTATION, Hazard
from tenantctl.model import (
    ABSENT,
    Change,
    Create,
    Delete,
    Path,
    Plan,
    Sealed,
    StepId,
    Update,
    Value,
    is_secret,
)

NOTHING: tuple[Value, ...] = (ABSENT, None, [], ())


@dataclass(frozen=True, slots=True)
class Danger:
    """One risk of a change: of which field (none: of the whole), why, and where Auth0 says so."""

    risk: str
    path: Path
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a step risks, the worst first, and whom it reaches; without a risk it is safe."""

    dangers: tuple[Danger, ...]
    reach: Reach

    @property
    def risks(self) -> tuple[str, ...]:
        """The names of the risks, the worst first."""
        return tuple(dict.fromkeys(danger.risk for danger in self.dangers))


def judge(plan: Plan) -> Mapping[StepId, Judgement]:
    """What each step of *plan* risks; of kinds that this version does not know, nothing is said."""
    reach = reaches(plan)
    return {step.id: Judgement(dangers_of(step.change), reach(step.change)) for step in plan.steps}


def dangers_of(change: Change) -> tuple[Danger, ...]:
    """What *change* risks, the worst first, each risk of a field once."""
    kind = KINDS.get(change.address.kind)
    found = set(_dangers(kind, change)) if kind else set()
    return tuple(sorted(found, key=lambda each: (RISKS.index(each.risk), each.path, each.why)))


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A field that goes from *before* to *after*; *by* is the key of the members of its list."""

    path: Path
    before: Value
    after: Value
    by: str = ""


def _dangers(kind: Kind, change: Change) -> Iterator[Danger]:
    first = change.address.key.partition("/")[0]
    if (whole := _only_set(kind, change)) is not None:
        yield from _of_leaves(kind, first, whole)
        return
    match change:
        case Create(after):
            yield from _of_leaf(kind, first, "create", _Leaf((), ABSENT, after.fields))
            for leaf in _leaves(kind, (), ABSENT, after.fields):
                if leaf.path:
                    yield from _of_leaf(kind, first, "create", leaf)
        case Delete(before):
            yield from _of_leaf(kind, first, "delete", _Leaf((), before.fields, ABSENT))
        case Update(_, edits, _):
            for edit in edits:
                whole = _Leaf(edit.path, edit.before, edit.after)
                yield from _of_leaves(kind, first, whole)
                if _rotates(kind, whole):
                    why = "whoever holds the old one needs the new one"
                    yield Danger(ROTATION, edit.path, why, "")


def _only_set(kind: Kind, change: Change) -> _Leaf | None:
    """A create or a delete that no request of its own carries out, as what it sets; else None."""
    match change:
        case Create(after) if not kind.wire.create:
            return _Leaf((), ABSENT, after.fields)
        case Delete(before) if not kind.wire.delete:
            return _Leaf((), before.fields, ABSENT)
    return None


def _of_leaves(kind: Kind, first: str, whole: _Leaf) -> Iterator[Danger]:
    """What it risks to set what is below *whole*: also where nothing was, or is nothing then."""
    for leaf in _leaves(kind, whole.path, whole.before, whole.after):
        yield from _of_leaf(kind, first, "update", leaf)


def _of_leaf(kind: Kind, first: str, verb: str, leaf: _Leaf) -> Iterator[Danger]:
    """What the hazard risks that says most about one field."""
    for hazard in _fitting(kind, verb, first, leaf.path):
        if _holds(hazard, leaf):
            at = leaf.path if verb == "update" else hazard.at
            yield from (Danger(risk, at, hazard.why, hazard.source) for risk in hazard.risks)
            return


@lru_cache(maxsize=16384)
def _fitting(kind: Kind, verb: str, first: str, path: Path) -> tuple[Hazard, ...]:
    """The hazards that fit a field, those that say more about it first.

    A hazard of the whole says nothing about the fields of what is created or deleted.
    """
    found = [
        hazard
        for hazard in kind.risks
        if verb in hazard.on
        and (not hazard.keys or first in hazard.keys)
        and _begins(hazard.at, path)
        and (verb == "update" or bool(hazard.at) == bool(path))
    ]
    return tuple(sorted(found, key=_weight, reverse=True))


def _weight(hazard: Hazard) -> tuple[int, int, bool]:
    return len(hazard.at), -hazard.at.count("*"), bool(hazard.keys)


def _begins(pattern: Path, path: Path) -> bool:
    return len(pattern) <= len(path) and all(
        each in {"*", part} for each, part in zip(pattern, path, strict=False)
    )


def _leaves(kind: Kind, path: Path, before: Value, after: Value) -> Iterator[_Leaf]:
    """Every field below *path* that differs; what one side has as a whole, field by field."""
    sides = [side for side in (before, after) if side is not ABSENT and side is not None]
    if not sides or not all(isinstance(side, Mapping) and side for side in sides):
        yield _Leaf(path, before, after, kind.rule(path).by if path else "")
        return
    old, new = (side if isinstance(side, Mapping) else {} for side in (before, after))
    for name in (*old, *(name for name in new if name not in old)):
        one, other = old.get(name, ABSENT), new.get(name, ABSENT)
        if one != other:
            yield from _leaves(kind, (*path, name), one, other)


def _holds(hazard: Hazard, leaf: _Leaf) -> bool:
    """Whether the conditions of *hazard* hold for a field."""
    if hazard.to and not any(leaf.after is each or leaf.after == each for each in hazard.to):
        return False
    match hazard.when:
        case "less":
            return _less(leaf.before, leaf.after, leaf.by)
        case "more":
            return _less(leaf.after, leaf.before, leaf.by) and not _appears(leaf)
        case "on":
            return leaf.after is True
        case "off":
            return leaf.after is not True
    return True


def _appears(leaf: _Leaf) -> bool:
    """Whether a number stands where none stood: nobody knows whether that is more."""
    return isinstance(leaf.after, int | float) and not isinstance(leaf.before, int | float)


def _less(before: Value, after: Value, by: str) -> bool:
    """Whether something of *before* is gone: a member, an amount, or all that was there."""
    match before, after:
        case (list() | tuple(), list() | tuple()):
            return not _names(before, by) <= _names(after, by)
        case (int() | float(), int() | float()):
            return after < before
    return before not in NOTHING and after in NOTHING


def _names(members: Value, by: str) -> frozenset[str]:
    """The members of a list in text; those of a keyed list by their keys."""
    return frozenset(
        str(member.get(by) if by and isinstance(member, Mapping) else member) for member in members
    )


def _rotates(kind: Kind, leaf: _Leaf) -> bool:
    """Whether a secret that was there is another one afterwards, or is gone."""
    before, after = leaf.before, leaf.after
    if isinstance(before, list | tuple) or isinstance(after, list | tuple):
        return any(_rotates(kind, each) for each in _kept_members(kind, leaf))
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        inner = _leaves(kind, leaf.path, before, after)
        return any(_rotates(kind, each) for each in inner if each.path != leaf.path)
    if before is ABSENT or before is None:
        return False
    return kind.rule(leaf.path).conceals or isinstance(before, Sealed) or is_secret(after)


def _kept_members(kind: Kind, leaf: _Leaf) -> Iterator[_Leaf]:
    """What differs inside the members of a list that are there before and after."""
    by = kind.rule(leaf.path).by
    old, new = _by_name(leaf.before, by), _by_name(leaf.after, by)
    for name in sorted(old.keys() & new.keys()):
        if old[name] != new[name]:
            yield from _leaves(kind, (*leaf.path, "[]"), old[name], new[name])


def _by_name(members: Value, by: str) -> Mapping[str, Value]:
    """The members of a keyed list by what they are called; of other lists, by position."""
    found = members if isinstance(members, list | tuple) else ()
    return {
        str(member.get(by, index) if isinstance(member, Mapping) else index): member
        for index, member in enumerate(found)
    }
