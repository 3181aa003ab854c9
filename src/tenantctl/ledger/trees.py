"""Files in commits, read and written without a work tree."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from tenantctl.errors import LedgerError
from tenantctl.ledger.remote import Remote, told

REGULAR: Final = "100644"
CHUNK: Final = 16 * 1024 * 1024
"""Bytes that are asked for at once."""
MAIL: Final = "tenantctl@localhost"


@dataclass(frozen=True, slots=True)
class File:
    """A file in a commit: where, the *id* of what is in it, and its *size* in bytes."""

    path: str
    mode: str
    id: str
    size: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def regular(self) -> bool:
        """Whether it is a file, neither a link nor a program nor another repository."""
        return self.mode == REGULAR


def files_below(remote: Remote, commit: str, folder: str) -> Iterator[File]:
    """What *commit* has below *folder*, which ends in a slash, whatever it is."""
    command = ("ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", folder)
    for line in told(remote, *command).decode("utf-8", "replace").split("\0"):
        about, tab, path = line.partition("\t")
        if tab:
            mode, _, id, size = about.split()
            yield File(path, mode, id, int(size) if size.isdigit() else 0)


def changed_last(remote: Remote, commit: str, folder: str, most: int) -> frozenset[str]:
    """What is in *folder* of the last *most* commits up to *commit* that changed anything there."""
    found = told(remote, "rev-list", f"--max-count={most}", commit, "--", folder)
    command = ("diff-tree", "--stdin", "--root", "-r", "-z", "--name-only", "--no-commit-id")
    paths = told(remote, *command, "--", folder, given=found).decode("utf-8", "replace")
    return frozenset(paths.split("\0"))


def id_of(data: bytes, *, like: str) -> str:
    """What Git calls *data*, in a repository whose ids are *like* this one."""
    made = hashlib.sha1 if len(like) == 40 else hashlib.sha256
    return made(b"blob %d\0" % len(data) + data).hexdigest()


def blobs(remote: Remote, files: Iterable[File]) -> Iterator[tuple[File, bytes]]:
    """What is in *files*; raises LedgerError where the repository has lost one."""
    for chunk in _chunks(files):
        out = told(
            remote, "cat-file", "--batch", given="".join(f"{f.id}\n" for f in chunk).encode()
        )
        at = 0
        for file in chunk:
            end = out.find(b"\n", at)
            id, kind, *size = out[at:end].decode("ascii", "replace").split(" ")
            if (id, kind) != (file.id, "blob"):
                raise LedgerError(f"Git has no file {file.id} here", help="git fsck tells more")
            at = end + 1 + int(size[0]) + 1
            yield file, out[end + 1 : at - 1]


def _chunks(files: Iterable[File]) -> Iterator[list[File]]:
    chunk: list[File] = []
    for file in files:
        if chunk and sum(each.size for each in chunk) + file.size > CHUNK:
            yield chunk
            chunk = []
        chunk.append(file)
    if chunk:
        yield chunk


def commit(remote: Remote, parent: str, files: Mapping[str, bytes], said: str, who: str) -> str:
    """Makes a commit that adds *files* to *parent*, empty for none, and gives its id.

    It is on no branch: whoever pushes it makes it last.
    """
    draft = f"refs/tenantctl/draft/{token_hex(8)}"
    by = re.sub(r"[^\w.@ -]", "_", who) or "tenantctl"
    parts = [
        f"commit {draft}\nmark :1\ncommitter {by} <{MAIL}> {int(time.time())} +0000\n".encode(),
        _data(said.encode()),
        f"from {parent}\n".encode() if parent else b"",
    ]
    for path, content in sorted(files.items()):
        parts += [f"M {REGULAR} inline {path}\n".encode(), _data(content)]
    parts.append(b"\nget-mark :1\ndone\n")
    made = told(remote, "fast-import", "--quiet", "--done", given=b"".join(parts))
    told(remote, "update-ref", "-d", draft)
    return made.decode("ascii").strip()


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
