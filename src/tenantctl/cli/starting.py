"""What init does: a tenant's files, what goes with them, and a check of the whole."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenantctl.cli.taking import check, environments_of, name, new_tenant, playbook_of
from tenantctl.errors import UsageError
from tenantctl.model import stable_keys

if TYPE_CHECKING:
    from tenantctl.report import Takeover

GITIGNORE = ".gitignore"
TOOLS = ("deploy-cli", "terraform")


@dataclass(frozen=True, slots=True)
class Start:
    """What a person asked for."""

    path: Path | None
    source: str | None
    tenant: str | None
    playbook: str
    into: Path | None
    domain: str | None
    mapping: tuple[str, ...]
    embedded: bool


@dataclass(frozen=True, slots=True)
class Started:
    """What came of it: files that were *written*, and those that were there and *kept*."""

    root: Path
    tenant: str
    environments: tuple[str, ...]
    written: tuple[str, ...]
    kept: tuple[str, ...]
    taken: Takeover | None = None

    @property
    def next(self) -> str:
        """The command to go on with."""
        there = "" if self.root == Path.cwd() else f" --chdir {shlex.quote(str(self.root))}"
        return f"tenantctl plan {self.tenant}/{self.environments[0]}{there}"


def run_init(start: Start, *, as_json: bool) -> int:
    """Write what is missing, check all of it, and tell; the exit code."""
    playbook_of(start.playbook)
    if start.source is None and (start.path or start.mapping or start.domain or start.embedded):
        raise UsageError(
            "a path, --mapping, --domain and --embedded go with --from",
            help="such as tenantctl init --from deploy-cli tenant.yaml",
        )
    started = _from_scratch(start) if start.source is None else _from_something(start)
    root, tenant = started.root, started.tenant
    names = _environments(root, tenant)
    fresh, kept = _furnished(root, tenant, names)
    check(root, tenant, names)
    done = replace(
        started,
        environments=names,
        written=(*started.written, *fresh),
        kept=(*started.kept, *kept),
    )
    _tell(done, as_json=as_json)
    return 0


def _from_scratch(start: Start) -> Started:
    """A small tenant to begin with; of a tenant that is there already nothing is written."""
    from tenantctl.drafts.start import first_files

    root = _root(start)
    tenant = name(start.tenant or stable_keys([root.name], otherwise="tenant")[0], "--tenant")
    if (root / "tenants" / tenant / "tenant.yaml").exists():
        return Started(root, tenant, (), (), (f"tenants/{tenant}",))
    return Started(root, tenant, (), *_missing(root, first_files(tenant, start.playbook)))


def _from_something(start: Start) -> Started:
    """A tenant that was taken over."""
    from tenantctl.cli.taking import told_of

    if start.source in TOOLS:
        return _converted(start)
    if start.path or start.mapping or start.embedded:
        raise UsageError(
            f"{start.source} is a live tenant: a path, --mapping and --embedded mean nothing here",
            help=f"or write --from {TOOLS[0]} or --from {TOOLS[1]}",
        )
    from tenantctl.cli.exporting import Asked, exported

    source = start.source or ""
    tenant = source.partition("/")[0]
    if "/" not in source or (start.tenant or tenant) != tenant:
        raise UsageError(
            f"--from {source} must be TENANT/ENV, {' or '.join(TOOLS)}",
            help=f"such as --from {start.tenant or 'shop'}/dev --domain shop-dev.eu.auth0.com",
        )
    if not start.domain and not Path(f"environments/{source}.yaml").is_file():
        raise UsageError(
            f"{source} has no file in environments/ here, so its domain is not known",
            help="give --domain, with AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET in the environment",
        )
    asked = Asked(source, _root(start), start.playbook, start.domain)
    taken, site = exported(asked, None)
    told = told_of(taken, site.root, source)
    return Started(site.root, tenant, (), tuple(taken.texts), (), told)


def _converted(start: Start) -> Started:
    from tenantctl.cli.convert import READERS
    from tenantctl.cli.taking import told_of
    from tenantctl.drafts import write_files
    from tenantctl.workflows.convert import convert
    from tenantctl.workflows.takeover import Wanted

    if start.path is None or start.domain:
        what = "needs the PATH of a configuration" if start.path is None else "takes no --domain"
        raise UsageError(f"--from {start.source} {what}", help="see tenantctl init --help")
    root = _root(start)
    tenant = start.tenant or stable_keys([root.name], otherwise="tenant")[0]
    new_tenant(root, tenant)
    environments = environments_of(start.mapping, "dev")
    wanted = Wanted(tenant, playbook_of(start.playbook), full=True)
    sources = READERS[start.source or ""](start.path, environments)
    taken = convert(sources, wanted, embedded=start.embedded)
    write_files(root, taken.texts)
    told = told_of(taken, root, f"{tenant}/{next(iter(environments))}")
    return Started(root, tenant, (), tuple(taken.texts), (), told)


def _root(start: Start) -> Path:
    root = (start.into or Path.cwd()).resolve()
    if root.exists() and not root.is_dir():
        raise UsageError(f"{start.into} is not a folder", help="give --into a folder")
    return root


def _environments(root: Path, tenant: str) -> tuple[str, ...]:
    """The environments that the tenant has, in the order of their promotion."""
    from tenantctl.drafts.start import ENVIRONMENTS
    from tenantctl.files import environments_of as of_tenant

    found = of_tenant(root, tenant)
    if not found:
        raise UsageError(
            f"{tenant} has no environment", help=f"write environments/{tenant}/dev.yaml"
        )
    usual = [each for each in ENVIRONMENTS if each in found]
    return (*usual, *(each for each in found if each not in usual))


def _furnished(
    root: Path, tenant: str, names: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write what goes with a tenant; the paths that were written, and those that were kept."""
    from tenantctl.drafts import write_files
    from tenantctl.drafts.start import furniture, ignoring

    needs = {env: _needs(root, tenant, env) for env in names}
    written, kept = _missing(root, furniture(tenant, needs))
    path = root / GITIGNORE
    try:
        before = path.read_bytes().decode() if path.exists() else ""
    except UnicodeDecodeError:
        return written, (*kept, GITIGNORE)
    ignored = write_files(root, {GITIGNORE: ignoring(before)})
    return (*written, *ignored), kept


def _needs(root: Path, tenant: str, env: str) -> tuple[str, ...]:
    """The variables of the shell that a plan of an environment takes."""
    from tenantctl.files import read_environment

    environment = read_environment(root, tenant, env)
    login = environment.credentials.get("plan")
    parts = (login.client_id, login.client_secret, login.private_key) if login else ()
    sources = (*parts, environment.fingerprint_key)
    return tuple(source.name for source in sources if source and source.scheme == "env")


def _missing(root: Path, texts: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write those of *texts* that are not there; their paths, and the paths of the others.

    What is there and the same is neither.
    """
    from tenantctl.drafts import write_files

    there = {path for path in texts if os.path.lexists(root / path)}
    fresh = {path: text for path, text in texts.items() if path not in there}
    kept = tuple(path for path in texts if path in there and not _is(root / path, texts[path]))
    return write_files(root, fresh), kept


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _tell(done: Started, *, as_json: bool) -> None:
    from tenantctl.cli import terminal
    from tenantctl.report import takeover_as_json, visible
    from tenantctl.report.takeover_text import takeover_text

    if as_json:
        document: dict[str, Any] = {
            "format": 1,
            "type": "init",
            "tenant": done.tenant,
            "folder": visible(str(done.root)),
            "environments": list(done.environments),
            "written": list(done.written),
            "kept": list(done.kept),
            "next": visible(done.next),
        }
        if done.taken:
            document["takeover"] = takeover_as_json(done.taken)
        terminal.out_json(document)
        return
    if done.taken:
        told = replace(done.taken, next="")
        terminal.out(takeover_text(told, color=terminal.coloured(), width=terminal.width()))
        terminal.out("")
    for line in _lines(done):
        terminal.out(visible(line))


def _lines(done: Started) -> list[str]:
    from tenantctl.drafts.start import CUSTOM_TAGS, SCHEMAS, SETTINGS, WORKFLOW

    environments = ", ".join(done.environments)
    found = [f"{done.tenant} is set up in {done.root}; its environments: {environments}"]
    schemas = [path for path in done.written if path.startswith(f"{SCHEMAS}/")]
    own = [path for path in done.written if path not in schemas]
    found += [f"  wrote {path}" for path in own]
    found += [f"  wrote {len(schemas)} files in {SCHEMAS}/, by which editors check"] * bool(schemas)
    found += [f"  kept {path}, which was there" for path in done.kept]
    settings = done.root / SETTINGS
    said = settings.read_text("utf-8", "replace") if settings.is_file() else ""
    if SETTINGS in done.kept and CUSTOM_TAGS not in said:
        found.append(f"    it has no {CUSTOM_TAGS}: without it, editors do not know our tags")
    if WORKFLOW in done.written and (top := _repository(done.root)) != done.root:
        found.append(f"    {WORKFLOW} belongs into {top}, with -C {done.root.relative_to(top)}")
    return [*found, f"Next: {done.next}"]


def _repository(root: Path) -> Path:
    """The folder of the Git repository that *root* is in; *root* itself where it is in none."""
    return next((each for each in (root, *root.parents) if (each / ".git").exists()), root)
