"""Random tenants drawn from all kinds, and what the order of their plans has to be, worked out
from the kinds and the playbook by brute force."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from support.worlds import HOME, targets
from tenantctl.engine import Known
from tenantctl.engine.departures import managed_paths
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import (
    Address,
    Create,
    Declaration,
    Delete,
    Desired,
    Entry,
    Identity,
    Plan,
    Ref,
    Resource,
    Step,
    Tenant,
    Update,
)
from tenantctl.playbooks import Playbook, Topic

MOST = 3
"""Objects of a kind, at most."""


def world(rng: random.Random, book: Playbook) -> tuple[Desired, Tenant, Known]:
    """A desired tenant over all the kinds that a draw chose, and a live one of others and older."""
    share = rng.choice([0.1, 0.4, 0.8])
    there: dict[str, list[Address]] = {}
    wanted: list[Resource] = []
    for kind in sorted(KINDS.values(), key=lambda kind: (kind.rank, kind.name)):
        if kind.given or rng.random() > share:
            continue
        for address in dict.fromkeys(_addresses(kind, there, rng)):
            there.setdefault(kind.name, []).append(address)
            wanted.append(Resource(address, _fields(kind, address, there, rng)))
    older = [_older(one, there, rng) for one in wanted]
    live = [one for one in older if rng.random() < 0.5]
    gone = [one for one in wanted if one in live or rng.random() < 0.3]
    kept = [one for one in wanted if one not in gone or rng.random() < 0.7]
    closed = _closed(kept, wanted)
    live = list({one.address: one for one in [*gone, *live]}.values())
    live = _closed(live, older)
    declarations = {one.address: _declared(one, book, rng) for one in closed}
    entries = {
        one.address: Entry(_key(one), f"id-{one.address}", managed_paths(one)) for one in live
    }
    return Desired(Tenant.of(closed), declarations, {}), Tenant.of(live), Known(entries)


def _addresses(
    kind: Kind, there: Mapping[str, list[Address]], rng: random.Random
) -> Iterator[Address]:
    owners = (kind.authored_in[0],) if kind.authored_in else kind.parents
    for number in range(1 if kind.singleton else rng.randint(1, MOST)):
        if kind.singleton:
            yield Address(kind.name, "")
            continue
        above = [rng.choice(there[owner]).key for owner in owners if there.get(owner)]
        if len(above) < len(owners):
            return
        if kind.authored_in:
            own = [f"n{number}"] if kind.key else []
        else:
            own = [f"n{number}"] * max(1, len(kind.parts) - len(above))
        yield Address(kind.name, "/".join([*above, *own]))


def _fields(
    kind: Kind, address: Address, there: Mapping[str, list[Address]], rng: random.Random
) -> dict[str, Any]:
    fields: dict[str, Any] = {name: f"{address.key}-{name}" for name in kind.key}
    for rule in kind.rules:
        known = [one for one in there.get(rule.ref.to, ()) if one != address] if rule.ref else []
        if known and rule.ref and "**" not in rule.at and rng.random() < 0.9:
            _put(fields, rule.at, Ref(rng.choice(known), rule.ref.via))
    if kind.members:
        fields.setdefault(kind.members, [])
    else:
        fields["note"] = rng.choice(["a", "b"])
    return fields


def _put(fields: dict[str, Any], path: tuple[str, ...], ref: Ref) -> None:
    here: Any = fields
    for index, part in enumerate(path):
        last = index == len(path) - 1
        listed = not last and path[index + 1] == "[]"
        if part == "[]":
            if last:
                here.append(ref)
                return
            here.append({})
            here = here[-1]
            continue
        if last:
            here[part] = ref
            return
        here = here.setdefault(part, [] if listed else {})


def _older(one: Resource, there: Mapping[str, list[Address]], rng: random.Random) -> Resource:
    kind = KINDS[one.address.kind]
    again = _fields(kind, one.address, there, rng)
    return replace(one, fields={**again, **{name: one.fields[name] for name in kind.key}})


def _closed(chosen: list[Resource], among: list[Resource]) -> list[Resource]:
    """*chosen*, and whatever of *among* they refer to or hang on."""
    by_address = {one.address: one for one in among}
    found: dict[Address, Resource] = {}
    todo = list(chosen)
    while todo:
        one = todo.pop()
        if one.address in found:
            continue
        found[one.address] = one
        above = {*targets(one.fields), *KINDS[one.address.kind].owners(one.address)}
        todo += [by_address[each] for each in sorted(above) if each in by_address]
    return [found[address] for address in sorted(found)]


def _key(one: Resource) -> tuple[Any, ...]:
    return tuple(one.fields.get(name) for name in KINDS[one.address.kind].key)


def _declared(one: Resource, book: Playbook, rng: random.Random) -> Declaration:
    kind = one.address.kind
    fit = [t for t in book.topics.values() if kind in t.owns or kind in t.extends]
    among = fit or list(book.topics.values())
    topics = tuple(t.id for t in rng.sample(among, k=min(len(among), rng.randint(1, 2))))
    first = min(book.topics[topic].phase for topic in topics)
    return Declaration(Identity(_key(one)), topics, HOME, phase=rng.randint(first, 3))


def hard_edges(plan: Plan) -> set[tuple[int, int]]:
    """Pairs of indices of steps of which the first has to be done before the second begins."""
    found: set[tuple[int, int]] = set()
    main = {
        s.address: n
        for n, s in enumerate(plan.steps)
        if isinstance(s.change, Create) and not s.id.part
    }
    for n, step in enumerate(plan.steps):
        if isinstance(step.change, Delete):
            found |= {(m, n) for m, other in enumerate(plan.steps) if _lets_go(other, step.address)}
            continue
        if step.id.part == "early":
            continue
        above = {*targets(_sent(step)), *KINDS[step.address.kind].owners(step.address)}
        found |= {(main[a], n) for a in above if a in main and main[a] != n}
        for m, other in enumerate(plan.steps):
            forward = not isinstance(other.change, Delete) and other.id.part != "early"
            if forward and other.address.kind in KINDS[step.address.kind].after:
                found.add((m, n))
    return {(before, after) for before, after in found if before != after}


def _sent(step: Step) -> Any:
    if isinstance(step.change, Create):
        return dict(step.change.after.fields)
    if isinstance(step.change, Update):
        return [*(edit.after for edit in step.change.edits), *(v for _, v in step.change.resend)]
    return None


def _lets_go(step: Step, address: Address) -> bool:
    if isinstance(step.change, Delete):
        return step.address != address and address in targets(dict(step.change.before.fields))
    if isinstance(step.change, Update):
        before = set().union(*(targets(edit.before) for edit in step.change.edits))
        after = set().union(*(targets(edit.after) for edit in step.change.edits))
        return address in before - after
    return False


def place(step: Step) -> tuple[Any, ...]:
    """Where the rule of order has a step: what is least goes first of all that may go."""
    last = isinstance(step.change, Delete) or step.id.part == "early"
    sign = -1 if last else 1
    return (
        last,
        sign * step.place.phase,
        sign * step.place.index,
        sign * step.place.rank,
        step.place.key,
        step.id.part,
    )


def told_place(step: Step, desired: Desired, book: Playbook) -> tuple[int, int, int] | None:
    """Phase, index of the topic and rank of a declared step, from the playbook; None if gone."""
    declared = desired.declarations.get(step.address)
    if declared is None:
        return None
    topics: list[Topic] = [book.topics[topic] for topic in declared.topics]
    first = min(topics, key=lambda t: (t.phase, book.phase(t.phase).sequence.index(t.id)))
    index = book.phase(first.phase).sequence.index(first.id)
    kind = KINDS[step.address.kind]
    rank = kind.late_rank if step.id.part == "late" else kind.rank
    return max(first.phase, declared.phase), index, rank
