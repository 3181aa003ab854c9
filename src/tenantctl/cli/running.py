"""Carrying out a plan from the command line: asking, locking, signals, and the exit code."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.locking import alone
from tenantctl.cli.planning import Session, plan_of, stamped, told
from tenantctl.cli.refusing import refuse, refuse_elsewhere, refuse_older
from tenantctl.cli.sharing import fetch, ledger_of, push
from tenantctl.cli.showing import show_plan, show_receipt
from tenantctl.cli.wiring import Project, open_tenant
from tenantctl.engine import Known, without_known_secrets, written
from tenantctl.engine.partial import done_of, part_of
from tenantctl.errors import Interrupted, LedgerError, Locked, Refused
from tenantctl.files import resolve
from tenantctl.ledger import Journal, Ledger, commit_of
from tenantctl.model import (
    Environment,
    Event,
    Lacking,
    Plan,
    Receipt,
    Scope,
    Tenant,
    Vault,
    secret_names,
)
from tenantctl.report import visible
from tenantctl.report.plans import selecting
from tenantctl.workflows import Ask, Result, apply
from tenantctl.workflows.apply import Notify
from tenantctl.workflows.secrets import to_carry_out

if TYPE_CHECKING:
    from tenantctl.ledger.lease import Held

EXITS = {"converged": 0, "partial": 4, "waiting": 6, "failed": 1}


def plan_and_run(session: Session, ask: Ask, *, yes: bool, full: bool, as_json: bool) -> int:
    """Plan, show, ask, and carry out."""
    environment = session.loaded.environment
    prepared = plan_of(session, ask)
    plan = stamped(session.project, prepared.plan)
    if not as_json or plan.blocking:
        with terminal.unread():
            show_plan(
                plan,
                session.vault,
                as_json=as_json,
                full=full,
                environment=environment,
                notes=told(session, prepared),
                book=session.loaded.playbook,
                going=True,
            )
    again = f"tenantctl plan {environment.id}{selecting(plan)} --out plan.json"
    return agree_and_run(session.project, environment, plan, again, yes=yes, as_json=as_json)


def agree_and_run(
    project: Project, environment: Environment, plan: Plan, again: str, *, yes: bool, as_json: bool
) -> int:
    """Carry out a plan that was shown, once somebody has agreed; the exit code.

    *again* is the command that saves such a plan, for where only saved ones are applied.
    """
    if plan.blocking:
        terminal.say("error: the plan is refused and was not applied")
        return Refused.exit_code
    if plan.approval != "auto":
        raise Refused(
            f"{environment.id} has approval: {plan.approval} and takes saved plans only",
            help=f"{again}, have it approved, then: tenantctl apply plan.json",
        )
    if plan.steps and not yes and not _agreed(plan):
        raise Refused("not applied: nobody agreed", help="type the word in brackets to agree")
    return run_plan(project, environment, plan, as_json=as_json)


def _agreed(plan: Plan) -> bool:
    expected = plan.domain if plan.kind == "production" else "yes"
    question = f"Apply {len(plan.steps)} steps to {plan.domain}? Type"
    return terminal.confirm(question, expected)


def run_plan(
    project: Project,
    environment: Environment,
    plan: Plan,
    *,
    as_json: bool,
    resume: bool = False,
    phases: tuple[int, ...] = (),
) -> int:
    """Carry out *plan* under the lock of its domain, print the receipt; the exit code.

    Of *phases* alone, if any are named: what their steps need must have been done by earlier runs.
    """
    project.observe(plan)
    refuse(plan)
    refuse_elsewhere(plan, environment)
    vault = _vault(project, environment, plan)
    if environment.policy.rehearse == "required" and not resume:
        from tenantctl.cli.rehearsing import refuse_unrehearsed

        refuse_unrehearsed(project, environment, plan, vault)
    ledger = ledger_of(project, environment)
    ledger.sign()  # a key that cannot sign is said before anything is written
    with alone(project, environment) as lease:
        fetch(project, environment, strict=True)
        receipt = ledger.receipt(plan.tenant, plan.environment)
        if receipt and not resume:
            refuse_older(plan, receipt)
        done = done_of(plan, ledger.earlier(plan.tenant, plan.environment)) if phases else ()
        plan = without_known_secrets(plan, Known(receipt.entries if receipt else {}, vault.mark))
        plan = part_of(plan, phases, done) if phases else plan
        project.observe(plan)
        journal = ledger.resume(plan.tenant, plan.environment) if resume else ledger.begin(plan)
        with journal:
            run = Run(project, environment, ledger, receipt, vault, lease)
            result = _carried_out(run, plan, journal)
            _observe(project, result)
        kept = _shared(project, environment)
    with terminal.unread():
        show_receipt(result.receipt, vault, as_json=as_json)
    return _exit_code(result, lease) or (0 if kept else 1)


def _observe(project: Project, result: Result) -> None:
    """Tell whoever watches how a run ended, and what it lacks."""
    for id, path in result.lacking:
        project.observe(Lacking(id, path))
    if result.fatal is not None and not result.lacking:
        project.observe(Lacking(detail=result.fatal.message))
    project.observe(result.receipt)


def _shared(project: Project, environment: Environment) -> bool:
    """Whether the others have the receipt now; what is done is done if not."""
    try:
        push(project, environment)
    except LedgerError as error:
        terminal.say(f"error: {visible(error.message)}")
        terminal.say(f"help: what was applied stands. {visible(error.help)}")
        return False
    return True


def _vault(project: Project, environment: Environment, plan: Plan) -> Vault:
    """The secrets at hand. Raises FilesError if one that *plan* writes is not among them.

    The others are needed to recognise them where the tenant shows them, as the plan did.
    """
    names = {name for step in plan.steps for name in secret_names(written(step.change))}
    at_hand = partial(
        resolve, environment, root=project.root, state=project.state, environ=os.environ
    )
    at_hand(names=names, strict=True)
    return at_hand(asked=to_carry_out(plan), strict=False)


@dataclass(frozen=True, slots=True)
class Run:
    """What a plan is carried out with; *receipt* is the last one, read under the lock.

    *lease* is what keeps other machines out, where receipts are shared.
    """

    project: Project
    environment: Environment
    ledger: Ledger
    receipt: Receipt | None
    vault: Vault
    lease: Held | None = None


def _carried_out(run: Run, plan: Plan, journal: Journal) -> Result:
    """What came of *plan*. Raises Interrupted where a person does not wait for what is begun."""
    try:
        return asyncio.run(_job(run, plan, journal))
    except KeyboardInterrupt:
        raise Interrupted(
            "the run was interrupted: nobody knows what became of what was in flight",
            help=f"tenantctl resume {run.environment.id} looks, and goes on",
        ) from None


async def _job(run: Run, plan: Plan, journal: Journal) -> Result:
    entries = run.receipt.entries if run.receipt else {}
    hints = {address: entry.id for address, entry in entries.items() if entry.id}
    halted = Halted(asyncio.Event(), run.lease)
    async with open_tenant(run.environment, run.vault, "apply", project=run.project) as gateway:
        await gateway.read(Scope(plan.identities, Tenant({}), hints))
        with terminal.progress(plan, run.vault) as show, _stoppable(halted.asked):
            return await apply(
                plan,
                gateway,
                run.ledger,
                run.vault,
                journal=journal,
                notify=partial(_told, (show, run.project.observe)),
                halted=halted,
                commit=plan.commit or commit_of(run.project.root),
            )


def _told(watchers: tuple[Notify, ...], event: Event) -> None:
    for each in watchers:
        each(event)


@dataclass(frozen=True, slots=True)
class Halted:
    """Whether a person has *asked* that nothing more is begun, or the *lease* is lost."""

    asked: asyncio.Event
    lease: Held | None

    def is_set(self) -> bool:
        return self.asked.is_set() or (self.lease is not None and self.lease.over())


@contextmanager
def _stoppable(halted: asyncio.Event) -> Iterator[None]:
    """The first interrupt lets what is in flight finish; the second one ends the process."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if halted.is_set():
            raise KeyboardInterrupt
        halted.set()
        terminal.say("stopping: what is in flight is finished first; again to leave it unknown")

    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        loop.add_signal_handler(each, stop)
    try:
        yield
    finally:
        for each, former in before.items():
            loop.remove_signal_handler(each)
            signal.signal(each, former)


def _exit_code(result: Result, lease: Held | None) -> int:
    """What the process says; the receipt says how to go on."""
    if lease is not None and lease.lost:
        receipt = result.receipt
        terminal.say(f"error: the lease of {receipt.domain} was lost: {visible(lease.lost)}")
        said = f"tenantctl lock show {receipt.tenant}/{receipt.environment}"
        terminal.say(
            f"help: the run was stopped, what it did is in its receipt. {said}; plan again"
        )
        return Locked.exit_code
    status = result.receipt.status
    statuses = {outcome.status for outcome in result.receipt.outcomes.values()}
    for id, path in result.lacking:
        terminal.say(f"not converged: {id} {'.'.join(path)} is not as it was written")
    if result.fatal is not None:
        terminal.say(f"error: {visible(result.fatal.message)}")
    if result.interrupted:
        return 130
    if result.fatal is not None and status == "failed":
        return result.fatal.exit_code
    if status == "failed" and "moved" in statuses:
        return 3
    return EXITS[status]
