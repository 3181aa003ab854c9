"""Exporting into files that are there, and importing what they do not declare yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli.site import Site, receipt_of, refuse_made, settle, survey, vault_of
from tenantctl.cli.wiring import project as project_of
from tenantctl.errors import UsageError
from tenantctl.files import Loaded, environments_of, find, load, read_environment
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Draft, Tenant, Vault

if TYPE_CHECKING:
    from tenantctl.drafts import SecretEntry, Written
    from tenantctl.gateway import Survey
    from tenantctl.model import Environment, Note, Receipt
    from tenantctl.workflows.takeover import Taken


@dataclass(frozen=True, slots=True)
class Seen:
    """A project, and the tenant that it is about, side by side."""

    site: Site
    loaded: Loaded
    receipt: Receipt | None
    vault: Vault
    draft: Draft
    survey: Survey

    @property
    def undeclared(self) -> Draft:
        """What of the tenant nobody declares; what hangs on something goes with that."""
        declared = self.loaded.desired.declarations.keys()
        free = {
            address: resource
            for address, resource in self.draft.resources.items()
            if address not in declared and not _hangs_on(address, declared)
        }
        return replace(self.draft, resources=free)


def _hangs_on(address: Address, declared: Collection[Address]) -> bool:
    kind = KINDS[address.kind]
    return bool(kind.authored_in) and bool({*kind.owners(address)} & {*declared})


def see(site: Site, kinds: Collection[str] = ()) -> Seen:
    """Load the project and survey its tenant, of some *kinds* all, and all without."""
    from tenantctl.workflows.prepare import scope

    environment = site.environment
    loaded = load(site.root, environment.tenant, environment.name)
    receipt, vault = receipt_of(site), vault_of(site, loaded.environment)
    entries = receipt.entries if receipt else {}
    wanted = scope(loaded.desired, entries, retire=False)
    draft, found = survey(site, wanted, vault, kinds)
    return Seen(site, loaded, receipt, vault, draft, found)


def revise_project(site: Site, *, full: bool) -> tuple[Taken, Mapping[Address, str]]:
    """The files with whatever the live tenant has otherwise, or beyond them."""
    from tenantctl.drafts import revise, write_down
    from tenantctl.engine import Known

    seen = see(site)
    known = Known(seen.receipt.entries if seen.receipt else {}, seen.vault.mark)
    fresh = seen.undeclared
    live = Tenant(seen.draft.resources)
    beside = fresh.resources.keys()
    revised = revise(
        site.root,
        seen.loaded,
        live,
        known=known,
        beside=beside,
        source=_source(seen.loaded.environment),
        unread=seen.survey.unread,
    )
    taken = _added(seen, write_down(fresh, full=full), revised.texts, revised.notes)
    return taken, seen.survey.ids


def _source(environment: Environment) -> SecretEntry:
    """Where *environment* has a secret from that its tenant has."""
    from tenantctl.workflows.takeover import secret_entry, settings_of

    settings = settings_of(environment)
    return lambda name: secret_entry(name, settings, live=True)


def second_environment(site: Site, *, full: bool) -> tuple[Taken, Mapping[Address, str]]:
    """The files with what another tenant of the same product has otherwise.

    Raises UsageError where there is no first environment to compare it with.
    """
    from tenantctl.drafts import Second, moved, second
    from tenantctl.engine import Known
    from tenantctl.workflows.prepare import scope
    from tenantctl.workflows.takeover import Taken, settings_of

    del full  # what is in one environment is written as the other has it
    environment = site.environment
    if site.known and receipt_of(site):
        raise UsageError(
            f"{environment.id} has been taken over, or applied, already",
            help=f"tenantctl export {environment.id} writes what differs now",
        )
    first = load(site.root, environment.tenant, _first_of(site))
    if first.environment.domain == environment.domain:
        raise UsageError(
            f"{environment.id} and {first.environment.id} are the same tenant, {environment.domain}"
        )
    wanted = scope(first.desired, {}, retire=False)
    draft, read = survey(site, wanted, Vault())
    there = Second(
        environment.name,
        environment.domain,
        settings={} if site.known else settings_of(environment),
        source=_source(environment),
        known=Known(),
    )
    found = second(site.root, first, there, draft.resources)
    here = {moved(address, found.known): id for address, id in read.ids.items()}
    return Taken(found.texts, Counter(), (*draft.notes, *found.notes)), here


def _first_of(site: Site) -> str:
    """The environment of the project that has been taken over already."""
    tenant, env = site.environment.tenant, site.environment.name
    others = [name for name in environments_of(site.root, tenant) if name != env]
    told = [name for name in others if site.ledger.receipt(tenant, name)]
    if not others:
        raise UsageError(
            f"{tenant} has no other environment: {env} would be its first",
            help="leave out --second-environment",
        )
    return (told or others)[0]


def _added(
    seen: Seen, written: Written, texts: Mapping[str, str], notes: tuple[Note, ...]
) -> Taken:
    """The files with what is *written* added."""
    from tenantctl.drafts import add
    from tenantctl.workflows.takeover import Taken

    more = add(
        seen.site.root,
        seen.loaded,
        written,
        source=_source(seen.loaded.environment),
        texts=texts,
    )
    counts = Counter(address.kind for address in written.bodies)
    found = (*notes, *written.notes, *more.notes)
    return Taken({**texts, **more.texts}, counts, tuple(dict.fromkeys(found)))


def list_unmanaged(target: str, kind: str, chdir: Path | None, *, as_json: bool) -> int:
    """List what nobody declares; the exit code."""
    from tenantctl.cli import terminal
    from tenantctl.report import unmanaged_text
    from tenantctl.workflows.chosen import unmanaged

    seen = see(_site(target, chdir), (kind,) if kind else ())
    found = unmanaged(seen.draft, seen.loaded.desired.declarations.keys())
    environment = seen.loaded.environment
    if as_json:
        terminal.out_json({"environment": environment.id, "unmanaged": found}, "unmanaged")
    else:
        terminal.out(unmanaged_text(environment.id, found, color=terminal.coloured()))
    return 0


def import_objects(
    target: str, kind: str, names: Sequence[str], chdir: Path | None, *, as_json: bool
) -> int:
    """Write chosen objects into the files; the exit code."""
    from tenantctl.cli.taking import tell
    from tenantctl.drafts import write_down
    from tenantctl.workflows.chosen import choose

    site = _site(target, chdir)
    refuse_made(site.root, site.environment.tenant)
    known_kind(kind)
    seen = see(site)
    declared = seen.loaded.desired.declarations.keys()
    chosen = choose(seen.draft, declared, kind, names)
    taken = _added(seen, write_down(chosen), {}, ())
    settle(site, taken.texts, seen.survey.ids)
    tell(taken, site.root, site.environment.id, as_json=as_json)
    return 0


def known_kind(name: str) -> str:
    """*name*, if it is that of a kind that can be imported. Raises UsageError."""
    from difflib import get_close_matches

    kind = KINDS.get(name)
    if kind and not kind.authored_in and not kind.given:
        return name
    if kind and kind.authored_in:
        parent, field = kind.authored_in
        raise UsageError(
            f"{name} are written as {field} of {parent}", help=f"import the {parent} that have them"
        )
    close = get_close_matches(name, KINDS, n=1)
    raise UsageError(
        f"there is no kind {name}",
        help=f"did you mean {close[0]}?" if close else "tenantctl kinds lists them",
    )


def _site(target: str, chdir: Path | None) -> Site:
    project = project_of(chdir)
    tenant, env = find(project.root, target)
    return Site(project, project.root, read_environment(project.root, tenant, env))
