"""From what one environment has to a plan for the next one, on the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from shlex import quote

from tenantctl.cli import terminal
from tenantctl.cli.planning import Session, ask_of, plan_of, session_of, stamped
from tenantctl.cli.reporting import check_reports, forms_of, json_text, write_reports
from tenantctl.cli.running import agree_and_run
from tenantctl.cli.sharing import fetch, ledger_of, why_unfetched
from tenantctl.cli.wiring import Project, rate_of
from tenantctl.engine.panels import Panels
from tenantctl.engine.promotion import Offer
from tenantctl.errors import Refused, UsageError
from tenantctl.files import environments_of, find, load, read_environment
from tenantctl.ledger import save_plan
from tenantctl.model import BACKUP, Environment, Plan
from tenantctl.report import view_plan
from tenantctl.report.promotion import PromotionView, promotion_as_json, view_promotion
from tenantctl.report.promotion_text import promotion_text
from tenantctl.workflows import Ask, Prepared, notes
from tenantctl.workflows.former_files import Definition, load_former, with_definition
from tenantctl.workflows.promote import Pair, as_hotfix, judged, offer_of, panels, source_of

SUFFIXES = (".md", ".json", ".txt")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked of a promotion; *hotfix* is the reason that they gave for one."""

    target: str
    source: str = ""
    hotfix: str | None = None
    here: bool = False
    out: Path | None = None
    yes: bool = False
    delete: bool = False
    retire: bool = False
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    reports: tuple[Path, ...] = ()
    now: dt.datetime | None = None
    full: bool = False
    as_json: bool = False

    @property
    def moment(self) -> dt.datetime:
        """When it is judged: now, or as the day begins that is asked for, in UTC."""
        if self.now is None:
            return dt.datetime.now(dt.UTC)
        return dt.datetime.combine(self.now.date(), dt.time(), dt.UTC)

    @property
    def options(self) -> str:
        """The options that make another plan of it, as they are to be written again."""
        given = [("--from", self.source), ("--hotfix", (self.hotfix or "").strip())]
        given += [("--target", glob) for glob in self.only]
        given += [("--exclude", glob) for glob in self.exclude]
        flags = {"--here": self.here, "--delete": self.delete, "--retire": self.retire}
        said = [f" {name} {quote(value)}" for name, value in given if value]
        return "".join([*said, *(f" {name}" for name, asked in flags.items() if asked)])

    @property
    def ask(self) -> Ask:
        return ask_of(
            phase=None,
            until_milestone=None,
            retire=self.retire,
            delete=self.delete,
            rotate=None,
            now=self.now,
            only=self.only,
            exclude=self.exclude,
        )


def run_promote(here: Project, asked: Asked) -> int:
    """Plan, show three panels, save or ask, and carry out; the exit code."""
    _check(asked)
    offer, target = _offered(here, asked)
    with _definition(here, offer, target, asked) as definition:
        pair = _loaded(definition, offer, target)
        session = session_of(here, pair.target)
        prepared, plan = _planned(session, pair, offer, asked)
        shown = panels(pair, offer, plan, session.ledger)
        view = _view(session, prepared, shown, asked)
        if asked.out is not None:
            save_plan(plan, asked.out)
        _show(view, plan, asked)
        if asked.out is not None or asked.now is not None:
            return Refused.exit_code if plan.blocking else 0
        again = f"{_again(plan, asked)} --out plan.json"
        environment = session.loaded.environment
        return agree_and_run(here, environment, plan, again, yes=asked.yes, as_json=asked.as_json)


def _check(asked: Asked) -> None:
    """Raise UsageError where what is asked for contradicts itself, before anything is read."""
    check_reports(asked.reports, SUFFIXES, beside=asked.out)
    if asked.hotfix is not None and not asked.hotfix.strip():
        raise UsageError("--hotfix needs a reason", help='such as --hotfix "logins fail, INC-123"')
    if asked.now is not None and (asked.out is not None or asked.yes):
        raise UsageError(
            "--now shows how a promotion would be on another day, which nothing is applied for",
            help="leave --now out to promote, or --out and --yes to look",
        )


def _offered(here: Project, asked: Asked) -> tuple[Offer, Environment]:
    """What the source has, and the target; with the receipts that others have pushed."""
    tenant, name = find(here.root, asked.target)
    target = read_environment(here.root, tenant, name)
    source = source_of(target, asked.source, environments_of(here.root, tenant))
    environments = (read_environment(here.root, tenant, source), target)
    for each in environments:
        fetch(here, each, whole=True)
    offer = offer_of(ledger_of(here, target), *environments)
    return replace(offer, unfetched=why_unfetched(here, environments[0])), target


@contextmanager
def _definition(
    here: Project, offer: Offer, target: Environment, asked: Asked
) -> Iterator[Definition]:
    """The definition that the source has; that of the files here where it has none, or --here."""
    receipt = offer.receipt
    if asked.here or receipt is None or receipt.digest.startswith(BACKUP):
        digest = load(here.root, target.tenant, target.name).desired.digest
        yield Definition(here.root, target.tenant, digest)
        return
    with ExitStack() as stack:
        with terminal.waiting(f"looking for the definition {receipt.digest[:12]}"):
            found = with_definition(
                here.root, target.tenant, receipt.digest, receipt.commit, version=receipt.version
            )
            definition = stack.enter_context(found)
        yield definition


def _loaded(definition: Definition, offer: Offer, target: Environment) -> Pair:
    source, *said = load_former(definition, offer.environment.name)
    mine, more = load_former(definition, target.name)
    names = (offer.environment.name, target.name)
    told = tuple(f"{name}: {note}" for name, note in zip(names, (*said, more), strict=True) if note)
    return Pair(definition, source, mine, told)


def _planned(session: Session, pair: Pair, offer: Offer, asked: Asked) -> tuple[Prepared, Plan]:
    """The plan, with all that speaks against it and what a hotfix permits."""
    prepared = plan_of(session, asked.ask)
    environment = session.loaded.environment
    plan = judged(prepared.plan, session.ledger, offer, environment, asked.moment)
    plan = stamped(session.project, replace(plan, commit=pair.definition.commit))
    if asked.hotfix is not None:
        plan = as_hotfix(plan, session.loaded.playbook, asked.hotfix.strip())
    return prepared, plan


def _view(session: Session, prepared: Prepared, shown: Panels, asked: Asked) -> PromotionView:
    environment, plan = session.loaded.environment, shown.plan
    view = view_plan(
        plan,
        session.loaded.playbook,
        session.vault,
        full=asked.full,
        rate=rate_of(environment),
        file=str(asked.out or ""),
        notes=notes(prepared),
    )
    next = _next(plan, asked)
    return view_promotion(shown, view, session.vault, full=asked.full, next=next)


def _next(plan: Plan, asked: Asked) -> str:
    """The command that comes next; empty where none does, or somebody is asked right away."""
    if plan.blocking:
        return ""
    if asked.out is not None:
        return f"tenantctl apply {quote(str(asked.out))}"
    again = _again(plan, asked)
    if plan.approval != "auto":
        return f"{again} --out plan.json"
    return again if asked.now is not None else ""


def _again(plan: Plan, asked: Asked) -> str:
    """The command that plans the same once more."""
    return f"tenantctl promote {plan.tenant}/{plan.environment}{asked.options}"


def _show(view: PromotionView, plan: Plan, asked: Asked) -> None:
    """Write the reports; print the panels, unless JSON is to be that of the receipt to come."""
    document = promotion_as_json(view)

    def markdown() -> str:
        from tenantctl.report.promotion_markdown import promotion_markdown

        return promotion_markdown(view)

    text = partial(promotion_text, view, full=asked.full)
    plain = partial(text, color=False, width=120)
    write_reports(asked.reports, forms_of(markdown, lambda: json_text(document), plain))
    if not asked.as_json:
        terminal.out(text(color=terminal.coloured(), width=terminal.width()))
    elif plan.blocking or asked.out is not None or asked.now is not None:
        terminal.out_json(document)
