"""Where the files of a tenant lie: in folders of its own, or in those of its fleet's template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tenantctl.errors import FilesError, Problem, UsageError
from tenantctl.files import environments
from tenantctl.files.document import MapNode
from tenantctl.files.elsewhere import named, named_elsewhere
from tenantctl.files.environments import EnvironmentFile, Layer, open_document
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.fleet import TENANT_FILE, Fleets, Member, read_fleets
from tenantctl.files.folder import Folder
from tenantctl.files.plainly import Reader
from tenantctl.model import Environment


@dataclass(frozen=True, slots=True)
class Home:
    """A tenant's files.

    Of a *member* of a fleet *folder* is the template's with its own files over it, *environments*
    the template's, and *own* has what is said over these for it alone.
    """

    tenant: str
    folder: Folder
    environments: Folder
    own: Folder
    fleets: Fleets | None = None
    member: Member | None = None

    @property
    def place(self) -> str:
        """The `file:line` that makes it a tenant: its row, or the beginning of its own file."""
        if self.member is None:
            return f"{self.folder.label}/{TENANT_FILE}:1"
        return f"{self.member.row.origin.file}:{self.member.row.origin.line}"

    @property
    def known(self) -> tuple[str, ...]:
        """The environments that the files may name: of a template, also those of other fleets."""
        return environments.names(self.environments)

    @property
    def names(self) -> tuple[str, ...]:
        """The environments, by name."""
        if self.member is None:
            return self.known
        return tuple(name for name in self.known if name in self.member.fleet.environments)

    def environment(self, name: str, findings: Findings) -> EnvironmentFile:
        """The environment *name*; what is wrong with it goes to *findings*."""
        layers = tuple(self.layers(name, findings))
        return environments.read_file(self.environments, self.tenant, name, findings, layers)

    def layers(self, name: str, findings: Findings) -> Iterator[Layer]:
        """What is said over the environment file *name*; nothing where there is no fleet."""
        if self.fleets is None or self.member is None:
            return
        self.fleets.tell(findings)
        yield from self.fleets.layers(self.member, name, findings)
        if self.own.has(f"{name}.yaml"):
            document = open_document(self.own, f"{name}.yaml", findings, environments.DAYS)
            if isinstance(document.root, MapNode):
                yield Layer(Reader(document, findings), document.root)

    def named(self) -> Iterator[tuple[str, str]]:
        """The variables and secrets that overrides name, of any environment: (what, name)."""
        yield from named_elsewhere(self.environments, self.folder)
        if self.member is None:
            return
        yield from named_elsewhere(self.own, self.folder)
        fleet = self.member.fleet
        for over in (fleet.overlay, *fleet.environments.values()):
            overrides = over.get("overrides") if over else None
            if overrides is not None:
                yield from named(overrides, self.folder)

    def stop(self, findings: Findings) -> None:
        """Raises FilesError if anything is wrong; of a template it tells for which row."""
        try:
            findings.stop()
        except FilesError as error:
            raise FilesError(map(self._told, error.problems)) from None

    def _told(self, problem: Problem) -> Problem:
        if self.member is None or problem.file == self.member.row.origin.file:
            return problem
        row = f"read for {self.tenant}, {self.member.row.origin}"
        return replace(problem, help=f"{problem.help}; {row}" if problem.help else row)


def home_of(root: Path, tenant: str, *, texts: Mapping[str, str] | None = None) -> Home:
    """Where the files of *tenant* lie, be they there or not."""
    return _home(root, tenant, read_fleets(root, texts=texts), texts)


def homes(root: Path) -> tuple[Home, ...]:
    """Where the files of all tenants lie, by name."""
    fleets = read_fleets(root)
    return tuple(_home(root, tenant, fleets, None) for tenant in _tenants(root, fleets))


def _home(root: Path, tenant: str, fleets: Fleets | None, texts: Mapping[str, str] | None) -> Home:
    folder = Folder.of(root, "tenants", tenant, texts=texts)
    own = Folder.of(root, "environments", tenant, texts=texts)
    member = fleets.members.get(tenant) if fleets else None
    if member is None:
        return Home(tenant, folder, own, own)
    template = member.fleet.template
    below = Folder.of(root, "tenants", template, texts=texts)
    over = Folder(folder.path, folder.label, folder.texts, below)
    there = Folder.of(root, "environments", template, texts=texts)
    return Home(tenant, over, there, own, fleets, member)


def find(root: Path, target: str) -> tuple[str, str]:
    """`TENANT/ENV`, or `ENV` alone where there is one tenant, as tenant and environment.

    Raises UsageError with a suggestion where there is none of that name.
    """
    tenant, mark, name = target.rpartition("/")
    fleets = read_fleets(root)
    known = _tenants(root, fleets)
    if not known:
        raise UsageError(f"there is no tenants/*/{TENANT_FILE} in {root}", help="use --chdir")
    if not mark and len(known) > 1:
        help = suggestion(name, known, f"write {known[0]}/{name}")
        raise UsageError(f"there are several tenants: {_some(known)}", help=help)
    tenant = tenant or known[0]
    if tenant not in known:
        refuse_strange(tenant, known, fleets)
    found = _home(root, tenant, fleets, None).names
    if name not in found:
        help = suggestion(name, found, f"there is {', '.join(found) or 'none'}")
        raise UsageError(f"{tenant} has no environment {name}", help=help)
    return tenant, name


def refuse_strange(tenant: str, known: tuple[str, ...], fleets: Fleets | None) -> None:
    """Raise what to say of a name that is none of a tenant.

    FilesError where it may be one of a fleet that cannot be read.
    """
    if fleets and tenant in fleets.templates:
        made = [name for name, each in fleets.members.items() if each.fleet.template == tenant]
        help = f"its tenants are {_some(made)}" if made else "its fleet has no rows"
        raise UsageError(f"{tenant} is a template and no tenant", help=help)
    if fleets and (problems := (*fleets.findings.problems, *fleets.lost.problems)):
        raise FilesError(problems)
    help = suggestion(tenant, known, f"there is {_some(known)}")
    raise UsageError(f"there is no tenant {tenant}", help=help)


def _some(names: tuple[str, ...] | list[str]) -> str:
    """Not more names than anybody reads."""
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more


def tenants(root: Path) -> tuple[str, ...]:
    """The tenants of a project, by name: those with a definition, and those of fleets."""
    return _tenants(root, read_fleets(root))


def _tenants(root: Path, fleets: Fleets | None) -> tuple[str, ...]:
    own = {path.parent.name for path in root.glob(f"tenants/*/{TENANT_FILE}")}
    if fleets is None:
        return tuple(sorted(own))
    return tuple(sorted((own - fleets.templates) | fleets.members.keys()))


def environments_of(root: Path, tenant: str) -> tuple[str, ...]:
    """The environments of a tenant, by name."""
    return home_of(root, tenant).names


def read_environment(root: Path, tenant: str, env: str) -> Environment:
    """The environment alone; opens no file of the definition. Raises FilesError."""
    findings = Findings()
    found = home_of(root, tenant).environment(env, findings)
    findings.stop()
    return found.environment


def made_of(root: Path, tenant: str) -> str:
    """The template that *tenant* is made of; empty where it has a definition of its own."""
    member = home_of(root, tenant).member
    return member.fleet.template if member else ""
