"""Texts on disk: confined to the project, and all of them or none."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from tenantctl.errors import UsageError


def write_files(root: Path, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Write *texts*, by path below *root*; the paths of those that were not so already.

    A file keeps its mode. All are written beside their places before the first is put there, so
    that a full disk or a forbidden folder leaves everything as it was. Raises UsageError for a
    path that leads out of *root*, through a link or otherwise.
    """
    places = {path: _confined(root, path) for path in texts}
    changed = {p: t.encode() for p, t in texts.items() if _content(places[p]) != t.encode()}
    made: dict[str, str] = {}
    try:
        for path, data in changed.items():
            made[path] = _beside(places[path], data)
        for path in changed:
            Path(made[path]).replace(places[path])
            del made[path]
    finally:
        for left in made.values():
            Path(left).unlink(missing_ok=True)
    return tuple(changed)


def _confined(root: Path, path: str) -> Path:
    """The place of *path* below *root*, with its folders made."""
    pure = PurePosixPath(path)
    place = root / pure
    if pure.is_absolute() or ".." in pure.parts or "\0" in path or not pure.parts:
        raise UsageError(f"{path!r} is no path inside the project")
    root.mkdir(parents=True, exist_ok=True)
    top = Path(os.path.realpath(root))
    if not Path(os.path.realpath(place.parent)).is_relative_to(top) or place.is_symlink():
        raise UsageError(
            f"{path} is behind a link that leads elsewhere",
            help="replace the link by the folder or file itself",
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _content(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None


def _beside(place: Path, data: bytes) -> str:
    """A file beside *place* that holds *data* and has the mode that *place* has, or would have."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".tenantctl-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        mode = stat.S_IMODE(place.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    Path(name).chmod(mode)
    return name
