"""All that is kept of an environment, of whatever sort, for people to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
    place = confined(tenant, environment)
    found = [each for shelf in SHELVES for each in _on(state / shelf.folder / place, shelf, most)]
    found.sort(key=lambda each: (moment(each.record) if each.record else BEGINNING, each.name))
    return tuple(found[::-1][:most])


def _on(folder: Path, shelf: Shelf, most: int | None) -> Iterator[Kept]:
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    there = sorted((n for n in names if NAME.fullmatch(n) and n != DERIVED), reverse=True)
    for name in there if shelf.renewed else there[:most]:
        yield _read(folder / name, shelf)


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
