"""Rehearsals on the command line: what an apply would come to, and what policy asks of one."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tenantctl import __version__
from tenantctl.cli import terminal
from tenantctl.cli.copying import Keeping, features_of, keeping, open_copy
from tenantctl.cli.planning import ask_of, open_session, plan_file, plan_of, stamped
from tenantctl.cli.refusing import refuse, refuse_elsewhere, refuse_older
from tenantctl.cli.reporting import json_text, write_reports
from tenantctl.cli.sharing import fetch, ledger_of, push
from tenantctl.cli.wiring import Project, open_tenant
from tenantctl.errors import FilesError, LedgerError, Refused, StalePlan
from tenantctl.files import Loaded, credential, load, read_environment, resolve
from tenantctl.ledger import Ledger, checksum_of, commit_of, read_plan, who, write_atomic
from tenantctl.model import (
    FAILED,
    PASSED,
    REHEARSAL,
    STALE,
    Environment,
    Plan,
    Receipt,
    Rehearsal,
    TestReceipt,
    Vault,
)
from tenantctl.playbooks import NAMES, Playbook, nameless, playbook
from tenantctl.report import Style
from tenantctl.report.rehearsal import (
    RehearsalView,
    rehearsal_as_json,
    rehearsal_junit,
    view_rehearsal,
)
from tenantctl.report.rehearsal_text import rehearsal_markdown, rehearsal_text
from tenantctl.workflows.rehearse import look, missing_scopes, rehearse
from tenantctl.workflows.secrets import to_carry_out
from tenantctl.workflows.trust import believed

EXITS = {PASSED: 0, FAILED: 1, STALE: StalePlan.exit_code}
OTHER = "the files here are not those that the plan was made of, so no second plan was made."
WRONG = "the files here are wrong, so no second plan was made: tenantctl validate"


@dataclass(frozen=True, slots=True)
class Subject:
    """A plan to be rehearsed, with what is at hand for it; *loaded* are the files it was made of.

    *note* says why there are none, if so.
    """

    project: Project
    environment: Environment
    plan: Plan
    vault: Vault
    receipt: Receipt | None
    loaded: Loaded | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for: files to write, and the folder to leave the copy in."""

    reports: tuple[Path, ...] = ()
    junit: Path | None = None
    keep: Path | None = None


def run_rehearsal(project: Project, what: str, asked: Asked, *, as_json: bool) -> int:
    """Rehearse the environment or the saved plan *what*, tell about it; the exit code."""
    file = plan_file(what)
    subject = _saved(project, file) if file else _planned(project, what)
    keep = keeping(asked.keep, subject.environment) if asked.keep else None
    with terminal.waiting(f"rehearsing in a copy of {subject.environment.domain}"):
        found = rehearsed(subject, keep)
    view = _view(subject, found, keep)
    if asked.junit is not None:
        write_atomic(asked.junit.absolute(), rehearsal_junit(view), "utf-8")
    write_reports(asked.reports, renderers(view))
    if as_json:
        terminal.out_json(rehearsal_as_json(view))
    else:
        terminal.out(rehearsal_text(view, Style(terminal.coloured(), terminal.width())))
    _share(subject)
    return EXITS[found.verdict]


def renderers(view: RehearsalView) -> dict[str, partial[str]]:
    """What makes the text of a report, by the end of its name."""
    plain = Style(width=120)
    return {
        ".md": partial(rehearsal_markdown, view),
        ".json": partial(lambda: json_text(rehearsal_as_json(view))),
        ".xml": partial(rehearsal_junit, view),
        ".txt": partial(rehearsal_text, view, plain),
    }


def refuse_unrehearsed(
    project: Project, environment: Environment, plan: Plan, vault: Vault
) -> None:
    """Raise Refused where policy asks for a rehearsal of *plan* and it does not pass one.

    One of exactly this plan that has passed counts; else the plan is rehearsed now. Nothing is
    written to the tenant. Raises StalePlan where it has moved.
    """
    if environment.policy.rehearse != "required" or not plan.steps:
        return
    fetch(project, environment)
    ledger = ledger_of(project, environment)
    if _has_passed(ledger, environment, plan):
        return
    receipt = ledger.receipt(plan.tenant, plan.environment)
    subject = Subject(project, environment, plan, vault, receipt)
    terminal.say(f"rehearsing in a copy of {environment.domain}, as its policy asks")
    found = rehearsed(subject)
    if found.verdict == PASSED:
        return
    terminal.say(rehearsal_text(_view(subject, found), Style(width=100)))
    if found.verdict == STALE:
        raise StalePlan(
            f"{environment.id} has moved since the plan was made; nothing was written",
            help=f"plan again: tenantctl plan {environment.id}",
        )
    raise Refused(
        f"the plan failed its rehearsal, and {environment.id} has rehearse: required; "
        "nothing was written",
        help=f"mend what is said above, then: tenantctl rehearse {environment.id}",
    )


def _has_passed(ledger: Ledger, environment: Environment, plan: Plan) -> bool:
    """Whether exactly *plan* has passed a rehearsal; where keys are trusted, one of them says so.

    A receipt that says otherwise than it was signed counts for nothing: the plan is tried again.
    """
    sum = checksum_of(plan)
    kept = ledger.rehearsals(plan.tenant, plan.environment)
    passed = [each for each in kept if each.passed and each.digest == sum]
    try:
        return bool(believed(ledger, environment, passed))
    except LedgerError:
        return False


def _planned(project: Project, target: str) -> Subject:
    """A plan of the environment *target*, made now. Raises Refused where it breaks rules."""
    session = open_session(project, target)
    nothing = ask_of(
        phase=None, until_milestone=None, retire=False, delete=False, rotate=None, now=None
    )
    plan = stamped(project, plan_of(session, nothing).plan)
    refuse(plan)
    loaded = session.loaded
    return Subject(project, loaded.environment, plan, session.vault, session.receipt, loaded)


def _saved(project: Project, file: Path) -> Subject:
    """The plan in *file*. Raises Refused where it breaks rules, StalePlan where it is too old."""
    plan = read_plan(file)
    environment = read_environment(project.root, plan.tenant, plan.environment)
    refuse(plan)
    refuse_elsewhere(plan, environment)
    fetch(project, environment)
    receipt = ledger_of(project, environment).receipt(plan.tenant, plan.environment)
    if receipt is not None:
        refuse_older(plan, receipt)
    vault = resolve(
        environment,
        root=project.root,
        state=project.state,
        environ=os.environ,
        asked=to_carry_out(plan),
        strict=False,
    )
    loaded, note = _files(project, plan)
    return Subject(project, environment, plan, vault, receipt, loaded, note)


def _files(project: Project, plan: Plan) -> tuple[Loaded | None, str]:
    """The files that *plan* was made of; without them, why there are none."""
    try:
        loaded = load(project.root, plan.tenant, plan.environment)
    except FilesError:
        return None, WRONG
    return (loaded, "") if loaded.desired.digest == plan.digest else (None, OTHER)


def rehearsed(subject: Subject, keep: Keeping | None = None) -> Rehearsal:
    """What a rehearsal of *subject* shows; a receipt of it is kept."""
    found = asyncio.run(_job(subject, keep))
    notes = (*found.notes, *filter(None, [subject.note]))
    found = replace(found, notes=notes)
    ledger_of(subject.project, subject.environment).write_test(_receipt(subject, found))
    return found


def _share(subject: Subject) -> None:
    """Give the others the receipt; where that fails, they have to rehearse the plan again."""
    try:
        push(subject.project, subject.environment)
    except LedgerError as error:
        terminal.note(f"the receipt of this rehearsal stays on this machine: {error.message}")


async def _job(subject: Subject, keep: Keeping | None) -> Rehearsal:
    here, environment, plan = subject.project, subject.environment, subject.plan
    entries = subject.receipt.entries if subject.receipt else {}
    purpose = "plan" if at_hand(environment, "plan") else "apply"
    async with open_tenant(environment, subject.vault, purpose, project=here) as gateway:
        seen = await look(plan, gateway, subject.loaded, entries)
    scopes, unasked = await _scopes(subject)
    features = features_of(here, environment)
    found = await rehearse(
        plan,
        seen,
        partial(open_copy, environment=environment, features=features, keep=keep),
        subject.vault,
        receipt=subject.receipt,
        loaded=subject.loaded,
    )
    return replace(found, scopes=scopes, unasked=unasked)


async def _scopes(subject: Subject) -> tuple[tuple[str, ...], str]:
    """What the apply credentials lack, and why nobody knows; they are asked for a token alone."""
    environment = subject.environment
    if not at_hand(environment, "apply"):
        return (), "the apply credentials are not at hand here"
    here = subject.project
    async with open_tenant(environment, subject.vault, "apply", project=here) as gateway:
        return await missing_scopes(subject.plan, gateway), ""


def at_hand(environment: Environment, purpose: str) -> bool:
    """Whether the credentials for *purpose* can be had here; an embedded tenant needs none."""
    if environment.embedded:
        return True
    found = environment.credentials.get(purpose)
    if found is None:
        return False
    try:
        for source in (found.client_id, found.client_secret, found.private_key):
            if source is not None:
                credential(source, environ=os.environ)
    except FilesError:
        return False
    return True


def _receipt(subject: Subject, found: Rehearsal) -> TestReceipt:
    environment = subject.environment
    return TestReceipt(
        tenant=environment.tenant,
        environment=environment.name,
        environment_kind=environment.kind,
        ran=REHEARSAL,
        passed=found.verdict == PASSED,
        digest=checksum_of(found.plan),
        counts=Counter(each.status for each in found.outcomes.values()),
        version=__version__,
        commit=commit_of(subject.project.root),
        who=who(),
        when=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
    )


def _view(subject: Subject, found: Rehearsal, keep: Keeping | None = None) -> RehearsalView:
    kept, serve = (str(keep.file), keep.serve) if keep else ("", "")
    book = _book(subject)
    sum = checksum_of(found.plan)
    return view_rehearsal(found, book, subject.vault, checksum=sum, kept=kept, serve=serve)


def _book(subject: Subject) -> Playbook:
    """The playbook for names; ids stand for them where it is neither loaded nor one of ours."""
    if subject.loaded is not None:
        return subject.loaded.playbook
    id = subject.plan.playbook
    return playbook(id) if id in NAMES else nameless(id)
