"""Receipts on a branch of their own: an orphan that is never checked out, to which files are added.

A push is a compare-and-swap: a commit on top of the branch as it was seen, which the remote refuses
where the branch has moved; then what is there now is looked at, and the push made again. Two
writers never lose each other's.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tenantctl.errors import LedgerError
from tenantctl.ledger.disk import confined, private_folder, read_bytes, write_atomic
from tenantctl.ledger.ledger import TELLING, Ledger
from tenantctl.ledger.remote import BUSY, CARRYING, OLD, Beaten, Remote, ask, id_there, push
from tenantctl.ledger.shelves import (
    BY_FOLDER,
    LARGEST,
    NAME,
    SHELVES,
    Record,
    Shelf,
    read_record,
    renews,
)
from tenantctl.ledger.trees import File, blobs, changed_last, commit, files_below, id_of
from tenantctl.model import Environment, Receipt

ATTEMPTS: Final = 20
"""How often a push is tried while others push; each time somebody else has got through."""
PAUSES: Final = (2.0, 5.0)
"""Seconds after which a push is tried again: what a machine that is thrown away keeps is lost."""
DEPTH: Final = 200
"""How many commits of the branch come to a clone that was made without history."""
ABOUT: Final = "for receipts"
FRESH: Final = 50
"""How many of the newest files of a folder a plan needs at most."""


@dataclass(frozen=True, slots=True)
class Branch:
    """The receipts of *environment*: in *ledger*, and on the branch *name* of a *remote*."""

    remote: Remote
    name: str
    ledger: Ledger
    environment: Environment

    def folder(self, shelf: Shelf) -> Path:
        """Where the records of a shelf are kept here."""
        place = confined(self.environment.tenant, self.environment.name)
        return self.ledger.state / shelf.folder / place

    @property
    def head(self) -> str:
        """What the remote calls the branch."""
        return f"refs/heads/{self.name}"

    @property
    def ref(self) -> str:
        """What this repository knows of the branch: no name here is in the way of another."""
        return f"refs/tenantctl/{self.remote.name}/{self.name.replace('/', '+')}"


@dataclass(frozen=True, slots=True)
class Moved:
    """How many files have come or gone, and what was left out, with the reason."""

    count: int = 0
    skipped: tuple[str, ...] = ()


def update(branch: Branch) -> str:
    """Asks the remote for the branch: the commit that it is at, empty where there is none yet.

    Brings it only where it has moved. Raises LedgerError where the remote cannot be asked.
    """
    there = id_there(branch.remote, branch.head, ABOUT)
    if not there:
        ask(branch.remote, "update-ref", "-d", branch.ref)
    elif there != tip(branch):
        _bring(branch, there)
    return tip(branch)


def _bring(branch: Branch, there: str) -> None:
    """Brings the branch, which is at *there*: every file at once.

    Where the clone is shallow not all of its history comes.
    A clone that leaves files for later (`--filter`) may have the branch without them already, and
    would ask for one after another.
    """
    lazily = not ask(branch.remote, "config", "--get-regexp", r"^remote\..*\.promisor$").code
    options = ["--quiet", "--no-tags", "--no-prune", "--no-recurse-submodules", "--refmap="]
    options += ["--no-filter", "--no-write-fetch-head"]
    if lazily and not tip(branch):
        options.append("--refetch")
    if (branch.remote.git_dir / "shallow").exists():
        options.append(f"--depth={DEPTH}")
    refspec = f"+{branch.head}:{branch.ref}"
    command = ("fetch", *options, "--", branch.remote.name, refspec)
    said = ask(branch.remote, *command, patience=CARRYING)
    for attempt in range(ATTEMPTS):
        if not (said.code and BUSY.search(said.error)):
            break
        _wait(attempt)  # another command of ours is fetching into the same repository
        if tip(branch) == there:
            return
        said = ask(branch.remote, *command, patience=CARRYING)
    if said.code:
        works = f"`git fetch {branch.remote.name} {refspec}` has to work here"
        raise LedgerError(
            f"the Git remote {branch.remote.name} cannot be asked {ABOUT}: {said.error}",
            help=OLD if "unknown option" in said.error else works,
        )


def tip(branch: Branch) -> str:
    """The commit that the branch was at when it was last looked at; empty where there was none."""
    said = ask(branch.remote, "rev-parse", "--verify", "--quiet", f"{branch.ref}^{{commit}}")
    return said.out.decode("ascii").strip() if not said.code else ""


def take(branch: Branch, at: str, now: dt.datetime, *, most: int | None = None) -> Moved:
    """Keeps here what the commit *at* of the branch has and this machine does not.

    Of each folder the newest *most* are looked at, all of them without. What no honest ledger has
    written is left out, and said. Raises LedgerError where what is kept here is damaged.
    """
    if not at:
        return Moved()
    there, skipped = _listed(branch, at)
    count = 0
    for shelf in SHELVES:
        files = _newest(branch, at, shelf, there[shelf.folder], most)
        wanted = [each for each in files if _lacks(branch.folder(shelf), shelf, each)]
        good = _good(branch, shelf, wanted, now, skipped)
        if shelf.type is Receipt:
            good = _following(branch, good)
        count += sum(_keep(branch, shelf, each, now) for each in good)
    branch.ledger.restore(branch.environment.tenant, branch.environment.name)
    return Moved(count, tuple(skipped))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A record with the *name* of its file, and its *text*."""

    name: str
    record: Record
    text: str


def _good(
    branch: Branch, shelf: Shelf, files: Iterable[File], now: dt.datetime, skipped: list[str]
) -> Iterator[_Kept]:
    """The records that *files* of the branch hold; why a file holds none goes into *skipped*."""
    for file, data in _small(branch.remote, files, skipped):
        try:
            record = read_record(shelf, file.name, data, branch.environment, now)
        except ValueError as error:
            skipped.append(f"{file.path}: {error}")
        else:
            yield _Kept(file.name, record, data.decode("ascii"))


def _newest(
    branch: Branch, at: str, shelf: Shelf, files: Iterable[File], most: int | None
) -> list[File]:
    """The newest *most* files: names tell, or where names are of tests, commits that brought them.

    One commit may have brought several.
    """
    if shelf.renewed and most is not None:
        place = f"{branch.environment.id}/{shelf.folder}/"
        late = changed_last(branch.remote, at, place, most)
        return [file for file in files if file.path in late]
    return sorted(files, key=lambda file: file.name, reverse=True)[:most]


def _lacks(folder: Path, shelf: Shelf, file: File) -> bool:
    """Whether this machine has not what *file* of the branch holds."""
    path = folder / file.name
    if not shelf.renewed:
        return not path.exists() or path.stat().st_size != file.size  # torn by a power cut
    data = read_bytes(path)
    return data is None or id_of(data, like=file.id) != file.id


def _small(
    remote: Remote, files: Iterable[File], skipped: list[str]
) -> Iterator[tuple[File, bytes]]:
    """What is in *files*, without those that are larger than any record."""
    fit = []
    for file in files:
        if file.size > LARGEST:
            skipped.append(f"{file.path}: it has {file.size:,} bytes, too many for a receipt")
        else:
            fit.append(file)
    yield from blobs(remote, fit)


def _keep(branch: Branch, shelf: Shelf, kept: _Kept, now: dt.datetime) -> bool:
    """Writes one record down, unless there is one already that it does not renew."""
    path = private_folder(branch.folder(shelf)) / kept.name
    mine = _mine(branch, shelf, kept.name, now) if shelf.renewed else None
    if mine and not renews(kept.record, kept.text, mine.record, mine.text):
        return False
    write_atomic(path, kept.text, durable=False)
    return True


def _mine(branch: Branch, shelf: Shelf, name: str, now: dt.datetime) -> _Kept | None:
    """The record *name* that is kept here; None where there is no good one."""
    data = read_bytes(branch.folder(shelf) / name)
    try:
        if data is None:
            return None
        record = read_record(shelf, name, data, branch.environment, now)
    except ValueError:
        return None
    return _Kept(name, record, data.decode("ascii"))


def _following(branch: Branch, fetched: Iterable[_Kept]) -> Iterator[_Kept]:
    """*fetched*, of which the first that tells, the newest, becomes the last if none here is newer.

    That is before it is kept: whoever is stopped in between would never look at it again.
    """
    followed = False
    for each in fetched:
        if not followed and isinstance(each.record, Receipt) and each.record.kind in TELLING:
            branch.ledger.follow(each.record, each.text)
            followed = True
        yield each


def send(branch: Branch, now: dt.datetime, who: str) -> Moved:
    """Gives the branch what this machine has and the branch does not.

    Raises LedgerError where the remote does not take it: nothing is lost, the files stay here.
    """
    branch.ledger.rename(branch.environment.tenant, branch.environment.name)
    beaten = ""
    for attempt in range(ATTEMPTS):
        at = update(branch) if attempt else tip(branch)
        files, skipped = _missing(branch, at, now)
        if not files:
            return Moved(0, skipped)
        said = f"{branch.environment.id}: {len(files)} files"
        made = commit(branch.remote, at, files, said, who)
        try:
            push(branch.remote, f"{made}:{branch.head}", patience=CARRYING, pauses=PAUSES)
        except Beaten as error:
            beaten = str(error)
            _wait(attempt)
            continue
        ask(branch.remote, "update-ref", branch.ref, made)
        return Moved(len(files), skipped)
    raise LedgerError(
        f"receipts of {branch.environment.id} could not be pushed, {ATTEMPTS} times: {beaten}",
        help=f"they are kept here: tenantctl receipts push {branch.environment.id}",
    )


def _wait(attempt: int) -> None:
    time.sleep(random.uniform(0.01, 0.05 * 2 ** min(attempt, 5)))  # noqa: S311 - no secret


def _missing(
    branch: Branch, at: str, now: dt.datetime
) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    """What the branch has not, by path; and what is no record that could be branch."""
    there, _ = _listed(branch, at) if at else ({shelf.folder: [] for shelf in SHELVES}, [])
    files: dict[str, bytes] = {}
    skipped: list[str] = []
    for shelf in SHELVES:
        folder = branch.folder(shelf)
        ids = {file.name: file for file in there[shelf.folder]}
        for name in sorted(_names(folder)):
            if name in ids and not shelf.renewed:
                continue
            path = f"{branch.environment.id}/{shelf.folder}/{name}"
            try:
                data = _wanted(branch, shelf, name, ids.get(name), now)
            except ValueError as error:
                skipped.append(f"{folder / name}: {error}")
                continue
            if data is not None:
                files[path] = data
    return files, tuple(skipped)


def _names(folder: Path) -> Iterator[str]:
    """The records in a folder: all of them, and nothing that is derived from them."""
    names = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
    return (name for name in names if NAME.fullmatch(name) and name != "last.json")


def _wanted(
    branch: Branch, shelf: Shelf, name: str, other: File | None, now: dt.datetime
) -> bytes | None:
    """The bytes of a record here that the branch, which has *other* of this name, should have."""
    data = read_bytes(branch.folder(shelf) / name)
    if data is None or (other and id_of(data, like=other.id) == other.id):
        return None
    record = read_record(shelf, name, data, branch.environment, now)
    if other and other.size <= LARGEST:
        ((_, theirs),) = blobs(branch.remote, [other])
        try:
            there = read_record(shelf, name, theirs, branch.environment, now)
        except ValueError:
            return data  # what is no record gives way to one
        if not renews(record, data.decode("ascii"), there, theirs.decode("ascii")):
            return None
    return data


def _listed(branch: Branch, at: str) -> tuple[Mapping[str, list[File]], list[str]]:
    """The files of the environment on the branch by folder, and what should not be there."""
    below = f"{branch.environment.id}/"
    found: dict[str, list[File]] = {shelf.folder: [] for shelf in SHELVES}
    strange: list[str] = []
    for file in files_below(branch.remote, at, below):
        folder, _, name = file.path.removeprefix(below).partition("/")
        if folder in BY_FOLDER and NAME.fullmatch(name) and file.regular:
            found[folder].append(file)
        else:
            strange.append(f"{file.path}: no ledger writes such a file")
    return found, strange


@dataclass(frozen=True, slots=True)
class Standing:
    """How many files are on the branch only, and here only."""

    there: int
    here: int


def standing(branch: Branch, at: str, now: dt.datetime) -> Standing:
    """How far this machine and the commit *at* of the branch are apart."""
    listed, _ = _listed(branch, at) if at else ({shelf.folder: [] for shelf in SHELVES}, [])
    lacking = [
        file
        for shelf in SHELVES
        for file in listed[shelf.folder]
        if _lacks(branch.folder(shelf), shelf, file)
    ]
    files, _ = _missing(branch, at, now)
    names = {each.path for each in lacking}
    return Standing(len(names - files.keys()), len(files))
