"""A plan carried out in a copy of its tenant, so that what the API refuses shows beforehand."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from tenantctl.engine import Known, without_known_secrets, written
from tenantctl.engine.holders import holders
from tenantctl.engine.scopes import to_carry_out
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


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a live tenant for a rehearsal, and with how many requests."""

    reads: Reads
    requests: int


async def look(
    plan: Plan, gateway: Gateway, loaded: Loaded | None, entries: Mapping[Address, Entry]
) -> Seen:
    """Read what *plan* touches and names, and what the API looks at when it is carried out.

    That is: what it demands to be there first, what may hold what is deleted, and all objects of
    the kinds of which what is written names some that nobody declares. With *loaded* everything
    else that is declared, too, so that a second plan can be made. Reads only. Raises GatewayError.
    """
    reads = gateway.record()
    wanted = _wanted(plan, loaded, entries)
    live = await gateway.read(wanted)
    listed = {address.kind for address in wanted.identities}
    await gateway.every({name for name in _beside(plan, live) if _whole(KINDS[name])} - listed)
    return Seen(reads, len(reads))


def _wanted(plan: Plan, loaded: Loaded | None, entries: Mapping[Address, Entry]) -> Scope:
    hints = {address: entry.id for address, entry in entries.items() if entry.id}
    around = {place: Identity() for place in _around(plan)}
    if loaded is None:
        return Scope({**around, **plan.identities}, Tenant({}), hints)
    declared = scope(loaded.desired, entries, retire=False)
    return replace(declared, identities={**around, **declared.identities, **plan.identities})


def _around(plan: Plan) -> Iterator[Address]:
    """What has to be there for the steps of *plan*, or may hold what they delete, by address."""
    for step in plan.steps:
        for name in KINDS[step.address.kind].after:
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
        left = await _left(again, gateway, result.receipt, vault) if again else ()
    return Rehearsal(
        plan=plan,
        outcomes=result.receipt.outcomes,
        lacking=result.lacking,
        left=left,
        again=again is not None,
        made_up=made_up,
        requests=seen.requests,
        notes=tuple(_notes(plan, result.receipt, made_up)),
    )


async def _carried_out(
    plan: Plan, gateway: Gateway, vault: Vault, receipt: Receipt | None
) -> Result:
    with tempfile.TemporaryDirectory(prefix="tenantctl-") as folder:
        ledger = open_ledger(Path(folder))
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


async def _left(
    loaded: Loaded, gateway: Gateway, receipt: Receipt, vault: Vault
) -> tuple[str, ...]:
    """What a second plan would still do; secrets that nobody can compare are no difference."""
    again = (await prepare(loaded, gateway, receipt, vault, Ask())).plan
    steps = [step for step in again.steps if _differs(step)]
    said = [f"after the apply, a plan would still {s.change.verb} {s.address}" for s in steps]
    more = len(said) - SHOWN
    return tuple(said[:SHOWN] + ([f"and {more} more"] if more > 0 else []))


def _differs(step: Step) -> bool:
    return not isinstance(step.change, Update) or any(not e.unknown for e in step.change.edits)


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
