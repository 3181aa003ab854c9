"""The one place that reads the files of a configuration; nothing outside its fence is opened."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tenantctl.foreign.deploy_cli.keywords import (
    Keywords,
    half_open,
    quoted,
    traced,
    traced_text,
    unresolved,
    used,
)
from tenantctl.foreign.deploy_cli.nodes import Node, Unparsable, doubles, of_json, of_yaml
from tenantctl.model import Note, Origin

LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a configuration in one environment, with its *keywords* put in.

    *root* is the folder that names of files are told from, *base* the one that files beside a YAML
    file are looked for in. Whatever lies outside *fence* is not read. *notes* is what there is to
    say so far, *words* are the keywords that were found.
    """

    root: Path
    base: Path
    fence: Path
    keywords: Keywords
    notes: list[Note] = field(default_factory=list)
    seen: set[Path] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def say(self, level: str, message: str, at: Origin, help: str = "") -> None:
        note = Note(level, message, at.file, at.line, at.column, help)
        if note not in self.notes:
            self.notes.append(note)

    def name(self, path: Path) -> str:
        """What people call the file at *path*."""
        return Path(os.path.relpath(path, self.root)).as_posix()

    def names(self, folder: str, ending: str) -> list[Path]:
        """The files in a folder below the root with an ending, in order of their names.

        A link that leads out of the fence is noted and not followed.
        """
        place = self.root / folder
        if not place.is_dir() or not self.inside(place):
            return []
        found = sorted(p for p in place.iterdir() if p.suffix == ending and p.is_file())
        for path in found:
            if not self.inside(path):
                self.tell_outside(self.name(path), Origin(self.name(path), 0, 0))
        return [path for path in found if self.inside(path)]

    def folders(self, folder: str) -> list[Path]:
        place = self.root / folder
        if not place.is_dir() or not self.inside(place):
            return []
        return sorted(p for p in place.iterdir() if p.is_dir())

    def inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.fence)

    def node(self, path: Path) -> Node | None:
        """The document at *path*; what is wrong with it is noted, and nothing comes of it."""
        text = self.read(path)
        if text is None:
            return None
        parse = of_yaml if path.suffix in {".yaml", ".yml"} else of_json
        try:
            node = self.parsed(text, path)
        except Unparsable as error:
            help = "it was left out; auth0-deploy-cli stops here"
            self.say(
                "mistake", error.message, Origin(self.name(path), error.line, error.column), help
            )
            return None
        for key, line, column in doubles(node):
            message = f"{key} stands twice in one map, the last one counts"
            help = "keep one of them" if parse is of_json else "a0deploy refuses such a file"
            self.say("mistake", message, Origin(self.name(path), line, column), help)
        return node

    def parsed(self, text: str, path: Path) -> Node:
        parse = of_yaml if path.suffix in {".yaml", ".yml"} else of_json
        try:
            return traced(text, self.keywords, parse)
        except Unparsable:
            again = quoted(text, self.keywords)
            if again == text:
                raise
            return traced(again, self.keywords, parse)

    def text(self, path: Path) -> str | None:
        """The text of a file that is not parsed; None, and a note, if it cannot be read."""
        text = self.read(path)
        return None if text is None else traced_text(text, self.keywords)

    def read(self, path: Path) -> str | None:
        at = Origin(self.name(path), 0, 0)
        try:
            if path.stat().st_size > LARGEST:
                self.say("mistake", f"more than {LARGEST:,} bytes", at, "it was left out")
                return None
            data = path.read_bytes()
        except OSError as error:
            self.say("mistake", f"it cannot be read: {error.strerror}", at, "it was left out")
            return None
        text = data.decode("utf-8-sig", "replace")
        if "\ufffd" in text and b"\xef\xbf\xbd" not in data:
            self.say("mistake", "this is not UTF-8", at, "what is no text was replaced by \ufffd")
        if path not in self.seen:
            self.seen.add(path)
            self.words.update(used(text, self.keywords))
            self.tell_unresolved(text, path)
        return text

    def tell_unresolved(self, text: str, path: Path) -> None:
        """A note for every marker that stays in *text*."""
        comments = path.suffix in {".yaml", ".yml"}
        for marker, line, column in unresolved(text, self.keywords, comments=comments):
            message = f"{marker} is in no mapping of this environment"
            help = f"give {marker.strip('#@')} a value in the mapping of this environment"
            self.say("mistake", message, Origin(self.name(path), line, column), help)
        for marker, line, column in half_open(text, self.keywords):
            message = f"{marker} has no end, so nothing is put in there"
            help = f"write {marker}{marker[:2]}"
            self.say("mistake", message, Origin(self.name(path), line, column), help)

    def find(self, said: str, places: Iterable[Path], at: Origin) -> Path | None:
        """The file that *said* means in the first of *places* that has it.

        A path that leads out of the fence is noted and not followed.
        """
        relative = said.strip().replace("\\", "/")
        if not relative or "\x00" in relative or len(relative) > 1000:
            return None
        for path in (Path(os.path.normpath(place / relative)) for place in places):
            if not self.inside(path):
                self.tell_outside(said, at)
                return None
            if _is_file(path):
                return path
        return None

    def tell_outside(self, said: str, at: Origin) -> None:
        help = f"only what lies in {self.fence.name or 'there'} is read: move it there"
        self.say("mistake", f"{said} leads out of the configuration", at, help)

    def guess(self, said: str, at: Origin) -> Path | None:
        """A file below the root that the end of *said* names.

        Older exports name files from where the export was started.
        """
        parts = [p for p in said.replace("\\", "/").split("/") if p not in {"", "."}]
        for path in _ends(self.root, parts[1:]):
            if self.inside(path) and _is_file(path):
                message = f"there is no {said}; {self.name(path)} was taken for it"
                self.say("guess", message, at, "auth0-deploy-cli would not find it today")
                return path
        return None


def _ends(root: Path, parts: list[str]) -> Iterator[Path]:
    """Paths below *root* that *parts* end in, the longest first; none for a name alone."""
    for index in range(len(parts) - 1):
        if ".." not in parts[index:]:
            yield root.joinpath(*parts[index:])


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False


def fence_of(folder: Path) -> Path:
    """What a configuration in *folder* may reach up to: its repository, or two folders above it.

    Several tenants that share scripts lie as `tenants/a` beside `shared`. Never a person's whole
    home, nor anything around that.
    """
    for place in (folder, *folder.parents):
        if (place / ".git").exists() and place != Path.home():
            return place
    wide = {Path.home(), *Path.home().parents, Path(folder.anchor)}
    near = [place for place in (*folder.parents[1::-1], folder) if place not in wide]
    return near[0] if near else folder
