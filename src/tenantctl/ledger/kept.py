"""All that is kept of an environment, of whatever sort, for people to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tenantctl.ledger.codec import DAMAGE, coder, damage_of, load_sealed
from tenantctl.ledger.disk import confined, read_ascii
from tenantctl.ledger.shelves import BEGINNING, NAME, SHELVES, Record, Shelf, moment
from tenantctl.ledger.signing import signed_by
from tenantctl.model import Json

DERIVED = "last.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a ledger, by its *name* without the end: the record that it holds.

    *signer* is the public key that signed it, empty where nobody did. Where it holds none, or was
    changed, *damage* says why.
    """

    name: str
    path: Path
    record: Record | None = None
    signer: str = ""
    damage: str = ""

    @property
    def document(self) -> Json:
        """Everything that the record says."""
        of: Any = type(self.record)
        return coder(of).dump(self.record)


def kept(state: Path, tenant: str, environment: str, most: int | None = None) -> tuple[Kept, ...]:
    """What the ledger in *state* keeps of an environment, the newest first, at most *most*."""
    found: list[Kept] = []
    for shelf in SHELVES:
        paths = _paths(state, shelf, tenant, environment)
        found += (_read(path, shelf) for path in (paths if shelf.renewed else paths[:most]))
    found.sort(key=lambda each: (moment(each.record) if each.record else BEGINNING, each.name))
    return tuple(found[::-1][:most])


def named(state: Path, tenant: str, environment: str, name: str) -> tuple[Callable[[], Kept], ...]:
    """What reads the file that *name* is the name of, else those whose names begin with it.

    There may be thousands, and none is read before it is asked for.
    """
    there = [
        (path, shelf) for shelf in SHELVES for path in _paths(state, shelf, tenant, environment)
    ]
    meant = [each for each in there if each[0].stem == name]
    meant = meant or [each for each in there if each[0].stem.startswith(name)]
    return tuple(partial(_read, *each) for each in meant)


def _paths(state: Path, shelf: Shelf, tenant: str, environment: str) -> list[Path]:
    """The files of a shelf, those of the newest first where names tell."""
    folder = state / shelf.folder / confined(tenant, environment)
    paths = [*folder.iterdir()] if folder.is_dir() else []
    there = (path for path in paths if NAME.fullmatch(path.name) and path.name != DERIVED)
    return sorted(there, key=lambda path: path.name, reverse=True)


def _read(path: Path, shelf: Shelf) -> Kept:
    try:
        text = read_ascii(path) or ""
        record = load_sealed(shelf.type, shelf.title, text)
    except DAMAGE as error:
        return Kept(path.stem, path, damage=damage_of(error))
    try:
        return Kept(path.stem, path, record, signed_by(text))
    except ValueError as error:
        return Kept(path.stem, path, record, damage=str(error))
