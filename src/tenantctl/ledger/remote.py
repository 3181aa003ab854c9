"""Git, asked with care: bounded in time, without hooks, and no word of it shows a password."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tenantctl.errors import LedgerError

PATIENCE: Final = 30.0
"""Seconds that one command of Git's may take."""

SAFE: Final = (
    "core.hooksPath=/dev/null",  # programs of the repository's choice: they do not run for us
    "core.fsmonitor=false",
    "protocol.ext.allow=never",
    "gc.auto=0",
    "maintenance.auto=false",
    "push.followTags=false",
)
QUIET: Final = {
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "GIT_NAMESPACE": "",
    "GIT_OPTIONAL_LOCKS": "0",
}
PASSWORD: Final = re.compile(r"(?<=://)[^/\s'\"@]*@")
AHEAD: Final = re.compile(
    r"non-fast-forward|fetch first|stale info|cannot lock ref|failed to update ref|already exists"
    r"|incorrect old value|needs force"
)
"""What Git and the hosts of Git call it that somebody else was first."""
BLOCKED: Final = re.compile(r"'refs/heads/([\w./-]+)' exists; cannot create")
"""Git keeps branches as files: where one is called `a`, none is called `a/b`."""


class Beaten(Exception):
    """Somebody else has written what was to be written, meanwhile."""


@dataclass(frozen=True, slots=True)
class Remote:
    """The remote *name* of the Git repository at *top*, whose own folder is *git_dir*."""

    top: Path
    git_dir: Path
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """How a command of Git's ended. *error* is what it said of it, fit to be shown; *talk* all."""

    code: int
    out: bytes
    error: str
    talk: str = ""


def remote_of(root: Path, name: str) -> Remote:
    """The remote *name* of the project at *root*. Raises LedgerError where there is none."""
    try:
        import git
    except ImportError:
        raise LedgerError(
            "receipts are shared over Git, and there is no Git here", help="install Git"
        ) from None
    try:
        with git.Repo(root, search_parent_directories=True) as repository:
            git_dir = Path(repository.common_dir).resolve()
            found = Remote(Path(repository.working_tree_dir or git_dir), git_dir, name)
    except (git.GitError, ValueError, OSError):
        raise LedgerError(
            f"receipts are shared over Git, and {root} is in no Git repository",
            help="clone the project, or take `receipts` out of the environment file",
        ) from None
    if ask(found, "remote", "get-url", "--", name).code:
        raise LedgerError(
            f"receipts are shared over the Git remote {name}, and there is none of that name here",
            help=f"git remote add {name} URL, or name another one under receipts: remote",
        )
    return found


def ask(remote: Remote, *arguments: str, given: bytes = b"", patience: float = PATIENCE) -> Said:
    """Runs one command of Git's, with *given* as its standard input, and tells how it ended."""
    import git

    options = [word for setting in SAFE for word in ("-c", setting)]
    command = ["git", f"--git-dir={remote.git_dir}", *options, *arguments]
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        try:
            code, out, error = git.Git(str(remote.top)).execute(
                command,
                istream=stdin,
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                kill_after_timeout=patience,
                env=QUIET,
                start_new_session=True,  # an interrupt is ours: what is in flight ends first
            )
        except git.GitError as problem:
            return Said(-1, b"", _clean(str(problem)))
    return Said(code, out, _late(patience) if code < 0 else _clean(error), error)


def told(remote: Remote, *arguments: str, given: bytes = b"") -> bytes:
    """What a command of Git's writes; raises LedgerError where it fails."""
    said = ask(remote, *arguments, given=given)
    if said.code:
        raise LedgerError(f"git {arguments[0]} failed: {said.error}")
    return said.out


def push(
    remote: Remote, refspec: str, options: Sequence[str] = (), patience: float = PATIENCE
) -> None:
    """Pushes *refspec*. Raises Beaten where the ref is not as it was thought to be.

    Raises LedgerError where the remote cannot be reached or takes no push.
    """
    command = ("push", "--porcelain", "--no-verify", *options, "--", remote.name, refspec)
    said = ask(remote, *command, patience=patience)
    lines = [line.split("\t") for line in said.out.decode("utf-8", "replace").splitlines()]
    answers = [line for line in lines if len(line) == 3]
    if not said.code and answers and answers[0][0] != "!":
        return
    if not answers:
        raise LedgerError(
            f"the Git remote {remote.name} cannot be reached: {said.error}",
            help=f"`git push {remote.name}` has to work here",
        )
    if found := BLOCKED.search(said.talk):
        raise LedgerError(
            f"the Git remote {remote.name} has a branch {found[1]}, which is in the way",
            help="rename that branch, or name another one under receipts: branch",
        )
    if AHEAD.search(answers[0][2]):
        raise Beaten
    raise LedgerError(
        f"the Git remote {remote.name} took nothing: {_clean(answers[0][2])}",
        help="pushing needs the right to write to the repository; docs/receipts.md says which",
    )


def _late(patience: float) -> str:
    return f"it took more than {patience:g} seconds"


def _clean(text: str) -> str:
    """The last thing that Git says, in one line, without what signs in to a host."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith(("fatal:", "error:"))), "")
    found = said or (lines[-1] if lines else "it gave no reason")
    return PASSWORD.sub("", found.removeprefix("fatal: ").removeprefix("error: "))[:300]
