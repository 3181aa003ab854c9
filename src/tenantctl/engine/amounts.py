"""How much a plan may do at once, and how many there may be of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tenantctl.engine.judged import Judged, permit
from tenantctl.kinds import KINDS
from tenantctl.kinds.limits import ELEMENTS, most
from tenantctl.model import Create, Delete, Step, Update, Violation


def mass_delete(judged: Judged) -> Iterator[Violation]:
    """More deletes than the policy allows."""
    limit = judged.environment.policy.max_deletes
    most = int(limit * len(judged.entries)) if isinstance(limit, float) else limit
    count = sum(not _entailed(step) for step in judged.deletes)
    if count > max(most, 1 if isinstance(limit, float) else 0):
        yield Violation(
            "max_deletes",
            "*",
            f"{count} deletes where {_limit(limit)} of {len(judged.entries)} are permitted",
            f"check what is missing in the files; if it is meant: {permit('max_deletes', '*')}",
        )


def _entailed(step: Step) -> bool:
    """Whether a delete is part of a replacement that was asked for at another address."""
    return bool(step.former) and all(former.address != step.address for former in step.former)


def mass_change(judged: Judged) -> Iterator[Violation]:
    """More updates and deletes than the policy allows."""
    limit = judged.environment.policy.max_changes
    if limit is None:
        return
    most = int(limit * len(judged.live)) if isinstance(limit, float) else limit
    count = sum(not isinstance(step.change, Create) for step in judged.steps)
    if count > most:
        yield Violation(
            "max_changes",
            "*",
            f"{count} updates and deletes where {_limit(limit)} of {len(judged.live)} are "
            "permitted",
            permit("max_changes", "*"),
        )


def _limit(limit: float) -> str:
    return f"{limit:.0%}" if isinstance(limit, float) else str(limit)


def entity_limit(judged: Judged) -> Iterator[Violation]:
    """Auth0 limits how many objects there may be, by subscription, and how long some lists."""
    subscription = judged.environment.subscription
    for name, (more, peak) in _growth(judged.steps).items():
        have = judged.live.count(name)
        limit = most(KINDS[name], subscription)
        if limit is None or have + peak <= max(limit, have):
            continue
        if have + more <= limit:
            yield Violation(
                "entity_limit",
                f"{name}.*",
                f"this plan would make {have + peak} {name} before it deletes some, the tenant "
                f"allows {limit}",
                "a create in it comes before the delete that would make room; delete something "
                "first, in an apply of its own",
            )
        else:
            count = have + more
            yield Violation(
                "entity_limit",
                f"{name}.*",
                f"this plan would make {count} {name}, the tenant allows {limit}",
                f"take {count - limit} out, or have the limit raised and permit it: "
                f"{permit('entity_limit', f'{name}.*')}",
            )
    for step in judged.steps:
        yield from _long_lists(step)


def _growth(steps: Iterable[Step]) -> Mapping[str, tuple[int, int]]:
    """How many objects of each kind come, less those that go: in the end, and at the most."""
    found: dict[str, tuple[int, int]] = {}
    for step in steps:
        sign = isinstance(step.change, Create) - isinstance(step.change, Delete)
        if sign and not KINDS[step.address.kind].members:
            now, peak = found.get(step.address.kind, (0, 0))
            found[step.address.kind] = (now + sign, max(peak, now + sign))
    return found


def _long_lists(step: Step) -> Iterator[Violation]:
    """Lists that would have more elements than Auth0 takes."""
    match step.change:
        case Create(after):
            fields = after.fields
        case Update(_, edits, _):
            fields = {edit.path[0]: edit.after for edit in edits if len(edit.path) == 1}
        case Delete():
            return
    for name, value in fields.items():
        limit = ELEMENTS.get((step.address.kind, name))
        if limit is not None and isinstance(value, list | tuple) and len(value) > limit:
            yield Violation(
                "entity_limit",
                str(step.address),
                f"would have {len(value)} {name}, Auth0 allows {limit}",
                permit("entity_limit", step.address),
            )
