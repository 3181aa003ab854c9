"""Files that survive a power cut, in folders that only their owner can read."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR, ENOENT, ENOSPC
from pathlib import Path
from secrets import token_hex

from tenantctl.errors import LedgerError

NAME = re.compile(r"[a-z0-9_-]+")


def confined(*names: str) -> Path:
    """*names* as a relative path; raises LedgerError where one could lead elsewhere."""
    for name in names:
        if not NAME.fullmatch(name):
            raise LedgerError(
                f"{name!r} cannot name a folder",
                help="tenants and environments are named with a-z, 0-9, _ and -",
            )
    return Path(*names)


def private_folder(path: Path) -> Path:
    """*path*, made with mode 0700 as far as it is not there; raises LedgerError if it cannot be."""
    try:
        for folder in (*reversed(path.parents), path):
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _failed("made", path, error) from None
    return path


def write_atomic(path: Path, text: str, encoding: str = "ascii", *, durable: bool = True) -> None:
    """*path* holds *text*, mode 0600, or what it held before, whatever happens meanwhile.

    What is not *durable*, a power cut can leave empty: it is there already, elsewhere. Raises
    LedgerError where the disk refuses.
    """
    if not path.name:
        raise _failed("written", path, IsADirectoryError(EISDIR, os.strerror(EISDIR)))
    draft = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            write_through(descriptor, text.encode(encoding), durable=durable)
        finally:
            os.close(descriptor)
        draft.replace(path)
        if durable:
            sync_folder(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise _failed("written", path, error) from None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else who asks for it is in *folder* meanwhile; whoever comes second waits."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def move(path: Path, target: Path) -> None:
    """Renames for good; raises LedgerError where the disk refuses."""
    try:
        path.rename(target)
        sync_folder(path.parent)
    except OSError as error:
        raise _failed("moved", path, error) from None


def read_ascii(path: Path) -> str | None:
    """The text of *path* as it stands, or None if there is no such file.

    Raises UnicodeError on a byte that we never write, LedgerError where the disk refuses.
    """
    data = read_bytes(path)
    return None if data is None else data.decode("ascii")


def read_bytes(path: Path) -> bytes | None:
    """The bytes of *path*, or None if there is no such file; raises LedgerError as the rest."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failed("read", path, error) from None


def write_through(descriptor: int, data: bytes, *, durable: bool = True) -> None:
    """All of *data* is written, and if *durable* on disk, when this returns; else OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    if durable:
        os.fsync(descriptor)


def sync_folder(path: Path) -> None:
    """Makes a rename in *path* last."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


HELP = {EISDIR: "name a file", ENOENT: "make its folder first", ENOSPC: "make room on the disk"}


def _failed(verb: str, path: Path, error: OSError) -> LedgerError:
    help = HELP.get(error.errno or 0, "check its owner and the space left")
    return LedgerError(f"{path} cannot be {verb}: {error.strerror}", help=help)
