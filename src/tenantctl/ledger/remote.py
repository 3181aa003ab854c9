"""Git, asked with care: bounded in time, without hooks, and no word of it shows a password."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from tenantctl.errors import LedgerError

PATIENCE: Final = 30.0
"""Seconds that one command of Git's may take."""
CARRYING: Final = 300.0
"""Seconds that bringing or giving many receipts may take, once the remote has answered."""

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
PASSWORD: Final = re.compile(r"(?<=://)[^/\s'\"]*@")
VAGUE: Final = ("Could not read from remote repository", "the remote end hung up")
"""What Git says last where ssh has said why."""
FOREWORDS: Final = 3
"""How many lines of the other side's are told."""
AHEAD: Final = re.compile(
    r"non-fast-forward|fetch first|stale info|cannot lock ref|failed to update ref|already exists"
    r"|incorrect old value|needs force"
)
"""What Git and the hosts of Git call it that somebody else was first."""
BUSY: Final = re.compile(r"cannot lock ref|shallow\.lock|shallow file has changed")
"""What Git calls it that another command of its works in the same repository."""
OLD: Final = "sharing receipts needs Git 2.29 or later, in a clone made with --filter 2.36"
BLOCKED: Final = re.compile(r"'refs/heads/([\w./-]+)' exists; cannot create")
"""Git keeps branches as files: where one is called `a`, none is called `a/b`."""


class Beaten(Exception):
    """Somebody else has written what was to be written, meanwhile: so says the remote, with what.

    Some say the same where they cannot write at all.
    """


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
    _refuse_foreign(found)
    if ask(found, "remote", "get-url", "--", name).code:
        raise LedgerError(
            f"receipts are shared over the Git remote {name}, and there is none of that name here",
            help=f"git remote add {name} URL, or name another one under receipts: remote",
        )
    return found


def _refuse_foreign(found: Remote) -> None:
    """Raises LedgerError where Git itself would not work, because the folder is another user's.

    Git does not ask whose it is once it is told the folder, and a repository names programs.
    """
    with tempfile.TemporaryFile() as stdin:
        said = _run(found.top, ["git", "rev-parse", "--git-dir"], stdin, PATIENCE)
    if said.code and "safe.directory" in said.talk:
        raise LedgerError(
            f"Git does not work in {found.top}, which belongs to another user: its configuration"
            " may name programs",
            help=f"if you trust it: git config --global --add safe.directory {found.top}",
        )


def ask(remote: Remote, *arguments: str, given: bytes = b"", patience: float = PATIENCE) -> Said:
    """Runs one command of Git's, with *given* as its standard input, and tells how it ended."""
    options = [word for setting in SAFE for word in ("-c", setting)]
    command = ["git", f"--git-dir={remote.git_dir}", *options, *arguments]
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        return _run(remote.top, command, stdin, patience)


def _run(top: Path, command: list[str], stdin: IO[bytes], patience: float) -> Said:
    import git

    try:
        running = git.Git(str(top)).execute(
            command,
            istream=stdin,
            as_process=True,
            env=QUIET,
            start_new_session=True,  # an interrupt is ours: what is in flight ends first
        )
    except git.GitError as problem:
        return Said(-1, b"", _clean(str(problem)))
    process = running.proc
    assert process is not None
    try:
        out, error = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        _kill(process)
        return Said(-1, b"", _late(patience))
    talk = error.decode("utf-8", "replace")
    return Said(process.returncode, out, _clean(talk), talk)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends a command and all that it has started, of which some may hold on to its pipes."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=1)


def told(remote: Remote, *arguments: str, given: bytes = b"") -> bytes:
    """What a command of Git's writes; raises LedgerError where it fails."""
    said = ask(remote, *arguments, given=given)
    if said.code:
        raise LedgerError(f"git {arguments[0]} failed: {said.error}")
    return said.out


def id_there(remote: Remote, ref: str, about: str) -> str:
    """The commit that the remote's *ref* is at; empty where it has none of exactly that name.

    Raises LedgerError where it cannot be asked, *about* saying what for.
    """
    said = ask(remote, "ls-remote", "--quiet", "--", remote.name, ref)
    if said.code:
        raise LedgerError(
            f"the Git remote {remote.name} cannot be asked {about}: {said.error}",
            help=f"`git ls-remote {remote.name}` has to work here",
        )
    lines = (line.split("\t") for line in said.out.decode("ascii", "replace").splitlines())
    return next((id for id, name in lines if name == ref), "")


def push(
    remote: Remote,
    refspec: str,
    options: Sequence[str] = (),
    patience: float = PATIENCE,
    pauses: Sequence[float] = (),
) -> None:
    """Pushes *refspec*. Raises Beaten where the ref is not as it was thought to be.

    Where Git fails without a word of the remote's on the ref it is tried again after each of
    *pauses*, in seconds. Raises LedgerError where the remote cannot be reached or takes no push.
    """
    command = ("push", "--porcelain", "--no-verify", *options, "--", remote.name, refspec)
    said = ask(remote, *command, patience=patience)
    for pause in pauses:
        if said.code <= 0 or _answers(said):
            break
        time.sleep(pause)
        said = ask(remote, *command, patience=patience)
    answers = _answers(said)
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
        raise Beaten(_told_why(answers[0][2], said.talk))
    raise LedgerError(
        f"the Git remote {remote.name} took nothing: {_told_why(answers[0][2], said.talk)}",
        help="pushing needs the right to write to the repository; docs/receipts.md says which",
    )


def _answers(said: Said) -> list[list[str]]:
    """What a push has come to, for each ref: a mark, the refs, and words."""
    lines = [line.split("\t") for line in said.out.decode("utf-8", "replace").splitlines()]
    return [line for line in lines if len(line) == 3]


def _late(patience: float) -> str:
    return f"it took more than {patience:g} seconds"


def _clean(text: str) -> str:
    """Why Git gives up, in one line, without what signs in to a host."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith("remote:")]
    at = next((n for n, line in enumerate(own) if line.startswith(("fatal:", "error:"))), -1)
    said = own[at] if own else "it gave no reason"
    if at > 0 and any(vague in said for vague in VAGUE):
        said = own[at - 1]
    return _told_why(said.removeprefix("fatal: ").removeprefix("error: "), text)


def _told_why(said: str, talk: str) -> str:
    """What Git has *said*, with what the other side says of it somewhere in *talk*."""
    lines = (
        line.removeprefix("remote:").strip()
        for line in talk.splitlines()
        if line.startswith("remote:")
    )
    why = "; ".join([line for line in lines if line.strip("= ")][:FOREWORDS])
    told = f"{said.rstrip('. ')} (it says: {why})" if why else said.rstrip(". ")
    return PASSWORD.sub("", told)[:400]
