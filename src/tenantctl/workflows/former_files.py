"""A definition by its digest: the files here if they are it, else those of a commit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tenantctl.errors import FilesError, LedgerError, Problem, UsageError
from tenantctl.files import Loaded, definition_digest, load, made_of, read_environment
from tenantctl.files.fleet import FILE
from tenantctl.ledger.git import DIRTY, commits_of, has_commit, past, trouble
from tenantctl.playbooks import NAMES

TENANTS, ENVIRONMENTS = "tenants", "environments"
ATTESTATIONS = "attestations.yaml"


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition as files: those of the project's folder *here*, or of *commit* in *folder*.

    *folder* then has `now`, the definition beside today's environments, and `then`, all as that
    commit has it. *looked* is how many commits were looked at.
    """

    here: Path
    tenant: str
    digest: str
    commit: str = ""
    folder: Path | None = None
    looked: int = 0

    @property
    def root(self) -> Path:
        """The folder of a project with this definition and today's environments."""
        return self.folder / "now" if self.folder else self.here


@contextmanager
def with_definition(
    root: Path, tenant: str, digest: str, commit: str = "", *, version: str = ""
) -> Iterator[Definition]:
    """The definition *digest* of *tenant*, there as long as the context lasts.

    It is looked for in the files at *root*, in *commit* if one is named, and in every commit that
    `commits_of` knows. *version* is that of the tool that made the digest, for messages. Raises
    LedgerError where it is nowhere.
    """
    if _is(root, tenant, digest):
        yield Definition(root, tenant, digest)
        return
    with TemporaryDirectory(prefix="tenantctl-") as temporary:
        folder = Path(temporary).resolve()
        found, looked = _search(root, folder, tenant, digest, commit)
        if not found:
            raise _nowhere(root, (tenant, digest, commit, version), looked)
        past(root, found, folder / "now", (TENANTS,))
        _copy_environments(root, folder / "now")
        past(root, found, folder / "then")
        for path in (root / ENVIRONMENTS).glob(f"*/{ATTESTATIONS}"):  # people's words are today's
            target = folder / "then" / ENVIRONMENTS / path.parent.name / ATTESTATIONS
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        yield Definition(root, tenant, digest, found, folder, looked)


def _copy_environments(root: Path, into: Path) -> None:
    """Today's environments; what starts with a dot is not read, and may be an editor's own."""
    shutil.copytree(
        root / ENVIRONMENTS,
        into / ENVIRONMENTS,
        ignore=shutil.ignore_patterns(".*"),
        ignore_dangling_symlinks=True,
    )


def digests_at(root: Path, tenant: str, commit: str) -> tuple[str, ...]:
    """The digests that the definition of *tenant* can have at *commit*; none without one."""
    with TemporaryDirectory(prefix="tenantctl-") as temporary:
        folder = Path(temporary).resolve()
        try:
            past(root, commit, folder, (TENANTS,))
            return _digests(folder, tenant)
        except (UsageError, FilesError, OSError):
            return ()


def _digests(root: Path, tenant: str) -> tuple[str, ...]:
    """The digest of the files at *root*, by each playbook that they can go by."""
    return tuple(definition_digest(root, tenant, playbook=name) for name in (*NAMES, ""))


def _is(root: Path, tenant: str, digest: str) -> bool:
    """Whether the files at *root* are that definition."""
    try:
        return digest in _digests(root, tenant)
    except (FilesError, OSError):
        return False


def _search(root: Path, folder: Path, tenant: str, digest: str, commit: str) -> tuple[str, int]:
    """The commit that has the definition, or nothing; and how many were looked at."""
    parts, named = _parts(root, tenant), commit.removesuffix(DIRTY)
    tries = [(each, parts) for each in commits_of(root, *parts) if each != named]
    if named:  # what made it dirty may be an environment file
        tries.insert(0, (named, (TENANTS,)))
    looked = 0
    for each, names in tries:
        place = folder / "look"
        try:
            past(root, each, place, names)
        except UsageError:  # of a clone that was cut short, or a branch that is gone
            continue
        looked += 1
        if _is(place, tenant, digest):
            return each, looked
        shutil.rmtree(place, ignore_errors=True)
    return "", looked


def _parts(root: Path, tenant: str) -> tuple[str, ...]:
    """What of a project can be the definition of *tenant*: of one of a fleet anything."""
    try:
        template = made_of(root, tenant)
    except FilesError:
        return (TENANTS,)
    return (TENANTS,) if template else (f"{TENANTS}/{tenant}", f"{TENANTS}/{FILE}")


def _nowhere(root: Path, sought: tuple[str, str, str, str], looked: int) -> LedgerError:
    """What to say of the tenant, digest, commit and version that were *sought*."""
    from tenantctl import __version__

    tenant, digest, commit, version = sought
    commits = "1 commit" if looked == 1 else f"{looked} commits"
    message = (
        f"the definition {digest[:12]} of {tenant} is found nowhere: the files here are another "
        f"one, and so are those of the {commits} that were looked at"
    )
    if version and version != __version__:
        named = f" (its receipt names commit {commit})" if commit else ""
        return LedgerError(
            f"{message}; it was applied by tenantctl {version}, this is {__version__}, and a "
            "digest holds for one version",
            help=f"apply the same files again with this version{named}, or use that one",
        )
    why, help = _missed(root, commit)
    return LedgerError(message + why, help=help)


def _missed(root: Path, commit: str) -> tuple[str, str]:
    """Why no commit has a definition whose receipt names *commit*, and what to do about it."""
    why, help = trouble(root)
    if why:
        return f"; {why}", help
    if not commit:
        return "", "fetch the branch that has it (`git fetch --all`); or apply a committed state"
    if commit.endswith(DIRTY):
        why = f"; it was applied when files differed from commit {commit.removesuffix(DIRTY)[:12]}"
        return why, "commit those files as they were applied; or apply a committed state"
    short = commit[:12]
    if not has_commit(root, commit):
        return f"; its receipt names commit {short}, which is not here", (
            "bring it: `git fetch --all`, of a shallow clone `git fetch --unshallow` (in a "
            "pipeline a checkout with all its history, fetch-depth: 0); or apply a committed state"
        )
    return f"; its receipt names commit {short}, whose files are not as they were applied", (
        "what Git ignores or converts below tenants/ is part of a definition, too: take it out of "
        "there or commit it, and apply that"
    )


def load_former(definition: Definition, env: str) -> tuple[Loaded, str]:
    """The environment *env* of *definition*, and a note where today's file does not fit it.

    What an environment says of variables, secrets, overrides and topics is then that of the
    commit; everything else is today's. Raises FilesError, of today's file, where neither fits.
    """
    tenant = definition.tenant
    try:
        return load(definition.root, tenant, env), ""
    except FilesError as error:
        if definition.folder is None:
            raise
        settings = read_environment(definition.here, tenant, env)
        try:
            loaded = load(definition.folder / "then", tenant, env, settings=settings)
        except FilesError:
            raise FilesError(_told(error, definition)) from None
        return loaded, _note(error, definition)


def _told(error: FilesError, definition: Definition) -> list[Problem]:
    """The problems of today's environment file, with why they matter."""
    where = f"read with the definition {definition.digest[:12]} of commit {definition.commit[:12]}"
    first, *rest = error.problems
    more = f"{first.help}; {where}" if first.help else where
    told = Problem(first.file, first.line, first.column, first.message, more, first.source)
    return [told, *rest]


def _note(error: FilesError, definition: Definition) -> str:
    (first, *_) = error.problems
    return (
        f"today's environment file does not fit this definition ({first.where}: {first.message}). "
        "Variables, overrides, topics and the names of secrets are as commit "
        f"{definition.commit[:12]} has them; domain, credentials, policy, phases and gates are "
        "today's."
    )
