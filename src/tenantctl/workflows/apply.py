"""Carry out a plan, look at what came of it, and write it down."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from tenantctl import __version__
from tenantctl.engine import Walk, unsettled
from tenantctl.engine.merge import put
from tenantctl.engine.scopes import to_carry_out
from tenantctl.errors import Denied, GatewayError
from tenantctl.kinds import KINDS
from tenantctl.ledger import Journal, Ledger, who
from tenantctl.model import (
    Address,
    Create,
    Event,
    Outcome,
    Path,
    Plan,
    Receipt,
    Ref,
    Resource,
    Scope,
    Statement,
    Step,
    StepId,
    Tenant,
    Update,
    Value,
    Vault,
)
from tenantctl.model.record import EXCEPTED
from tenantctl.workflows.entries import entries_after
from tenantctl.workflows.prepare import Gateway

WIDTH = 8
"""Steps in flight; more buy only 429s (ux.md 7.1)."""

Notify = Callable[[Event], None]
Attempt: TypeAlias = tuple[Outcome, GatewayError | None]


class Stop(Protocol):
    """Whether a run begins nothing more."""

    def is_set(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Result:
    """The receipt of a run, what did not converge, and whether a person stopped it."""

    receipt: Receipt
    lacking: tuple[tuple[StepId, Path], ...] = ()
    interrupted: bool = False
    fatal: GatewayError | None = None


async def apply(
    plan: Plan,
    gateway: Gateway,
    ledger: Ledger,
    vault: Vault,
    *,
    journal: Journal,
    notify: Notify,
    halted: Stop,
    commit: str = "",
    width: int = WIDTH,
) -> Result:
    """Carry out *plan* under its open *journal*, read what it touched again, write the receipt.

    The journal stays open, for `resume`, until the run has converged. *halted* stops the run
    once what is in flight has ended; it is asked before steps begin. *width* is the most steps in
    flight. Raises Denied, before anything is written, where the token lacks a scope that a step
    needs.
    """
    await _refuse_without_scopes(plan, gateway)
    before = ledger.receipt(plan.tenant, plan.environment)
    outcomes, fatal = await _carry_out(plan, gateway, journal, notify, halted, width=width)
    lacking, unread = await _lacking(plan, outcomes, gateway)
    fatal = fatal or unread  # what was done is written down all the same
    status = _status(outcomes, lacking, seen=fatal is None)
    entries = entries_after(plan, outcomes, before.entries if before else {}, gateway, vault)
    written = Receipt(
        kind="apply",
        tenant=plan.tenant,
        environment=plan.environment,
        domain=plan.domain,
        digest=plan.digest,
        phases=plan.phases,
        status=status,
        full=not plan.selection,
        entries=entries,
        outcomes=outcomes,
        version=__version__,
        commit=commit,
        who=who(),
        when=_when(before),
    )
    ledger.write_receipt(written)
    if plan.hotfix:
        ledger.write_record(_exception(plan, written))
    if status == "converged":
        journal.finish()
    return Result(written, lacking, halted.is_set(), fatal)


async def _lacking(
    plan: Plan, outcomes: Mapping[StepId, Outcome], gateway: Gateway
) -> tuple[tuple[tuple[StepId, Path], ...], GatewayError | None]:
    """What is not as it was written; the error where it could not be read again."""
    done = [step for step in plan.steps if outcomes[step.id].done]
    try:
        return unsettled(done, await _read_again(done, plan, gateway)), None
    except GatewayError as error:
        return (), error


def _exception(plan: Plan, written: Receipt) -> Statement:
    """What is kept of a hotfix: who has applied it although something spoke against it, and why."""
    return Statement(
        tenant=plan.tenant,
        environment=plan.environment,
        says=EXCEPTED,
        about=plan.digest,
        reason=plan.hotfix,
        version=__version__,
        commit=written.commit,
        who=written.who,
        when=written.when,
    )


def _when(before: Receipt | None) -> str:
    """Now; if a clock ran ahead when the last receipt was written, just after that.

    The newest receipt is in force, on whatever machine it was written.
    """
    now = dt.datetime.now(dt.UTC)
    if before and before.when:
        now = max(now, dt.datetime.fromisoformat(before.when) + dt.timedelta(milliseconds=1))
    return now.isoformat(timespec="milliseconds")


async def _refuse_without_scopes(plan: Plan, gateway: Gateway) -> None:
    """Raise Denied where the token certainly lacks a scope that some step of *plan* needs."""
    granted = await gateway.scopes() if plan.steps else None
    if granted is None:
        return
    missing = sorted(to_carry_out(plan.steps) - granted)
    if missing:
        raise Denied(
            f"nothing was written: the apply credentials of {plan.domain} lack "
            f"{', '.join(missing)}",
            help="grant the client these scopes of the Management API, then: "
            f"tenantctl resume {plan.tenant}/{plan.environment}",
        )


async def _carry_out(
    plan: Plan,
    gateway: Gateway,
    journal: Journal,
    notify: Notify,
    halted: Stop,
    *,
    width: int,
) -> tuple[Mapping[StepId, Outcome], GatewayError | None]:
    """Drive the walk: an event is on disk before the request it announces leaves.

    What has ended meanwhile gets there with what begins: each waits for the disk.
    """
    walk = Walk(plan, stop=plan.kind == "production")
    running: dict[asyncio.Task[Attempt], StepId] = {}
    fatal: GatewayError | None = None
    ended: list[Event] = []

    def note(events: Sequence[Event]) -> None:
        journal.append(*events)
        for event in events:
            notify(event)

    while not walk.done:
        if halted.is_set() or fatal:
            ended += walk.halt("not started: the run was stopped")
        begun: list[tuple[Step, Event]] = []
        while len(running) + len(begun) < width and (found := walk.take()):
            begun.append(found)
        note([*ended, *(event for _, event in begun)])
        ended = []
        for step, _ in begun:
            running[asyncio.create_task(_attempt(gateway, step))] = step.id
        if not running:
            break
        finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in finished:
            outcome, error = task.result()
            fatal = fatal or error
            ended += walk.settle(running.pop(task), outcome)
    note(ended)
    return walk.outcomes, fatal


async def _attempt(gateway: Gateway, step: Step) -> Attempt:
    """The outcome of a step, and the error that no other step would survive either."""
    try:
        return await gateway.execute(step), None
    except Denied as error:
        return Outcome("failed", error.message), error
    except GatewayError as error:
        return Outcome("failed", error.message), None


async def _read_again(done: list[Step], plan: Plan, gateway: Gateway) -> Tenant:
    """The live state of what the steps touched, and of nothing else."""
    desired = Tenant.of(_written(done))
    wanted = {step.address for step in done}
    if not wanted:
        return Tenant({})
    wanted |= _named(plan)
    identities = {a: i for a, i in plan.identities.items() if a in wanted}
    hints = {a: id for a in identities if (id := gateway.id_of(a))}
    return await gateway.read(Scope(identities, desired, hints))


def _written(done: list[Step]) -> Iterator[Resource]:
    """What the steps of each address have written, taken together."""
    fields: dict[Address, dict[str, Value]] = {}
    for step in done:
        mine = fields.setdefault(step.address, {})
        match step.change:
            case Create(after):
                mine.update(after.fields)
            case Update(_, edits, _):
                for edit in edits:
                    put(mine, edit.path, edit.after)
    return (Resource(address, mine) for address, mine in fields.items())


def _named(plan: Plan) -> set[Address]:
    """What natural keys and the keys of what hangs on others name."""
    named = {
        value.address
        for identity in plan.identities.values()
        for value in identity.key
        if isinstance(value, Ref)
    }
    return named.union(*(KINDS[address.kind].owners(address) for address in plan.identities))


def _status(
    outcomes: Mapping[StepId, Outcome], lacking: tuple[tuple[StepId, Path], ...], *, seen: bool
) -> str:
    """How a run ended; *seen* is whether what it did could be read again."""
    statuses = {outcome.status for outcome in outcomes.values()}
    if statuses & {"failed", "moved"}:
        done = any(outcome.done for outcome in outcomes.values())
        return "partial" if done else "failed"
    if "waiting" in statuses:
        return "waiting"
    if "skipped" in statuses or not seen:
        return "partial"
    return "failed" if lacking else "converged"
