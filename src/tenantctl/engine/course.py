"""The course of a plan: the parts of every change, what each must come after, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tenantctl.engine.departures import Departures
from tenantctl.engine.edges import freed, needs
from tenantctl.engine.holders import let_go
from tenantctl.engine.replace import replaced
from tenantctl.engine.room import room
from tenantctl.engine.steps import parts
from tenantctl.engine.swap import asides
from tenantctl.model import Address, Change, Create, Desired, Former, StepId, Tenant


@dataclass(frozen=True, slots=True)
class Course:
    """The changes of a plan by step, with their hard edges.

    *former* and *reasons* are known for some steps only; see `Step`.
    """

    changes: Mapping[StepId, Change]
    needs: Mapping[StepId, frozenset[StepId]]
    former: Mapping[StepId, tuple[Former, ...]]
    reasons: Mapping[StepId, str]


def course(
    changes: tuple[Change, ...],
    gone: Departures,
    desired: Desired,
    live: Tenant,
    *,
    may_replace: Callable[[Address], bool],
    subscription: str,
) -> Course:
    """How *changes* and the deletes of *gone* are made, replacements as *may_replace* permits."""
    made = replaced(changes, desired, live, may_replace)
    steps = {**dict(_parts((*made.changes, *gone.deletes))), **made.early}
    former = dict(made.former)
    reasons = {**{StepId(a): why for a, why in gone.reasons.items()}, **made.reasons}
    for id, change, why in let_go(gone.deletes, desired, live):
        steps[id], reasons[id] = change, why
    for aside in asides(steps, live):
        steps |= aside.changes
        former[aside.early] = (aside.former,)
        reasons[aside.early] = aside.reason
    edges = {id: set(found) for id, found in needs(steps).items()}
    for id, others in freed(steps, desired).items():
        edges[id] |= others
    for id, other, why in room(steps, edges, live, subscription):
        edges[id].add(other)
        reasons[other] = f"{reasons.get(other, '')}; {why}".removeprefix("; ")
    return Course(steps, {id: frozenset(found) for id, found in edges.items()}, former, reasons)


def _parts(changes: tuple[Change, ...]) -> Iterator[tuple[StepId, Change]]:
    created = frozenset(change.address for change in changes if isinstance(change, Create))
    for change in changes:
        yield from parts(change, created)
