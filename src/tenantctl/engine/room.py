"""Where an entity limit leaves no room for a create, a delete of the same plan goes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.kinds import KINDS
from tenantctl.kinds.limits import most
from tenantctl.model import Change, Create, Delete, StepId, Tenant

Edges = Mapping[StepId, set[StepId]]


def room(
    changes: Mapping[StepId, Change], edges: Edges, live: Tenant, subscription: str
) -> Iterator[tuple[StepId, StepId, str]]:
    """Creates that must wait for a delete, each with that delete and the reason.

    A delete that itself waits for the create cannot make room for it; none is named then, and
    Auth0 refuses the create.
    """
    for name in sorted({id.address.kind for id, c in changes.items() if isinstance(c, Create)}):
        limit = most(KINDS[name], subscription)
        if limit is None or KINDS[name].members:
            continue
        mine = {id: c for id, c in changes.items() if id.address.kind == name}
        creates = sorted(id for id, c in mine.items() if isinstance(c, Create))
        deletes = sorted(id for id, c in mine.items() if isinstance(c, Delete))
        for create in creates[max(0, limit - live.count(name)) :]:
            fitting = (one for one in deletes if not _waits(one, create, edges))
            if (delete := next(fitting, None)) is not None:
                deletes.remove(delete)
                yield create, delete, f"makes room: the tenant allows {limit} {name}"


def _waits(id: StepId, other: StepId, edges: Edges) -> bool:
    """Whether *id* comes after *other*, directly or not."""
    seen: set[StepId] = set()
    todo = [id]
    while todo:
        for need in edges.get(todo.pop(), ()):
            if need == other:
                return True
            if need not in seen:
                seen.add(need)
                todo.append(need)
    return False
