"""The one place that reads files of a project: nothing outside the given folder is opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

LARGEST = 5_000_000


class Unreadable(Exception):
    """A path that is not read: *message* says why, *help* what to do."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that files are read from. *label* is its path in the project, as people see it.

    *texts* are files, by their path inside, that are read as if they had been written already.
    What is not here is read from *below*.
    """

    path: str
    label: str
    texts: Mapping[str, str] = field(default_factory=dict)
    below: Folder | None = None

    @classmethod
    def of(cls, root: Path, *parts: str, texts: Mapping[str, str] | None = None) -> Folder:
        """The folder *parts* below *root*; links to it are followed once, here.

        *texts* are by their path below *root*.
        """
        label = "/".join(parts)
        inside = {
            name.removeprefix(f"{label}/"): text
            for name, text in (texts or {}).items()
            if name.startswith(f"{label}/")
        }
        return cls(os.path.realpath(root / label), label, inside)

    def name(self, relative: str) -> str:
        """What people call the file *relative*."""
        if self.below and not self.has(relative):
            return self.below.name(relative)
        return f"{self.label}/{relative}"

    def has(self, relative: str) -> bool:
        """Whether something is called *relative* here, *below* aside."""
        return relative in self.texts or os.path.lexists(os.path.join(self.path, relative))  # noqa: PTH118 - as in `read`

    def read(self, relative: str, *, largest: int = LARGEST) -> bytes:
        """The bytes of a regular file inside; raises Unreadable for anything else."""
        _check_spelling(relative)
        if relative in self.texts:
            return self.texts[relative].encode()
        if self.below and not self.has(relative):
            return self.below.read(relative, largest=largest)
        path = os.path.realpath(os.path.join(self.path, relative))  # noqa: PTH118 - before any check
        if not path.startswith(self.path + os.sep):
            raise Unreadable(
                f"{relative} is a link that leads out of {self.label}",
                f"put the file itself into {self.label}",
            )
        try:
            return _read(path, relative, largest)
        except FileNotFoundError:
            raise Unreadable(
                f"there is no file {self.name(relative)}", self._near(relative)
            ) from None
        except OSError as error:
            raise Unreadable(f"{relative} cannot be read: {error.strerror}") from None

    def files(self) -> Iterator[str]:
        """Every file, sorted; names that start with a dot are not seen."""
        if self.below:
            own = self._files("") if Path(self.path).is_dir() else ()
            yield from sorted({*own, *self.texts, *self.below.files()})
        elif not self.texts:
            yield from self._files("")
        elif Path(self.path).is_dir():
            yield from sorted({*self._files(""), *self.texts})
        else:
            yield from sorted(self.texts)

    def _files(self, relative: str) -> Iterator[str]:
        top = os.path.join(self.path, relative)  # noqa: PTH118 - one system call a folder
        try:
            with os.scandir(top) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        for entry in found:
            if entry.name.startswith("."):
                continue
            path = f"{relative}/{entry.name}" if relative else entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from self._files(path)
            else:
                yield path

    def _near(self, relative: str) -> str:
        known = list(self.files())
        close = get_close_matches(relative, known, n=1)
        return f"did you mean {close[0]}?" if close else f"paths are relative to {self.label}"


def _check_spelling(relative: str) -> None:
    if relative.startswith(("/", "~")) or "\\" in relative or relative[1:2] == ":":
        raise Unreadable(
            f"{relative} is not a path inside the folder", "write it relative, with forward slashes"
        )
    if not relative or "\0" in relative:
        raise Unreadable("the path is empty or has a zero byte")
    if any(part.startswith(".") or not part for part in relative.split("/")):
        raise Unreadable(
            f"{relative} has a part that is empty or starts with a dot",
            "name a file inside the folder, without . and ..; hidden files are not part of it",
        )


def _read(path: str, relative: str, largest: int) -> bytes:
    found = os.stat(path)  # noqa: PTH116 - paths are text here
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable(f"{relative} is not a regular file")
    if found.st_size > largest:
        raise Unreadable(f"{relative} has {found.st_size:,} bytes; at most {largest:,} are read")
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read(largest + 1)[:largest]
