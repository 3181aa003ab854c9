"""A plan carried out in a copy of its tenant, so that what the API refuses shows beforehand."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path as File
from typing import TypeAlias

from tenantctl.engine import Known, without_known_secrets, written
from tenantctl.engine.holders import holders
from tenantctl.engine.scopes import to_carry_out, to_read
from tenantctl.files import Loaded
from tenantctl.kinds import KINDS, Kind
from tenantctl.ledger import open_ledger
from tenantctl.model import (
    Address,
    Create,
    Delete,
    Entry,
    Foreign,
    Identity,
    Json,
    Path,
    Plan,
    Receipt,
    Rehearsal,
    Scope,
    Step,
    Tenant,
    Update,
    Value,
    Vault,
    secret_names,
)
from tenantctl.workflows.apply import Result, apply
from tenantctl.workflows.prepare import Ask, Gateway, prepare, scope

Reads: TypeAlias = Sequence[Mapping[str, Json]]
"""What GETs were answered: `path` below /api/v2, `query`, `status`, `body`. Secrets in clear."""
Scratch: TypeAlias = Callable[[Reads, Vault], AbstractAsyncContextManager[Gateway]]
"""Makes a tenant in which reads are answered so, which is gone at the end."""
SHOWN = 10
Asked: TypeAlias = Mapping[tuple[Address, Path], str]
"""What a plan does, by address and field; an empty path for an object as a whole."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a live tenant for a rehearsal, and with how many requests.

    *unread* are kinds that the API may look at and the token may not read, with what it lacks.
    """

    reads: Reads
    requests: int
    unread: Mapping[str, str] = field(default_factory=dict)


async def look(
    plan: Plan, gateway: Gateway, loaded: Loaded | None, entries: Mapping[Address, Entry]
) -> Seen:
    """Read what *plan* touches and names, and what the API looks at when it is carried out.

    That is: what it demands to be there first, what may hold what is deleted, and all objects of
    the kinds of which what is written names some that nobody declares. With *loaded* everything
    else that is declared, too, so that a second plan can be made. Reads only. Raises GatewayError.
    """
    granted = await gateway.scopes()
    reads = gateway.record()
    around = [*_around(plan)]
    hidden = _hidden({address.kind for address in around}, granted)
    near = {place: Identity() for place in around if place.kind not in hidden}
    wanted = _wanted(plan, loaded, entries, near)
    live = await gateway.read(wanted)
    listed = {address.kind for address in wanted.identities}
    whole = {name for name in _beside(plan, live) if _whole(KINDS[name])} - listed
    hidden |= _hidden(whole, granted)
    await gateway.every(whole - hidden.keys())
    return Seen(reads, len(reads), hidden)


def _hidden(kinds: Iterable[str], granted: frozenset[str] | None) -> dict[str, str]:
    """Those of *kinds* that a token with these scopes may not read, each with what it lacks."""
    lacks = {name: to_read({name}) - granted for name in kinds} if granted is not None else {}
    return {name: ", ".join(sorted(missing)) for name, missing in lacks.items() if missing}


def _wanted(
    plan: Plan,
    loaded: Loaded | None,
    entries: Mapping[Address, Entry],
    around: Mapping[Address, Identity],
) -> Scope:
    hints = {address: entry.id for address, entry in entries.items() if entry.id}
    if loaded is None:
        return Scope({**around, **plan.identities}, Tenant({}), hints)
    declared = scope(loaded.desired, entries, retire=False)
    return replace(declared, identities={**around, **declared.identities, **plan.identities})


def _around(plan: Plan) -> Iterator[Address]:
    """What has to be there for the steps of *plan*, or may hold what they delete, by address."""
    for step in plan.steps:
        kind = KINDS[step.address.kind]
        holding = kind.held_by if isinstance(step.change, Delete) else ()
        for name in (*kind.after, *holding):
            if KINDS[name].singleton:
                yield Address(name)
            elif KINDS[name].authored_in and not KINDS[name].key:
                yield Address(name, step.address.key)
    deletes = [step.change for step in plan.steps if isinstance(step.change, Delete)]
    for places in holders(deletes).values():
        yield from places


def _beside(plan: Plan, live: Tenant) -> Iterator[str]:
    """The kinds of which the API looks at any object when *plan* is carried out."""
    for step in plan.steps:
        kind = KINDS[step.address.kind]
        yield from kind.after
        if isinstance(step.change, Delete):
            yield from (name for name, path in kind.held_by.items() if not path)
        elif (there := live.get(step.address)) is not None:
            yield from _strangers(there.fields)


def _strangers(value: Value) -> Iterator[str]:
    """The kinds of the objects in *value* that nobody declares."""
    if isinstance(value, Foreign):
        yield value.kind
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strangers(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strangers(item)


def _whole(kind: Kind) -> bool:
    """Whether one listing shows all objects of *kind*."""
    return kind.wire.list is not None and not kind.owned


async def missing_scopes(plan: Plan, gateway: Gateway) -> tuple[str, ...]:
    """What the token of *gateway* lacks to carry *plan* out; one request, for the token itself.

    Empty where the tenant does not say what a token permits. Raises GatewayError.
    """
    granted = await gateway.scopes() if plan.steps else None
    return () if granted is None else tuple(sorted(to_carry_out(plan.steps) - granted))


async def rehearse(
    plan: Plan,
    seen: Seen,
    scratch: Scratch,
    vault: Vault,
    *,
    receipt: Receipt | None,
    loaded: Loaded | None = None,
) -> Rehearsal:
    """Carry *plan* out in a copy of the tenant, look at what came of it, and plan again.

    *vault* holds the secrets that are at hand; for others that are written values are made up.
    *receipt* is the last one. Without *loaded* no second plan is made. Nothing is kept.
    """
    made_up = tuple(sorted(_written_secrets(plan) - vault.values.keys()))
    vault = replace(vault, values={**invented(made_up), **vault.values})
    known = Known(receipt.entries if receipt else {}, vault.mark)
    # Where production would stop at the first failure, a person wants to know of all of them.
    trial = replace(without_known_secrets(plan, known), kind="sandbox")
    async with scratch(seen.reads, vault) as gateway:
        hints = {address: entry.id for address, entry in known.entries.items() if entry.id}
        await gateway.read(Scope(trial.identities, Tenant({}), hints))
        result = await _carried_out(trial, gateway, vault, receipt)
        again = loaded if result.receipt.status == "converged" and not plan.selection else None
        left = await _asked(again, gateway, result.receipt, vault) if again else {}
        theirs: Asked = {}
        if again and (strange := left.keys() - _pieces(plan).keys()):
            async with scratch(seen.reads, vault) as fresh:
                before = await _asked(again, fresh, receipt, vault)
            theirs = {piece: left[piece] for piece in strange & before.keys()}
    return Rehearsal(
        plan=plan,
        outcomes=result.receipt.outcomes,
        lacking=result.lacking,
        left=tuple(_said(verb for piece, verb in left.items() if piece not in theirs)),
        again=again is not None,
        made_up=made_up,
        requests=seen.requests,
        notes=(
            *_notes(plan, result.receipt, made_up),
            *_changed(theirs),
            *(f"{name} could not be read: {why} is lacking" for name, why in seen.unread.items()),
        ),
    )


async def _carried_out(
    plan: Plan, gateway: Gateway, vault: Vault, receipt: Receipt | None
) -> Result:
    with tempfile.TemporaryDirectory(prefix="tenantctl-") as folder:
        ledger = open_ledger(File(folder))
        if receipt is not None:
            ledger.write_receipt(receipt)
        with ledger.begin(plan) as journal:
            return await apply(
                plan,
                gateway,
                ledger,
                vault,
                journal=journal,
                notify=lambda _: None,
                halted=asyncio.Event(),
            )


async def _asked(loaded: Loaded, gateway: Gateway, receipt: Receipt | None, vault: Vault) -> Asked:
    """What a plan would do that is made now."""
    return _pieces((await prepare(loaded, gateway, receipt, vault, Ask())).plan)


def _pieces(plan: Plan) -> Asked:
    """What *plan* does, field by field; secrets that nobody can compare are no difference."""
    return {
        piece: f"{step.change.verb} {step.address}"
        for step in plan.steps
        for piece in _pieces_of(step)
    }


def _pieces_of(step: Step) -> Iterator[tuple[Address, Path]]:
    if isinstance(step.change, Update):
        yield from ((step.address, edit.path) for edit in step.change.edits if not edit.unknown)
    else:
        yield step.address, ()


def _said(verbs: Iterable[str]) -> Iterator[str]:
    """What a second plan would still do, each address once, as far as there is room."""
    found = list(dict.fromkeys(verbs))
    yield from (f"after the apply, a plan would still {verb}" for verb in found[:SHOWN])
    if (more := len(found) - SHOWN) > 0:
        yield f"and {more} more"


def _changed(theirs: Asked) -> Iterator[str]:
    """What somebody has changed since the plan was made, of which it knows nothing."""
    if theirs:
        found = sorted({str(address) for address, _ in theirs})
        more = len(found) - SHOWN
        said = ", ".join(found[:SHOWN]) + (f" and {more} more" if more > 0 else "")
        yield f"changed since the plan was made, and left so by it: {said}"


def _written_secrets(plan: Plan) -> set[str]:
    return {name for step in plan.steps for name in secret_names(written(step.change))}


def invented(names: Collection[str]) -> Mapping[str, str]:
    """A value for each secret of *names*; none of them is real, each is told apart."""
    return {name: f"made-up-{name}-0123456789abcdef" for name in names}


def _notes(plan: Plan, receipt: Receipt, made_up: Collection[str]) -> Iterator[str]:
    if made_up:
        yield (
            f"{len(made_up)} secrets were not at hand, so values were made up for them: "
            f"{', '.join(made_up)}. Whether Auth0 takes the real ones is not known."
        )
    for step in plan.steps:
        outcome = receipt.outcomes[step.id]
        if outcome.status == "waiting":
            yield f"{step.address} waits {outcome.detail}, and what needs it waits for it."
        elif KINDS[step.address.kind].procedure == "verify" and isinstance(step.change, Create):
            yield (
                f"{step.address} waits for its DNS record in the live tenant; what follows it was "
                "rehearsed as if the record were there."
            )
