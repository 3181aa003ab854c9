"""The files that a configuration is made of, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from tenantctl.errors import Problem
from tenantctl.foreign.terraform.nodes import Body
from tenantctl.foreign.terraform.syntax import joined, parse, parse_json
from tenantctl.foreign.terraform.values import Unknown
from tenantctl.model import Note


@dataclass
class Folders:
    """The folders of modules below and beside *root*, and what was wrong with them."""

    root: Path
    notes: list[Note]
    _bodies: dict[Path, Body] = field(default_factory=dict)

    def has(self, folder: Path) -> bool:
        """Whether there is a module in *folder*."""
        return bool(files_in(folder))

    def body(self, folder: Path) -> Body:
        """What the files of a module say together."""
        if folder not in self._bodies:
            files = files_in(folder)
            over = [path for path in files if path.name.partition(".")[0].endswith("override")]
            whole = joined(self.one(path) for path in files if path not in over)
            for path in over:
                whole = overridden(whole, self.one(path))
            self._bodies[folder] = whole
        return self._bodies[folder]

    def one(self, path: Path) -> Body:
        """What one file says."""
        name = os.path.relpath(path, self.root).replace(os.sep, "/")
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            self.notes.append(Note("mistake", "this is no text in UTF-8", name))
            return Body()
        body, problems = (parse_json if name.endswith(".json") else parse)(text, name)
        self.notes.extend(map(as_note, problems))
        return body

    def text(self, path: str) -> str | Unknown:
        """The text of a file that is named in the configuration, relative to the root."""
        whole = (self.root / path).resolve()
        if not any(whole.is_relative_to(folder) for folder in self._reach()):
            return Unknown(f"{path} is outside of the configuration", mistake=True)
        try:
            return whole.read_text("utf-8-sig")
        except OSError:
            return Unknown(f"there is no file {path}", mistake=True)
        except UnicodeDecodeError:
            return Unknown(f"{path} is no text in UTF-8", mistake=True)

    def _reach(self) -> list[Path]:
        """The folders whose files may be read: the repository, or the root and its modules."""
        whole = next((up for up in (self.root, *self.root.parents) if (up / ".git").exists()), None)
        return [self.root, *self._bodies, *([whole] if whole else [])]


def overridden(body: Body, over: Body) -> Body:
    """*body* with what an override file says of its blocks in place of what they say."""
    left = {(block.type, block.labels): block for block in over.blocks}
    blocks = []
    for block in body.blocks:
        other = left.pop((block.type, block.labels), None) if block.labels else None
        blocks.append(replace(block, body=_merged(block.body, other.body)) if other else block)
    return Body({**body.attributes, **over.attributes}, (*blocks, *left.values()))


def _merged(body: Body, over: Body) -> Body:
    """Attributes one by one, blocks all of a type."""
    types = {block.type for block in over.blocks}
    kept = tuple(block for block in body.blocks if block.type not in types)
    return Body({**body.attributes, **over.attributes}, (*kept, *over.blocks))


def files_in(folder: Path) -> list[Path]:
    """The Terraform files of a module; a folder may be one of its files."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.name.endswith((".tf", ".tf.json")) and path.is_file()
    )


def as_note(problem: Problem) -> Note:
    """A problem with a file as something a person should know."""
    return Note(
        "mistake", problem.message, problem.file, problem.line, problem.column, problem.help
    )
