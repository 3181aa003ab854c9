"""Gathering what is known of an environment: what checks are asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from tenantctl.engine.facts import Facts, Project, Records, Surveyed, missing_phases
from tenantctl.engine.lint import secrets_of
from tenantctl.engine.state_fields import specs
from tenantctl.errors import FilesError, LedgerError
from tenantctl.files import Loaded, fleet_of
from tenantctl.files.neighbours import neighbours
from tenantctl.files.promises import outdated
from tenantctl.files.texts import project_texts, unlike
from tenantctl.ledger import Ledger
from tenantctl.model import Address, Attestation, Environment, Json, Receipt, Tenant
from tenantctl.model.neighbour import Neighbour
from tenantctl.model.record import ATTESTED
from tenantctl.playbooks import checks, read_by, scopes
from tenantctl.workflows.prepare import Gateway, scope
from tenantctl.workflows.scopes import closer_kinds, permitted
from tenantctl.workflows.trust import believed

outdated_promises = outdated


def gather(
    loaded: Loaded,
    root: Path,
    ledger: Ledger,
    now: dt.date,
    *,
    live: Tenant | None = None,
    own: frozenset[Address] | None = None,
    surveyed: Surveyed | None = None,
    after: bool = True,
) -> Facts:
    """All that is known of the environment *loaded*; of the tenant, what has been read already.

    With *after* it is seen as an apply will leave it. Raises LedgerError where its own receipts
    are damaged.
    """
    environment = loaded.environment
    records = records_of(loaded, ledger)
    last = records.last.get(environment.name)
    return Facts(
        now=now,
        environment=environment,
        adopted=frozenset(loaded.adopted),
        desired=loaded.desired,
        live=live,
        after=after,
        own=own,
        project=project_of(loaded, root),
        records=records,
        attestations=(*loaded.attestations, *attested(ledger, environment)),
        surveyed=surveyed,
        missing_phases=missing_phases(environment, loaded.playbook, last, after=after),
    )


def attested(ledger: Ledger, environment: Environment) -> Iterator[Attestation]:
    """What people have attested of *environment* beside what its files say; as of the day."""
    kept = ledger.statements(environment.tenant, environment.name)
    for each in believed(ledger, environment, kept):
        if each.says == ATTESTED:
            yield Attestation(
                name=each.about,
                by=each.who,
                on=dt.datetime.fromisoformat(each.when).date(),
                until=dt.date.fromisoformat(each.until) if each.until else None,
                environments=(environment.name,),
                link=each.link,
            )


def project_of(loaded: Loaded, root: Path) -> Project:
    """What the files say beside the tenant of *loaded*."""
    source, environment = loaded.source, loaded.environment
    if source is None:
        return Project(loaded.parameters)
    unread: dict[str, str] = {}
    beside: tuple[Neighbour, ...] | None = None
    try:
        beside = neighbours(source)
    except FilesError as error:
        (first, *_) = error.problems
        unread["environments"] = f"{first.where}: {first.message}"
    fleet: tuple[Mapping[str, Json], ...] | None = None
    if "fleet" in _asked(loaded):
        fleet = fleet_of(root, environment.tenant, environment.name, _connections(loaded))
    return Project(
        parameters=loaded.parameters,
        environments=beside,
        fleet=fleet,
        secrets=secrets_of(project_texts(source)),
        parity=unlike(source, environment.name),
        unread=unread,
    )


def _asked(loaded: Loaded) -> frozenset[str]:
    """The scopes that checks of adopted topics read."""
    mine = (c for c in checks(loaded.playbook) if not loaded.adopted.keys().isdisjoint(c.topics))
    return frozenset(scope for scope, _ in read_by(mine))


def _connections(loaded: Loaded) -> frozenset[str]:
    """The keys of the connections that are declared."""
    kind = specs()[scopes()["relations"]["connection"]["scope"]]["kind"]
    return frozenset(a.key for a in loaded.desired.tenant.resources if a.kind == kind)


def records_of(loaded: Loaded, ledger: Ledger) -> Records:
    """What is kept of earlier runs in all environments of a tenant, as far as it is believed.

    Of other environments a receipt that is damaged counts as none: their own runs will tell.
    """
    here = loaded.environment
    tenant, name = here.tenant, here.name
    names = loaded.source.home.names if loaded.source else (name,)
    last: dict[str, Receipt | None] = {}
    tests = [*believed(ledger, here, ledger.tests(tenant, name))]
    for other in names:
        try:
            receipt = ledger.receipt(tenant, other)
            if other != name and receipt and not believed(ledger, here, [receipt]):
                receipt = None
            last[other] = receipt
            tests += believed(ledger, here, ledger.tests(tenant, other)) if other != name else ()
        except LedgerError:
            if other == name:
                raise
    backups = max((each.when for each in ledger.backups(tenant, name)), default="")
    return Records(
        last=last,
        former=_former(ledger, tenant, name, loaded.desired.digest),
        tests=tuple(sorted(tests, key=lambda test: test.when)),
        backup=dt.datetime.fromisoformat(backups).date() if backups else None,
        backups_known=True,
    )


def _former(ledger: Ledger, tenant: str, name: str, digest: str) -> tuple[str, ...]:
    """The digests of converged applies, the newest first, until one is another than *digest*."""
    found: list[str] = []
    for receipt in ledger.earlier(tenant, name):
        if receipt.status == "converged" and receipt.digest not in found:
            found.append(receipt.digest)
            if receipt.digest != digest:
                break
    return tuple(found)


async def read_more(
    loaded: Loaded,
    gateway: Gateway,
    receipt: Receipt | None,
    today: dt.date,
    *,
    backed_up: bool = False,
) -> Surveyed:
    """A closer look at a tenant that has been read: what no plan needs. Reads only.

    What the token may not see stays unknown, with the scope that is missing. *backed_up*: the same
    credentials make backups, which read everything.
    """
    kinds = closer_kinds()
    wanted = scope(loaded.desired, receipt.entries if receipt else {}, retire=False)
    survey = await gateway.survey(wanted, kinds=kinds)
    look = await gateway.closer(_volatile(loaded))
    embedded = loaded.environment.embedded
    allowed = frozenset() if embedded else await gateway.scopes()
    return Surveyed(
        tenant=survey.tenant,
        kinds=kinds,
        unread={**_by_kind(survey.unread), **look.unread},
        shown=look.shown,
        keys=look.keys,
        keys_unread=look.keys_unread,
        scopes=allowed,
        needed=permitted(loaded, receipt, today, backed_up=backed_up),
    )


def _volatile(loaded: Loaded) -> Mapping[str, tuple[str, ...]]:
    """The fields that a tenant changes by itself, of kinds of which something is declared."""
    declared = {address.kind for address in loaded.desired.tenant.resources}
    return {
        spec["kind"]: tuple(spec["volatile"])
        for spec in specs().values()
        if "volatile" in spec and spec["kind"] in declared
    }


def _by_kind(unread: Mapping[str, str]) -> Mapping[str, str]:
    """Why kinds, or some objects of them, could not be read, by kind."""
    return {name.partition(".")[0]: why for name, why in unread.items()}
