"""A plan: every change, placed, ordered, judged, and complete enough to be carried out alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tenantctl.engine.course import Course, course
from tenantctl.engine.departures import departures, managed_paths
from tenantctl.engine.diff import Known, diff
from tenantctl.engine.drift import Difference, by_address, drift_of, told
from tenantctl.engine.judged import Judged
from tenantctl.engine.merge import replaced_root
from tenantctl.engine.order import ordered
from tenantctl.engine.safety import may_replace, violations
from tenantctl.engine.selection import EVERYTHING, Globs, Selected, select, selection
from tenantctl.engine.steps import LATE, as_far, preimage, reason, referred, requests
from tenantctl.kinds import KINDS, Kind, Lens, element_key, leaves, ruled_leaves
from tenantctl.model import (
    Address,
    Change,
    Delete,
    Desired,
    Entry,
    Environment,
    Identity,
    Origin,
    Place,
    Plan,
    Resource,
    Step,
    StepId,
    Tenant,
    Update,
    is_secret,
    refs,
)
from tenantctl.playbooks import Playbook


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked of this run beside the files.

    *phases* selects steps, never content; so does *until*, a milestone of the last of them, or of
    the last one released; so do *globs* of addresses. *retire* plans deletes for phases taken out,
    *delete* permits deletes where the policy says `per_run`. *today* decides which permissions
    have expired. *own* are the addresses of the tool's own client and its grants; *receipt_domain*
    is the domain that the last receipt was written for, *since* when that was.
    """

    today: dt.date
    version: str
    phases: tuple[int, ...] = ()
    until: str = ""
    retire: bool = False
    delete: bool = False
    own: frozenset[Address] = frozenset()
    receipt_domain: str = ""
    since: str = ""
    globs: Globs = EVERYTHING


def make_plan(
    desired: Desired,
    live: Tenant,
    known: Known,
    *,
    environment: Environment,
    playbook: Playbook,
    wish: Wish,
) -> Plan:
    """What turns *live* into *desired*, ordered and judged.

    Raises PlanError if steps need each other, or if the selection leaves out something needed;
    UsageError where it means nothing that there is.
    """
    changes = diff(desired, live, known)
    asked = {"retire": wish.retire, "delete": wish.delete}
    gone = departures(desired, live, known.entries, environment, **asked)
    made = course(
        changes,
        gone,
        desired,
        live,
        may_replace=lambda a: may_replace(a, desired, environment, wish.today),
        subscription=environment.subscription,
    )
    touched = (id.address for id in made.changes)
    wish.globs.check({*desired.tenant.resources, *desired.withheld, *touched})
    phases = selection(playbook, environment.phases, wish.phases, wish.until)
    everything = ordered(_steps(made, desired, playbook, _behind(changes, desired, live, known)))
    chosen = select(everything, phases, wish.globs, playbook, live)
    judged = Judged(chosen.steps, desired, live, known.entries, environment, wish.own)
    return Plan(
        tenant=environment.tenant,
        environment=environment.name,
        domain=environment.domain,
        kind=environment.kind,
        phases=environment.phases,
        digest=desired.digest,
        version=wish.version,
        steps=chosen.steps,
        identities=_identities(chosen.steps, desired, known.entries),
        entries=_entries(chosen, desired, known),
        violations=violations(judged, wish.receipt_domain, wish.today),
        released=tuple(one for one in gone.released if wish.globs.has(one.address)),
        selection=chosen.named,
        notes=chosen.notes,
        approval=environment.policy.approval,
        playbook=playbook.id,
        since=wish.since,
    )


def _behind(
    changes: Sequence[Change], desired: Desired, live: Tenant, known: Known
) -> Mapping[Address, Sequence[Difference]]:
    """What somebody has changed in the tenant, of what is to be changed and was applied before."""
    applied = {change.address for change in changes} & known.entries.keys()
    return by_address(drift_of(desired, live, known, applied))


def _steps(
    made: Course,
    desired: Desired,
    playbook: Playbook,
    behind: Mapping[Address, Sequence[Difference]],
) -> Iterator[Step]:
    for id, change in made.changes.items():
        why = made.reasons.get(id) or told(change, behind.get(id.address, ()))
        yield Step(
            id=id,
            change=change,
            place=_place(id, change, desired, playbook),
            reason=why or reason(id, change),
            needs=made.needs[id],
            origins=_origins(id, change, desired),
            former=made.former.get(id, ()),
            preimage=preimage(change),
            requests=requests(KINDS[id.address.kind], change, len(made.former.get(id, ()))),
        )


def _place(id: StepId, change: Change, desired: Desired, playbook: Playbook) -> Place:
    kind = KINDS[id.address.kind]
    topics = _topics(id, change, desired) or _usual(kind, change, playbook)
    places = sorted((playbook.place(topic), topic) for topic in topics)
    rank = kind.late_rank if id.part == LATE else kind.rank
    if not places:
        last = max(playbook.place(topic) for topic in playbook.topics)
        return Place(*last, rank, str(id.address))
    (phase, index), topic = places[0]
    declared = desired.declarations.get(id.address)
    phase = max(phase, declared.phase) if declared else phase
    stream = playbook.topic(topic).workstream
    return Place(phase, index, rank, str(id.address), topic, stream)


def _usual(kind: Kind, change: Change, playbook: Playbook) -> tuple[str, ...]:
    """The topics that usually have a resource: where what is no longer declared stood."""
    parts = dict(zip(kind.parts, change.address.key.split("/"), strict=False))
    before = change.before.fields if isinstance(change, Delete) else {}
    if home := playbook.home(kind.name, {**parts, **before}):
        return (home,)
    topics = playbook.topics.values()
    owners = tuple(topic.id for topic in topics if kind.name in topic.owns)
    return owners or tuple(topic.id for topic in topics if kind.name in topic.extends)


def _topics(id: StepId, change: Change, desired: Desired) -> tuple[str, ...]:
    """The topics that feed a step: of a late part only those of its fields."""
    declaration = desired.declarations.get(id.address)
    if declaration is None:
        return ()
    if id.part and isinstance(change, Update):
        origins = _origins(id, change, desired)
        return tuple({o.topic for o in origins if o.topic}) or declaration.topics
    return declaration.topics


def _origins(id: StepId, change: Change, desired: Desired) -> tuple[Origin, ...]:
    """Where the values of a step were written; of a create, where the resource is at home."""
    declaration = desired.declarations.get(id.address)
    if declaration is None:
        return ()
    if not isinstance(change, Update):
        return (declaration.home,)
    known = desired.origins.get(id.address, {})
    found = [
        origin
        for path, origin in known.items()
        if any(path[: len(edit.path)] == edit.path for edit in change.edits)
    ]
    return tuple(dict.fromkeys(found)) or (declaration.home,)


def _identities(
    steps: tuple[Step, ...], desired: Desired, entries: Mapping[Address, Entry]
) -> Mapping[Address, Identity]:
    """How to recognise every address that a step touches or refers to, directly or by its key."""
    wanted = {step.address for step in steps} | referred(step.change for step in steps)
    return {
        address: identity
        if address in desired.declarations
        else departed(address, identity, entries)
        for address, identity in closure(wanted, desired, entries).items()
    }


def departed(address: Address, identity: Identity, entries: Mapping[Address, Entry]) -> Identity:
    """What is to go is known by the id that we gave it, never by a name somebody took over."""
    entry = entries.get(address)
    return Identity(pin=entry.id) if entry and entry.id else identity


def closure(
    wanted: Iterable[Address], desired: Desired, entries: Mapping[Address, Entry]
) -> Mapping[Address, Identity]:
    """Identities of *wanted*, of their parents, and of what natural keys refer to."""
    found: dict[Address, Identity] = {}
    todo = sorted(wanted)
    while todo:
        address = todo.pop()
        if address in found:
            continue
        found[address] = identity_of(address, desired, entries)
        todo += [ref.address for value in found[address].key for ref in refs(value)]
        todo += KINDS[address.kind].owners(address)
    return found


def identity_of(address: Address, desired: Desired, entries: Mapping[Address, Entry]) -> Identity:
    """The declared identity; of what is no longer declared, the receipt's."""
    if declaration := desired.declarations.get(address):
        return declaration.identity
    entry = entries.get(address)
    return Identity(key=entry.key) if entry else Identity()


def _entries(selected: Selected, desired: Desired, known: Known) -> Mapping[Address, Entry]:
    """The entries of all that is desired; what is left out of an address stays as it was."""
    left: dict[Address, list[Step]] = {}
    for step in selected.left:
        left.setdefault(step.address, []).append(step)
    entries = {r.address: entry_of(r, desired, known) for r in desired.tenant}
    for address in left.keys() & entries.keys():
        before = known.entries.get(address, Entry())
        entries[address] = as_far(entries[address], before, left[address])
    return entries


def entry_of(resource: Resource, desired: Desired, known: Known) -> Entry:
    """What the receipt will say of a resource once it is as declared; the id comes later."""
    kind = KINDS[resource.address.kind]
    lens = Lens(kind, resource.fields)
    sealed = {
        path: known.mark(value)
        for path, rule, value in ruled_leaves(lens, kind.sealing(resource.fields))
        if is_secret(value) or (rule.read in {"absent", "masked"} and value is not None)
    }
    members = resource.fields.get(kind.members, ()) if kind.members else ()
    before = known.entries.get(resource.address, Entry())
    return Entry(
        key=desired.declarations[resource.address].identity.key,
        id=before.id,
        paths=managed_paths(resource),
        elements=tuple(sorted(element_key(member, kind.by) for member in members)),
        sealed=sealed,
        fields=resource.fields,
    )


def without_known_secrets(plan: Plan, known: Known) -> Plan:
    """*plan* as apply carries it out: edits whose secret turns out not to differ are dropped.

    A secret is known not to differ if its fingerprint, now that the value is at hand, equals
    that of the last receipt.
    """
    steps = (replace(step, change=_decided(step.change, known)) for step in plan.steps)
    kept = tuple(s for s in steps if not isinstance(s.change, Update) or s.change.edits)
    return replace(plan, steps=kept)


def _decided(change: Change, known: Known) -> Change:
    if not isinstance(change, Update):
        return change
    entry = known.entries.get(change.address, Entry())
    lens = Lens(KINDS[change.address.kind], {})

    def unchanged(edit_path: tuple[str, ...], after: object) -> bool:
        marks = [
            (known.mark(value)[1], entry.sealed.get(path, ("", ""))[1])
            for path, value in leaves(lens, after, edit_path)
            if is_secret(value)
        ]
        return bool(marks) and all(new and new == old for new, old in marks)

    same = tuple(e for e in change.edits if e.unknown and unchanged(e.path, e.after))
    edits = tuple(e for e in change.edits if e not in same)
    # What need not change must go along all the same where the API replaces what it stands in.
    along = tuple((e.path, e.after) for e in same if replaced_root(lens, e.path) is not None)
    return replace(change, edits=edits, resend=(*change.resend, *along) if edits else ())
