"""Whether a tenant that was read again holds what a plan has written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tenantctl.engine.merge import at
from tenantctl.kinds import KINDS, Lens, holds, recognise
from tenantctl.model import (
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

    Secrets that cannot be read back count as held.
    """
    return tuple((step.id, path) for step in steps for path in _missing(step, live))


def _missing(step: Step, live: Tenant) -> Iterator[Path]:
    have = live.get(step.address)
    match step.change:
        case Delete(before):
            if have is not None and not _emptied(before, have):
                yield ()
        case Create(after):
            yield from _lacking(have, [((name,), item) for name, item in after.fields.items()])
        case Update(_, edits, _):
            yield from _lacking(have, [(edit.path, edit.after) for edit in edits])


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
        value = recognise(lens, want, at(have.fields, path), lambda *_: True, path)
        if not holds(lens, want, value, path):
            yield path


def _emptied(before: Resource, have: Resource) -> bool:
    """Whether a delete that the API does not have left nothing of what was to go."""
    kind = KINDS[before.address.kind]
    if kind.association:
        left = have.fields.get(kind.association, ())
        return not any(item in left for item in before.fields[kind.association])
    if kind.empty is None:
        return False
    return not any(have.fields.get(name) for name in before.fields)
