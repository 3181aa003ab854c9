"""Whether a tenant that was read again holds what a plan has written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tenantctl.engine.edges import EARLY
from tenantctl.engine.merge import at
from tenantctl.kinds import KINDS, Kind, Lens, element_key, holds, recognise
from tenantctl.model import (
    Change,
    Create,
    Delete,
    Path,
    Resource,
    Step,
    StepId,
    Tenant,
    Update,
    Value,
)


def unsettled(steps: Iterable[Step], live: Tenant) -> tuple[tuple[StepId, Path], ...]:
    """The steps, each with a path, whose after-values *live* does not hold.

    Secrets that cannot be read back count as held. What only cleared the way is not looked for
    where a later step of the same address was made.
    """
    steps = tuple(steps)
    made = {step.address for step in steps if step.id.part != EARLY}
    last = (step for step in steps if step.id.part != EARLY or step.address not in made)
    return tuple((step.id, path) for step in last for path in _missing(step, live))


def _missing(step: Step, live: Tenant) -> Iterator[Path]:
    have = live.get(step.address)
    if have is not None and KINDS[have.address.kind].members:
        yield from _strays(step.change, have)
        return
    left = KINDS[step.address.kind].empty
    if have is None and left is not None and not isinstance(step.change, Delete):
        have = Resource(step.address, left)  # nothing of it is there, which may be what was asked
    match step.change:
        case Delete(before):
            if have is not None and not _emptied(before, have):
                yield ()
        case Create(after):
            yield from _lacking(have, [((name,), item) for name, item in after.fields.items()])
        case Update(_, edits, _):
            yield from _lacking(have, [(edit.path, edit.after) for edit in edits])


def _strays(change: Change, have: Resource) -> Iterator[Path]:
    """The members, if one that is wanted is not there, or one that was to go still is.

    Of the others nothing is claimed: somebody else may have added some meanwhile.
    """
    kind = KINDS[have.address.kind]
    name = kind.members
    there = _keyed(kind, have.fields.get(name, ()))
    match change:
        case Create(after):
            new, old = after.fields[name], ()
        case Update(_, edits, _):
            new, old = edits[0].after, edits[0].before
        case Delete(before):
            new, old = (), before.fields[name]
    wanted, seen = _keyed(kind, new), _keyed(kind, old)
    stray = wanted.keys() - there.keys() or (seen.keys() - wanted.keys()) & there.keys()
    lens = Lens(kind, have.fields)
    changed = {key: item for key, item in wanted.items() if seen.get(key) != item}
    if stray or any(
        not _held(lens, item, there[key], (name, "[]")) for key, item in changed.items()
    ):
        yield (name,)


def _keyed(kind: Kind, items: Sequence[Value]) -> dict[str, Value]:
    return {element_key(item, kind.by): item for item in items}


def _held(lens: Lens, want: Value, have: Value, path: Path) -> bool:
    """Whether *have* is what was asked for; what is sealed counts as that."""
    return holds(lens, want, recognise(lens, want, have, lambda *_: True, path), path)


def _lacking(have: Resource | None, wanted: Sequence[tuple[Path, Value]]) -> Iterator[Path]:
    if have is None:
        yield ()
        return
    kind = KINDS[have.address.kind]
    lens = Lens(kind, have.fields)
    for path, want in wanted:
        rule = lens.rule(path)
        if rule.when == "never" or rule.read in {"absent", "volatile"}:
            continue
        if not _held(lens, want, at(have.fields, path), path):
            yield path


def _emptied(before: Resource, have: Resource) -> bool:
    """Whether a delete that the API does not have left nothing of what was to go."""
    empty = KINDS[before.address.kind].empty
    if empty is None:
        return False
    left = {name: have.fields.get(name) for name in before.fields}
    return all(not value or value == empty.get(name) for name, value in left.items())
