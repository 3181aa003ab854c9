"""From an earlier receipt to a plan of its definition, on the command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from shlex import quote

from tenantctl.cli import terminal
from tenantctl.cli.planning import ask_of, plan_of, session_of, stamped
from tenantctl.cli.reporting import check_reports, forms_of, json_text, write_reports
from tenantctl.cli.running import agree_and_run
from tenantctl.cli.sharing import fetch, ledger_of, unfetched
from tenantctl.cli.wiring import Project, rate_of
from tenantctl.engine.rollback import Named, losses
from tenantctl.errors import Refused, UsageError
from tenantctl.files import find, read_environment
from tenantctl.ledger import save_plan
from tenantctl.model import Environment, Plan
from tenantctl.report import view_plan
from tenantctl.report.rollback import (
    RollbackView,
    rollback_as_json,
    rollback_text,
    view_rollback,
)
from tenantctl.workflows import notes
from tenantctl.workflows.former_files import Definition, digests_at, load_former, with_definition
from tenantctl.workflows.rollback import as_rollback, back_to, has_had, remarks

SUFFIXES = (".md", ".json", ".txt")
STAY = (
    "the files here stay as they are, so the next apply of them undoes the rollback: mend them, or "
    "revert what was wrong, first."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked of a rollback."""

    target: str
    to: str | None = None
    out: Path | None = None
    yes: bool = False
    delete: bool = False
    reports: tuple[Path, ...] = ()
    full: bool = False
    as_json: bool = False


def run_rollback(here: Project, asked: Asked) -> int:
    """Plan an earlier definition, show it, save or ask, and carry out; the exit code."""
    check_reports(asked.reports, SUFFIXES, beside=asked.out)
    if asked.to is not None and not asked.to.strip():
        raise UsageError("--to names nothing", help="leave it out for the definition before")
    tenant, name = find(here.root, asked.target)
    target = read_environment(here.root, tenant, name)
    fetch(here, target, whole=True)
    look = partial(digests_at, here.root, tenant)
    with terminal.waiting(f"looking through the receipts of {target.id}"):
        to = back_to(ledger_of(here, target), target, asked.to or "", look)
    receipt = to[1]
    version = receipt.version
    with with_definition(
        here.root, tenant, receipt.digest, receipt.commit, version=version
    ) as definition:
        environment, plan = _planned(here, definition, target, to, asked)
        if asked.out is not None:
            save_plan(plan, asked.out)
            return Refused.exit_code if plan.blocking else 0
        again = _again(plan, asked)
        return agree_and_run(here, environment, plan, again, yes=asked.yes, as_json=asked.as_json)


def _planned(
    here: Project, definition: Definition, target: Environment, to: Named, asked: Asked
) -> tuple[Environment, Plan]:
    """The plan, once it has been shown."""
    loaded, note = load_former(definition, target.name)
    session = session_of(here, loaded)
    ask = ask_of(
        phase=None,
        until_milestone=None,
        retire=False,
        delete=asked.delete,
        rotate=None,
        now=None,
    )
    prepared = plan_of(session, ask)
    plan = stamped(here, replace(prepared.plan, commit=definition.commit))
    had = has_had(session.ledger, target, plan.digest)
    plan = as_rollback(plan, loaded.playbook, to, had=had)
    said = (
        note,
        unfetched(here, target),
        *remarks(session.ledger, target, plan, to, had=had),
        STAY if definition.folder else "",
    )
    last = session.receipt
    assert last is not None
    plan_view = view_plan(
        plan,
        loaded.playbook,
        session.vault,
        full=asked.full,
        rate=rate_of(loaded.environment),
        file=str(asked.out or ""),
        notes=notes(prepared),
    )
    view = view_rollback(
        to,
        last,
        losses(plan, to[1], last),
        replace(plan_view, next=_next(plan, asked)),
        session.vault,
        commit=definition.commit,
        notes=tuple(filter(None, said)),
    )
    _show(view, plan, asked)
    return loaded.environment, plan


def _next(plan: Plan, asked: Asked) -> str:
    """The command that comes next; empty where none does, or somebody is asked right away."""
    if plan.blocking:
        return ""
    if asked.out is not None:
        return f"tenantctl apply {quote(str(asked.out))}"
    return _again(plan, asked) if plan.approval != "auto" else ""


def _again(plan: Plan, asked: Asked) -> str:
    """The command that saves the same plan."""
    to = f" --to {quote(asked.to)}" if asked.to else ""
    delete = " --delete" if asked.delete else ""
    return f"tenantctl rollback {plan.tenant}/{plan.environment}{to}{delete} --out plan.json"


def _show(view: RollbackView, plan: Plan, asked: Asked) -> None:
    """Write the reports; print the view, unless JSON is to be that of the receipt to come."""
    document = rollback_as_json(view)

    def markdown() -> str:
        from tenantctl.report.rollback_markdown import rollback_markdown

        return rollback_markdown(view)

    plain = partial(rollback_text, view, color=False, width=120)
    write_reports(asked.reports, forms_of(markdown, lambda: json_text(document), plain))
    if not asked.as_json:
        terminal.out(rollback_text(view, color=terminal.coloured(), width=terminal.width()))
    elif plan.blocking or asked.out is not None:
        terminal.out_json(document)
