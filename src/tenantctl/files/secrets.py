"""The values of secrets, from where they are kept. No value ever enters an error or a repr."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe

from tenantctl.errors import FilesError, LedgerError, Problem
from tenantctl.files.findings import Findings
from tenantctl.files.home import home_of
from tenantctl.files.sources import ASKED
from tenantctl.files.unresolved import Unresolved
from tenantctl.files.values import value_of, values_of
from tenantctl.model import Environment, Origin, Source, Vault

KEY = "$fingerprint_key"


def resolve(
    environment: Environment,
    *,
    root: Path,
    state: Path,
    environ: Mapping[str, str],
    names: Iterable[str] | None = None,
    asked: Collection[str] | None = None,
    strict: bool,
) -> Vault:
    """The values of the secrets *names* (all of them without) and the fingerprint key.

    Of those that a command or a service has to be asked for, only *asked*, if it is given: where
    it is empty, nobody is asked for the key either. Generated ones are made at the first call and
    kept under *state*. What cannot be resolved is absent; if *strict*, FilesError says what to
    set. Raises LedgerError where the kept ones cannot be read.
    """
    wanted = set(environment.secrets if names is None else names)
    sources = _sources(environment, wanted, asked)
    made = _generated(
        environment, state, [n for n, s in sources.items() if s.scheme == "generated"]
    )
    values: dict[str, str] = {}
    missing: dict[str, Unresolved] = {}
    others = {name: source for name, source in sources.items() if name not in made}
    for name, found in {**values_of(others, root, environ), **made}.items():
        if isinstance(found, str):
            values[name] = found
        else:
            missing[name] = found
    for name in wanted - environment.secrets.keys():
        missing[name] = Unresolved("it is not declared here", "write it under secrets")
    if strict and missing:
        raise FilesError(_problems(environment, root, missing))
    versions = {n: s.version for n, s in environment.secrets.items() if s.version and n in wanted}
    return Vault(values, versions, values.pop(KEY, "").encode())


def _sources(
    environment: Environment, wanted: Collection[str], asked: Collection[str] | None
) -> dict[str, Source]:
    """Where the values of *wanted* are kept, and the key's; see `resolve` for *asked*."""
    found = {n: secret.source for n, secret in environment.secrets.items() if n in wanted}
    key = environment.fingerprint_key or (Source("generated") if environment.embedded else None)
    if key is not None:
        found[KEY] = key
    if asked is None:
        return found
    may = {*asked, KEY} if asked else set()
    return {n: source for n, source in found.items() if n in may or source.scheme not in ASKED}


def credential(source: Source, *, environ: Mapping[str, str], root: Path | None = None) -> str:
    """The value of one of the tool's own credentials; raises FilesError where there is none.

    Relative paths begin at *root*, or at the working directory.
    """
    if source.scheme == "literal":
        return source.name
    try:
        return value_of(source, root or Path.cwd(), environ)
    except Unresolved as error:
        problem = Problem(str(source), 0, 0, error.message, error.help)
        raise FilesError([problem]) from None


def _generated(environment: Environment, state: Path, names: list[str]) -> Mapping[str, str]:
    """The values of generated secrets, those missing made now."""
    if not names:
        return {}
    if not environment.embedded:
        return {}
    path = state / "secrets" / f"{environment.tenant}-{environment.name}.json"
    kept = _kept(path)
    if all(name in kept for name in names):
        return {name: kept[name] for name in names}
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path):
        kept = _kept(path)
        made = {name: kept[name] if name in kept else token_urlsafe(32) for name in names}
        _write(path, {**kept, **made})
    return made


def _kept(path: Path) -> Mapping[str, str]:
    try:
        kept = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        kept = None
    if isinstance(kept, dict) and all(isinstance(value, str) for value in kept.values()):
        return kept
    raise LedgerError(
        f"the generated secrets in {path} cannot be read",
        help="restore the file; without it the embedded tenant gets new secrets",
    ) from None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one process at a time makes secrets."""
    handle = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, values: Mapping[str, str]) -> None:
    """Writes the file as a whole or not at all, readable by its owner only."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".json")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(values, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _problems(
    environment: Environment, root: Path, missing: Mapping[str, Unresolved]
) -> Iterator[Problem]:
    """Each missing value where its secret is declared."""
    home = home_of(root, environment.tenant)
    known: Mapping[str, Origin] = {}
    if environment.name in home.names:
        known = home.environment(environment.name, Findings()).declared
    file = home.environments.name(f"{environment.name}.yaml")
    for name, error in missing.items():
        at = known.get(name, Origin(file, 0, 0))
        what = "the fingerprint key" if name == KEY else f"the secret {name}"
        message = f"{what} has no value: {error.message}"
        yield Problem(at.file, at.line, at.column, message, error.help)
